"""Measures pictures on a bad line: `python -m tests.bench.bench_loss [--quick]` prints one JSON.

A Chromium sends 640x480@30 to our way of receiving, to aiortc's own and to another page of
Chromium, all at the same moment and each through a relay that loses the same share of its packets.
Counted are frozen seconds by the rule of W3C's webrtc-stats and the age of each picture shown. Ours
and Chromium offer H.264 first, as a call does; aiortc's own way what it would. Ours is a call's own
`Peer`; it has no sound here, nor have the others.
"""

import argparse
import asyncio
import itertools
import os
import re
import statistics
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from aiortc import (
    MediaStreamTrack,
    RTCConfiguration,
    RTCPeerConnection,
    RTCSessionDescription,
    VideoStreamTrack,
)
from aiortc.mediastreams import MediaStreamError
from av import VideoFrame

from kiosk.call.network import NetworkLoop
from kiosk.clock import Seconds
from kiosk.wire.messages import Medium
from tests.bench.figures import CLOCK, publish
from tests.bench.filmed import Studio, made_ms, studios
from tests.bench.marker import ages_ms
from tests.bench.ours import Ours
from tests.bench.relay import Line, relaying

WARM_UP_S: Seconds = 8.0
AVERAGE_OF = 30


@dataclass(frozen=True)
class Length:
    """How long, and with which seeds."""

    watch_s: Seconds = 40.0
    seeds: int = 5
    lines: Sequence[tuple[int, int]] = ((0, 80), (1, 80), (3, 80), (5, 150), (10, 150))
    """Loss in percent, and delay of the round trip in ms."""


QUICK = Length(watch_s=15.0, seeds=1, lines=((0, 80), (3, 80), (5, 150)))
TABLE_LINES = ((1, 80), (3, 80), (5, 150), (10, 150))
"""Those of the one table, which leaves aiortc's own way out."""

_FEEDBACK = re.compile(r"a=(extmap|rtcp-fb):.*transport.*\r\n")
"""What our program has aiortc offer, and aiortc itself does not."""


@dataclass
class Watched:
    """When pictures were shown and how old they were, since the picture has warmed up."""

    shown: list[tuple[float, int]] = field(default_factory=list)
    """Both moments in ms: shown, and made as the picture says it."""
    begun_ms: float = float("inf")
    ended_ms: float = 0.0
    sent_bytes: int = 0
    """By the sender, without what it sent again."""
    codec: str = ""

    def see(self, picture: VideoFrame) -> None:
        self.shown.append((wall_ms(), made_ms(picture)))

    def figures(self) -> dict[str, Any]:
        shown = [(at, made) for at, made in self.shown if self.begun_ms <= at <= self.ended_ms]
        moments_s = [at / 1000 for at, _ in shown]
        lasted_s = (self.ended_ms - self.begun_ms) / 1000
        ages = ages_ms(shown)
        return {
            "frozen_s": round(frozen_s([*moments_s, self.ended_ms / 1000]), 2),
            "fps": round(len(shown) / lasted_s, 1),
            "age_p50_ms": round(statistics.median(ages)) if ages else None,
            "age_p95_ms": round(statistics.quantiles(ages, n=20)[18]) if len(ages) > 1 else None,
            "sent_kbps": round(self.sent_bytes * 8 / lasted_s / 1000),
            "codec": self.codec,
        }


def frozen_s(moments_s: Sequence[Seconds]) -> Seconds:
    """All gaps that are a freeze: three times the average, and 150 ms above it at least."""
    total_s = 0.0
    gaps_s: list[Seconds] = []
    for before_s, after_s in itertools.pairwise(moments_s):
        gap_s = after_s - before_s
        average_s = statistics.fmean(gaps_s[-AVERAGE_OF:]) if gaps_s else gap_s
        if gap_s >= max(3 * average_s, average_s + 0.150):
            total_s += gap_s
        gaps_s.append(gap_s)
    return total_s


def wall_ms() -> float:
    return CLOCK.utc().timestamp() * 1000


async def ours(studio: Studio, line: Line, seed: int, length: Length) -> Watched:
    """As the call receives."""
    watched = Watched()
    medium = Medium("recvonly", "terminal")
    terminal = Ours(medium, {"video": VideoStreamTrack()}, on_picture=watched.see)
    async with relaying(line, seed) as relay:
        answer = await studio.answer("ours", relay.offer(await terminal.peer.offer()))
        await terminal.peer.take_answer(relay.answer(answer))
        await measured_at(studio, "ours", watched, length)
        await terminal.close()
    return watched


