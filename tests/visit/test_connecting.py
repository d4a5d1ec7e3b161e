"""The offer is with the visitor: their answer, their absence, a failure, and giving up."""

from dataclasses import replace

import pytest

from kiosk.visit.actions import EndCall, GiveAnswer, Hold, LeaveVisit, Survey
from kiosk.visit.events import (
    CallBack,
    CallConnected,
    CallGone,
    CallLost,
    CardPresented,
    HoldOrdered,
    HoldReleased,
    OfferAnswered,
    OfferFailed,
    OfferMade,
    OfficerSaid,
    Tick,
    Touched,
    VisitorLeft,
    VisitorReady,
)
from kiosk.visit.patience import (
    AGAIN_S,
    CONNECT_S,
    LEAVE_QUESTION_S,
    MESSAGE_S,
    NOTICE_S,
)
from kiosk.visit.reasons import Ending, HeldReason, NoAnswer, Notice, Touch
from kiosk.visit.stages import (
    Connecting,
    Goodbye,
    Hint,
    InVisit,
    Line,
    OfficerMessage,
    WaitingRoom,
)
from tests.visit.play import play, wait
from tests.visit.samples import (
    CALL,
    CAME,
    OTHER_CARD,
    PAGE,
    RELOADED,
    VISIT,
    but_for_its_clock,
    connecting,
    goodbye,
    left,
    prepare,
    send_offer,
    waiting,
)


def test_the_answer_goes_to_the_call_and_the_visit_begins_when_media_can_flow() -> None:
    stage = play(
        connecting(),
        (5, OfferAnswered(CALL, "page1", 0, "answer"), [GiveAnswer(CALL, 0, "answer")]),
        (6, CallConnected(CALL), [Survey()]),
    )
    line = Line(1, CALL, PAGE, sent=True, up=True)
    assert but_for_its_clock(stage) == InVisit(VISIT, line, live_since=6)


def test_an_answer_to_another_call_or_of_another_page_is_not_used() -> None:
    play(
        connecting(),
        (5, OfferAnswered(1999, "page1", 0, "late"), []),
        (5, OfferAnswered(CALL, "page0", 0, "late"), []),
    )


def test_an_answer_that_comes_when_the_call_is_up_is_not_used() -> None:
    play(
        connecting(),
        (6, CallConnected(CALL), [Survey()]),
        (7, OfferAnswered(CALL, "page1", 0, "late"), []),
    )


def test_another_call_that_connects_does_not_begin_the_visit() -> None:
    assert play(connecting(), (6, CallConnected(1999), [])) == connecting()


def test_a_call_can_not_connect_before_its_offer_was_sent() -> None:
    assert play(waiting(), (6, CallConnected(CALL), [])) == waiting()


def test_a_closed_page_leads_back_to_the_waiting_room_with_a_new_call() -> None:
    stage = play(
        connecting(),
        (5, OfferFailed(CALL, "page1", NoAnswer.VISITOR_GONE), [prepare(5000, attempt=2)]),
    )
    assert but_for_its_clock(stage) == WaitingRoom(CAME, Line(attempt=2, call=5000), leave_at=0.0)


def test_no_offer_is_sent_to_a_second_page() -> None:
    play(
        connecting(),
        (5, OfferFailed(CALL, "page1", NoAnswer.VISITOR_GONE), [prepare(5000, attempt=2)]),
        (6, VisitorReady("V1", RELOADED), []),
        (7, OfferMade(5000, 0, "new"), [send_offer(5000, RELOADED, "new")]),
    )


def test_a_page_that_is_back_before_its_offer_is_given_up_is_called_again_at_once() -> None:
    stage = play(
        connecting(),
        (4.9, VisitorReady("V1", PAGE), []),
        (5, OfferFailed(CALL, "page1", NoAnswer.VISITOR_GONE), [prepare(5000, attempt=2)]),
        (5.1, OfferMade(5000, 0, "new"), [send_offer(5000, PAGE, "new")]),
    )
    assert isinstance(stage, Connecting)


def test_a_page_that_is_gone_twice_is_waited_for() -> None:
    stage = play(
        connecting(),
        (4.9, VisitorReady("V1", PAGE), []),
        (5, OfferFailed(CALL, "page1", NoAnswer.VISITOR_GONE), [prepare(5000, attempt=2)]),
        (5.1, OfferMade(5000, 0, "new"), [send_offer(5000, PAGE, "new")]),
        (5.2, OfferFailed(5000, "page1", NoAnswer.VISITOR_GONE), [prepare(5200, attempt=3)]),
    )
    assert isinstance(stage, WaitingRoom)


def test_a_visitor_who_is_gone_when_called_gets_time_to_return() -> None:
    late = play(
        waiting(),
        (590, VisitorReady("V1", PAGE), []),
        (605, OfferMade(CALL, 0, "offer"), [send_offer()]),
        (610, OfferFailed(CALL, "page1", NoAnswer.VISITOR_GONE), [prepare(610_000, attempt=2)]),
    )
    assert isinstance(late, WaitingRoom)


