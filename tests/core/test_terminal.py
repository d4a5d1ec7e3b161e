"""The terminal around the rules: who may say what, what is shown, and what is sent where."""

from dataclasses import replace
from datetime import timedelta

import pytest

from kiosk.core.terminal import UNREADABLE_EACH_S
from kiosk.visit.actions import Identify, Join
from kiosk.visit.booking import Person
from kiosk.visit.patience import JOIN_S
from kiosk.visit.stages import (
    CheckingCard,
    Cues,
    EnterPin,
    Goodbye,
    Idle,
    InVisit,
    Stage,
    Welcome,
)
from kiosk.wire.devices import (
    BoardStatus,
    CardPresented,
    CardUnreadable,
    Indicate,
    Indication,
    ReaderStatus,
    Tamper,
    TamperOver,
)
from kiosk.wire.messages import (
    Adjust,
    CallEnded,
    CallLost,
    CallSilent,
    CallStatus,
    Drawn,
    EndCall,
    GetReady,
    Hold,
    MediaDevice,
    Message,
    MoveDeadline,
    Mute,
    PinEntered,
    Play,
    PrepareCall,
    Program,
    StageEntered,
    Touch,
    Touched,
    UseHandset,
)
from kiosk.wire.screens import IdleScreen, OutOfServiceScreen, RefusedScreen, VisitScreen
from kiosk.wire.secret import Secret
from tests.core.desk import LIVE_LONG, NOW_S, Desk, StandingClock, ready
from tests.core.stages import BOOKING, EVERY_KIND, LIVE
from tests.core.stages import CARD as KNOWN_CARD
from tests.visit.samples import lasting, waiting

AT_PIN = EnterPin(KNOWN_CARD, "id1", tries_left=3, leave_at=NOW_S + 3600)
WELCOME = Welcome(KNOWN_CARD, Person("A1234BC", "Sam"), BOOKING, leave_at=60.0)
CARD = CardPresented("desk", "em4100", "identifier", Secret("62E3086CED"), 1.0)


async def test_a_terminal_whose_parts_have_spoken_is_ready_for_a_card() -> None:
    desk = ready()
    assert desk.terminal.stage == Idle()
    assert desk.shown().screen == IdleScreen()


async def test_a_card_is_asked_about_and_a_screen_that_comes_later_sees_the_newest() -> None:
    desk = ready()
    desk.said(Program.BRIDGE, CARD)
    assert isinstance(desk.terminal.stage, CheckingCard)
    assert isinstance(desk.errands.begun[-1], Identify)
    newest = desk.shown()
    desk.terminal.on_peer(Program.UI)
    assert desk.sent_to(Program.UI)[-1] == newest


async def test_a_program_that_was_broken_into_can_not_say_what_is_not_its_to_say() -> None:
    desk = ready()
    for program in (Program.UI, Program.CALL, Program.OBSERVER):
        desk.said(program, CARD)
    desk.said(Program.CALL, Touched(desk.shown().number, Touch.DONE, 1.0))
    assert desk.terminal.stage == Idle()
    assert desk.errands.begun == []


async def test_a_touch_on_a_screen_that_is_gone_is_dropped() -> None:
    desk = Desk(EVERY_KIND[3])
    desk.terminal.start()
    desk.said(Program.UI, Touched(0, Touch.JOIN, 1.0), PinEntered(0, Secret("1234")))
    assert not any(isinstance(errand, Join) for errand in desk.errands.begun)


async def test_a_touch_on_the_screen_of_a_core_that_was_killed_is_dropped() -> None:
    before = Desk(Idle(), clock=StandingClock(10.0))
    before.terminal.start()
    before.said(Program.BRIDGE, CARD)
    old = before.shown().number
    desk = Desk(WELCOME, clock=StandingClock(10.5))
    desk.terminal.start()
    desk.said(Program.UI, Touched(old, Touch.JOIN, 1.0), Touched(old, Touch.DONE, 1.0))
    assert desk.terminal.stage == WELCOME
    desk.terminal.on_peer(Program.UI)
    desk.said(Program.UI, Touched(desk.shown().number, Touch.JOIN, 1.0))
    assert isinstance(desk.errands.begun[-1], Join)


