"""A relay that hangs is told from a network that is down, and from a relay that is well."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest
from aioice import Connection

from kiosk.call.hanging import ANSWER_S, relay_hangs
from tests.call.kit import now_s
from tests.call.test_relays import HOST, gathered, told
from tests.turn import TurnServer, turn_server


@asynccontextmanager
async def connected(*relays: str) -> AsyncIterator[Connection]:
    """Two who are connected through the first of these relays; one of them."""
    ours = await gathered(told(*relays))
    theirs = await gathered(told(relays[0]))
    theirs.ice_controlling = False
    for one, other in ((ours, theirs), (theirs, ours)):
        one.remote_username, one.remote_password = other.local_username, other.local_password
        for candidate in [*other.local_candidates, None]:
            await one.add_remote_candidate(candidate)
    await asyncio.gather(ours.connect(), theirs.connect())
    try:
        yield ours
    finally:
        await asyncio.gather(ours.close(), theirs.close())


@asynccontextmanager
async def two_relays(place: Path) -> AsyncIterator[tuple[TurnServer, TurnServer]]:
    async with AsyncExitStack() as stack:
        first, second = (stack.enter_context(turn_server(HOST, place, None)) for _ in range(2))
        yield first, second


@pytest.mark.parametrize("way", ["udp", "tcp"])
async def test_the_relay_in_use_hangs_when_another_answers(tmp_path: Path, way: str) -> None:
    async with (
        two_relays(tmp_path) as (first, second),
        connected(getattr(first, way), second.udp) as connection,
    ):
        with first.paused():
            began_s = now_s()
            assert await relay_hangs(connection)
            assert now_s() - began_s < ANSWER_S + 0.5


async def test_no_relay_hangs_where_none_answers(tmp_path: Path) -> None:
    async with (
        two_relays(tmp_path) as (first, second),
        connected(first.udp, second.udp) as connection,
    ):
        with first.paused(), second.paused():
            assert not await relay_hangs(connection)


async def test_a_relay_that_is_not_in_use_may_hang(tmp_path: Path) -> None:
    async with (
        two_relays(tmp_path) as (first, second),
        connected(first.udp, second.udp) as connection,
    ):
        with second.paused():
            assert not await relay_hangs(connection)


async def test_the_only_relay_is_not_left(tmp_path: Path) -> None:
    with turn_server(HOST, tmp_path, None) as only:
        async with connected(only.udp) as connection:
            with only.paused():
                assert not await relay_hangs(connection)


async def test_who_refuses_to_go_on_still_answers(tmp_path: Path) -> None:
    async with (
        two_relays(tmp_path) as (first, second),
        connected(first.udp, second.udp) as connection,
    ):
        used = connection._nominated[1].protocol.transport
        client = vars(used)["_TurnTransport__inner_protocol"]
        client.password, client.integrity_key = "another", b"of another"
        assert not await relay_hangs(connection)
