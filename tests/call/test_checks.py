"""Two connections find each other as soon as the first check is answered."""

import asyncio

from aioice import Candidate, Connection

from kiosk.call.checks import PACE_S, check_beside
from tests.call.kit import CLOCK

NOBODY = Candidate(
    foundation="nobody",
    component=1,
    transport="udp",
    priority=1,
    host="192.0.2.99",
    port=9,
    type="host",
)
"""Documentation's address (RFC 5737), where nobody answers."""


async def two(*, names_none: bool = False) -> tuple[Connection, Connection]:
    """Each knows of the other; the first of no address where the second names none."""
    pair = Connection(ice_controlling=True), Connection(ice_controlling=False)
    for connection in pair:
        await connection.gather_candidates()
    for one, other in (pair, pair[::-1]):
        one.remote_username, one.remote_password = other.local_username, other.local_password
        named = [] if names_none and other is pair[1] else other.local_candidates
        for candidate in named:
            await one.add_remote_candidate(candidate)
    return pair


async def took_s() -> float:
    """How long two need to find each other, while others do not answer."""
    one, other = await two()
    for _ in range(3):
        await one.add_remote_candidate(NOBODY)
    for connection in (one, other):
        await connection.add_remote_candidate(None)
        check_beside(connection)
    began_s = CLOCK.monotonic()
    await asyncio.wait_for(asyncio.gather(one.connect(), other.connect()), 5)
    ended_s = CLOCK.monotonic()
    await asyncio.gather(one.close(), other.close())
    return ended_s - began_s


async def test_the_first_answer_ends_the_waiting() -> None:
    """Aioice alone never needs less than its pause, on the best of machines."""
    assert min([await took_s() for _ in range(5)]) < PACE_S


async def test_what_the_first_check_does_not_reach_a_later_one_does() -> None:
    one, other = await two()
    check_beside(one)
    check_beside(other)
    one._remote_candidates.insert(0, NOBODY)
    for connection in (one, other):
        await connection.add_remote_candidate(None)
    await asyncio.wait_for(asyncio.gather(one.connect(), other.connect()), 5)
    await asyncio.gather(one.close(), other.close())


async def test_who_names_no_address_is_found_by_a_check_that_comes_later() -> None:
    one, other = await two(names_none=True)
    await other.add_remote_candidate(None)
    for connection in (one, other):
        check_beside(connection)
    finding = asyncio.create_task(one.connect())
    await asyncio.sleep(PACE_S * 3)
    await asyncio.wait_for(asyncio.gather(finding, other.connect()), 5)
    await asyncio.gather(one.close(), other.close())
