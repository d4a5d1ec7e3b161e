"""Rows of things to touch: at the bottom of a screen, and side by side above it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from kiosk.ui import theme
from kiosk.ui.elements import Button, Element
from kiosk.ui.geometry import Box
from kiosk.ui.scenes.parts import (
    Type,
    View,
    button,
    line_px,
    one_line_if_short,
    sheet,
    silent,
    words_px,
)

_WIDEST = 380.0
_NARROW = 290.0
_HEIGHT = 118.0
_RAGGED = 1.1  # of what words take: what they take on several lines
_LEAST = 0.72  # how far words shrink before captions do
_END = 0.4  # how far at all
_STEP = 0.97


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to touch; one that is not `live` only tells."""

    touch: str
    label: str
    main: bool = False
    icon: str = ""
    live: bool = True


def row_px(view: View) -> float:
    """The height of a row."""
    return max(view.panel.target_px, view.px(_HEIGHT))


def row(
    view: View, band: Box, choices: Sequence[Choice], *, widest: float = _WIDEST
) -> list[Button]:
    """The choices side by side in the middle of `band`, all of one width."""
    if not choices:
        return []
    gap = max(view.panel.gap_px, view.px(28))
    most = (band.width - gap * (len(choices) - 1)) / len(choices)
    width = max(view.panel.target_px, min(view.px(widest), most))
    whole = band.centred(len(choices) * width + gap * (len(choices) - 1), band.height)
    return [
        _made(view, choice, Box(whole.left + i * (width + gap), whole.top, width, whole.height))
        for i, choice in enumerate(choices)
    ]


def bottom_row(view: View, choices: Sequence[Choice]) -> list[Button]:
    """The choices at the bottom of the sheet."""
    return row(view, sheet(view).from_bottom(0, row_px(view)), choices)


def above(view: View, elements: Sequence[Element], gap: float = 20) -> Box:
    """What is left of the sheet above these."""
    area = sheet(view)
    top = min((element.box.top for element in elements), default=area.bottom)
    return Box(area.left, area.top, area.width, top - area.top - view.px(gap))


def fitting(view: View, room: Box, written: Sequence[tuple[Type, str]], rim: float) -> list[Type]:
    """The looks of texts one below the other, with a `rim` each, on as many lines as they need.

    Smaller where they must be, so that fewer lines do; a caption's size is the least while that is enough.
    """
    share = 1.0
    while True:
        looks = [_lined(view, _shrunk(look, share), words, room.width) for look, words in written]
        if sum(line_px(view, look) + rim for look in looks) <= room.height or share < _END:
            return looks
        share *= _STEP


def _lined(view: View, look: Type, words: str, width: float) -> Type:
    one = one_line_if_short(view, look, words, width)
    if one.lines == 1:
        return one
    return replace(
        look, lines=min(look.lines, math.ceil(words_px(view, look, words) * _RAGGED / width))
    )


def _shrunk(look: Type, share: float) -> Type:
    least = theme.CAPTION * min(1.0, share / _LEAST)
    return replace(look, size=min(look.size, max(least, look.size * share)))


def beside(view: View, band: Box, choices: Sequence[Choice]) -> tuple[list[Button], Box]:
    """The choices at the right end of `band`, and what they leave of it for words."""
    gap = max(view.panel.gap_px, view.px(28))
    width = len(choices) * (view.px(_NARROW) + gap) - gap
    right = Box(band.right - width, band.top, width, band.height)
    left = Box(band.left, band.top, right.left - band.left - gap, band.height)
    return row(view, right, choices), left


def _made(view: View, choice: Choice, box: Box) -> Button:
    size = theme.BODY if choice.icon or not choice.main else theme.LEAD
    shown = button(
        view, choice.touch, box, choice.label, main=choice.main, icon=choice.icon, size=size
    )
    return shown if choice.live and view.linked else silent(view, shown)
