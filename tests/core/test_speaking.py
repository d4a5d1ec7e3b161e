"""What is read out, when it comes by itself and when it is touched, and what never is."""

import msgspec

from kiosk.core.speaking import AGAIN_S, Speaker, prompt_of
from kiosk.visit.events import AllWell, CardUnreadable
from kiosk.visit.reasons import OutOfOrder
from kiosk.visit.stages import OutOfService
from kiosk.wire.manner import HUSH, Manner
from kiosk.wire.messages import Play, Program, Show, Touch, Touched
from kiosk.wire.screens import IdleScreen
from tests.core.desk import NOW_S, Desk, StandingClock
from tests.ui.samples import CONNECTING, VISIT

HEAR = Touch.HEAR


class Hall:
    """A terminal that is idle, and a clock."""

    def __init__(self) -> None:
        self.clock = StandingClock(NOW_S)
        self.desk = Desk(OutOfService(OutOfOrder.STARTING), self.clock)
        self.desk.terminal.post(AllWell())
        assert self.desk.shown().screen == IdleScreen()

    def touch(self, touch: Touch, choice: str = "") -> None:
        number = self.desk.shown().number
        self.desk.said(Program.UI, Touched(number, touch, self.clock.now_s, choice))

    def played(self) -> list[str]:
        return [m.sound for m in self.desk.sent_to(Program.CALL) if isinstance(m, Play)]

    def close(self) -> None:
        self.desk.terminal.stop()


async def test_nothing_is_read_out_to_who_did_not_ask() -> None:
    hall = Hall()
    hall.desk.said(Program.UI, Touched(hall.desk.shown().number, Touch.ACCESS, 1.0))
    assert hall.played() == []
    hall.close()


async def test_a_screen_is_read_out_at_a_touch_in_the_language_that_is_spoken() -> None:
    hall = Hall()
    hall.touch(HEAR)
    assert hall.played() == ["en/idle"]
    hall.close()


async def test_fifty_touches_a_second_do_not_begin_it_anew() -> None:
    hall = Hall()
    for _ in range(50):
        hall.touch(HEAR)
        hall.clock.now_s += 0.02
    assert hall.played() == ["en/idle"]
    hall.clock.now_s += AGAIN_S
    hall.touch(HEAR)
    assert hall.played() == ["en/idle", "en/idle"]
    hall.close()


async def test_who_has_screens_read_out_hears_each_when_it_comes_and_only_then() -> None:
    hall = Hall()
    hall.touch(Touch.ACCESS, "spoken")
    assert hall.played() == ["en/idle"]
    hall.touch(Touch.ACCESS, "large_text")
    hall.desk.terminal.post(CardUnreadable())
    assert hall.played() == ["en/idle"], "the screen is the same"
    hall.desk.terminal.ordered_out(True)
    assert hall.played() == ["en/idle", "en/out_of_service.ordered"]
    hall.close()


async def test_who_switches_it_off_hears_no_more() -> None:
    hall = Hall()
    hall.touch(Touch.ACCESS, "spoken")
    hall.touch(Touch.ACCESS, "spoken")
    hall.desk.terminal.ordered_out(True)
    assert hall.played() == ["en/idle"]
    hall.close()


def test_what_is_read_out_is_broken_off_when_people_begin_to_talk() -> None:
    played: list[Play] = []
    speaker = Speaker(played.append, StandingClock(NOW_S))
    before = Show(1, "Terminal 3", "Hall A", CONNECTING, manner=Manner(spoken=True))
    speaker.asked(before)
    speaker.shown(before, msgspec.structs.replace(before, screen=VISIT))
    assert [each.sound for each in played] == ["en/connecting", HUSH]
    speaker.shown(before, msgspec.structs.replace(before, screen=VISIT))
    assert len(played) == 2, "a tone of the visit is not broken off"


def test_a_screen_is_called_as_it_is() -> None:
    assert prompt_of(IdleScreen()) == "idle"
