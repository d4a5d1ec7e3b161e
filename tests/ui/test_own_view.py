"""One's own picture follows a finger, goes where it covers no face, and is forgotten with the visit."""

import msgspec

from kiosk.ui.elements import Picture
from kiosk.ui.geometry import Box
from kiosk.ui.scenes.places import own_places
from kiosk.wire.manner import Manner
from kiosk.wire.messages import Message
from kiosk.wire.screens import IdleScreen
from tests.ui.kit import Stage
from tests.ui.samples import PANEL, VISIT

PLACES = own_places(PANEL, Manner(), None)


def own(stage: Stage) -> Box | None:
    scene = stage.showing.scene(stage.clock.now_s, stage.clock.utc())
    return next(
        (e.box for e in scene.elements if isinstance(e, Picture) and e.source == "self"), None
    )


def drag(stage: Stage, begin: Box, end: Box) -> None:
    """From the middle of one box to the middle of another, in three steps."""
    x, y = begin.left + begin.width / 2, begin.top + begin.height / 2
    to_x, to_y = end.left + end.width / 2, end.top + end.height / 2
    finger = stage.finger(x, y)
    for step in (1, 2, 3):
        at = (x + (to_x - x) * step / 3, y + (to_y - y) * step / 3)
        finger.touch_move(at[0], stage.window.height - at[1])
        stage.loop.step()
    finger.touch_up()
    stage.loop.step()


def test_it_goes_to_the_corner_that_it_is_dragged_near_to(stage: Stage) -> None:
    stage.show(VISIT)
    assert own(stage) == PLACES[0]
    near = Box(PLACES[1].left - 60, PLACES[1].top - 40, PLACES[1].width, PLACES[1].height)
    drag(stage, PLACES[0], near)
    assert own(stage) == PLACES[1]


def test_it_is_under_the_finger_while_it_is_dragged(stage: Stage) -> None:
    stage.show(VISIT)
    begin = PLACES[0]
    finger = stage.finger(begin.left + 30, begin.top + 30)
    finger.touch_move(640, stage.window.height - 400)
    stage.loop.step()
    assert own(stage) == Box(610, 370, begin.width, begin.height)


def test_dropped_on_a_face_it_goes_away_from_it(stage: Stage) -> None:
    stage.show(VISIT)
    drag(stage, PLACES[0], Box(560, 200, 100, 100))
    assert own(stage) in PLACES


def test_another_finger_does_not_take_it_away(stage: Stage) -> None:
    stage.show(VISIT)
    begin = PLACES[0]
    stage.finger(begin.left + 30, begin.top + 30)
    other = stage.finger(begin.left + 90, begin.top + 90)
    other.touch_move(640, stage.window.height - 400)
    other.touch_up()
    stage.loop.step()
    assert own(stage) == begin


def test_it_is_hidden_and_shown_again_without_a_word_to_kiosk_core(stage: Stage) -> None:
    stage.show(VISIT)
    said: list[Message] = list(stage.wire.sent)
    stage.touch_on("self_hide")
    assert own(stage) is None
    stage.touch_on("self_show")
    assert own(stage) == PLACES[0]
    assert [m for m in stage.wire.sent if m not in said and type(m).__name__ == "Touched"] == []


def test_where_it_was_put_stays_through_a_break_and_is_forgotten_with_the_visit(
    stage: Stage,
) -> None:
    stage.show(VISIT)
    drag(stage, PLACES[0], PLACES[1])
    stage.show(msgspec.structs.replace(VISIT, link="reconnecting"))
    stage.show(VISIT)
    assert own(stage) == PLACES[1]
    stage.touch_on("self_hide")
    stage.show(IdleScreen())
    stage.show(VISIT)
    assert own(stage) == PLACES[0]


def test_under_a_question_it_does_not_move(stage: Stage) -> None:
    stage.show(msgspec.structs.replace(VISIT, leave_asked=True))
    drag(stage, PLACES[0], PLACES[1])
    assert own(stage) == PLACES[0]
