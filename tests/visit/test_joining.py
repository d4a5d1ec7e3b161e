"""The touch on Join, and every answer that the service can give to it."""

from dataclasses import replace

import pytest

from kiosk.visit.actions import AskOffer, EndCall, Identify, Join, LeaveVisit, SendOffer, Survey
from kiosk.visit.events import (
    BookingCancelled,
    CardPresented,
    Declined,
    EndMoved,
    EndOrdered,
    Event,
    HoldOrdered,
    HoldReleased,
    JoinGranted,
    OfferMade,
    Tick,
    Touched,
    VisitorCame,
    VisitorInLobby,
    VisitorLeft,
    VisitorReady,
)
from kiosk.visit.media import MediaEntry
from kiosk.visit.patience import JOIN_S, NOTICE_S, REFUSED_S, WELCOME_S
from kiosk.visit.reasons import Ending, HeldReason, Notice, Refusal, Touch
from kiosk.visit.stages import (
    CheckingCard,
    Connecting,
    Hint,
    Idle,
    Line,
    Refused,
    WaitingRoom,
)
from tests.visit.play import play, wait
from tests.visit.samples import (
    CALL,
    CAME,
    CARD,
    OTHER_CARD,
    PAGE,
    RELOADED,
    SAM,
    TWO,
    VISIT,
    but_for_its_clock,
    joining,
    left,
    prepare,
    send_offer,
    staying,
    waiting,
    welcomed,
)

ASK = Join("V1", SAM.prisoner_number, CARD, 1)
GIVE_BACK = LeaveVisit("V1", Ending.NOT_WANTED, 0.0)


def test_a_touch_on_join_asks_the_service_once() -> None:
    play(
        welcomed(),
        (1, Touched(Touch.JOIN), [ASK]),
        (1.2, Touched(Touch.JOIN), []),
    )


def test_who_joined_in_the_last_moment_of_the_welcome_gets_their_answer() -> None:
    last = 0.5 + WELCOME_S - 1
    stage = play(welcomed(), (last, Touched(Touch.JOIN), [replace(ASK, asked_at=last)]))
    assert wait(stage, last + JOIN_S - 1) == stage


def test_a_granted_visit_opens_the_camera_and_waits_for_the_visitor() -> None:
    stage = play(joining(), (2, JoinGranted(1, VISIT), [prepare(CALL, attempt=1)]))
    assert but_for_its_clock(stage) == WaitingRoom(VISIT, Line(attempt=1, call=CALL), leave_at=0.0)


def test_a_visit_may_be_granted_held() -> None:
    held = replace(VISIT, held=HeldReason.OFFICER)
    play(joining(), (2, JoinGranted(1, held), [prepare(CALL, 1, held)]))
    assert prepare(CALL, 1, held).held


@pytest.mark.parametrize(
    "reason",
    [
        Refusal.MOVED,
        Refusal.RELEASED,
        Refusal.VISITOR_NOT_APPROVED,
        Refusal.BOOKING_CHANGED,
        Refusal.BOOKING_CANCELLED,
        Refusal.TAKEN,
    ],
)
def test_a_refused_join_says_why_and_where(reason: Refusal) -> None:
    stage = play(joining(), (2, Declined(1, reason, "Hall B", TWO), []))
    assert stage == Refused(reason, 2 + REFUSED_S, "Hall B", TWO)


@pytest.mark.parametrize("reason", [Refusal.SERVICE_AWAY, Refusal.SERVICE_FAULT])
def test_a_join_without_an_answer_is_given_back_as_it_may_have_been_granted(
    reason: Refusal,
) -> None:
    stage = play(joining(), (2, Declined(1, reason), [GIVE_BACK]))
    assert stage == Refused(reason, 2 + REFUSED_S)


def test_a_join_is_not_waited_for_for_ever_and_then_given_back() -> None:
    stage = play(joining(), (1 + JOIN_S, Tick(), [GIVE_BACK]))
    assert stage == Refused(Refusal.SERVICE_AWAY, 1 + JOIN_S + REFUSED_S)


def test_a_grant_after_the_join_was_given_up_is_given_back() -> None:
    stage = play(
        joining(),
        (1 + JOIN_S, Tick(), [GIVE_BACK]),
        (8, JoinGranted(1, VISIT), [GIVE_BACK]),
    )
    assert isinstance(stage, Refused)


def test_a_late_grant_is_given_back_when_nobody_is_here() -> None:
    assert play(Idle(), (9, JoinGranted(1, VISIT), [GIVE_BACK])) == Idle()


def test_a_late_grant_is_given_back_when_its_booking_is_welcomed_but_not_asked_for() -> None:
    assert play(welcomed(), (5, JoinGranted(1, VISIT), [GIVE_BACK])) == welcomed()


def test_a_late_grant_of_what_is_asked_for_again_is_left_to_the_newer_answer() -> None:
    stage = play(
        welcomed(),
        (5, Touched(Touch.JOIN), [replace(ASK, asked_at=5)]),
        (5.1, JoinGranted(1, VISIT), []),
        (5.2, JoinGranted(5, VISIT), [prepare(5200, attempt=1)]),
    )
    assert isinstance(stage, WaitingRoom)


