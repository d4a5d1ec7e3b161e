"""How loud it is, in steps, with what makes it louder and quieter."""

from kiosk.ui import words_talking
from kiosk.ui.elements import Button, Element, Surface
from kiosk.ui.geometry import Box, side_by_side
from kiosk.ui.scenes.parts import View, button, silent
from kiosk.wire.messages import Touch
from kiosk.wire.screens import ConnectingScreen, VisitScreen, WaitingScreen

_ABOVE = 0.7  # of a gap: so far above what is touched the steps begin
_HIGH = 0.4  # of a gap


def loudness_row(screen: WaitingScreen | ConnectingScreen, view: View, row: Box) -> list[Element]:
    """Both side by side, and the steps in the gap above them."""
    words = view.say.of(words_talking.PHRASES)
    places = side_by_side(row, 2, view.panel.gap_px)
    quieter = button(view, Touch.VOLUME_DOWN, places[0], words.quieter, icon="quieter")
    louder = button(view, Touch.VOLUME_UP, places[1], words.louder, icon="louder")
    ways = as_far_as_there_is(screen, view, quieter, louder)
    if screen.leave_asked or not view.linked:
        ways = [silent(view, way) for way in ways]
    return [*steps(screen, view, row, view.panel.gap_px), *ways]


def as_far_as_there_is(
    screen: VisitScreen | WaitingScreen | ConnectingScreen,
    view: View,
    quieter: Button,
    louder: Button,
) -> list[Button]:
    """Both of them, each silent where there is no further step."""
    return [
        silent(view, quieter) if screen.volume <= 1 else quieter,
        silent(view, louder) if screen.volume >= screen.loudest else louder,
    ]


def steps(
    screen: VisitScreen | WaitingScreen | ConnectingScreen, view: View, row: Box, gap_px: float
) -> list[Element]:
    """How loud it is, in the gap above `row`."""
    count = screen.loudest
    height = gap_px * _HIGH
    width = row.width / count
    return [
        Surface(
            f"loudness_{at}",
            Box(row.left + (at + 0.1) * width, row.top - gap_px * _ABOVE, width * 0.8, height),
            view.look.accent if at < screen.volume else view.look.raised,
            height / 2,
        )
        for at in range(count)
    ]