async def stock(studio: Studio, line: Line, seed: int, length: Length) -> Watched:
    """As aiortc does by itself, but for what this whole program has better."""
    watched = Watched()
    looking: list[asyncio.Task[None]] = []
    peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    peer.addTransceiver("video", "recvonly")
    peer.on("track", lambda t: looking.append(asyncio.create_task(look(t, watched))))
    async with relaying(line, seed) as relay:
        await peer.setLocalDescription(await peer.createOffer())
        offer = _FEEDBACK.sub("", peer.localDescription.sdp)
        answer = await studio.answer("stock", relay.offer(offer))
        await peer.setRemoteDescription(RTCSessionDescription(relay.answer(answer), "answer"))
        await measured_at(studio, "stock", watched, length)
        await peer.close()
    await asyncio.gather(*looking)
    return watched


async def look(track: MediaStreamTrack, watched: Watched) -> None:
    try:
        while isinstance(picture := await track.recv(), VideoFrame):
            watched.see(picture)
    except MediaStreamError:
        return


async def chromium(
    sender: Studio, viewer: Studio, line: Line, seed: int, length: Length
) -> Watched:
    """What another page of the same browser shows."""
    watched = Watched()
    async with relaying(line, seed) as relay:
        answer = await sender.answer("chromium", relay.offer(await viewer.offer("chromium")))
        await viewer.take("chromium", relay.answer(answer))
        await measured_at(sender, "chromium", watched, length)
        watched.shown += await viewer.seen("chromium")
        await viewer.close("chromium")
    return watched


async def measured_at(studio: Studio, name: str, watched: Watched, length: Length) -> None:
    """Warm up, then watch; the sender's connection is closed then."""
    await asyncio.sleep(WARM_UP_S)
    watched.codec = (await studio.stats(name, "outbound-rtp"))["codec"]
    before_bytes = await sent_bytes(studio, name)
    watched.begun_ms = wall_ms()
    await asyncio.sleep(length.watch_s)
    watched.ended_ms = wall_ms()
    watched.sent_bytes = await sent_bytes(studio, name) - before_bytes
    await studio.close(name)


async def sent_bytes(studio: Studio, name: str) -> int:
    sent = await studio.stats(name, "outbound-rtp")
    return int(sent["bytesSent"] - sent["retransmittedBytesSent"])


async def measured(length: Length, *, table: bool) -> dict[str, object]:
    found: dict[str, object] = {}
    async with studios(2) as (sender, viewer):
        ways: dict[str, Callable[[Line, int], Awaitable[Watched]]] = {
            "ours": lambda line, seed: ours(sender, line, seed, length),
            "stock": lambda line, seed: stock(sender, line, seed, length),
            "chromium": lambda line, seed: chromium(sender, viewer, line, seed, length),
        }
        if table:
            del ways["stock"]
        for loss, round_trip_ms in TABLE_LINES if table else length.lines:
            line = Line(loss / 100, round_trip_ms / 2000)
            runs: dict[str, list[dict[str, Any]]] = {name: [] for name in ways}
            for seed in range(1, length.seeds + 1):
                watched = await asyncio.gather(*(way(line, seed) for way in ways.values()))
                for name, each in zip(ways, watched, strict=True):
                    runs[name].append(each.figures())
                print(
                    loss,
                    round_trip_ms,
                    seed,
                    {n: r[-1] for n, r in runs.items()},
                    os.getloadavg()[0],
                    file=sys.stderr,
                    flush=True,
                )
            found[f"{loss}%/{round_trip_ms}ms"] = {name: summary(r) for name, r in runs.items()}
    return found


def summary(runs: Sequence[Mapping[str, Any]]) -> dict[str, object]:
    """The middle of all seeds; of frozen seconds the worst, too, and each."""
    frozen = [run["frozen_s"] for run in runs]
    counted = [key for key in runs[0] if key != "codec"]
    middle = {key: statistics.median([run[key] for run in runs]) for key in counted}
    codecs = sorted({run["codec"] for run in runs})
    return {"frozen_s_worst": max(frozen), "frozen_s_each": frozen, "codecs": codecs, **middle}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.bench.bench_loss")
    parser.add_argument("--quick", action="store_true", help="in two minutes, to see that it works")
    parser.add_argument("--table", action="store_true", help="only what the one table needs")
    options = parser.parse_args()
    length = QUICK if options.quick else Length()
    with asyncio.Runner(loop_factory=lambda: NetworkLoop(CLOCK)) as runner:
        publish("loss", runner.run(measured(length, table=options.table)))
