"""How a visit goes on when kiosk-core was killed and comes back with the stage it had written down."""

from dataclasses import replace

import pytest

from kiosk.visit import advance, resume
from kiosk.visit.actions import (
    Action,
    Hold,
    Identify,
    Join,
    LeaveVisit,
    MoveDeadline,
    Mute,
    Survey,
)
from kiosk.visit.events import (
    AllWell,
    CallBack,
    CardIdentified,
    CardPresented,
    Event,
    JoinGranted,
    OfferAnswered,
    OfferMade,
    OfficerSaid,
    Tick,
    Touched,
    VisitorReady,
)
from kiosk.visit.patience import WELCOME_S
from kiosk.visit.reasons import Ending, HeldReason, OutOfOrder, Refusal, Touch
from kiosk.visit.stages import (
    CheckingCard,
    Connecting,
    Goodbye,
    Idle,
    InVisit,
    Line,
    OutOfService,
    Refused,
    Stage,
    WaitingRoom,
)
from tests.visit.play import play
from tests.visit.samples import (
    BOOKING,
    CALL,
    CARD,
    HERE,
    OTHER_CARD,
    PAGE,
    RELOADED,
    SAM,
    TWO,
    VISIT,
    but_for_its_clock,
    connecting,
    entering_pin,
    in_visit,
    joining,
    left,
    prepare,
    send_offer,
    waiting,
    welcomed,
)

STARTING = OutOfService(OutOfOrder.STARTING)


@pytest.mark.parametrize(
    "stage",
    [Idle(), CheckingCard(CARD, 0), entering_pin(), OutOfService(OutOfOrder.CALL_DOWN)],
    ids=lambda stage: type(stage).__name__,
)
def test_a_card_is_never_checked_again_by_itself(stage: Stage) -> None:
    assert resume(stage) == STARTING
    assert play(resume(stage), (9, AllWell(), [])) == Idle()


def test_the_answer_to_a_question_of_an_earlier_life_greets_nobody() -> None:
    known = CardIdentified(0, SAM, (BOOKING,), HERE, TWO)
    assert play(resume(CheckingCard(CARD, 0)), (1, known, [])) == STARTING


def test_a_welcome_stays_and_the_join_can_be_touched_again() -> None:
    stage = resume(replace(joining(), visitor=PAGE, held=HeldReason.OFFICER))
    assert stage == replace(welcomed(), maybe_granted=True)
    ask = Join("V1", SAM.prisoner_number, CARD, 5)
    play(
        stage,
        (5, Touched(Touch.JOIN), [ask]),
        (6, JoinGranted(5, VISIT), [prepare(6000, attempt=1)]),
        (7, OfferMade(6000, 0, "offer"), []),
    )


@pytest.mark.parametrize(
    ("event", "then"),
    [
        (Touched(Touch.DONE), [Survey()]),
        (CardPresented(OTHER_CARD), [Identify(OTHER_CARD, 5)]),
        (Tick(), [Survey()]),
    ],
    ids=["walks away", "another card", "nobody touches"],
)
def test_what_may_have_been_granted_to_a_core_that_was_killed_is_given_back(
    event: Event, then: list[Action]
) -> None:
    stage = resume(replace(joining(), leave_at=5.0))
    play(stage, (5, event, [LeaveVisit("V1", Ending.NOT_WANTED, 0.0), *then]))
    play(replace(welcomed(), leave_at=5.0), (5, event, then))


def test_a_core_that_is_killed_twice_still_knows_that_it_may_hold_a_visit() -> None:
    assert resume(resume(joining())) == resume(joining())


def test_a_welcome_that_nobody_answered_meanwhile_makes_room_at_once() -> None:
    assert advance(resume(welcomed()), Tick(), 0.5 + WELCOME_S + 3) == (Idle(), [Survey()])


