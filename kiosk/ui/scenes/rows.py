"""Rows of things to touch: at the bottom of a screen, and side by side above it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from kiosk.ui import theme
from kiosk.ui.elements import Button, Element
from kiosk.ui.geometry import Box
from kiosk.ui.scenes.parts import Type, View, button, line_px, sheet, silent

_WIDEST = 380.0
_HEIGHT = 118.0


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


def squeezed(view: View, room: Box, looks: Sequence[Type], gap: float = 0) -> list[Type]:
    """The looks of texts one below the other, smaller where there is no room for them as they are."""
    left = room.height - gap * (len(looks) - 1)
    share = min(1.0, left / sum(line_px(view, look) for look in looks))
    return [replace(look, size=look.size * share) for look in looks]


def _made(view: View, choice: Choice, box: Box) -> Button:
    size = theme.BODY if choice.icon or not choice.main else theme.LEAD
    shown = button(
        view, choice.touch, box, choice.label, main=choice.main, icon=choice.icon, size=size
    )
    return shown if choice.live and view.linked else silent(view, shown)
