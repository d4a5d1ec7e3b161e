"""What the set-up does on a desktop whose PipeWire is in the way of pulseaudio, with a toy of apt."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.project import ROOT

DESKTOP = ("libpulse0", "pipewire-alsa")
APT = """#!/bin/sh
echo "$*" >>"$DEBS/../asked"
case "$*" in
"-q update") ;;
"--simulate --no-install-recommends install pulseaudio")
    echo "Remv pipewire-alsa [0.3]"
    echo "Inst libtdb1 (1.4 Debian:12 [amd64])"
    echo "Inst pulseaudio (16.1 Debian:12 [amd64])"
    echo "Conf pulseaudio (16.1 Debian:12 [amd64])" ;;
"-q download libtdb1 pulseaudio") cp "$DEBS"/*.deb . ;;
*) exit 100 ;;
esac
"""
PLACE = Path(".venv/pulseaudio")


@pytest.fixture(autouse=True)
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A project on a machine of its own, as far as packages go."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", f"{tmp_path}/bin:{os.environ['PATH']}")
    monkeypatch.setenv("DEBS", f"{tmp_path}/debs")
    for place in ("bin", "debs", ".ci", ".venv"):
        Path(place).mkdir()
    shutil.copy(ROOT / ".ci/setup", ".ci/setup")
    program("apt-get", APT)
    program("sudo", '#!/bin/sh\nexec "$@"\n')
    package("libtdb1", "usr/lib/libtdb.so.1")
    package("pulseaudio", "usr/bin/pulseaudio")


def program(name: str, text: str) -> None:
    file = Path("bin", name)
    file.write_text(text)
    file.chmod(0o755)


def package(name: str, file: str) -> None:
    """A real one, with one file."""
    control, held = Path(name, "DEBIAN/control"), Path(name, file)
    for each in (control, held):
        each.parent.mkdir(parents=True)
    held.touch()
    control.write_text(
        f"Package: {name}\nVersion: 1\nArchitecture: all\nMaintainer: a test\nDescription: a toy\n"
    )
    subprocess.run(["dpkg-deb", "--build", name, "debs"], check=True, stdout=subprocess.DEVNULL)


def unpacks(*installed: str) -> int:
    """The exit status of that step on a machine with these packages."""
    told = "".join(f"installed {name}, \\n" for name in installed)
    program("dpkg-query", f"#!/bin/sh\nprintf '{told}'\n")
    command = ("bash", "-c", "source .ci/setup; unpacked_pulseaudio")
    return subprocess.run(command, check=False, stdout=subprocess.DEVNULL).returncode


def asked() -> list[str]:
    """All that apt was asked for so far."""
    return Path("asked").read_text().splitlines() if Path("asked").exists() else []


def test_pulseaudio_and_what_it_lacks_are_unpacked_once() -> None:
    assert unpacks(*DESKTOP) == 0
    found = {str(path.relative_to(PLACE)) for path in PLACE.rglob("*") if path.is_file()}
    assert found == {"usr/bin/pulseaudio", "usr/lib/libtdb.so.1"}
    before = asked()
    assert (unpacks(*DESKTOP), asked()) == (0, before)


def test_without_pipewire_nothing_is_unpacked() -> None:
    assert (unpacks("libpulse0"), asked(), PLACE.exists()) == (0, [], False)


def test_half_a_download_is_a_failure_and_is_begun_anew() -> None:
    kept = Path("debs/libtdb1_1_all.deb").rename("kept.deb")
    Path("debs/libtdb1_1_all.deb").write_bytes(b"half a package")
    assert unpacks(*DESKTOP) != 0
    assert not PLACE.exists()
    kept.rename("debs/libtdb1_1_all.deb")
    assert unpacks(*DESKTOP) == 0
    assert (PLACE / "usr/lib/libtdb.so.1").exists()