async def test_kiosk_call_in_the_same_call_is_told_what_it_may_have_missed() -> None:
    desk = Desk(LIVE_LONG)
    desk.terminal.start()
    desk.terminal.on_peer(Program.CALL)
    desk.said(Program.CALL, CallStatus(LIVE.line.call, "v1", 1, LIVE_LONG.visit.ends_at_s))
    kinds = [type(message) for message in desk.sent_to(Program.CALL)]
    assert kinds == [UseHandset, Adjust, GetReady, MoveDeadline, Mute, Hold]
    desk.said(Program.CALL, CallStatus(None, None, None, None))
    assert len(desk.sent_to(Program.CALL)) == 6


async def test_kiosk_call_gets_ready_for_who_may_join_and_lets_go_when_they_leave() -> None:
    desk = Desk(WELCOME, clock=StandingClock(10.5))
    desk.terminal.start()
    desk.terminal.on_peer(Program.CALL)
    wanted = GetReady(WELCOME.leave_at + JOIN_S)
    assert desk.sent_to(Program.CALL)[-1] == wanted
    desk.terminal.on_peer(Program.UI)
    desk.said(Program.UI, Touched(desk.shown().number, Touch.DONE, 1.0))
    assert not isinstance(desk.terminal.stage, Welcome)
    assert desk.sent_to(Program.CALL)[-1] == GetReady(None)


async def test_kiosk_call_that_was_killed_is_given_a_new_call() -> None:
    desk = Desk(LIVE_LONG)
    desk.terminal.start()
    desk.terminal.on_gone(Program.CALL)
    screen = desk.shown().screen
    assert isinstance(screen, VisitScreen)
    assert screen.link == "reconnecting"
    desk.terminal.on_peer(Program.CALL)
    desk.said(Program.CALL, CallStatus(None, None, None, None))
    prepared = desk.sent_to(Program.CALL)[-1]
    assert isinstance(prepared, PrepareCall)
    assert prepared.call > LIVE.line.call
    assert desk.errands.hung_up == 1


async def test_a_call_that_ended_just_before_its_visit_was_extended_is_made_again() -> None:
    desk = Desk(LIVE_LONG)
    desk.terminal.start()
    desk.said(Program.CALL, CallEnded(LIVE.line.call, NOW_S, 0.01))
    prepared = desk.sent_to(Program.CALL)[-1]
    assert isinstance(prepared, PrepareCall)
    assert prepared.ends_at_s == LIVE_LONG.visit.ends_at_s
    desk.said(Program.CALL, CallEnded(LIVE.line.call, NOW_S, 0.01))
    assert desk.sent_to(Program.CALL)[-1] is prepared


async def test_a_visit_whose_end_passed_while_core_was_away_is_over_at_once() -> None:
    desk = Desk(replace(LIVE, visit=replace(LIVE.visit, ends_at_s=NOW_S - 1)))
    desk.terminal.start()
    assert not isinstance(desk.terminal.stage, InVisit)
    assert desk.sent_to(Program.CALL) == [EndCall(LIVE.line.call)]


async def test_an_observer_hears_where_the_visit_is_and_no_secret() -> None:
    desk = ready()
    desk.said(Program.UI, Drawn(desk.shown().number, "IdleScreen", 1.0, {}))
    desk.terminal.on_peer(Program.OBSERVER)
    last_two = desk.sent_to(Program.OBSERVER)[-2:]
    assert [type(message) for message in last_two] == [StageEntered, Drawn]
    desk.said(Program.BRIDGE, CARD)
    desk.said(Program.UI, PinEntered(desk.shown().number, Secret("1234")))
    assert not any(
        isinstance(m, CardPresented | PinEntered) for m in desk.sent_to(Program.OBSERVER)
    )


async def test_a_bridge_that_goes_leaves_a_terminal_that_says_so() -> None:
    desk = ready()
    desk.terminal.on_bridge_gone()
    assert desk.shown().screen == OutOfServiceScreen("reader_down")
    assert desk.records[-1].detail == "reader_down"
    desk.said(Program.BRIDGE, ReaderStatus("desk", up=True))
    assert desk.terminal.stage == Idle()


