"""The waiting room: the camera is open, and the visitor or our own offer is missing."""

from dataclasses import replace

import pytest

from kiosk.visit.actions import MoveDeadline
from kiosk.visit.events import (
    BookingCancelled,
    CallBack,
    CallGone,
    CallLost,
    CardUnreadable,
    EndMoved,
    Event,
    OfferAnswered,
    OfferFailed,
    OfferMade,
    OfficerSaid,
    ServiceBack,
    Tick,
    Touched,
    VisitorCame,
    VisitorInLobby,
    VisitorLeft,
    VisitorReady,
)
from kiosk.visit.patience import AGAIN_S, MESSAGE_S, REFUSED_S
from kiosk.visit.reasons import Ending, NoAnswer, Refusal, Touch
from kiosk.visit.stages import (
    Connecting,
    Goodbye,
    Line,
    OfficerMessage,
    Refused,
    Seconds,
    WaitingRoom,
)
from tests.visit.play import play, wait
from tests.visit.samples import (
    CALL,
    CAME,
    PAGE,
    RELOADED,
    VISIT,
    but_for_its_clock,
    goodbye,
    lasting,
    left,
    prepare,
    send_offer,
    waiting,
)


def test_an_offer_waits_for_the_visitor() -> None:
    stage = play(
        waiting(),
        (3, OfferMade(CALL, 0, "offer"), []),
        (400, VisitorReady("V1", PAGE), [send_offer()]),
    )
    assert isinstance(stage, Connecting)


def test_a_visitor_waits_for_the_offer() -> None:
    stage = play(
        waiting(),
        (3, VisitorReady("V1", PAGE), []),
        (4, OfferMade(CALL, 0, "offer"), [send_offer()]),
    )
    assert isinstance(stage, Connecting)


def test_an_offer_of_an_earlier_call_is_not_sent() -> None:
    stage = play(waiting(), (3, VisitorReady("V1", PAGE), []), (4, OfferMade(1999, 0, "old"), []))
    assert isinstance(stage, WaitingRoom)
    assert stage.line.offers == ()


def test_the_visitor_of_another_visit_is_not_called() -> None:
    ready = play(waiting(), (3, OfferMade(CALL, 0, "offer"), []))
    assert play(ready, (4, VisitorReady("V9", PAGE), [])) == ready


def test_a_visitor_who_never_comes_is_waited_for_as_long_as_was_granted() -> None:
    assert wait(waiting(), 600) == waiting()
    stage = play(waiting(), (600, Tick(), left(Ending.VISITOR_DID_NOT_COME)))
    assert stage == goodbye(Ending.VISITOR_DID_NOT_COME, 0.0, 600)


def test_a_visitor_who_is_here_is_not_given_up_though_the_wait_is_over() -> None:
    present = play(waiting(), (300, VisitorReady("V1", PAGE), []))
    assert wait(present, 700) == present


def test_a_visitor_who_left_and_returns_is_called() -> None:
    stage = play(
        waiting(),
        (3, VisitorReady("V1", PAGE), []),
        (4, VisitorLeft("V1", "page1"), []),
        (5, OfferMade(CALL, 0, "offer"), []),
        (60, VisitorReady("V1", RELOADED), [send_offer(page=RELOADED)]),
    )
    assert isinstance(stage, Connecting)


def test_a_visitor_who_reloads_while_our_offer_is_made_is_called_at_the_new_page() -> None:
    play(
        waiting(),
        (3, VisitorReady("V1", PAGE), []),
        (3.5, VisitorReady("V1", RELOADED), []),
        (3.6, VisitorLeft("V1", "page1"), []),
        (4, OfferMade(CALL, 0, "offer"), [send_offer(page=RELOADED)]),
    )


