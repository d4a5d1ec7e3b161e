"""Builds the fonts of the screens from Debian's Noto: one for each weight, with every script in it.

The screen draws with one font at a time and knows no other to turn to for a letter that it lacks.
Argument: the folder for the fonts. The same packages give the same bytes.
"""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from fontTools.merge import Merger
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

SOURCE = Path("/usr/share/fonts/truetype/noto")
WEIGHTS = ("Regular", "Bold")
# The "UI" fonts of a script keep to the height of a line of Latin.
FAMILIES = {
    "NotoSans": (
        (0x20, 0x52F),
        (0x1E00, 0x1FFF),
        (0x2010, 0x206F),
        (0x20A0, 0x20BF),
        (0x2122, 0x2122),
        (0x2212, 0x2212),
        (0x25CC, 0x25CC),
    ),
    "NotoSansArabicUI": ((0x600, 0x6FF), (0x750, 0x77F), (0xFB50, 0xFDFF), (0xFE70, 0xFEFC)),
    "NotoSansDevanagariUI": ((0x900, 0x97F), (0x200C, 0x200D)),
}
VERSION = "Version 1.000"


def main(directory: Path) -> int:
    """Write a font for each weight."""
    for weight in WEIGHTS:
        made = directory / f"Noto-{weight}.ttf"
        with tempfile.TemporaryDirectory() as parts:
            merged = Merger().merge([str(part) for part in _parts(weight, Path(parts))])
        _name(merged, weight)
        merged.save(made)
        print(f"{made}: {made.stat().st_size / 1e6:.2f} MB, {len(merged.getBestCmap())} characters")
    return 0


def _parts(weight: str, directory: Path) -> Iterator[Path]:
    for family, ranges in FAMILIES.items():
        font = TTFont(SOURCE / f"{family}-{weight}.ttf", recalcTimestamp=False)
        # Hints of one font would be taken for those of another; without any, letters are fitted
        # to whole pixels when they are drawn.
        subsetter = Subsetter(Options(hinting=False, layout_features=["*"], name_IDs=["*"]))
        subsetter.populate(unicodes=[c for first, last in ranges for c in range(first, last + 1)])
        subsetter.subset(font)
        part = directory / f"{family}.ttf"
        font.save(part)
        yield part


def _name(font: TTFont, weight: str) -> None:
    """A name of its own: nobody shall take it for the font that Google made."""
    full = f"Visit Noto {weight}"
    names = {1: "Visit Noto", 2: weight, 3: full, 4: full, 5: VERSION, 6: f"VisitNoto-{weight}"}
    table = font["name"]
    for number, name in names.items():
        table.setName(name, number, 3, 1, 0x409)
    table.names = [kept for kept in table.names if kept.nameID in {0, *names, 13, 14}]
    made = TTFont(SOURCE / f"NotoSans-{weight}.ttf")["head"].modified
    font["head"].created = font["head"].modified = made
    font.recalcTimestamp = False


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
