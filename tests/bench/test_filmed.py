"""The page of the benches shows its film to a browser, and listens to what that one says."""

import asyncio

import pytest

from tests.bench.figures import gap_s
from tests.bench.filmed import Studio, studios
from tests.bench.marker import ages_ms
from tests.bench.relay import Line, relaying

pytestmark = pytest.mark.slow
PATIENCE_S = 20.0
BLOCKS = 150
SETTLED = 50


async def heard_and_seen(sender: Studio, viewer: Studio) -> tuple[list[float], list[float]]:
    """How loud each 10 ms were, and how old the pictures."""
    async with relaying(Line(), 1) as relay:
        offer = relay.offer(await viewer.offer("call", "audio", "video"))
        await viewer.take("call", relay.answer(await sender.answer("call", offer)))
        async with asyncio.timeout(PATIENCE_S):
            while len(heard := await viewer.heard("call")) < BLOCKS:
                await asyncio.sleep(0.1)  # nothing tells a test when a page has heard enough
        ages = ages_ms(await viewer.seen("call"))
        await sender.close("call")
        await viewer.close("call")
    return heard[SETTLED:], ages


async def test_a_page_sees_and_hears_the_film_and_nothing_of_the_connection_before() -> None:
    async with studios(2) as (sender, viewer):
        await heard_and_seen(sender, viewer)
        heard, ages = await heard_and_seen(sender, viewer)
    assert gap_s(heard) < 0.1 * len(heard) * 0.01
    assert all(0 <= age < 5000 for age in ages)
    assert ages
