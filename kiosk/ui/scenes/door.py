"""The door to maintenance: where it is on the glass, and what it says."""

from dataclasses import replace

from kiosk.ui.elements import Element, Scene
from kiosk.ui.geometry import Box
from kiosk.ui.scenes.bar import top_bar
from kiosk.ui.scenes.parts import View
from kiosk.ui.scenes.rows import Choice, above, bottom_row
from kiosk.ui.scenes.telling import said
from kiosk.ui.words_door import DOOR
from kiosk.wire.messages import Touch
from kiosk.wire.screens import DoorScreen


def with_door(scene: Scene, view: View) -> Scene:
    """The scene, in whose lower left corner staff can hold a finger."""
    side = view.panel.target_px
    return replace(scene, door=Box(0, view.panel.height_px - side, side, side))


def door(screen: DoorScreen, view: View) -> Scene:
    """What this is, whose card opens it, and that another one does not."""
    say = view.say.of(DOOR)
    bottom = bottom_row(view, [Choice(Touch.DONE, say.back, main=True)])
    what, then = (say.refused, say.refused_then) if screen.refused else (say.title, say.hold_card)
    elements: list[Element] = [
        *top_bar(view),
        *bottom,
        *said(view, above(view, bottom), "lock", what, (then,)),
    ]
    return Scene(tuple(elements), view.next_minute_s())