def test_a_visitor_who_left_after_the_wait_was_over_is_waited_for_to_the_end() -> None:
    stage = play(
        waiting(),
        (590, VisitorReady("V1", PAGE), []),
        (700, VisitorLeft("V1", "page1"), []),
    )
    assert isinstance(stage, WaitingRoom)
    play(stage, (1800, Tick(), left(Ending.TIME_UP)))


def test_a_visitor_who_was_here_for_a_moment_is_waited_for_to_the_end() -> None:
    """Nobody says of them that they did not come."""
    play(
        waiting(),
        (3, VisitorReady("V1", PAGE), []),
        (4, VisitorLeft("V1", "page1"), []),
        (1800, Tick(), left(Ending.TIME_UP)),
    )


def test_a_visitor_whom_nobody_let_in_is_waited_for_to_the_end() -> None:
    play(
        waiting(),
        (3, VisitorInLobby("V1", present=True), []),
        (650, VisitorInLobby("V1", present=False), []),
        (1800, Tick(), left(Ending.TIME_UP)),
    )


def test_who_is_only_said_to_wait_in_the_lobby_no_longer_was_there() -> None:
    play(
        waiting(),
        (3, VisitorInLobby("V1", present=False), []),
        (1800, Tick(), left(Ending.TIME_UP)),
    )


def test_a_visitor_whose_page_was_opened_and_never_got_ready_is_waited_for_to_the_end() -> None:
    """They may not find out how to give their camera: nobody says that they did not come."""
    opened = play(waiting(), (590, VisitorCame("V1"), []), (595, VisitorCame("V1"), []))
    assert but_for_its_clock(opened) == WaitingRoom(CAME, Line(attempt=1, call=CALL), leave_at=0.0)
    play(opened, (1800, Tick(), left(Ending.TIME_UP)))


def test_the_page_of_another_visit_does_not_prolong_the_wait() -> None:
    play(
        waiting(),
        (590, VisitorCame("V9"), []),
        (600, Tick(), left(Ending.VISITOR_DID_NOT_COME)),
    )


def test_a_wait_until_the_end_grows_with_the_visit() -> None:
    stage = play(
        waiting(lasting(1800, latest_end_s=2400)),
        (1700, EndMoved("V1", 2100), [MoveDeadline(CALL, 2100)]),
    )
    play(stage, (2100, Tick(), left(Ending.TIME_UP)))


def test_a_wait_that_was_granted_does_not_grow_with_the_visit() -> None:
    play(
        waiting(),
        (10, EndMoved("V1", 2100), [MoveDeadline(CALL, 2100)]),
        (600, Tick(), left(Ending.VISITOR_DID_NOT_COME)),
    )


def test_time_ends_the_wait_even_when_the_visitor_is_here() -> None:
    play(waiting(), (3, VisitorReady("V1", PAGE), []), (1800, Tick(), left(Ending.TIME_UP)))


def test_a_call_that_breaks_before_its_offer_was_sent_is_made_anew() -> None:
    stage = play(
        waiting(),
        (3, CallLost(CALL), []),
        (3 + AGAIN_S, Tick(), [prepare(3700, attempt=2)]),
    )
    assert but_for_its_clock(stage) == WaitingRoom(VISIT, Line(attempt=2, call=3700), leave_at=0.0)


def test_an_offer_of_a_call_that_broke_is_not_sent() -> None:
    play(
        waiting(),
        (3, OfferMade(CALL, 0, "offer"), []),
        (4, CallLost(CALL), []),
        (4.5, VisitorReady("V1", PAGE), [prepare(4500, attempt=2)]),
        (7, OfferMade(4500, 0, "new"), [send_offer(4500, sdp="new")]),
    )


def test_a_program_that_was_started_again_makes_the_call_anew() -> None:
    stage = play(
        waiting(),
        (3, OfferMade(CALL, 0, "offer"), []),
        (4, CallGone(), []),
        (5, VisitorReady("V1", PAGE), []),
        (6, CallBack(None), [prepare(6000, attempt=2)]),
        (7, OfferMade(6000, 0, "new"), [send_offer(6000, sdp="new")]),
    )
    assert isinstance(stage, Connecting)


