"""The goodbye: how it was, or after a bad ending what the person asks the prison for."""

from dataclasses import replace
from datetime import timedelta

import pytest

from kiosk.visit import resume
from kiosk.visit.actions import EndCall, Hold, LeaveVisit, MakeWish, MoveDeadline, Survey
from kiosk.visit.booking import Booking, BookingChanged
from kiosk.visit.events import (
    CallLost,
    EndOrdered,
    Event,
    HoldOrdered,
    Tick,
    TimeGiven,
    Touched,
)
from kiosk.visit.patience import BAD_ENDING_S
from kiosk.visit.reasons import Ending, HeldReason, Rating, Refusal, Touch, Wish, WishState
from kiosk.visit.stages import Goodbye, Idle, Refused, Stage
from kiosk.visit.support_events import WishHeard
from tests.visit.play import play
from tests.visit.samples import (
    BOOKING,
    CALL,
    HERE,
    OTHER_HALL,
    TWO,
    VISIT,
    goodbye,
    in_visit,
    lasting,
    left,
    prepare,
    waiting,
)

WELL = goodbye(Ending.TIME_UP, 44, 50)
BADLY = goodbye(Ending.OFFICER, 44, 50)
REBOOK = Touched(Touch.ASK_REBOOKING)
WISHED = MakeWish("V1", Wish.REBOOKING)


def ended(stage: Stage) -> Goodbye:
    assert isinstance(stage, Goodbye)
    return stage


def test_a_visit_in_which_they_talked_to_the_end_went_well() -> None:
    over = play(in_visit(lasting(50)), (50, Tick(), left(Ending.TIME_UP, talked_s=44)))
    assert not ended(over).went_badly


def test_the_goodbye_knows_what_was_given_back_and_when_the_next_visit_is() -> None:
    visit = replace(VISIT, next_at=TWO)
    met = play(
        in_visit(visit),
        (20, TimeGiven("V1", 2000, 200), [MoveDeadline(CALL, 2000)]),
        (50, EndOrdered("V1", Ending.ENDED), left(Ending.ENDED, talked_s=44)),
    )
    assert (ended(met).given_s, ended(met).next_at) == (200, TWO)


@pytest.mark.parametrize(
    "over",
    [
        goodbye(Ending.OFFICER, 44, 50),
        goodbye(Ending.VISITOR_DID_NOT_COME, 0, 50),
        goodbye(Ending.TIME_UP, 0, 50),
        goodbye(Ending.LEFT, 0, 50),
    ],
    ids=["an officer ended it", "the visitor did not come", "never met", "left before they met"],
)
def test_after_a_bad_ending_nobody_is_asked_how_it_was(over: Goodbye) -> None:
    assert over.leave_at == 50 + BAD_ENDING_S
    assert play(over, (51, Touched(Touch.RATE_PICTURE, "good"), [])) == over
    assert play(over, (51, Touched(Touch.RATE_SOUND, "bad"), [])) == over


@pytest.mark.parametrize(
    ("event", "reason", "now"),
    [(EndOrdered("V1", Ending.ENDED), Ending.ENDED, 60), (Tick(), Ending.TIME_UP, 70)],
    ids=["it was ended", "its time was up"],
)
def test_a_visit_whose_connection_did_not_come_back_was_cut_off(
    event: Event, reason: Ending, now: float
) -> None:
    away = play(in_visit(lasting(70)), (50, CallLost(CALL), [prepare(50_000, 2, lasting(70))]))
    over = play(away, (now, event, left(reason, talked_s=44, call=50_000)))
    assert ended(over).cut_off
    assert ended(over).went_badly


def test_a_visit_that_an_officer_holds_was_not_cut_off() -> None:
    held = play(
        in_visit(lasting(70)), (50, HoldOrdered("V1", HeldReason.OFFICER), [Hold(CALL, on=True)])
    )
    over = play(held, (70, Tick(), left(Ending.TIME_UP, talked_s=44)))
    assert not ended(over).cut_off


def test_two_taps_say_how_picture_and_sound_were() -> None:
    rated = play(
        WELL,
        (52, Touched(Touch.RATE_PICTURE, "good"), []),
        (53, Touched(Touch.RATE_SOUND, "bad"), []),
    )
    expected = replace(WELL, picture=Rating.GOOD, sound=Rating.BAD)
    assert rated == expected


def test_an_answer_can_be_changed_and_an_unknown_one_is_none() -> None:
    good = play(WELL, (52, Touched(Touch.RATE_PICTURE, "good"), []))
    assert ended(play(good, (53, Touched(Touch.RATE_PICTURE, "fair"), []))).picture is Rating.FAIR
    for unknown in ("", "Good", "x" * 64):
        assert play(good, (53, Touched(Touch.RATE_PICTURE, unknown), [])) == good


def test_nobody_has_to_answer() -> None:
    assert play(WELL, (51, Touched(Touch.DONE), [Survey()])) == Idle()
    assert play(WELL, (WELL.leave_at, Tick(), [Survey()])) == Idle()


