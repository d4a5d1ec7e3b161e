"""Who does not see that a screen is about to be cleared hears it, in time to touch."""

import asyncio
from collections.abc import Callable

import msgspec
import pytest

from kiosk.core.speaking import Speaker
from kiosk.wire.manner import Manner
from kiosk.wire.messages import Show
from kiosk.wire.screens import COUNTDOWN_S, IdleScreen
from tests.core.desk import NOW_S, StandingClock
from tests.ui.samples import VISIT, WELCOME

SOON_S = 0.02


class Listener:
    """Somebody who comes to a welcome that counts down so soon."""

    def __init__(
        self, *, ahead_s: float = SOON_S, spoken: bool = True, can_stay: bool = True
    ) -> None:
        self._played: asyncio.Queue[str] = asyncio.Queue()
        self.speaker = Speaker(
            lambda play: self._played.put_nowait(play.sound), StandingClock(NOW_S)
        )
        idle = Show(1, "Terminal 3", "Hall A", IdleScreen(), manner=Manner(spoken=spoken))
        self.show = msgspec.structs.replace(
            idle, screen=WELCOME, leaves_at_s=NOW_S + COUNTDOWN_S + ahead_s, can_stay=can_stay
        )
        self.speaker.shown(idle, self.show)

    async def hears(self) -> str:
        return await asyncio.wait_for(self._played.get(), 10)

    def heard(self) -> list[str]:
        return [self._played.get_nowait() for _ in range(self._played.qsize())]


@pytest.mark.parametrize(("can_stay", "told"), [(True, "en/closes.stay"), (False, "en/closes")])
async def test_who_has_screens_read_out_hears_that_one_counts_down(
    can_stay: bool, told: str
) -> None:
    person = Listener(can_stay=can_stay)
    assert [await person.hears(), await person.hears()] == ["en/welcome", told]


async def test_who_touched_in_time_hears_that_the_screen_stays() -> None:
    person = Listener()
    await person.hears()
    await person.hears()
    same = msgspec.structs.replace(person.show, officer="asked")
    person.speaker.shown(person.show, same)
    assert person.heard() == ["en/officer.asked"]
    later = msgspec.structs.replace(same, leaves_at_s=NOW_S + COUNTDOWN_S + 3600)
    person.speaker.shown(same, later)
    assert person.heard() == ["en/welcome"]
    person.speaker.shown(later, msgspec.structs.replace(later, leaves_at_s=NOW_S + 9999))
    assert person.heard() == []
    person.speaker.stop()


async def test_another_screen_is_not_read_twice_for_what_was_said_of_the_one_before() -> None:
    person = Listener()
    await person.hears()
    await person.hears()
    panel = msgspec.structs.replace(person.show, panel="access", leaves_at_s=NOW_S + 3600)
    person.speaker.shown(person.show, panel)
    assert person.heard() == ["en/panel.access"]
    person.speaker.shown(panel, msgspec.structs.replace(panel, leaves_at_s=NOW_S + 3700))
    assert person.heard() == []
    person.speaker.stop()


def put_off(person: Listener) -> None:
    later = msgspec.structs.replace(person.show, leaves_at_s=NOW_S + COUNTDOWN_S + 3600)
    person.speaker.shown(person.show, later)


def begin_to_talk(person: Listener) -> None:
    visit = msgspec.structs.replace(person.show, screen=VISIT, leaves_at_s=None)
    person.speaker.shown(person.show, visit)


def switch_it_off(person: Listener) -> None:
    silent = msgspec.structs.replace(person.show, manner=Manner())
    person.speaker.shown(person.show, silent)


def stop(person: Listener) -> None:
    person.speaker.stop()


@pytest.mark.parametrize("does", [put_off, begin_to_talk, switch_it_off, stop])
async def test_a_countdown_that_does_not_come_is_not_heard(
    does: Callable[[Listener], None],
) -> None:
    person, witness = Listener(), Listener(ahead_s=2 * SOON_S)
    does(person)
    assert [await witness.hears(), await witness.hears()] == ["en/welcome", "en/closes.stay"]
    assert "en/closes.stay" not in person.heard()


async def test_a_screen_that_comes_as_it_counts_down_is_read_out_to_its_end() -> None:
    person, witness = Listener(ahead_s=-5.0), Listener(ahead_s=2 * SOON_S)
    assert [await witness.hears(), await witness.hears()] == ["en/welcome", "en/closes.stay"]
    assert person.heard() == ["en/welcome"]


async def test_who_has_nothing_read_out_does_not_hear_it() -> None:
    person, witness = Listener(spoken=False), Listener(ahead_s=2 * SOON_S)
    assert [await witness.hears(), await witness.hears()] == ["en/welcome", "en/closes.stay"]
    assert person.heard() == []