async def test_an_order_out_of_service_waits_until_nobody_is_here() -> None:
    desk = Desk(LIVE_LONG)
    desk.terminal.start()
    desk.terminal.ordered_out(True)
    assert isinstance(desk.terminal.stage, InVisit)
    idle = ready()
    idle.terminal.ordered_out(True)
    assert idle.shown().screen == OutOfServiceScreen("ordered")
    idle.terminal.ordered_out(False)
    assert idle.terminal.stage == Idle()


async def test_a_camera_that_fails_is_put_on_record_once() -> None:
    desk = ready()
    broken = MediaDevice("camera", up=False, reason="no picture")
    desk.said(Program.CALL, broken, broken, MediaDevice("camera", up=True))
    noted = [(r.event, r.detail) for r in desk.records if r.event.startswith("Device")]
    assert noted == [("DeviceDown", "camera"), ("DeviceUp", "camera")]


async def test_the_screen_says_at_once_which_device_does_not_work_in_a_visit() -> None:
    desk = Desk(LIVE_LONG)
    desk.terminal.start()
    told = []
    for news in (
        MediaDevice("speaker", up=False),
        MediaDevice("camera", up=False),
        MediaDevice("speaker", up=True),
        MediaDevice("camera", up=True),
    ):
        desk.said(Program.CALL, news)
        screen = desk.shown().screen
        assert isinstance(screen, VisitScreen)
        told.append(screen.down)
    assert told == [("speaker",), ("camera", "speaker"), ("camera",), ()]


async def test_the_bridge_is_told_what_to_show_at_every_change_and_when_it_comes_back() -> None:
    desk = ready()
    desk.said(Program.BRIDGE, CARD)
    told = [message for message in desk.sent_to(Program.BRIDGE) if isinstance(message, Indicate)]
    assert [message.indication for message in told] == [Indication.READY, Indication.BUSY]
    desk.terminal.on_bridge_up()
    assert desk.sent_to(Program.BRIDGE)[-1] == Indicate(Indication.BUSY)


async def test_a_cloned_card_at_a_site_that_forbids_them_is_refused_and_the_service_not_asked() -> (
    None
):
    desk = Desk(Idle(), trusted=("secure_channel",))
    desk.said(Program.BRIDGE, CARD)
    screen = desk.shown().screen
    assert isinstance(screen, RefusedScreen)
    assert screen.reason == "card_not_trusted"
    assert desk.errands.begun == []
    assert (desk.records[-1].event, desk.records[-1].detail) == (
        "CardPresented",
        "card_not_trusted",
    )


@pytest.mark.parametrize(
    ("stage", "visit"), [(LIVE_LONG, "v1"), (AT_PIN, None)], ids=["in a visit", "at the PIN"]
)
async def test_a_card_that_can_not_be_read_is_on_record_once_a_minute_and_disturbs_nobody(
    stage: Stage, visit: str | None
) -> None:
    clock = StandingClock(NOW_S)
    desk = Desk(stage, clock=clock)
    for after_s in (0, 1, UNREADABLE_EACH_S - 1, UNREADABLE_EACH_S, UNREADABLE_EACH_S + 1):
        clock.now_s = NOW_S + after_s
        desk.said(Program.BRIDGE, CardUnreadable("desk", "noise"))
    kind = type(stage).__name__
    noted = [(r.event, r.stage, r.next_stage, r.visit, r.detail) for r in desk.records]
    assert noted == [("CardUnreadable", kind, kind, visit, "desk")] * 2
    assert desk.terminal.stage == stage
    assert (desk.kept, desk.sent) == ([], [])


async def test_a_card_that_can_not_be_read_is_not_on_record_twice_where_the_person_is_told() -> (
    None
):
    desk = ready()
    desk.records.clear()
    desk.said(Program.BRIDGE, CardUnreadable("desk", "noise"))
    assert desk.shown().screen == IdleScreen("card_unreadable")
    assert [(r.event, r.detail) for r in desk.records] == [("CardUnreadable", None)]