def test_who_asks_for_another_visit_reads_that_the_prison_has_it() -> None:
    asking = play(BADLY, (52, REBOOK, [WISHED]))
    assert ended(asking).rebooking is WishState.ASKING
    asked = play(asking, (53, WishHeard("V1", Wish.REBOOKING, taken=True), []))
    assert ended(asked).rebooking is WishState.ASKED
    assert ended(asked).fault is None


def test_a_second_touch_asks_for_nothing_more() -> None:
    asking = play(BADLY, (52, REBOOK, [WISHED]))
    assert play(asking, (52.1, REBOOK, [])) == asking
    asked = play(asking, (53, WishHeard("V1", Wish.REBOOKING, taken=True), []))
    assert play(asked, (54, REBOOK, [])) == asked


def test_a_wish_that_was_not_heard_can_be_made_again() -> None:
    unheard = play(
        BADLY, (52, REBOOK, [WISHED]), (56, WishHeard("V1", Wish.REBOOKING, taken=False), [])
    )
    assert ended(unheard).rebooking is WishState.UNHEARD
    assert ended(play(unheard, (57, REBOOK, [WISHED]))).rebooking is WishState.ASKING


def test_a_fault_is_reported_beside_a_wish_for_another_visit() -> None:
    both = play(
        BADLY,
        (52, REBOOK, [WISHED]),
        (52.2, Touched(Touch.REPORT_FAULT), [MakeWish("V1", Wish.FAULT)]),
        (53, WishHeard("V1", Wish.FAULT, taken=True), []),
    )
    assert (ended(both).rebooking, ended(both).fault) == (WishState.ASKING, WishState.ASKED)


@pytest.mark.parametrize(
    "late",
    [WishHeard("V9", Wish.REBOOKING, taken=True), WishHeard("V1", Wish.FAULT, taken=True)],
    ids=["of another visit", "of what was not asked"],
)
def test_an_answer_to_no_wish_changes_nothing(late: Event) -> None:
    asking = play(BADLY, (52, REBOOK, [WISHED]))
    assert play(asking, (53, late, [])) == asking
    assert play(Idle(), (53, late, [])) == Idle()


def test_after_a_good_ending_nothing_is_asked_for() -> None:
    assert play(WELL, (52, REBOOK, []), (53, Touched(Touch.REPORT_FAULT), [])) == WELL


def test_a_core_that_was_killed_knows_that_a_wish_may_not_have_been_heard() -> None:
    asking = play(BADLY, (52, REBOOK, [WISHED]))
    assert ended(resume(asking)).rebooking is WishState.UNHEARD
    assert resume(WELL) == WELL


def test_a_visit_that_was_never_met_still_names_itself() -> None:
    over = play(
        waiting(),
        (45, Touched(Touch.LEAVE), []),
        (46, Touched(Touch.LEAVE_YES), [EndCall(CALL), LeaveVisit("V1", Ending.LEFT, 0.0)]),
    )
    assert ended(over).visit == "V1"


NEXT = replace(BOOKING, reference="V7", starts_at=TWO + timedelta(days=7))


@pytest.mark.parametrize(
    ("booking", "told"),
    [
        (replace(NEXT, visitors=("Mum", "Aisha")), True),
        (replace(NEXT, cancelled=True), False),
        (replace(NEXT, starts_at=TWO + timedelta(days=8)), False),
        (replace(BOOKING, reference="V8", cancelled=True), True),
        (replace(BOOKING, cancelled=True), True),
    ],
    ids=["stands", "cancelled", "moved", "another is cancelled", "the one that is over"],
)
def test_the_next_visit_is_told_only_while_no_change_says_otherwise(
    booking: Booking, told: bool
) -> None:
    """Which booking it is of nobody knows here."""
    over = replace(WELL, next_at=NEXT.starts_at)
    after = play(over, (51, BookingChanged(booking, HERE, TWO), []))
    assert after == replace(over, next_at=NEXT.starts_at if told else None)


@pytest.mark.parametrize(
    ("booking", "told"),
    [
        (replace(NEXT, place=OTHER_HALL), True),
        (replace(NEXT, place=OTHER_HALL, cancelled=True), False),
        (NEXT, False),
    ],
    ids=["stands", "cancelled", "now here"],
)
def test_where_and_when_is_told_only_while_no_change_says_otherwise(
    booking: Booking, told: bool
) -> None:
    refused = Refused(Refusal.WRONG_HALL, 80, OTHER_HALL.hall, NEXT.starts_at)
    after = play(refused, (51, BookingChanged(booking, HERE, TWO), []))
    assert after == (refused if told else replace(refused, place=None, at=None))


def test_a_refusal_that_tells_of_no_booking_stays_as_it_is() -> None:
    refused = Refused(Refusal.TAKEN, 80, "Terminal 4")
    assert play(refused, (51, BookingChanged(NEXT, HERE, TWO), [])) == refused
