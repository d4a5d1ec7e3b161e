"""The door to maintenance: staff find it, no card opens it yet, and nobody stays before it."""

from dataclasses import replace

import pytest

from kiosk.visit import resume
from kiosk.visit.actions import Survey
from kiosk.visit.events import AllWell, Broken, CardPresented, Tick, Touched
from kiosk.visit.patience import DOOR_S
from kiosk.visit.reasons import Ending, OutOfOrder, Refusal, Touch
from kiosk.visit.stages import Idle, MaintenanceDoor, OutOfService, Refused, Stage
from tests.visit.play import play
from tests.visit.samples import CARD, goodbye, in_visit, joining, waiting, welcomed

HELD = Touched(Touch.MAINTENANCE)
DOOR = MaintenanceDoor(10 + DOOR_S)
DOWN = OutOfService(OutOfOrder.CALL_DOWN)


@pytest.mark.parametrize("stage", [Idle(), DOWN], ids=["idle", "out of service"])
def test_the_door_is_found_where_nobody_is_here(stage: Stage) -> None:
    assert isinstance(play(stage, (10, HELD, [])), MaintenanceDoor)


@pytest.mark.parametrize(
    "stage",
    [
        welcomed(),
        joining(),
        waiting(),
        in_visit(),
        goodbye(Ending.LEFT, 44, 5),
        Refused(Refusal.NO_BOOKING, 80),
    ],
    ids=lambda stage: type(stage).__name__,
)
def test_nobody_is_interrupted_for_it(stage: Stage) -> None:
    assert play(stage, (5, HELD, [])) == stage


def test_it_goes_away_by_itself_and_by_a_touch() -> None:
    door = play(Idle(), (10, HELD, []))
    assert play(door, (10 + DOOR_S, Tick(), [Survey()])) == Idle()
    assert play(door, (12, Touched(Touch.DONE), [Survey()])) == Idle()


def test_a_card_is_not_asked_about_and_opens_nothing() -> None:
    refused = play(DOOR, (12, CardPresented(CARD), []))
    assert refused == MaintenanceDoor(12 + DOOR_S, refused=True)
    assert CARD.value not in repr(refused)


def test_behind_it_a_terminal_is_as_broken_as_it_was_or_is_by_now() -> None:
    door = play(DOWN, (10, HELD, []))
    assert play(door, (12, Touched(Touch.DONE), [Survey()])) == DOWN
    mended = play(door, (11, AllWell(), []))
    assert play(mended, (12, Touched(Touch.DONE), [Survey()])) == Idle()
    broke = play(DOOR, (11, Broken(OutOfOrder.READER_DOWN), []))
    assert broke == replace(DOOR, behind=OutOfOrder.READER_DOWN)
    after = play(broke, (10 + DOOR_S, Tick(), [Survey()]))
    assert after == OutOfService(OutOfOrder.READER_DOWN)


def test_a_core_that_was_killed_forgets_who_stood_there() -> None:
    assert resume(DOOR) == OutOfService(OutOfOrder.STARTING)
