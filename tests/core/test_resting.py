"""An idle terminal that nobody comes to: screen and board rest together, and wake at a touch."""

from kiosk.visit.events import AllWell, Tick
from kiosk.visit.patience import REST_S
from kiosk.visit.reasons import OutOfOrder
from kiosk.visit.stages import OutOfService
from kiosk.wire.devices import Indicate, Indication
from kiosk.wire.messages import Program, Touch, Touched
from tests.core.desk import NOW_S, Desk, StandingClock


async def test_screen_and_board_rest_together_and_wake_at_a_touch() -> None:
    clock = StandingClock(NOW_S)
    desk = Desk(OutOfService(OutOfOrder.STARTING), clock)
    desk.terminal.post(AllWell())
    clock.now_s += REST_S
    desk.terminal.post(Tick())
    assert desk.shown().resting
    assert desk.sent_to(Program.BRIDGE)[-1] == Indicate(Indication.RESTING)
    desk.said(Program.UI, Touched(desk.shown().number, Touch.WAKE, clock.now_s))
    assert not desk.shown().resting
    assert desk.sent_to(Program.BRIDGE)[-1] == Indicate(Indication.READY)
    desk.terminal.stop()