def test_a_booking_that_is_cancelled_while_waiting_is_a_refusal_with_its_reason() -> None:
    stage = play(waiting(), (30, BookingCancelled("V1"), left(Ending.ENDED)))
    assert stage == Refused(Refusal.BOOKING_CANCELLED, 30 + REFUSED_S)


def test_the_cancellation_of_another_booking_changes_nothing() -> None:
    assert play(waiting(), (30, BookingCancelled("V9"), [])) == waiting()


@pytest.mark.parametrize("ends_at_s", [100.0, 50.0])
def test_a_visit_that_is_moved_into_the_past_ends_at_once(ends_at_s: Seconds) -> None:
    stage = play(waiting(), (100, EndMoved("V1", ends_at_s), left(Ending.TIME_UP)))
    assert isinstance(stage, Goodbye)


def test_what_happens_while_nobody_is_here_does_not_prolong_the_wait() -> None:
    stage = play(waiting(), (590, OfferMade(CALL, 0, "offer"), []))
    assert isinstance(stage, WaitingRoom)
    assert stage.visit == VISIT


def test_what_happens_while_the_visitor_is_here_does_not_prolong_the_wait() -> None:
    stage = play(waiting(), (3, VisitorReady("V1", PAGE), []), (590, CallLost(CALL), []))
    assert isinstance(stage, WaitingRoom)
    assert stage.visit == VISIT


def test_a_page_that_tells_of_its_devices_again_is_shown_so() -> None:
    deaf = replace(PAGE, microphone=False)
    stage = play(waiting(), (3, VisitorReady("V1", PAGE), []), (4, VisitorReady("V1", deaf), []))
    assert isinstance(stage, WaitingRoom)
    assert stage.line.visitor == deaf


@pytest.mark.parametrize(
    "event",
    [
        VisitorLeft("V1", "page1"),
        OfferFailed(CALL, "page1", NoAnswer.VISITOR_GONE),
        OfferAnswered(CALL, "page1", 0, "answer"),
        OfficerSaid("V9", "Hello"),
        CardUnreadable(),
        ServiceBack(),
        Touched(Touch.MUTE),
        Touched(Touch.UNMUTE),
    ],
    ids=repr,
)
def test_a_wait_is_not_disturbed_by(event: Event) -> None:
    assert play(waiting(), (5, event, [])) == waiting()


def test_an_officers_message_is_shown_for_a_while_also_to_who_waits() -> None:
    stage = play(waiting(), (5, OfficerSaid("V1", "Hello"), []))
    assert stage == replace(waiting(), message=OfficerMessage("Hello", 5 + MESSAGE_S))
    assert wait(stage, 5 + MESSAGE_S) == stage
    assert play(stage, (5 + MESSAGE_S, Tick(), [])) == waiting()


def test_the_page_of_another_visit_does_not_take_the_visitor_away() -> None:
    ready = play(waiting(), (3, VisitorReady("V1", PAGE), []))
    assert play(ready, (4, VisitorLeft("V9", "page1"), [])) == ready


def test_an_offer_that_turns_up_after_its_call_broke_is_not_sent() -> None:
    broken = play(waiting(), (3, VisitorReady("V1", PAGE), []), (4, CallLost(CALL), []))
    assert play(broken, (4.5, OfferMade(CALL, 0, "late"), [])) == broken


def test_a_page_that_says_again_that_it_is_ready_is_called_once() -> None:
    ready = play(waiting(), (3, VisitorReady("V1", PAGE), []))
    assert play(ready, (4, VisitorReady("V1", PAGE), [])) == ready


def test_another_page_that_leaves_does_not_take_the_visitor_away() -> None:
    ready = play(waiting(), (3, VisitorReady("V1", RELOADED), []))
    assert play(ready, (4, VisitorLeft("V1", "page1"), [])) == ready
