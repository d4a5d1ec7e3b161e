"""Measures sound while no picture comes: `python -m tests.bench.bench_starved [--quick]` prints one
JSON.

A Chromium sends its film and its voice to our connection and to another page of Chromium, each
through a relay. For three seconds it drops whatever is of the picture. Counted is the sound that is
missing meanwhile and in the two seconds after it, and the pictures that come again.
"""

import argparse
import asyncio
import os
import re
import statistics
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from aiortc import AudioStreamTrack, VideoStreamTrack
from aiortc.rtp import is_rtcp
from av import VideoFrame

from kiosk.call.network import NetworkLoop
from kiosk.call.opus import Samples
from kiosk.clock import Seconds
from kiosk.wire.messages import Medium
from tests.bench.figures import BLOCK_S, CLOCK, gap_s, loudness, publish
from tests.bench.filmed import Studio, studios
from tests.bench.ours import Ours
from tests.bench.relay import End, Line, relaying

WARM_UP_S: Final[Seconds] = 6.0
STARVED_S: Final[Seconds] = 3.0
AFTER_S: Final[Seconds] = 2.0
LINE: Final = Line(delay_s=0.02)


@dataclass(frozen=True)
class Length:
    seeds: int = 5


QUICK = Length(seeds=1)


class Picture:
    """What a relay lets through to one end: all, or all but what is of the picture."""

    def __init__(self, end: End) -> None:
        self.starved = False
        self.dropped = 0
        self._types: frozenset[int] = frozenset()
        self._leave = end.leave
        end.leave = self._passes  # type: ignore[method-assign]

    def is_described(self, sdp: str) -> None:
        """The payload types of the picture and of its repair."""
        found = re.search(r"^m=video \S+ \S+ ([0-9 ]+)", sdp, re.MULTILINE)
        assert found is not None, "no picture is described"
        self._types = frozenset(map(int, found[1].split()))

    def _passes(self, data: bytes) -> None:
        # RTP among STUN and DTLS is told by its first byte (RFC 7983, section 7).
        is_rtp = 128 <= data[0] < 192 and not is_rtcp(data)
        if self.starved and is_rtp and data[1] & 0x7F in self._types:
            self.dropped += 1
        else:
            self._leave(data)


async def starved(picture: Picture) -> None:
    """Warm, without pictures for a while, and with them again."""
    await asyncio.sleep(WARM_UP_S)
    picture.starved = True
    await asyncio.sleep(STARVED_S)
    picture.starved = False
    await asyncio.sleep(AFTER_S)


class Listener(Ours):
    """How loud each 10 ms were, and how many pictures came."""

    def __init__(self) -> None:
        self.loudness: list[float] = []
        self.pictures = 0
        super().__init__(
            Medium("recvonly", "terminal"),
            {"audio": AudioStreamTrack(), "video": VideoStreamTrack()},
            on_picture=self._count,
            on_sound=self._hear,
        )

    def _count(self, _picture: VideoFrame) -> None:
        self.pictures += 1

    def _hear(self, block: Samples) -> None:
        self.loudness.append(loudness(block))


def figures(blocks: Sequence[float], picture: Picture, pictures: int) -> dict[str, Any]:
    """Of the sound from the beginning of the starvation on."""
    return {
        "gap_s": gap_s(blocks[-round((STARVED_S + AFTER_S) / BLOCK_S) :]),
        "dropped_packets": picture.dropped,
        "pictures_after": pictures,
    }


async def ours(sender: Studio, seed: int) -> dict[str, Any]:
    listener = Listener()
    async with relaying(LINE, seed) as relay:
        picture = Picture(relay.to_offerer)
        answer = await sender.answer("ours", relay.offer(await listener.peer.offer()))
        picture.is_described(answer)
        await listener.peer.take_answer(relay.answer(answer))
        await starved(picture)
        seen = listener.pictures
        await asyncio.sleep(1)
        found = figures(listener.loudness[:-100], picture, listener.pictures - seen)
        await sender.close("ours")
        await listener.close()
    return found


async def chromium(sender: Studio, viewer: Studio, seed: int) -> dict[str, Any]:
    async with relaying(LINE, seed) as relay:
        picture = Picture(relay.to_offerer)
        offer = await viewer.offer("chromium", "audio", "video")
        answer = await sender.answer("chromium", relay.offer(offer))
        picture.is_described(answer)
        await viewer.take("chromium", relay.answer(answer))
        await starved(picture)
        seen = len(await viewer.seen("chromium"))
        await asyncio.sleep(1)
        blocks = (await viewer.heard("chromium"))[:-100]
        found = figures(blocks, picture, len(await viewer.seen("chromium")) - seen)
        await sender.close("chromium")
        await viewer.close("chromium")
    return found


async def measured(length: Length) -> dict[str, Any]:
    runs: dict[str, list[dict[str, Any]]] = {"ours": [], "chromium": []}
    async with studios(2) as (sender, viewer):
        for seed in range(1, length.seeds + 1):
            both = await asyncio.gather(ours(sender, seed), chromium(sender, viewer, seed))
            for name, each in zip(runs, both, strict=True):
                runs[name].append(each)
            print(seed, both, os.getloadavg()[0], file=sys.stderr, flush=True)
    return {name: summary(each) for name, each in runs.items()}


def summary(runs: Sequence[dict[str, Any]]) -> dict[str, Any]:
    gaps = [run["gap_s"] for run in runs]
    return {"gap_s": statistics.median(gaps), "gap_s_worst": max(gaps), "each": list(runs)}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.bench.bench_starved")
    parser.add_argument("--quick", action="store_true", help="in a minute, to see that it works")
    parser.add_argument("--table", action="store_true", help="as the one table has it: all")
    options = parser.parse_args()
    with asyncio.Runner(loop_factory=lambda: NetworkLoop(CLOCK)) as runner:
        publish("starved", runner.run(measured(QUICK if options.quick else Length())))
