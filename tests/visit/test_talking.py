"""The visit itself: lost and found again, muted, interrupted by cards, and how long they talked."""

from dataclasses import replace

import pytest

from kiosk.visit import advance
from kiosk.visit.actions import GiveAnswer, Hold, MoveDeadline, Mute, SendOffer
from kiosk.visit.events import (
    AllWell,
    Broken,
    CallBack,
    CallConnected,
    CallGone,
    CallLost,
    CardPresented,
    CardUnreadable,
    Event,
    HoldOrdered,
    HoldReleased,
    OfferAnswered,
    OfferFailed,
    OfferMade,
    OfficerSaid,
    PinTyped,
    ServiceBack,
    Tick,
    Touched,
    VisitorLeft,
    VisitorReady,
)
from kiosk.visit.patience import AGAIN_S, CONNECT_S, LEAVE_QUESTION_S, MESSAGE_S, NOTICE_S
from kiosk.visit.reasons import Ending, HeldReason, NoAnswer, Notice, OutOfOrder, Touch
from kiosk.visit.stages import Hint, InVisit, Line, OfficerMessage, Seconds, Stage, Visitor
from tests.visit.play import play, wait
from tests.visit.samples import (
    CALL,
    CARD,
    OTHER_CARD,
    PAGE,
    PIN,
    RELOADED,
    VISIT,
    but_for_its_clock,
    in_visit,
    left,
    prepare,
    send_offer,
)


def the_visit(stage: Stage) -> InVisit:
    assert isinstance(stage, InVisit)
    return stage


def test_a_lost_call_is_made_anew_with_the_same_page_and_the_visit_goes_on() -> None:
    lost = the_visit(play(in_visit(), (106, CallLost(CALL), [prepare(106_000, attempt=2)])))
    assert not lost.line.up
    assert lost.live_since is None
    found = play(
        lost,
        (107, OfferMade(106_000, 0, "new"), [send_offer(106_000, sdp="new")]),
        (108, OfferAnswered(106_000, "page1", 0, "yes"), [GiveAnswer(106_000, 0, "yes")]),
        (109, CallConnected(106_000), []),
    )
    assert the_visit(found).live_since == 109


def test_a_call_that_can_not_be_found_again_is_tried_until_the_time_is_up() -> None:
    play(
        in_visit(),
        (106, CallLost(CALL), [prepare(106_000, attempt=2)]),
        (107, OfferMade(106_000, 0, "b"), [send_offer(106_000, sdp="b")]),
        (108, OfferFailed(106_000, "page1", NoAnswer.SILENCE), []),
        (108 + AGAIN_S, Tick(), [prepare(108_700, attempt=3)]),
        (111, OfferMade(108_700, 0, "c"), [send_offer(108_700, sdp="c")]),
        (111 + CONNECT_S, Tick(), [prepare(126_000, attempt=4)]),
        (1800, Tick(), left(Ending.TIME_UP, talked_s=100, call=126_000)),
    )


def test_a_call_that_is_lost_twice_is_made_anew_twice() -> None:
    play(
        in_visit(),
        (106, CallLost(CALL), [prepare(106_000, attempt=2)]),
        (107, CallLost(106_000), []),
        (107 + AGAIN_S, Tick(), [prepare(107_700, attempt=3)]),
    )


def test_news_of_an_earlier_call_changes_nothing() -> None:
    again = play(in_visit(), (106, CallLost(CALL), [prepare(106_000, attempt=2)]))
    stage = play(
        again,
        (107, CallLost(CALL), []),
        (107, CallConnected(CALL), []),
        (107, OfferMade(CALL, 0, "late"), []),
        (107, OfferAnswered(CALL, "page1", 0, "late"), []),
        (107, OfferFailed(CALL, "page1", NoAnswer.VISITOR_GONE), []),
    )
    assert stage == again


def test_a_visitor_who_reloads_is_called_at_the_new_page() -> None:
    play(
        in_visit(),
        (106, VisitorReady("V1", RELOADED), [prepare(106_000, attempt=2)]),
        (106.1, VisitorLeft("V1", "page1"), []),
        (107, OfferMade(106_000, 0, "new"), [send_offer(106_000, RELOADED, "new")]),
        (108, OfferAnswered(106_000, "page2", 0, "yes"), [GiveAnswer(106_000, 0, "yes")]),
        (109, CallConnected(106_000), []),
    )