def test_a_visit_that_is_over_when_its_visitor_is_called_ends_at_once() -> None:
    over = OfferFailed(CALL, "page1", NoAnswer.VISIT_OVER)
    stage = play(connecting(), (5, over, [EndCall(CALL), LeaveVisit("V1", Ending.ENDED, 0.0)]))
    assert stage == goodbye(Ending.ENDED, 0.0, 5)


@pytest.mark.parametrize(("call", "page"), [(1999, "page1"), (CALL, "page0")])
def test_an_earlier_offer_does_not_end_the_visit(call: int, page: str) -> None:
    assert play(connecting(), (5, OfferFailed(call, page, NoAnswer.VISIT_OVER), [])) == connecting()


def test_an_offer_that_fails_is_tried_again_with_a_new_call_after_a_pause() -> None:
    stage = play(
        connecting(),
        (5, OfferFailed(CALL, "page1", NoAnswer.SILENCE), []),
        (5 + AGAIN_S, Tick(), [prepare(5700, attempt=2)]),
        (8, OfferMade(5700, 0, "new"), [send_offer(5700, sdp="new")]),
    )
    assert isinstance(stage, Connecting)


def test_while_an_offer_that_failed_is_not_tried_again_the_waiting_room_is_shown() -> None:
    stage = play(connecting(), (5, OfferFailed(CALL, "page1", NoAnswer.SILENCE), []))
    assert but_for_its_clock(stage) == WaitingRoom(
        VISIT, Line(1, CALL, PAGE, again_at=5 + AGAIN_S), leave_at=0.0
    )


def test_while_a_call_that_broke_is_not_tried_again_the_waiting_room_is_shown() -> None:
    stage = play(connecting(), (5, CallLost(CALL), []))
    assert but_for_its_clock(stage) == WaitingRoom(
        VISIT, Line(1, CALL, PAGE, again_at=5 + AGAIN_S), leave_at=0.0
    )


def test_while_the_program_is_away_the_waiting_room_is_shown() -> None:
    stage = play(connecting(), (5, CallGone(), []))
    assert but_for_its_clock(stage) == WaitingRoom(
        VISIT, Line(1, CALL, PAGE, call_gone=True), leave_at=0.0
    )


def test_a_page_that_says_again_that_it_is_ready_is_called_once() -> None:
    stage = play(connecting(), (5, VisitorReady("V1", PAGE), []))
    assert stage == replace(connecting(), line=replace(connecting().line, came_again=True))


def test_an_offer_that_is_made_twice_is_sent_once() -> None:
    assert play(connecting(), (5, OfferMade(CALL, 0, "again"), [])) == connecting()


def test_a_failure_of_an_earlier_offer_changes_nothing() -> None:
    play(
        connecting(),
        (5, OfferFailed(1999, "page1", NoAnswer.VISITOR_GONE), []),
        (5, OfferFailed(CALL, "page0", NoAnswer.VISITOR_GONE), []),
    )


def test_a_visitor_who_reloads_before_answering_is_called_at_the_new_page() -> None:
    stage = play(
        connecting(),
        (5, VisitorReady("V1", RELOADED), [prepare(5000, attempt=2)]),
        (5.1, VisitorLeft("V1", "page1"), []),
        (5.2, OfferAnswered(CALL, "page1", 0, "late"), []),
        (5.3, OfferFailed(CALL, "page1", NoAnswer.VISITOR_GONE), []),
        (6, OfferMade(5000, 0, "new"), [send_offer(5000, RELOADED, "new")]),
    )
    assert isinstance(stage, Connecting)


def test_a_visitor_who_leaves_before_answering_leads_back_to_the_waiting_room() -> None:
    stage = play(connecting(), (5, VisitorLeft("V1", "page1"), [prepare(5000, attempt=2)]))
    assert but_for_its_clock(stage) == WaitingRoom(CAME, Line(attempt=2, call=5000), leave_at=0.0)


def test_a_connection_that_does_not_come_about_is_given_up_and_tried_again() -> None:
    assert wait(connecting(), 4 + CONNECT_S) == connecting()
    stage = play(
        connecting(),
        (4 + CONNECT_S, Tick(), [prepare(19_000, attempt=2)]),
        (20, OfferMade(19_000, 0, "new"), [send_offer(19_000, sdp="new")]),
    )
    assert isinstance(stage, Connecting)


def test_a_call_that_breaks_while_connecting_is_tried_again_after_a_pause() -> None:
    stage = play(
        connecting(),
        (5, CallLost(CALL), []),
        (5 + AGAIN_S, Tick(), [prepare(5700, attempt=2)]),
    )
    assert but_for_its_clock(stage) == WaitingRoom(
        VISIT, Line(attempt=2, call=5700, visitor=PAGE), leave_at=0.0
    )


def test_the_loss_of_an_earlier_call_changes_nothing() -> None:
    assert play(connecting(), (5, CallLost(1999), [])) == connecting()


