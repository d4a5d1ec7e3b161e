"""Measures what we are sent: `python -m tests.bench.bench_receive [--quick]` prints one JSON.

A line that narrows to 200 kb/s for ten seconds, at the same moment for a Chromium that sends its
picture to us and for one that sends it to another Chromium: how soon is its rate again what it was?
"""

import argparse
import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Sequence
from typing import Any

from aiortc import VideoStreamTrack

from kiosk.call.network import NetworkLoop
from kiosk.wire.messages import Medium
from tests.bench.bench_send import QUICK, Bottleneck, Length, narrowed, summary
from tests.bench.figures import CLOCK, publish
from tests.bench.filmed import Studio, studios
from tests.bench.ours import Ours
from tests.bench.relay import Line, Relay, relaying

LINE = Line(delay_s=0.025)


@contextlib.asynccontextmanager
async def terminal(sends: Studio, name: str, relay: Relay) -> AsyncIterator[None]:
    ours = Ours(Medium("recvonly", "terminal"), {"video": VideoStreamTrack()})
    answer = await sends.answer(name, relay.offer(await ours.peer.offer()))
    await ours.peer.take_answer(relay.answer(answer))
    yield
    await ours.close()
    await sends.close(name)


@contextlib.asynccontextmanager
async def chromium(sends: Studio, sees: Studio, name: str, relay: Relay) -> AsyncIterator[None]:
    answer = await sends.answer(name, relay.offer(await sees.offer(name)))
    await sees.take(name, relay.answer(answer))
    yield
    await sees.close(name)
    await sends.close(name)


async def squeezed(seed: int, length: Length, pages: Sequence[Studio]) -> dict[str, Any]:
    """Both side by side."""
    ways = {name: Bottleneck() for name in ("ours", "chromium")}
    sends, sees = pages
    async with contextlib.AsyncExitStack() as stack:
        relays = {name: await stack.enter_async_context(relaying(LINE, seed)) for name in ways}
        for name, way in ways.items():
            way.narrow(relays[name].to_offerer)
        await stack.enter_async_context(terminal(sends, f"{seed} ours", relays["ours"]))
        name = f"{seed} chromium"
        await stack.enter_async_context(chromium(sends, sees, name, relays["chromium"]))
        return await narrowed(ways, length)


async def squeezes(length: Length) -> dict[str, Any]:
    async with studios(2) as pages:
        return {f"seed {seed}": await squeezed(seed, length, pages) for seed in range(length.seeds)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one seed, in less than a minute")
    length = QUICK if parser.parse_args().quick else Length()
    with asyncio.Runner(loop_factory=lambda: NetworkLoop(CLOCK)) as runner:
        runs = runner.run(squeezes(length))
    found = {"load": os.getloadavg(), "recovery": summary(runs, length), "squeeze": runs}
    publish("receive", found)


if __name__ == "__main__":
    main()
