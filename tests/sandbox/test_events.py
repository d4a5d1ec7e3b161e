"""Commands reach a terminal once, in order, and also after the line broke."""

import asyncio
from collections.abc import Callable

import pytest

from kiosk.sandbox.app import Sandbox
from kiosk.sandbox.events import QUEUE_LIMIT, Events
from kiosk.sandbox.settings import Settings
from tests.sandbox.conftest import ShiftedClock
from tests.sandbox.terminal import Stream, Terminal

HELD = {"visit": "v1", "reason": "officer"}


def send(sandbox: Sandbox, terminal: str = "t1", count: int = 1) -> None:
    for number in range(count):
        sandbox.house.events.send(terminal, "message", {"visit": "v1", "text": f"{number}"})


async def texts(stream: Stream, count: int) -> list[str]:
    return [(await stream.next()).data["text"] for _ in range(count)]


async def test_an_event_comes_to_its_own_terminal_only(
    sandbox: Sandbox, terminal: Terminal, terminal_at: Callable[..., Terminal]
) -> None:
    async with terminal.events() as mine, terminal_at("t2").events() as other:
        send(sandbox, "t2")
        sandbox.house.events.send("t1", "hold", HELD)
        assert (await mine.next()).data == HELD
        assert (await other.next()).name == "message"


async def test_ids_grow(sandbox: Sandbox, terminal: Terminal) -> None:
    async with terminal.events() as stream:
        send(sandbox, count=5)
        await texts(stream, 5)
    ids = [event.id for event in stream.events]
    assert ids == sorted(set(ids))


async def test_without_an_id_only_what_comes_after_is_sent(
    sandbox: Sandbox, terminal: Terminal
) -> None:
    send(sandbox, count=3)
    async with terminal.events() as stream:
        sandbox.house.events.send("t1", "hold", HELD)
        assert (await stream.next()).name == "hold"


async def test_with_an_id_every_later_event_comes_once_and_in_order(
    sandbox: Sandbox, terminal: Terminal
) -> None:
    async with terminal.events() as stream:
        send(sandbox)
        first = await stream.next()
    send(sandbox, count=3)
    async with terminal.events(after=first.id) as stream:
        sandbox.house.events.send("t1", "hold", HELD)
        assert await texts(stream, 3) == ["0", "1", "2"]
        assert (await stream.next()).name == "hold"


async def test_events_are_kept_for_an_hour(
    sandbox: Sandbox, terminal: Terminal, clock: ShiftedClock
) -> None:
    send(sandbox)
    clock.shift_s = 3590
    sandbox.house.events.send("t1", "hold", HELD)
    async with terminal.events(after=0) as stream:
        assert (await stream.next()).name == "message"
    clock.shift_s = 3605
    async with terminal.events(after=0) as stream:
        assert (await stream.next()).name == "hold"


async def test_events_survive_a_restart_of_the_service(
    sandbox: Sandbox, terminal: Terminal
) -> None:
    send(sandbox, count=2)
    again = Sandbox(sandbox.settings)
    await again.start()
    terminal.url = again.api_url
    try:
        async with terminal.events(after=0) as stream:
            assert await texts(stream, 2) == ["0", "1"]
            send(again)
            assert (await stream.next()).id == 3
    finally:
        await again.close()


async def test_a_sign_of_life_comes_again_and_again(terminal: Terminal, sandbox: Sandbox) -> None:
    async with terminal.events() as stream:
        asyncio.get_running_loop().call_later(0.35, send, sandbox)
        await stream.next()
    assert 3 <= stream.pings <= 5, "each 0.1 s in these tests"


async def test_the_newest_stream_of_a_terminal_ends_its_older_one(
    sandbox: Sandbox, terminal: Terminal
) -> None:
    async with terminal.events() as older, terminal.events() as newer:
        with pytest.raises(EOFError):
            await older.next()
        send(sandbox)
        assert (await newer.next()).name == "message"


async def test_a_terminal_that_reads_too_slowly_is_let_go_and_loses_nothing(
    sandbox: Sandbox, clock: ShiftedClock
) -> None:
    events: Events = sandbox.house.events
    slow = events.stream("t1", None, 60.0)
    assert await anext(slow) is None
    send(sandbox, count=QUEUE_LIMIT + 10)
    with pytest.raises(StopAsyncIteration):
        await anext(slow)
    assert not events.listens("t1")
    again = events.stream("t1", 0, 60.0)
    got = [await anext(again) for _ in range(QUEUE_LIMIT + 11)]
    assert sum(event is not None for event in got) == QUEUE_LIMIT + 10
    await again.aclose()


def test_the_default_ping_is_within_the_contract(settings: Settings) -> None:
    assert 0 < Settings(database=settings.database, desk_password="x").ping_s <= 3