@pytest.mark.parametrize(
    "stage",
    [Goodbye(Ending.LEFT, 44, 70), Refused(Refusal.TAKEN, 70)],
    ids=lambda s: type(s).__name__,
)
def test_last_words_stay_until_their_time(stage: Stage) -> None:
    assert resume(stage) == stage


def test_the_waiting_room_stays_and_the_call_is_made_anew() -> None:
    ready = play(waiting(), (3, OfferMade(CALL, 0, "offer"), []))
    stage = play(
        resume(ready),
        (5, VisitorReady("V1", PAGE), []),
        (6, CallBack(CALL), [prepare(6000, attempt=2)]),
        (7, OfferMade(6000, 0, "new"), [send_offer(6000, sdp="new")]),
    )
    assert isinstance(stage, Connecting)


def test_who_was_connecting_waits_for_a_new_call() -> None:
    stage = resume(connecting())
    assert but_for_its_clock(stage) == WaitingRoom(
        VISIT, Line(attempt=1, call=CALL, visitor=PAGE), leave_at=0.0
    )
    play(
        stage,
        (6, OfferAnswered(CALL, "page1", 0, "late"), []),
        (7, CallBack(CALL), [prepare(7000, attempt=2)]),
    )


def test_who_was_asked_whether_to_leave_while_connecting_is_still_asked() -> None:
    stage = resume(play(connecting(), (5, Touched(Touch.LEAVE), [])))
    play(stage, (6, Touched(Touch.LEAVE_YES), left(Ending.LEFT)))


def test_what_an_officer_said_while_connecting_is_still_shown() -> None:
    said = play(connecting(), (5, OfficerSaid("V1", "Hello"), []))
    stage = resume(said)
    assert isinstance(said, Connecting)
    assert isinstance(stage, WaitingRoom)
    assert stage.message == said.message


def test_a_call_that_went_on_is_taken_up_again_and_told_what_it_missed() -> None:
    stage = resume(in_visit())
    assert stage == in_visit()
    orders = (MoveDeadline(CALL, VISIT.ends_at_s), Mute(CALL, on=False), Hold(CALL, on=False))
    assert play(stage, (50, CallBack(CALL), [*orders])) == in_visit()


@pytest.mark.parametrize("call", [None, 1999], ids=["no call", "another call"])
def test_a_visit_whose_call_did_not_go_on_is_called_again(call: int | None) -> None:
    stage = play(
        resume(in_visit()),
        (50, CallBack(call), [prepare(50_000, attempt=2)]),
        (51, OfferMade(50_000, 0, "new"), [send_offer(50_000, sdp="new")]),
    )
    assert isinstance(stage, InVisit)
    assert stage.talked_s == 44


def test_a_visit_whose_page_had_closed_is_called_again_at_the_new_page() -> None:
    away = in_visit()
    away = replace(away, line=replace(away.line, away=True))
    play(
        resume(away),
        (50, CallBack(None), [prepare(50_000, attempt=2)]),
        (51, OfferMade(50_000, 0, "new"), []),
        (52, VisitorReady("V1", RELOADED), [send_offer(50_000, RELOADED, "new")]),
    )


def test_a_visit_that_was_reconnecting_is_called_again() -> None:
    line = Line(2, 40_000, PAGE, sent=True, again_at=55)
    stage = resume(replace(in_visit(), line=line, live_since=None))
    assert isinstance(stage, InVisit)
    assert stage.line == Line(2, 40_000, PAGE)
    play(stage, (60, CallBack(40_000), [prepare(60_000, attempt=3)]))


def test_a_call_number_is_not_used_again_though_the_clock_seems_to_stand() -> None:
    line = replace(in_visit().line, call=99_999)
    play(
        resume(replace(in_visit(), line=line)), (50, CallBack(None), [prepare(100_000, attempt=2)])
    )


def test_a_visit_whose_time_ran_out_meanwhile_is_over_at_once() -> None:
    _, actions = advance(resume(in_visit()), Tick(), 2000)
    assert actions == left(Ending.TIME_UP, talked_s=1794)
