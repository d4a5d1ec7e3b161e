"""What the service may order during a visit: hold, extend, shorten, end; and its absence."""

from dataclasses import replace
from datetime import timedelta

import pytest

from kiosk.visit import advance
from kiosk.visit.actions import Hold, MoveDeadline, Survey
from kiosk.visit.booking import Booking, BookingChanged
from kiosk.visit.events import (
    BookingCancelled,
    CallBack,
    CallConnected,
    CallLost,
    EndMoved,
    EndOrdered,
    Event,
    HoldOrdered,
    HoldReleased,
    OfferMade,
    ServiceBack,
    ServiceLost,
    Tick,
)
from kiosk.visit.patience import REFUSED_S
from kiosk.visit.reasons import Ending, HeldReason, Notice, Refusal
from kiosk.visit.stages import Connecting, Goodbye, InVisit, Refused, Seconds, Stage
from tests.visit.play import play, wait
from tests.visit.samples import (
    BOOKING,
    CALL,
    HERE,
    OTHER_HALL,
    TWO,
    VISIT,
    but_for_its_clock,
    connecting,
    goodbye,
    in_visit,
    left,
    prepare,
    send_offer,
    waiting,
)

LIMIT_S = VISIT.unsupervised_limit_s
HELD = HoldOrdered("V1", HeldReason.OFFICER)


def held(stage: Stage) -> HeldReason | None:
    assert isinstance(stage, InVisit)
    return stage.visit.held


def test_an_officer_holds_and_releases_the_visit() -> None:
    stage = play(in_visit(), (50, HELD, [Hold(CALL, on=True)]))
    assert held(stage) is HeldReason.OFFICER
    assert held(play(stage, (60, HoldReleased("V1"), [Hold(CALL, on=False)]))) is None


def test_a_hold_while_reconnecting_is_kept_by_the_new_call_until_it_is_released() -> None:
    lost = play(
        in_visit(),
        (106, CallLost(CALL), [prepare(106_000, attempt=2)]),
        (107, HELD, [Hold(106_000, on=True)]),
    )
    assert isinstance(lost, InVisit)
    stage = play(
        lost,
        (108, CallBack(None), [prepare(108_000, attempt=3, visit=lost.visit)]),
        (109, OfferMade(108_000, 0, "new"), [send_offer(108_000, sdp="new")]),
        (110, CallConnected(108_000), []),
        (120, HoldReleased("V1"), [Hold(108_000, on=False)]),
        (130, EndOrdered("V1", Ending.OFFICER), left(Ending.OFFICER, 110, 108_000)),
    )
    assert isinstance(stage, Goodbye)


def test_a_hold_in_the_waiting_room_reaches_the_call() -> None:
    stage = play(waiting(), (3, HELD, [Hold(CALL, on=True)]))
    play(stage, (4, HoldReleased("V1"), [Hold(CALL, on=False)]))


@pytest.mark.parametrize(
    "order",
    [
        HoldOrdered("V9", HeldReason.OFFICER),
        HoldReleased("V9"),
        EndMoved("V9", 10),
        EndOrdered("V9", Ending.OFFICER),
        BookingCancelled("V9"),
    ],
    ids=repr,
)
def test_an_order_for_another_visit_is_not_obeyed(order: Event) -> None:
    assert play(in_visit(), (50, order, [])) == in_visit()


def test_an_extension_moves_the_end_of_visit_and_call() -> None:
    stage = play(in_visit(), (1700, EndMoved("V1", 2100), [MoveDeadline(CALL, 2100)]))
    assert but_for_its_clock(wait(stage, 2100)) == but_for_its_clock(stage)
    play(stage, (2100, Tick(), left(Ending.TIME_UP, talked_s=2094)))


def test_an_extension_never_moves_the_end_past_the_latest_that_was_granted() -> None:
    latest = VISIT.latest_end_s
    stage = play(in_visit(), (1700, EndMoved("V1", 9999), [MoveDeadline(CALL, latest)]))
    play(stage, (latest, Tick(), left(Ending.TIME_UP, talked_s=latest - 6)))


def test_an_extension_after_the_end_does_not_bring_the_visit_back() -> None:
    stage = play(in_visit(), (1800, EndMoved("V1", 2100), left(Ending.TIME_UP, talked_s=1794)))
    assert play(stage, (1801, EndMoved("V1", 2100), [])) == stage


def test_a_visit_may_be_shortened() -> None:
    play(
        in_visit(),
        (50, EndMoved("V1", 100), [MoveDeadline(CALL, 100)]),
        (100, Tick(), left(Ending.TIME_UP, talked_s=94)),
    )


@pytest.mark.parametrize("ends_at_s", [50, 40, -5])
def test_an_end_that_is_moved_into_the_past_ends_the_visit_now(ends_at_s: Seconds) -> None:
    stage = play(in_visit(), (50, EndMoved("V1", ends_at_s), left(Ending.TIME_UP, talked_s=44)))
    assert stage == goodbye(Ending.TIME_UP, 44, 50)


