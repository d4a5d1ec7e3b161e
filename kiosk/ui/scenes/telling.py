"""What happened and what to do next, in words alone, for screens on which much else stands."""

from collections.abc import Sequence

from kiosk.ui import theme
from kiosk.ui.elements import Element
from kiosk.ui.geometry import Box, stacked
from kiosk.ui.scenes.parts import Type, View, line_px, story, text
from kiosk.ui.scenes.rows import fitting

_TITLE = Type(theme.TITLE, bold=True, lines=2)
_TOLD = Type(34, lines=2)


def said(view: View, area: Box, icon: str, what: str, then: Sequence[str]) -> list[Element]:
    """With its drawing, where there is room for one; in words alone, where there is not."""
    lines = [line for line in then if line]
    drawn = story(view, area, icon, what, lines)
    fits = all(area.top <= each.box.top and each.box.bottom <= area.bottom for each in drawn)
    return drawn if fits else told(view, area, what, lines)


def told(view: View, area: Box, what: str, lines: Sequence[str]) -> list[Element]:
    """As `parts.story`, without its drawing: there is no room for one."""
    rim = view.px(8)  # letters of some scripts are higher than their line
    written = [(_TITLE, what), *((_TOLD, each) for each in lines)]
    title, *looks = fitting(view, area, written, rim)
    bands = stacked(area, [line_px(view, look) + rim for look in (title, *looks)], 0)
    return [
        text(view, "what", bands[0], what, title),
        *(
            text(view, f"then_{i}", band, words, look)
            for i, (band, words, look) in enumerate(zip(bands[1:], lines, looks, strict=True))
        ),
    ]
