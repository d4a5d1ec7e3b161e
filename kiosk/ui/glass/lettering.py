"""Text as textures, in the fonts that come with the terminal."""

from pathlib import Path
from typing import Any

from kivy.core.text import Label

from kiosk.ui import fit
from kiosk.ui.elements import Across, Text
from kiosk.ui.theme import SMALLEST

_LEAST_SHARE = 0.55


class Lettering:
    """Measures and draws text; it is never read as markup."""

    def __init__(self, fonts: Path, scale: float) -> None:
        self._fonts = {
            False: str(fonts / "NotoSans-Regular.ttf"),
            True: str(fonts / "NotoSans-Bold.ttf"),
        }
        self._smallest_px = SMALLEST * scale

    def fitted(self, text: Text) -> fit.Fitted:
        """The lines of `text` that its box has room for."""
        ruler = {}

        def measure(part: str, size_px: float) -> float:
            if size_px not in ruler:
                ruler[size_px] = self._label(size_px, text.bold, text.across)
            return float(ruler[size_px].get_extents(part)[0])

        room = fit.Room(text.box.width, text.box.height, text.lines, text.across == "center")
        smallest_px = min(text.size_px, max(self._smallest_px, text.size_px * _LEAST_SHARE))
        return fit.fitted(text.text, room, text.size_px, smallest_px, measure)

    def texture(self, lines: tuple[str, ...], size_px: float, bold: bool, across: Across) -> Any:
        """White letters, to be tinted where they are drawn; None when there are none."""
        if not any(lines):
            return None
        label = self._label(size_px, bold, across)
        label.text = "\n".join(lines)
        label.refresh()
        return label.texture

    def _label(self, size_px: float, bold: bool, across: Across) -> Any:
        return Label(font_name=self._fonts[bold], font_size=size_px, halign=across)