def test_a_page_that_closes_does_not_cut_a_call_that_is_up() -> None:
    away = the_visit(play(in_visit(), (106, VisitorLeft("V1", "page1"), [])))
    assert away.line.up
    assert away.line.away
    back = play(away, (107, VisitorReady("V1", PAGE), []))
    assert back == in_visit()


def test_a_page_that_changes_its_devices_is_shown_so_and_not_called_again() -> None:
    deaf = replace(PAGE, microphone=False)
    stage = the_visit(play(in_visit(), (106, VisitorReady("V1", deaf), [])))
    assert stage.line.visitor == deaf


def test_a_call_that_breaks_after_its_page_closed_waits_for_a_new_page() -> None:
    alone = play(
        in_visit(),
        (106, VisitorLeft("V1", "page1"), []),
        (110, CallLost(CALL), [prepare(110_000, attempt=2)]),
        (111, OfferMade(110_000, 0, "new"), []),
    )
    assert the_visit(alone).line.visitor is None
    play(alone, (160, VisitorReady("V1", RELOADED), [send_offer(110_000, RELOADED, "new")]))


def test_a_visitor_who_does_not_return_is_waited_for_until_the_time_is_up() -> None:
    alone = play(
        in_visit(),
        (106, VisitorLeft("V1", "page1"), []),
        (110, CallLost(CALL), [prepare(110_000, attempt=2)]),
    )
    assert but_for_its_clock(wait(alone, 1800)) == but_for_its_clock(alone)
    play(alone, (1800, Tick(), left(Ending.TIME_UP, talked_s=104, call=110_000)))


def test_a_visitor_who_is_gone_when_called_again_is_waited_for() -> None:
    stage = play(
        in_visit(),
        (106, CallLost(CALL), [prepare(106_000, attempt=2)]),
        (107, OfferMade(106_000, 0, "b"), [send_offer(106_000, sdp="b")]),
        (108, OfferFailed(106_000, "page1", NoAnswer.VISITOR_GONE), [prepare(108_000, attempt=3)]),
        (109, OfferMade(108_000, 0, "c"), []),
        (200, VisitorReady("V1", RELOADED), [send_offer(108_000, RELOADED, "c")]),
    )
    assert isinstance(stage, InVisit)


def test_a_program_that_is_killed_is_waited_for_and_the_call_made_anew() -> None:
    gone = the_visit(play(in_visit(), (106, CallGone(), [])))
    assert not gone.line.up
    stage = play(
        gone,
        (109, CallBack(None), [prepare(109_000, attempt=2)]),
        (110, OfferMade(109_000, 0, "new"), [send_offer(109_000, sdp="new")]),
        (111, CallConnected(109_000), []),
    )
    assert the_visit(stage).talked_s == 100
    assert the_visit(stage).live_since == 111


def test_a_program_that_is_killed_after_the_page_closed_waits_for_a_new_page() -> None:
    gone = play(in_visit(), (106, VisitorLeft("V1", "page1"), []), (107, CallGone(), []))
    assert the_visit(gone).line == Line(1, CALL, call_gone=True)
    play(
        gone,
        (108, CallBack(None), [prepare(108_000, attempt=2)]),
        (109, OfferMade(108_000, 0, "new"), []),
        (110, VisitorReady("V1", PAGE), [send_offer(108_000, sdp="new")]),
    )


def test_a_program_that_was_only_out_of_reach_drops_the_call_it_came_back_with() -> None:
    play(
        in_visit(),
        (106, CallGone(), []),
        (107, CallBack(CALL), [prepare(107_000, attempt=2)]),
    )


def test_mute_is_kept_over_a_new_attempt() -> None:
    stage = play(
        in_visit(),
        (50, Touched(Touch.MUTE), [Mute(CALL, on=True)]),
        (106, CallLost(CALL), [prepare(106_000, attempt=2, muted=True)]),
        (107, Touched(Touch.UNMUTE), [Mute(106_000, on=False)]),
        (108, CallBack(None), [prepare(108_000, attempt=3, muted=False)]),
    )
    assert not the_visit(stage).muted


def test_another_card_during_a_visit_is_told_and_interrupts_nothing() -> None:
    stage = play(in_visit(), (50, CardPresented(OTHER_CARD), []))
    assert the_visit(stage).hint == Hint(Notice.OTHER_CARD, 50 + NOTICE_S)
    assert play(stage, (50 + NOTICE_S, Tick(), [])) == in_visit()