def test_a_late_grant_of_another_visit_is_given_back_during_a_visit() -> None:
    other = replace(VISIT, reference="V9")
    stage = play(
        waiting(),
        (3, JoinGranted(0, other), [LeaveVisit("V9", Ending.NOT_WANTED, 0.0)]),
        (4, JoinGranted(0, VISIT), []),
    )
    assert stage == waiting()


def test_a_late_grant_is_given_back_even_in_the_moment_the_visit_ends() -> None:
    other = replace(VISIT, reference="V9")
    play(
        waiting(replace(VISIT, wait_until_s=1800.0)),
        (
            1800.0,
            JoinGranted(0, other),
            [
                EndCall(CALL),
                LeaveVisit("V1", Ending.TIME_UP, 0.0),
                LeaveVisit("V9", Ending.NOT_WANTED, 0.0),
            ],
        ),
    )


def test_a_visit_that_is_over_when_its_grant_is_read_never_opens_a_call() -> None:
    over = replace(VISIT, ends_at_s=2.0, wait_until_s=2.0)
    stage = play(joining(), (2, JoinGranted(1, over), [LeaveVisit("V1", Ending.TIME_UP, 0.0)]))
    assert stage == Refused(Refusal.TOO_LATE, 2 + REFUSED_S)


def test_an_old_refusal_does_not_answer_a_newer_question() -> None:
    asked_again = play(welcomed(), (5, Touched(Touch.JOIN), [replace(ASK, asked_at=5)]))
    assert play(asked_again, (5.1, Declined(1, Refusal.TAKEN), [])) == asked_again
    assert play(asked_again, (5.1, Declined(1, Refusal.SERVICE_AWAY), [])) == asked_again


def test_a_visitor_who_is_announced_before_the_grant_is_read_is_remembered() -> None:
    stage = play(
        joining(),
        (1.5, VisitorReady("V1", PAGE), []),
        (2, JoinGranted(1, VISIT), [prepare(CALL, 1, CAME)]),
        (3, OfferMade(CALL, 0, "offer"), [send_offer()]),
    )
    assert isinstance(stage, Connecting)


def test_a_page_that_is_announced_twice_before_the_grant_counts_once_and_the_newest() -> None:
    play(
        joining(),
        (1.5, VisitorReady("V1", PAGE), []),
        (1.6, VisitorReady("V1", RELOADED), []),
        (1.7, VisitorLeft("V1", "page1"), []),
        (2, JoinGranted(1, VISIT), [prepare(CALL, 1, CAME)]),
        (3, OfferMade(CALL, 0, "offer"), [send_offer(page=RELOADED)]),
    )


def test_a_visitor_who_leaves_before_the_grant_is_read_is_not_called_and_yet_did_come() -> None:
    stage = play(
        joining(),
        (1.5, VisitorReady("V1", PAGE), []),
        (1.6, VisitorLeft("V1", "page1"), []),
        (2, JoinGranted(1, VISIT), [prepare(CALL, 1, CAME)]),
        (3, OfferMade(CALL, 0, "offer"), []),
    )
    assert isinstance(stage, WaitingRoom)


@pytest.mark.parametrize(
    "news",
    [
        (VisitorCame("V1"),),
        (VisitorInLobby("V1", present=True), VisitorInLobby("V1", present=False)),
    ],
    ids=["the page was opened", "they were in the lobby"],
)
def test_whose_page_was_opened_before_the_grant_is_read_is_waited_for_to_the_end(
    news: tuple[Event, ...],
) -> None:
    stage = play(
        joining(),
        *((1.5, event, []) for event in news),
        (1.6, VisitorCame("V9"), []),
        (2, JoinGranted(1, VISIT), [prepare(CALL, 1, CAME)]),
    )
    play(staying(stage), (1800, Tick(), left(Ending.TIME_UP)))


def test_the_page_of_another_visit_was_not_this_visitors() -> None:
    assert play(joining(), (1.5, VisitorCame("V9"), [])) == joining()


def test_a_visit_that_is_held_before_its_grant_is_read_begins_held() -> None:
    held = replace(VISIT, held=HeldReason.OFFICER)
    stage = play(
        joining(),
        (1.5, HoldOrdered("V1", HeldReason.OFFICER), []),
        (1.6, HoldReleased("V9"), []),
        (2, JoinGranted(1, VISIT), [prepare(CALL, 1, held)]),
    )
    assert isinstance(stage, WaitingRoom)
    assert stage.visit == held


def test_a_visit_that_is_released_before_its_grant_is_read_begins_free() -> None:
    stage = play(
        joining(),
        (1.5, HoldOrdered("V1", HeldReason.OFFICER), []),
        (1.6, HoldReleased("V1"), []),
        (2, JoinGranted(1, VISIT), [prepare(CALL, 1)]),
    )
    assert isinstance(stage, WaitingRoom)
    assert stage.visit == VISIT


