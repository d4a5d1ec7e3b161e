"""`make check-arm` finds the package that cannot be installed on 64-bit ARM."""

import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from tests.project import ROOT

ARM = "manylinux_2_17_aarch64.manylinux2014_aarch64"
X86 = "manylinux_2_17_x86_64.manylinux2014_x86_64"


def checked(
    place: Path, *tags: str, unlocked: str = "", listed: bool = True
) -> subprocess.CompletedProcess[str]:
    """The check of one package that has these wheels, all but `unlocked` of them in the lock."""
    hashes = {tag: sha256(tag.encode()).hexdigest() for tag in tags}
    lock, listing = place / "toy.lock", place / "pylock.toml"
    kept = [f"    --hash=sha256:{hashes[tag]}" for tag in tags if tag != unlocked]
    lock.write_text(" \\\n".join(["toy==1.0", *kept]))
    wheels = [
        f'{{ url = "https://example.org/toy-1.0-{tag}.whl", hashes = {{ sha256 = "{found}" }} }}'
        for tag, found in hashes.items()
    ]
    package = f'[[packages]]\nname = "toy"\nversion = "1.0"\nwheels = [{", ".join(wheels)}]\n'
    listing.write_text(package if listed else "packages = []\n")
    command = [sys.executable, str(ROOT / ".ci/check_arm.py"), str(lock), str(listing)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    "tags",
    [
        (f"cp311-cp311-{ARM}", f"cp313-cp313-{ARM}", f"cp311-cp311-{X86}"),
        ("cp38-abi3-manylinux_2_28_aarch64",),
        ("py3-none-any",),
    ],
)
def test_wheels_for_arm_and_pure_python_can_be_installed(
    tmp_path: Path, tags: tuple[str, ...]
) -> None:
    done = checked(tmp_path, *tags)
    assert (done.returncode, done.stderr) == (0, "")
    assert "All 1 packages" in done.stdout


@pytest.mark.parametrize(
    "tags",
    [
        (f"cp311-cp311-{X86}", f"cp313-cp313-{X86}"),
        (f"cp311-cp311-{ARM}",),
        (f"cp311-cp311-{ARM}", f"cp313-cp313-{X86}"),
        ("cp311-cp311-manylinux_2_39_aarch64", f"cp313-cp313-{ARM}"),
        (),
    ],
    ids=[
        "of x86 only",
        "of one Python only",
        "of each, but not on ARM",
        "of a newer glibc",
        "none",
    ],
)
def test_a_package_without_a_wheel_for_both_pythons_on_arm_is_named(
    tmp_path: Path, tags: tuple[str, ...]
) -> None:
    done = checked(tmp_path, *tags)
    assert (done.returncode, done.stderr) == (1, "")
    assert "No wheel in the lock for 64-bit ARM: toy" in done.stdout


def test_a_wheel_whose_hash_is_not_in_the_lock_does_not_count(tmp_path: Path) -> None:
    done = checked(tmp_path, "py3-none-any", unlocked="py3-none-any")
    assert (done.returncode, done.stderr) == (1, "")
    assert "No wheel in the lock for 64-bit ARM: toy" in done.stdout


def test_a_listing_of_nothing_proves_nothing(tmp_path: Path) -> None:
    assert checked(tmp_path, listed=False).returncode == 1
