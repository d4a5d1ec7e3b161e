"""What becomes of a touchscreen that the screen says is dead."""

from kiosk.core.restraint import MOST
from kiosk.wire.messages import MediaDevice, Program
from kiosk.wire.touchscreen import TouchscreenStatus
from tests.core.desk import LIVE_LONG, NOW_S, Desk, StandingClock, ready


async def test_a_touchscreen_that_dies_is_on_record_and_the_visit_goes_on() -> None:
    desk = Desk(LIVE_LONG)
    dead = TouchscreenStatus(up=False)
    desk.said(Program.UI, TouchscreenStatus(up=True), dead, dead)
    assert "touchscreen is down" in desk.terminal.condition.faults()
    desk.said(Program.UI, TouchscreenStatus(up=True))
    assert "touchscreen is down" not in desk.terminal.condition.faults()
    noted = [(record.event, record.detail) for record in desk.records]
    assert noted == [("DeviceDown", "touchscreen"), ("DeviceUp", "touchscreen")]
    assert desk.terminal.stage == LIVE_LONG
    assert desk.sent == []


async def test_a_touchscreen_that_flaps_does_not_fill_the_record() -> None:
    desk = Desk(LIVE_LONG, clock=StandingClock(NOW_S))
    for _ in range(300):
        desk.said(Program.UI, TouchscreenStatus(up=False), TouchscreenStatus(up=True))
    assert len(desk.records) == 2 * MOST
    assert [record.detail for record in desk.records[-2:]] == ["touchscreen: too_often"] * 2
    desk.said(Program.CALL, MediaDevice("camera", up=False))
    assert (desk.records[-1].event, desk.records[-1].detail) == ("DeviceDown", "camera")


async def test_only_the_screen_speaks_of_the_touchscreen() -> None:
    desk = ready()
    desk.records.clear()
    for program in (Program.CALL, Program.BRIDGE, Program.OBSERVER):
        desk.said(program, TouchscreenStatus(up=False))
    assert desk.records == []
    assert desk.terminal.condition.faults() == []