def test_an_end_that_moves_before_the_grant_is_read_is_the_end_of_the_visit() -> None:
    moved = replace(VISIT, ends_at_s=2000.0)
    stage = play(
        joining(),
        (1.5, EndMoved("V1", 2000.0), []),
        (1.6, EndMoved("V9", 60.0), []),
        (2, JoinGranted(1, VISIT), [prepare(CALL, 1, moved)]),
    )
    assert isinstance(stage, WaitingRoom)
    assert stage.visit == moved


def test_an_end_that_moves_too_far_before_the_grant_is_read_moves_to_the_latest() -> None:
    latest = replace(VISIT, ends_at_s=VISIT.latest_end_s)
    play(
        joining(),
        (1.5, EndMoved("V1", VISIT.latest_end_s + 1), []),
        (2, JoinGranted(1, VISIT), [prepare(CALL, 1, latest)]),
    )


def test_a_visit_whose_end_moved_into_the_past_before_its_grant_is_read_opens_no_call() -> None:
    stage = play(
        joining(),
        (1.5, EndMoved("V1", 1.6), []),
        (2, JoinGranted(1, VISIT), [LeaveVisit("V1", Ending.TIME_UP, 0.0)]),
    )
    assert stage == Refused(Refusal.TOO_LATE, 2 + REFUSED_S)


@pytest.mark.parametrize(
    ("order", "reason"),
    [
        (EndOrdered("V1", Ending.OFFICER), Refusal.BOOKING_CHANGED),
        (BookingCancelled("V1"), Refusal.BOOKING_CANCELLED),
    ],
)
def test_a_visit_that_is_ended_before_its_grant_is_read_is_given_back(
    order: EndOrdered | BookingCancelled, reason: Refusal
) -> None:
    stage = play(joining(), (1.5, order, [LeaveVisit("V1", Ending.NOT_WANTED, 0.0)]))
    assert isinstance(stage, Refused)
    assert stage.reason is reason
    again = play(stage, (2, JoinGranted(1, VISIT), [LeaveVisit("V1", Ending.NOT_WANTED, 0.0)]))
    assert again == stage


def test_another_visit_that_is_held_does_not_hold_this_one() -> None:
    assert play(joining(), (1.5, HoldOrdered("V9", HeldReason.OFFICER), [])) == joining()


def test_the_visitor_of_another_visit_is_not_taken_for_this_one() -> None:
    assert play(joining(), (1.5, VisitorReady("V9", PAGE), [])) == joining()
    ready = play(joining(), (1.5, VisitorReady("V1", PAGE), []))
    assert play(ready, (1.6, VisitorLeft("V9", "page1"), [])) == ready


def test_another_card_while_joining_is_told_to_wait_and_interrupts_nothing() -> None:
    stage = play(joining(), (1.5, CardPresented(OTHER_CARD), []))
    assert stage == replace(joining(), hint=Hint(Notice.OTHER_CARD, 1.5 + NOTICE_S))


def test_the_remark_about_another_card_goes_when_the_join_is_not_waited_for_any_more() -> None:
    soon = replace(joining(), hint=Hint(Notice.OTHER_CARD, 5))
    assert wait(soon, 4) == soon
    assert play(soon, (5, Tick(), [])) == joining()
    late = play(joining(), (1.5, CardPresented(OTHER_CARD), []))
    assert isinstance(play(late, (1 + JOIN_S, Tick(), [GIVE_BACK])), Refused)


def test_a_page_that_was_never_announced_can_leave() -> None:
    assert play(joining(), (1.5, VisitorLeft("V1", "page1"), [])) == joining()


def test_a_refused_join_makes_room_for_the_next_card() -> None:
    stage = play(
        joining(),
        (2, Declined(1, Refusal.MOVED), []),
        (3, CardPresented(OTHER_CARD), [Identify(OTHER_CARD, 3)]),
    )
    assert stage == CheckingCard(OTHER_CARD, 3)


def test_who_has_asked_to_join_can_not_walk_away_before_the_answer() -> None:
    assert play(joining(), (1.5, Touched(Touch.DONE), [])) == joining()


def test_a_refused_join_makes_room_by_itself() -> None:
    stage = play(
        joining(),
        (2, Declined(1, Refusal.MOVED), []),
        (2 + REFUSED_S, Tick(), [Survey()]),
    )
    assert stage == Idle()


def test_two_connections_to_a_media_server_are_offered_together() -> None:
    both = replace(
        VISIT,
        media=(
            MediaEntry("/send", "sendonly", "terminal"),
            MediaEntry("/receive", "recvonly", "service"),
            MediaEntry("/slides", "sendonly", "terminal"),
        ),
    )
    play(
        waiting(both),
        (3, VisitorReady("V1", PAGE), []),
        (4, OfferMade(CALL, 0, "a"), []),
        (4.5, OfferMade(CALL, 0, "b"), []),
        (
            5,
            OfferMade(CALL, 2, "c"),
            [
                SendOffer("/send", CALL, "page1", 0, "b"),
                SendOffer("/slides", CALL, "page1", 2, "c"),
                AskOffer("/receive", CALL, "page1", 1),
            ],
        ),
    )
