"""A device is opened, reported, opened again, and closed when that is asked for."""

import asyncio
import threading
from typing import Final

import pytest

from kiosk.call import keeper
from kiosk.call.keeper import Keeper, Tell
from kiosk.errors import CallError
from kiosk.wire.messages import MediaDevice


class Lamp:
    """A device that does what a test tells it to."""

    parts: Final = ("camera",)

    def __init__(self, *fates: str) -> None:
        self.fates = list(fates)
        self.opened = 0
        self.interrupted = 0

    def work(self, stop: threading.Event, tell: Tell) -> None:
        self.opened += 1
        fate = self.fates.pop(0) if self.fates else "lasts"
        if fate != "absent":
            tell(MediaDevice("camera", up=True))
            tell(MediaDevice("camera", up=True))
        if fate != "lasts":
            raise CallError(fate)
        assert stop.wait(10)

    def interrupt(self) -> None:
        self.interrupted += 1


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeper, "RETRY_S", 0.01)


async def reports_of(lamp: Lamp, count: int) -> list[tuple[bool, str]]:
    said: asyncio.Queue[MediaDevice] = asyncio.Queue()
    kept = Keeper(lamp, said.put_nowait)
    kept.start()
    async with asyncio.timeout(5):
        states = [await said.get() for _ in range(count)]
    assert kept.states == states[-1:]
    kept.stop()
    await kept.stopped()
    assert kept.states == []
    assert said.empty()
    return [(state.up, state.reason) for state in states]


async def test_a_device_that_works_is_reported_once() -> None:
    assert await reports_of(Lamp(), 1) == [(True, "")]


async def test_a_device_is_opened_again_after_each_failure(soon: None) -> None:
    lamp = Lamp("absent", "absent", "burnt out")
    assert await reports_of(lamp, 4) == [
        (False, "absent"),
        (True, ""),
        (False, "burnt out"),
        (True, ""),
    ]
    assert lamp.opened == 4


async def test_starting_twice_opens_once() -> None:
    lamp = Lamp()
    kept = Keeper(lamp, lambda _state: None)
    kept.start()
    kept.start()
    kept.stop()
    await kept.stopped()
    assert (lamp.opened, lamp.interrupted) == (1, 1)


async def test_a_device_can_be_used_again_after_it_was_closed() -> None:
    lamp = Lamp()
    for _ in range(2):
        said: asyncio.Queue[MediaDevice] = asyncio.Queue()
        kept = Keeper(lamp, said.put_nowait)
        kept.start()
        assert (await said.get()).up
        kept.stop()
        await kept.stopped()
    assert lamp.opened == 2


async def test_stopping_what_was_never_started_touches_no_device() -> None:
    lamp = Lamp()
    kept = Keeper(lamp, lambda _state: None)
    kept.stop()
    await asyncio.wait_for(kept.stopped(), 5)
    assert (lamp.opened, lamp.interrupted) == (0, 0)