def test_a_program_that_dies_while_connecting_makes_the_call_anew() -> None:
    stage = play(
        connecting(),
        (5, CallGone(), []),
        (6, CallBack(None), [prepare(6000, attempt=2)]),
        (7, OfferMade(6000, 0, "new"), [send_offer(6000, sdp="new")]),
    )
    assert isinstance(stage, Connecting)


def test_a_call_number_is_never_used_again_even_within_a_millisecond() -> None:
    play(
        connecting(),
        (5, VisitorLeft("V1", "page1"), [prepare(5000, attempt=2)]),
        (5, CallBack(None), [prepare(5001, attempt=3, visit=CAME)]),
    )


def test_who_is_being_connected_may_leave() -> None:
    stage = play(
        connecting(),
        (5, Touched(Touch.LEAVE), []),
        (6, Touched(Touch.LEAVE_YES), left(Ending.LEFT)),
    )
    assert isinstance(stage, Goodbye)


def test_the_question_whether_to_leave_outlives_the_steps_of_connecting() -> None:
    asked_in_the_waiting_room = play(
        waiting(),
        (3, OfferMade(CALL, 0, "offer"), []),
        (3.5, Touched(Touch.LEAVE), []),
        (4, VisitorReady("V1", PAGE), [send_offer()]),
    )
    assert isinstance(asked_in_the_waiting_room, Connecting)
    assert asked_in_the_waiting_room.leave_asked_until == 3.5 + LEAVE_QUESTION_S
    met = play(asked_in_the_waiting_room, (5, CallConnected(CALL), [Survey()]))
    play(met, (6, Touched(Touch.LEAVE_YES), left(Ending.LEFT, talked_s=1.0)))
    back = play(
        asked_in_the_waiting_room, (5, VisitorLeft("V1", "page1"), [prepare(5000, attempt=2)])
    )
    play(back, (6, Touched(Touch.LEAVE_YES), left(Ending.LEFT, call=5000)))


def test_the_question_whether_to_leave_is_taken_back_while_connecting() -> None:
    asked = play(connecting(), (5, Touched(Touch.LEAVE), []))
    assert play(asked, (5 + LEAVE_QUESTION_S - 1, Touched(Touch.LEAVE_NO), [])) == connecting()
    assert play(asked, (5 + LEAVE_QUESTION_S, Tick(), [])) == connecting()


def test_another_card_while_connecting_is_told_and_interrupts_nothing() -> None:
    stage = play(connecting(), (5, CardPresented(OTHER_CARD), []))
    assert isinstance(stage, Connecting)
    assert stage.hint == Hint(Notice.OTHER_CARD, 5 + NOTICE_S)
    assert play(stage, (5 + NOTICE_S, Tick(), [])) == connecting()


def test_a_hold_while_connecting_reaches_the_call_and_the_visit_begins_held() -> None:
    held = play(
        connecting(),
        (5, HoldOrdered("V1", HeldReason.OFFICER), [Hold(CALL, on=True)]),
        (6, CallConnected(CALL), [Survey()]),
    )
    assert isinstance(held, InVisit)
    assert held.live_since is None
    live = play(held, (9, HoldReleased("V1"), [Hold(CALL, on=False)]))
    assert isinstance(live, InVisit)
    assert live.live_since == 9


def test_time_ends_the_visit_while_connecting() -> None:
    again = play(connecting(), (5, OfferFailed(CALL, "page1", NoAnswer.SILENCE), []))
    play(
        again,
        (5 + AGAIN_S, Tick(), [prepare(5700, attempt=2)]),
        (1799, OfferMade(5700, 0, "new"), [send_offer(5700, sdp="new")]),
        (1800, Tick(), left(Ending.TIME_UP, call=5700)),
    )


def test_an_officers_message_goes_with_the_person_from_the_waiting_room_into_the_visit() -> None:
    said = OfficerMessage("Hello", 3 + MESSAGE_S)
    stage = play(
        waiting(),
        (3, OfficerSaid("V1", "Hello"), []),
        (4, VisitorReady("V1", PAGE), []),
        (5, OfferMade(CALL, 0, "offer"), [send_offer()]),
    )
    assert isinstance(stage, Connecting)
    assert stage.message == said
    met = play(stage, (6, CallConnected(CALL), [Survey()]))
    assert isinstance(met, InVisit)
    assert met.message == said
    later = play(met, (3 + MESSAGE_S, Tick(), []))
    assert isinstance(later, InVisit)
    assert later.message is None


def test_an_officers_message_is_shown_while_connecting_and_back_in_the_waiting_room() -> None:
    stage = play(connecting(), (5, OfficerSaid("V1", "Hello"), []))
    said = OfficerMessage("Hello", 5 + MESSAGE_S)
    assert stage == replace(connecting(), message=said)
    back = play(
        stage,
        (6, OfferFailed(CALL, "page1", NoAnswer.VISITOR_GONE), [prepare(6000, attempt=2)]),
    )
    assert isinstance(back, WaitingRoom)
    assert back.message == said
