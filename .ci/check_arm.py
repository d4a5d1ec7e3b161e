"""Proves that every package, those of the tests and checks among them, can be installed on 64-bit ARM.

Arguments: the lock file, and a pylock.toml that lists the files of each package. A file counts
when its hash is in the lock and its tags fit Debian 12 (glibc 2.36) or are pure Python.
"""

import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from packaging.markers import Marker
from packaging.tags import Tag, compatible_tags, cpython_tags
from packaging.utils import parse_wheel_filename

PYTHONS = ((3, 11), (3, 13))
GLIBC = (2, 36)
PLATFORMS = [f"manylinux_2_{minor}_aarch64" for minor in range(GLIBC[1], 16, -1)]


def main(lock: Path, listing: Path) -> int:
    """Print one line for each package; 1 when one of them cannot be installed."""
    locked = set(re.findall(r"sha256:([0-9a-f]{64})", lock.read_text()))
    packages = tomllib.loads(listing.read_text())["packages"]
    lacking = [package["name"] for package in packages if not _report(package, locked)]
    if not packages:
        print(f"{listing} names no package at all")
        return 1
    if lacking:
        print(f"No wheel in the lock for 64-bit ARM: {', '.join(lacking)}")
        return 1
    print(f"All {len(packages)} packages can be installed on 64-bit ARM.")
    return 0


def _report(package: dict[str, Any], locked: set[str]) -> bool:
    found = {
        python: _wheel(package, python, locked) for python in PYTHONS if _asked(package, python)
    }
    wheels = sorted({wheel or "NO WHEEL" for wheel in found.values()}) or ["not needed"]
    print(f"{package['name'] + ' ' + package['version']:36} {', '.join(wheels)}")
    return all(found.values())


def _asked(package: dict[str, Any], python: tuple[int, int]) -> bool:
    """Whether this package is needed at all on ARM with this Python."""
    version = ".".join(map(str, python))
    surroundings = {
        "python_version": version,
        "python_full_version": f"{version}.0",
        "platform_machine": "aarch64",
        "sys_platform": "linux",
    }
    return "marker" not in package or Marker(package["marker"]).evaluate(surroundings)


def _wheel(package: dict[str, Any], python: tuple[int, int], locked: set[str]) -> str | None:
    """The tags of a wheel that fits, None where there is none."""
    fitting = set(_tags(python))
    for file in package.get("wheels", ()):
        name = (file.get("url") or file["path"]).rpartition("/")[2]
        if file["hashes"]["sha256"] in locked and parse_wheel_filename(name)[3] & fitting:
            return "-".join(name.removesuffix(".whl").split("-")[-3:])
    return None


def _tags(python: tuple[int, int]) -> Iterator[Tag]:
    interpreter = f"cp{python[0]}{python[1]}"
    platforms = [*PLATFORMS, "manylinux2014_aarch64"]
    yield from cpython_tags(python, [interpreter], platforms)
    yield from compatible_tags(python, interpreter, platforms)


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:])))
