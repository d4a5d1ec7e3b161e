"""Text as textures, in the fonts that come with the terminal."""

from pathlib import Path
from typing import Any

from kivy.core.text import Label

from kiosk.ui import fit
from kiosk.ui.bidi import visual
from kiosk.ui.elements import Across, Text
from kiosk.ui.glass.fonts import fonts_in
from kiosk.ui.glass.widths import extents_px
from kiosk.ui.theme import SMALLEST

_LEAST_SHARE = 0.55
_LATIN = "Latn"
_SCRIPTS = {
    "Deva": ((0x0900, 0x097F),),
    "Arab": ((0x0600, 0x06FF), (0x0750, 0x077F), (0xFB50, 0xFDFF), (0xFE70, 0xFEFF)),
}
_HEIGHTS = {"Arab": 0.88}
"""How much of a room letters may fill whose marks rise above the line."""


class Lettering:
    """Measures and draws text; it is never read as markup."""

    def __init__(self, fonts: Path, scale: float) -> None:
        self._fonts = fonts_in(fonts)
        self._smallest_px = SMALLEST * scale

    @property
    def poor(self) -> bool:
        """There are no letters of some scripts (`kiosk.ui.legible`)."""
        return self._fonts.poor

    def fitted(self, text: Text) -> fit.Fitted:
        """The lines of `text` that its box has room for, in the order in which they are read."""
        script = script_of(text.text)
        ruler = {}

        def extents(part: str, size_px: float) -> tuple[float, float]:
            if size_px not in ruler:
                ruler[size_px] = self._label(size_px, text.bold, text.across, script)
            width, height = ruler[size_px].measured(part)
            return float(width), float(height)

        def measure(part: str, size_px: float) -> float:
            return extents(visual(part, rtl=text.rtl), size_px)[0]

        def line_px(size_px: float) -> float:
            return extents("x", size_px)[1]

        height_px = text.box.height * _HEIGHTS.get(script, 1.0)
        room = fit.Room(text.box.width, height_px, text.lines, text.across == "center")
        smallest_px = min(text.size_px, max(self._smallest_px, text.size_px * _LEAST_SHARE))
        return fit.fitted(text.text, room, text.size_px, smallest_px, measure, line_px)

    def texture(self, lines: tuple[str, ...], size_px: float, text: Text) -> Any:
        """White letters, to be tinted where they are drawn; None when there are none."""
        drawn = [visual(line, rtl=text.rtl) for line in lines]
        if not any(drawn):
            return None
        label = self._label(size_px, text.bold, text.across, script_of(text.text))
        label.text = "\n".join(drawn)
        label.refresh()
        return label.texture

    def _label(self, size_px: float, bold: bool, across: Across, script: str) -> Any:
        font = self._fonts.bold if bold else self._fonts.regular
        return _Label(font_name=font, font_size=size_px, halign=across, font_script_name=script)


class _Label(Label):  # type: ignore[misc]
    """Kivy keeps one font for each size, whatever its script, and measures without it; here both count."""

    def _get_font_id(self) -> str:
        return f"{super()._get_font_id()}|{self.options['font_script_name']}"

    def get_extents(self, text: str) -> tuple[int, int]:
        width, height = super().get_extents(text)
        asked = self._asked(text)
        return asked[0] if asked else width, height

    def measured(self, text: str) -> tuple[int, int]:
        """The same for a line of whose size it is not known yet whether it will be drawn: where the
        library is asked, Kivy opens no font for it."""
        width, height = self._asked(text) or super().get_extents(text)
        return int(width), int(height)

    def _asked(self, text: str) -> tuple[int, int] | None:
        script = self.options["font_script_name"]
        if script == _LATIN:
            return None
        size_px = int(self.options["font_size"])
        return extents_px(self.options["font_name_r"], size_px, script, text)


def script_of(text: str) -> str:
    """The script whose letters in `text` depend on their neighbours, by its ISO 15924 name."""
    for char in text:
        if char >= "\u0600":
            for script, ranges in _SCRIPTS.items():
                if any(first <= ord(char) <= last for first, last in ranges):
                    return script
    return _LATIN