@pytest.mark.parametrize(
    "reason", [Ending.OFFICER, Ending.VISITOR_ENDED, Ending.ENDED], ids=lambda reason: reason.value
)
def test_who_ends_the_visit_is_what_the_goodbye_says_and_a_private_end_says_no_more(
    reason: Ending,
) -> None:
    stage = play(in_visit(), (50, EndOrdered("V1", reason), left(reason, talked_s=44)))
    assert stage == goodbye(reason, 44, 50)


def test_the_service_may_end_a_visit_while_waiting_and_while_connecting() -> None:
    play(waiting(), (3, EndOrdered("V1", Ending.OFFICER), left(Ending.OFFICER)))
    play(connecting(), (5, EndOrdered("V1", Ending.OFFICER), left(Ending.OFFICER)))


def test_a_booking_that_is_cancelled_during_the_visit_ends_it_with_its_reason() -> None:
    stage = play(in_visit(), (50, BookingCancelled("V1"), left(Ending.ENDED, talked_s=44)))
    assert stage == Refused(Refusal.BOOKING_CANCELLED, 50 + REFUSED_S)


def test_a_visit_that_nobody_can_oversee_is_held_at_the_limit_of_the_site() -> None:
    lost = play(in_visit(), (100, ServiceLost(), []))
    assert wait(lost, 100 + LIMIT_S) == lost
    stage = play(lost, (100 + LIMIT_S, Tick(), [Hold(CALL, on=True)]))
    assert held(stage) is HeldReason.UNSUPERVISED


def test_a_service_that_returns_releases_the_hold_that_its_absence_caused() -> None:
    stage = play(
        in_visit(),
        (100, ServiceLost(), []),
        (100 + LIMIT_S, Tick(), [Hold(CALL, on=True)]),
        (300, ServiceBack(), [Hold(CALL, on=False)]),
    )
    assert isinstance(stage, InVisit)
    assert held(stage) is None
    assert stage.live_since == 300
    assert stage.talked_s == 94 + LIMIT_S


def test_a_service_that_returns_in_time_has_cost_nothing() -> None:
    stage = play(in_visit(), (100, ServiceLost(), []), (130, ServiceBack(), []))
    assert stage == in_visit()
    assert wait(stage, 1000) == in_visit()


def test_a_service_that_is_lost_again_gets_the_whole_limit_again() -> None:
    play(
        in_visit(),
        (100, ServiceLost(), []),
        (130, ServiceBack(), []),
        (150, ServiceLost(), []),
        (150 + LIMIT_S, Tick(), [Hold(CALL, on=True)]),
    )


def test_a_service_that_is_reported_lost_twice_does_not_get_more_time() -> None:
    play(
        in_visit(),
        (100, ServiceLost(), []),
        (130, ServiceLost(), []),
        (100 + LIMIT_S, Tick(), [Hold(CALL, on=True)]),
    )


def test_the_hold_of_an_officer_outlives_a_service_that_returns() -> None:
    stage = play(
        in_visit(),
        (100, ServiceLost(), []),
        (100 + LIMIT_S, Tick(), [Hold(CALL, on=True)]),
        (200, HELD, [Hold(CALL, on=True)]),
        (300, ServiceBack(), []),
    )
    assert held(stage) is HeldReason.OFFICER


def test_a_visit_that_is_held_by_an_officer_is_not_held_again_for_want_of_oversight() -> None:
    stage = play(in_visit(), (100, HELD, [Hold(CALL, on=True)]), (110, ServiceLost(), []))
    assert wait(stage, 1000) == stage
    assert held(stage) is HeldReason.OFFICER


def test_a_visit_that_began_while_the_service_was_lost_is_held_at_the_limit() -> None:
    play(
        connecting(),
        (5, ServiceLost(), []),
        (6, CallConnected(CALL), [Survey()]),
        (6.1, ServiceLost(), []),  # what the survey found
        (6.1 + LIMIT_S, Tick(), [Hold(CALL, on=True)]),
    )


def test_the_end_comes_for_a_visit_that_is_held() -> None:
    play(
        in_visit(),
        (100, HELD, [Hold(CALL, on=True)]),
        (1800, Tick(), left(Ending.TIME_UP, talked_s=94)),
    )


MORE = replace(BOOKING, visitors=("Mum", "Aisha"))


def test_who_visits_is_told_anew_while_they_are_connected_and_while_they_talk() -> None:
    connecting_too, talking = connecting(), in_visit()
    for stage in (connecting_too, talking):
        after, actions = advance(stage, BookingChanged(MORE, HERE, TWO), 50)
        assert isinstance(after, Connecting | InVisit)
        assert (after.visit.visitors, actions) == (("Mum", "Aisha"), [])
        told = Notice.BOOKING_CHANGED if stage is connecting_too else None
        assert (after.hint.notice if after.hint else None) is told


@pytest.mark.parametrize(
    "booking",
    [
        replace(MORE, cancelled=True),
        replace(MORE, place=OTHER_HALL),
        replace(MORE, starts_at=TWO + timedelta(hours=1)),
        replace(MORE, reference="V9"),
    ],
    ids=["cancelled", "another hall", "later", "another"],
)
def test_a_visit_that_goes_on_is_ended_by_no_change_of_its_booking(booking: Booking) -> None:
    """The service ends it by its own word, once it decided to."""
    for stage in (connecting(), in_visit()):
        assert advance(stage, BookingChanged(booking, HERE, TWO), 50) == (stage, [])
