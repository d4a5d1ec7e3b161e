"""What is read out, when it comes by itself and when it is touched, and what never is."""

from datetime import timedelta

import msgspec

from kiosk.clock import SystemClock
from kiosk.core.speaking import AGAIN_S, Speaker, prompt_of
from kiosk.visit.events import AllWell, CardUnreadable
from kiosk.visit.reasons import OutOfOrder
from kiosk.visit.stages import OutOfService
from kiosk.wire.manner import HUSH, Manner
from kiosk.wire.messages import OfficerCall, Panel, Play, Program, Show, Touch, Touched
from kiosk.wire.screens import COUNTED_S, IdleScreen, Screen
from kiosk.wire.support import SupportScreen
from tests.core.desk import NOW_S, Desk, StandingClock
from tests.ui.samples import CONNECTING, UTC_NOW, VISIT, WAITING, WELCOME, changed
from tests.ui.samples.help import CALL as HELP_CALL
from tests.ui.samples.help import LINES

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
    hall.touch(Touch.ACCESS)
    hall.touch(Touch.CLOSE)
    assert hall.played() == ["en/idle", "en/panel.access", "en/idle"]
    hall.desk.terminal.post(CardUnreadable())
    assert hall.played()[3:] == [], "the screen is the same"
    hall.desk.terminal.ordered_out(True)
    assert hall.played()[3:] == ["en/out_of_service.ordered"]
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
    assert prompt_of(Show(1, "Terminal 3", "Hall A", IdleScreen()), UTC_NOW) == "idle"


def test_a_panel_is_read_out_instead_of_the_screen_below_it_but_never_while_people_talk() -> None:
    def read(screen: Screen, panel: Panel | None) -> str | None:
        return prompt_of(Show(1, "Terminal 3", "Hall A", screen, panel=panel), UTC_NOW)

    assert read(WELCOME, "language") == "panel.language"
    assert read(WELCOME, "access") == "panel.access"
    assert read(WELCOME, None) == "welcome"
    assert read(HELP_CALL, "access") is None
    assert read(VISIT, "access") is None
    assert read(changed(VISIT, link="reconnecting"), "access") == "visit.reconnecting"


def test_a_question_is_read_out_instead_of_the_screen_below_it() -> None:
    person = Listener()
    assert person.hears(WAITING) == "en/waiting"
    assert person.hears(changed(WAITING, leave_asked=True)) == "en/leave"
    assert person.hears(changed(WAITING, tone="played")) == "en/waiting"
    assert person.hears(changed(WAITING, tone="no")) == "en/tone.no"
    assert person.hears(changed(CONNECTING, leave_asked=True)) == "en/leave"
    away = changed(VISIT, link="visitor_away")
    assert person.hears(away) == "en/visit.visitor_away"
    assert person.hears(changed(away, leave_asked=True)) == "en/leave"
    assert person.hears(changed(VISIT, leave_asked=True)) == HUSH, "people talk"


class Listener:
    """Somebody who has every screen read out, and who comes from idle."""

    def __init__(self) -> None:
        self.played: list[Play] = []
        self._speaker = Speaker(self.played.append, StandingClock(NOW_S))
        self._show = Show(1, "Terminal 3", "Hall A", IdleScreen(), manner=Manner(spoken=True))

    def hears(
        self, screen: Screen, ahead_s: int = 0, officer: OfficerCall | None = None
    ) -> str | None:
        """What the guide says by itself as this screen comes."""
        before, self._show = (
            self._show,
            msgspec.structs.replace(self._show, screen=screen, ahead_s=ahead_s, officer=officer),
        )
        self.played.clear()
        self._speaker.shown(before, self._show)
        return self.played[0].sound if self.played else None


def test_who_calls_a_line_hears_what_is_missing_for_it_and_what_became_of_their_card() -> None:
    person = Listener()
    assert person.hears(SupportScreen(LINES)) == "en/support"
    assert person.hears(SupportScreen(LINES, "drugs", "card")) == "en/support.card"
    asking = SupportScreen(LINES, "drugs", "card", checking=True)
    assert person.hears(asking) == "en/checking"
    refused = SupportScreen(LINES, "drugs", "card", refused="unknown_card")
    assert person.hears(refused) == "en/refused.unknown_card"
    assert person.hears(asking) == "en/checking"
    assert person.hears(refused) == "en/refused.unknown_card", "it is another refusal"
    assert person.hears(SupportScreen(LINES, "drugs", "handset")) == "en/support.handset"
    assert person.hears(SupportScreen(LINES)) == "en/support"


def test_who_is_early_is_not_sent_to_a_join_that_can_not_be_touched() -> None:
    person, now = Listener(), SystemClock().utc()
    soon = changed(WELCOME, opens_at=now + timedelta(seconds=COUNTED_S - 60))
    assert person.hears(soon) == "en/welcome.early"
    assert person.hears(WELCOME) == "en/welcome", "now it can be touched"
    later = changed(WELCOME, opens_at=now + timedelta(seconds=COUNTED_S + 60))
    assert person.hears(later) == "en/refused.too_early"


def test_how_early_somebody_is_goes_by_the_clock_that_is_shown() -> None:
    later = changed(WELCOME, opens_at=SystemClock().utc() + timedelta(seconds=COUNTED_S + 60))
    assert Listener().hears(later, ahead_s=120) == "en/welcome.early"


def test_who_asked_an_officer_hears_what_became_of_it_each_time_that_it_changes() -> None:
    person = Listener()
    assert person.hears(IdleScreen(), officer="asking") == "en/officer.asking"
    assert person.hears(IdleScreen(), officer="asked") == "en/officer.asked"
    assert person.hears(IdleScreen("card_unreadable"), officer="asked") is None
    assert person.hears(IdleScreen(), officer="coming") == "en/officer.coming"
    assert person.hears(WELCOME, officer="coming") == "en/welcome"
    assert person.hears(WELCOME) is None


def test_what_an_officer_does_is_never_said_into_what_people_say() -> None:
    person = Listener()
    assert person.hears(CONNECTING, officer="asked") == "en/connecting"
    assert person.hears(VISIT, officer="asked") == HUSH
    assert person.hears(VISIT, officer="coming") is None
    assert person.hears(HELP_CALL, officer="unheard") is None


async def test_who_has_nothing_read_out_hears_nothing_of_an_officer_either() -> None:
    hall = Hall()
    hall.touch(Touch.ASK_OFFICER)
    assert hall.desk.shown().officer == "asking"
    assert hall.played() == []
    hall.close()


async def test_who_has_screens_read_out_and_touches_ask_an_officer_hears_that_one_is_asked() -> (
    None
):
    hall = Hall()
    hall.touch(Touch.ACCESS, "spoken")
    hall.touch(Touch.ASK_OFFICER)
    assert hall.played() == ["en/idle", "en/officer.asking"]
    hall.touch(HEAR)
    assert hall.played()[2:] == ["en/idle"]
    hall.close()