async def test_a_tamper_is_on_record_once_and_so_is_its_end() -> None:
    desk = Desk(LIVE_LONG)
    opened = Tamper("board", "case_open", active=True)
    closed = Tamper("board", "case_open", active=False)
    desk.said(Program.BRIDGE, opened, closed, TamperOver("board", "case_open"))
    assert [(record.event, record.detail) for record in desk.records] == [
        ("Tamper", "board: case_open"),
        ("TamperOver", "board: case_open"),
    ]
    assert desk.terminal.stage == LIVE_LONG


async def test_a_board_that_fails_is_on_record_and_the_visit_goes_on() -> None:
    desk = Desk(LIVE_LONG)
    desk.said(Program.BRIDGE, BoardStatus("board", up=False, reason="no answer"))
    desk.said(Program.BRIDGE, BoardStatus("board", up=True))
    assert [record.event for record in desk.records] == ["DeviceDown", "DeviceUp"]
    assert desk.terminal.stage == LIVE_LONG


async def test_only_the_bridge_speaks_of_tampers() -> None:
    desk = ready()
    desk.records.clear()
    desk.said(Program.UI, TamperOver("board", "case_open"))
    desk.said(Program.CALL, Tamper("board", "case_open", active=True))
    assert desk.records == []


async def test_kiosk_call_is_told_how_loud_it_is_to_be_and_told_again_when_it_comes_back() -> None:
    desk = Desk(LIVE_LONG)
    desk.terminal.start()
    desk.terminal.on_peer(Program.UI)
    desk.terminal.on_peer(Program.CALL)
    desk.said(Program.UI, Touched(desk.shown().number, Touch.VOLUME_UP, 1.0))
    desk.terminal.on_gone(Program.CALL)
    desk.terminal.on_peer(Program.CALL)
    told = [m.volume for m in desk.sent_to(Program.CALL) if isinstance(m, Adjust)]
    assert told == [3, 4, 4]


async def test_how_loud_it_was_made_in_the_waiting_room_is_forgotten_with_the_person() -> None:
    desk = Desk(waiting(lasting(NOW_S + 3600)))
    desk.terminal.start()
    desk.terminal.on_peer(Program.UI)
    for touch in (Touch.VOLUME_UP, Touch.LEAVE, Touch.LEAVE_YES):
        desk.said(Program.UI, Touched(desk.shown().number, touch, 1.0))
    assert isinstance(desk.terminal.stage, Goodbye)
    told = [m for m in desk.sent_to(Program.CALL) if isinstance(m, Adjust | Play)]
    assert told == [Play("tone_test"), Adjust(4, signing=False), Adjust(3, signing=False)]


async def test_kiosk_call_plays_what_is_told_of_the_time_left() -> None:
    visit = replace(LIVE_LONG.visit, ends_at_s=130.0, latest_end_s=130.0)
    desk = Desk(replace(LIVE_LONG, visit=visit, cues=Cues(300.0)), clock=StandingClock(10.0))
    desk.terminal.start()
    assert Play("tone_2") in desk.sent_to(Program.CALL)


@pytest.mark.parametrize("message", [CallSilent(2000, 1.0), CallLost(2000, "gone")], ids=repr)
async def test_when_a_call_is_silent_or_lost_the_service_is_looked_for(message: Message) -> None:
    desk = ready()
    desk.said(Program.CALL, message)
    assert desk.errands.sought == 1


async def test_the_services_clock_is_shown_and_that_ours_is_another_is_on_record_once() -> None:
    desk = ready()
    before, now = desk.shown(), desk.clock.utc()
    desk.terminal.service_clock(now)
    assert desk.shown() == before
    for _ in range(3):
        desk.terminal.service_clock(now - timedelta(hours=1))
    assert (desk.shown().screen, desk.shown().ahead_s) == (before.screen, -3600)
    assert [(r.event, r.detail) for r in desk.records if r.event == "ClocksApart"] == [
        ("ClocksApart", "-3600 s")
    ]