@pytest.mark.parametrize(
    "event",
    [
        CardPresented(CARD),
        CardUnreadable(),
        PinTyped(PIN),
        OfferMade(CALL, 0, "again"),
        ServiceBack(),
        Touched(Touch.JOIN),
        Touched(Touch.DONE),
        Touched(Touch.LEAVE_YES),
        Broken(OutOfOrder.READER_DOWN),
        AllWell(),
        Tick(),
    ],
    ids=repr,
)
def test_a_visit_is_not_disturbed_by(event: Event) -> None:
    assert play(in_visit(), (50, event, [])) == in_visit()


def test_an_officers_message_is_shown_for_a_while() -> None:
    stage = play(in_visit(), (50, OfficerSaid("V1", "Two minutes, please"), []))
    assert the_visit(stage).message == OfficerMessage("Two minutes, please", 50 + MESSAGE_S)
    assert wait(stage, 50 + MESSAGE_S) == stage
    assert play(stage, (50 + MESSAGE_S, Tick(), [])) == in_visit()


def test_a_message_to_another_visit_is_not_shown() -> None:
    assert play(in_visit(), (50, OfficerSaid("V9", "Two minutes"), [])) == in_visit()


def test_a_message_a_remark_and_a_question_each_go_at_their_own_time() -> None:
    stage = play(
        in_visit(),
        (50, OfficerSaid("V1", "Hello"), []),
        (51, CardPresented(OTHER_CARD), []),
        (52, Touched(Touch.LEAVE), []),
        (51 + NOTICE_S, Tick(), []),
    )
    assert the_visit(stage).hint is None
    assert the_visit(stage).leave_asked_until is not None
    stage = play(stage, (52 + LEAVE_QUESTION_S, Tick(), []))
    assert the_visit(stage).leave_asked_until is None
    assert the_visit(stage).message is not None
    assert play(stage, (50 + MESSAGE_S, Tick(), [])) == in_visit()


@pytest.mark.parametrize(("lost_at", "talked_s"), [(6, 0), (106, 100), (1799, 1793)])
def test_talking_counts_from_media_to_its_loss(lost_at: Seconds, talked_s: Seconds) -> None:
    call = round(lost_at * 1000)
    play(
        in_visit(),
        (lost_at, CallLost(CALL), [prepare(call, attempt=2)]),
        (1800, Tick(), left(Ending.TIME_UP, talked_s, call)),
    )


def test_talking_stops_counting_at_the_end_of_the_visit_however_late_that_is_seen() -> None:
    play(in_visit(), (1800, Tick(), left(Ending.TIME_UP, talked_s=1794)))
    _, actions = advance(in_visit(), Tick(), 9000)
    assert actions == left(Ending.TIME_UP, talked_s=1794)


def test_talking_does_not_count_while_the_visit_is_held() -> None:
    play(
        in_visit(),
        (16, HoldOrdered("V1", HeldReason.OFFICER), [Hold(CALL, on=True)]),
        (36, HoldReleased("V1"), [Hold(CALL, on=False)]),
        (46, Touched(Touch.LEAVE), []),
        (46, Touched(Touch.LEAVE_YES), left(Ending.LEFT, talked_s=20)),
    )


def test_a_live_call_is_told_again_what_it_may_have_missed() -> None:
    stage = replace(in_visit(), muted=True)
    move, mute, hold = (
        MoveDeadline(CALL, VISIT.ends_at_s),
        Mute(CALL, on=True),
        Hold(CALL, on=False),
    )
    assert play(stage, (50, CallBack(CALL), [move, mute, hold])) == stage


def test_a_visitor_who_reloads_fifty_times_is_called_at_the_last_page() -> None:
    stage: Stage = in_visit()
    for number in range(50):
        page = Visitor(f"load{number}", camera=True, microphone=True)
        stage, _ = advance(stage, VisitorReady("V1", page), 106 + number / 100)
    call = the_visit(stage).line.call
    offered, actions = advance(stage, OfferMade(call, 0, "offer"), 107)
    assert [action.join_id for action in actions if isinstance(action, SendOffer)] == ["load49"]
    live = play(offered, (108, CallConnected(call), []))
    assert the_visit(live).live_since == 108
