"""The project as it is once somebody has added a kind of reader: a module, and a line in the table."""

import shutil
from pathlib import Path

from tests.project import ROOT

MODULE = '''"""A toy: it writes the number of a card, and a full stop."""

from firmware_bridge.readers.reading import BadFrame, CardRead, Reading
from firmware_bridge.readers.settings import Baud, ReaderSettings
from kiosk.wire.secret import Secret


class ToySettings(ReaderSettings, frozen=True, kw_only=True, tag="toy"):
    baud: Baud = 9600


class Toy:
    def __init__(self) -> None:
        self._begun = ""

    def feed(self, data: bytes) -> list[Reading]:
        *numbers, self._begun = (self._begun + data.decode("latin-1"))[-100:].split(".")
        return [self._reading(number) for number in numbers]

    def quiet(self) -> list[Reading]:
        self._begun = ""
        return []

    def _reading(self, number: str) -> Reading:
        if not number.isdecimal():
            return BadFrame("no number")
        return CardRead("toy", "identifier", Secret(number))
'''
LINE = "    ReaderKind(toy.ToySettings, lambda _: toy.Toy(), line_end=b'.'),\n"


def with_a_toy(directory: Path) -> Path:
    """A copy of the bridge in `directory` that has one more kind, and nothing else that is new."""
    readers = directory / "firmware_bridge/readers"
    without_caches = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "firmware_bridge", readers.parent, ignore=without_caches)
    (directory / "kiosk").symlink_to(ROOT / "kiosk")
    (readers / "toy.py").write_text(MODULE)
    table = (readers / "__init__.py").read_text()
    head, tail = table.split("_KINDS = (\n")
    imported = "from firmware_bridge.readers import toy\n"
    (readers / "__init__.py").write_text(f"{head}{imported}_KINDS = (\n{LINE}{tail}")
    return directory
