"""The ways out: leaving by choice, the goodbye, and a terminal that can not be used."""

import pytest

from kiosk.visit.actions import EndCall, Identify, LeaveVisit, Survey
from kiosk.visit.booking import Card
from kiosk.visit.events import (
    AllWell,
    Broken,
    CallBack,
    CallConnected,
    CallLost,
    CardPresented,
    CardUnreadable,
    Event,
    JoinGranted,
    OfferMade,
    PinTyped,
    ServiceLost,
    Tick,
    Touched,
)
from kiosk.visit.patience import LEAVE_QUESTION_S
from kiosk.visit.reasons import Ending, OutOfOrder, Refusal, Touch
from kiosk.visit.stages import CheckingCard, Idle, OutOfService, Refused, Stage
from tests.visit.play import play, wait
from tests.visit.samples import (
    CARD,
    OTHER_CARD,
    PIN,
    VISIT,
    connecting,
    entering_pin,
    goodbye,
    in_visit,
    joining,
    left,
    waiting,
    welcomed,
)

GOODBYE = goodbye(Ending.LEFT, 44, 50)
REFUSED = Refused(Refusal.NO_BOOKING, 80)
BROKEN = Broken(OutOfOrder.CALL_DOWN)


def name(stage: Stage) -> str:
    return type(stage).__name__


def test_leaving_is_asked_about_first_and_then_done() -> None:
    stage = play(
        in_visit(),
        (45, Touched(Touch.LEAVE), []),
        (50, Touched(Touch.LEAVE_YES), left(Ending.LEFT, talked_s=44)),
    )
    assert stage == GOODBYE


@pytest.mark.parametrize("stage", [waiting(), connecting(), in_visit()], ids=name)
def test_who_does_not_want_to_leave_after_all_stays(stage: Stage) -> None:
    asked = play(stage, (5, Touched(Touch.LEAVE), []))
    assert asked != stage
    assert play(asked, (6, Touched(Touch.LEAVE_NO), [])) == stage


@pytest.mark.parametrize("stage", [waiting(), in_visit()], ids=name)
def test_a_question_that_nobody_answers_is_taken_back(stage: Stage) -> None:
    asked = play(stage, (45, Touched(Touch.LEAVE), []))
    assert wait(asked, 45 + LEAVE_QUESTION_S) == asked
    assert play(asked, (45 + LEAVE_QUESTION_S, Tick(), [])) == stage


@pytest.mark.parametrize("stage", [waiting(), connecting(), in_visit()], ids=name)
def test_a_yes_without_the_question_does_not_end_the_visit(stage: Stage) -> None:
    assert play(stage, (5, Touched(Touch.LEAVE_YES), [])) == stage


def test_leaving_the_waiting_room_ends_the_visit() -> None:
    stage = play(
        waiting(),
        (45, Touched(Touch.LEAVE), []),
        (50, Touched(Touch.LEAVE_YES), left(Ending.LEFT)),
    )
    assert stage == goodbye(Ending.LEFT, 0.0, 50)


def test_the_goodbye_makes_room_by_itself() -> None:
    assert wait(GOODBYE, GOODBYE.leave_at) == GOODBYE
    assert play(GOODBYE, (GOODBYE.leave_at, Tick(), [Survey()])) == Idle()


def test_the_goodbye_can_be_put_away() -> None:
    assert play(GOODBYE, (51, Touched(Touch.DONE), [Survey()])) == Idle()


@pytest.mark.parametrize("card", [CARD, OTHER_CARD], ids=["their own", "another"])
def test_the_goodbye_makes_room_for_a_card(card: Card) -> None:
    assert play(GOODBYE, (51, CardPresented(card), [Identify(card, 51)])) == CheckingCard(card, 51)


@pytest.mark.parametrize("event", [CallLost(2000), CallConnected(2000), ServiceLost()], ids=repr)
def test_nothing_of_the_call_reaches_a_visit_that_is_over(event: Event) -> None:
    assert play(GOODBYE, (51, event, [])) == GOODBYE


@pytest.mark.parametrize(
    "stage",
    [Idle(), welcomed(), joining(), GOODBYE, REFUSED, OutOfService(OutOfOrder.STARTING)],
    ids=name,
)
@pytest.mark.parametrize("event", [CallBack(777), OfferMade(777, 0, "stale")], ids=repr)
def test_a_call_that_nobody_wants_any_more_is_ended(stage: Stage, event: Event) -> None:
    assert play(stage, (1.5, event, [EndCall(777)])) == stage


@pytest.mark.parametrize("stage", [Idle(), GOODBYE], ids=name)
def test_a_program_that_comes_back_without_a_call_is_left_alone(stage: Stage) -> None:
    assert play(stage, (1, CallBack(None), [])) == stage


def test_an_idle_terminal_that_breaks_says_so() -> None:
    assert play(Idle(), (1, BROKEN, [])) == OutOfService(OutOfOrder.CALL_DOWN)


@pytest.mark.parametrize(
    "stage",
    [
        CheckingCard(CARD, 0),
        entering_pin(),
        welcomed(),
        joining(),
        waiting(),
        connecting(),
        in_visit(),
        GOODBYE,
        REFUSED,
    ],
    ids=name,
)
def test_what_breaks_while_somebody_is_here_does_not_send_them_away(stage: Stage) -> None:
    assert play(stage, (1, BROKEN, [])) == stage


def test_what_broke_meanwhile_shows_when_the_last_person_has_gone() -> None:
    stage = play(
        GOODBYE,
        (51, BROKEN, []),
        (52, Touched(Touch.DONE), [Survey()]),
        (52, BROKEN, []),  # what the survey found
    )
    assert stage == OutOfService(OutOfOrder.CALL_DOWN)


def test_the_newest_fault_is_shown() -> None:
    stage = play(OutOfService(OutOfOrder.CALL_DOWN), (1, Broken(OutOfOrder.READER_DOWN), []))
    assert stage == OutOfService(OutOfOrder.READER_DOWN)


def test_a_terminal_that_is_well_again_can_be_used() -> None:
    assert play(OutOfService(OutOfOrder.CALL_DOWN), (1, AllWell(), [])) == Idle()


@pytest.mark.parametrize(
    "event",
    [CardPresented(CARD), CardUnreadable(), Touched(Touch.JOIN), PinTyped(PIN), Tick()],
    ids=repr,
)
def test_a_terminal_out_of_service_takes_no_card_and_no_touch(event: Event) -> None:
    down = OutOfService(OutOfOrder.ORDERED)
    assert play(down, (1, event, [])) == down


def test_a_terminal_out_of_service_gives_a_late_grant_back() -> None:
    play(
        OutOfService(OutOfOrder.STARTING),
        (1, JoinGranted(0, VISIT), [LeaveVisit("V1", Ending.NOT_WANTED, 0.0)]),
    )
