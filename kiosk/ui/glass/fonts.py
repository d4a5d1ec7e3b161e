"""Which file letters are drawn with: ours of the weight, or what stands in for one that is no use."""

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kivy.core.text import DEFAULT_FONT, Label

_REGULAR: Final = "Noto-Regular.ttf"
_BOLD: Final = "Noto-Bold.ttf"
_TRIED: Final = ("x", "ع", "क")
"""A letter of each script; a file of which a part is missing draws nothing, or boxes that are all alike."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Fonts:
    """By the names that Kivy takes; `poor` where it is Kivy's own, without the letters of some scripts."""

    regular: str
    bold: str
    poor: bool = False


def fonts_in(directory: Path) -> Fonts:
    """Our two fonts; one alone draws both weights. Needs the window."""
    faults = {name: _fault(directory / name) for name in (_REGULAR, _BOLD)}
    usable = [str(directory / name) for name, fault in faults.items() if fault is None]
    for name, fault in faults.items():
        if fault is not None:
            log.error("%s cannot be used, letters will look otherwise: %s", name, fault)
    if not usable:
        log.error("the screens speak only the languages that %s can draw", DEFAULT_FONT)
        return Fonts(DEFAULT_FONT, DEFAULT_FONT, poor=True)
    return Fonts(usable[0], usable[-1])


def _fault(path: Path) -> str | None:
    try:
        drawn = {_pixels(path, letter) for letter in _TRIED}
    except (OSError, ValueError) as error:
        return str(error)
    whole = len(drawn) == len(_TRIED) and all(map(any, drawn))
    return None if whole else "it lacks letters"


def _pixels(path: Path, letter: str) -> bytes:
    """How much of each pixel the letter covers."""
    label = Label(text=letter, font_name=str(path), font_size=20)
    label.refresh()
    return bytes(label.texture.pixels[3::4])
