"""Measures how our picture is sent: `python -m tests.bench.bench_send [--quick]` prints one JSON.

The encoders' time for a picture at each size, aiortc's own against ours, one after the other on the
same pictures. Then a line that narrows to 200 kb/s for ten seconds, at the same moment for our
sender, for aiortc's own and for another Chromium, each of which sends 640x480 to a Chromium. Ours is
a call's own `Peer`, with a film in the camera's place; it has no sound here, nor have the others.
"""

import argparse
import asyncio
import contextlib
import os
import statistics
import sys
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from aiortc import (
    MediaStreamTrack,
    RTCConfiguration,
    RTCPeerConnection,
    RTCSessionDescription,
)
from aiortc.codecs import get_encoder
from aiortc.codecs.base import Encoder
from av import VideoFrame

from kiosk.call.camera import TIME_BASE
from kiosk.call.encoding import picture_encoder
from kiosk.call.network import NetworkLoop
from kiosk.call.rungs import RUNGS, Rung, Sending
from kiosk.clock import Seconds
from kiosk.wire.messages import Medium
from tests.bench import film
from tests.bench.figures import CLOCK, publish
from tests.bench.filmed import Studio, studios
from tests.bench.ours import Ours
from tests.bench.relay import End, Line, Relay, relaying
from tests.call.encoded import H264, VP8
from tests.call.moving import moving

SIZES = (RUNGS[2], RUNGS[4], RUNGS[7], RUNGS[10])
PICTURES = 150
SQUEEZED_BPS = 200_000
OPEN_BPS = 5_000_000
QUEUE_S: Seconds = 0.5
BIN_S: Seconds = 0.25
RECOVERED = 0.9
KEPT_S: Seconds = 4.0
LAST_S: Seconds = 10.0
"""Who had not reached its rate before the line narrowed is measured against what it reaches then."""


@dataclass(frozen=True)
class Length:
    seeds: int = 5
    before_s: Seconds = 20.0
    squeeze_s: Seconds = 10.0
    after_s: Seconds = 45.0
    passes: int = 5


QUICK = Length(seeds=1, before_s=15.0, after_s=25.0, passes=2)


# the encoders' time


def cost(encode: Callable[[VideoFrame], Sequence[bytes]], rung: Rung) -> dict[str, float]:
    """Milliseconds of the processor for a picture, all its threads counted, and what it made."""
    pictures = moving((rung.width_px, rung.height_px), PICTURES)
    for picture in pictures[:30]:
        encode(picture)
    began_s, size_bytes = sum(os.times()[:2]), 0
    for picture in pictures[30:]:
        size_bytes += sum(map(len, encode(picture)))
    count = len(pictures) - 30
    return {
        "ms": (sum(os.times()[:2]) - began_s) * 1000 / count,
        "kbps": size_bytes * 8 * 30 / count / 1000,
    }


def aiortcs(encoder: Encoder, bps: int) -> Callable[[VideoFrame], Sequence[bytes]]:
    vars(type(encoder))["target_bitrate"].fset(encoder, bps)
    return lambda picture: encoder.encode(picture)[0]


def encoders(passes: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for rung in SIZES:
        bps = round(rung.most_bps * 0.8)
        rows: dict[str, list[dict[str, float]]] = {}
        for _ in range(passes):
            for codec in (VP8, H264):
                name = codec.name.lower()
                ours, sending = picture_encoder(codec), Sending(rung, bps)
                rows.setdefault(f"{name}_stock", []).append(
                    cost(aiortcs(get_encoder(codec), bps), rung)
                )
                rows.setdefault(f"{name}_ours", []).append(
                    cost(lambda p: ours.encode(p, sending, key=False)[0], rung)  # noqa: B023
                )
        found[f"{rung.width_px}x{rung.height_px}"] = {
            name: {
                "ms": round(statistics.median(row["ms"] for row in made), 2),
                "ms_worst": round(max(row["ms"] for row in made), 2),
                "kbps": round(statistics.median(row["kbps"] for row in made)),
            }
            for name, made in rows.items()
        }
    return found


# the squeeze


@dataclass
class Bottleneck:
    """What leaves a relay for one side passes at a rate, waits a little, or is lost."""

    rate_bps: int = OPEN_BPS
    bins: dict[int, int] = field(default_factory=dict)
    waits_s: list[tuple[Seconds, Seconds]] = field(default_factory=list)
    lost: list[Seconds] = field(default_factory=list)
    _free_s: Seconds = 0.0

    def narrow(self, end: End) -> None:
        """To be called before the first packet."""
        leave, loop = end.leave, asyncio.get_running_loop()

        def passes(data: bytes) -> None:
            now_s = loop.time()
            waits_s = max(0.0, self._free_s - now_s)
            if waits_s > QUEUE_S:
                self.lost.append(now_s)
                return
            self._free_s = now_s + waits_s + len(data) * 8 / self.rate_bps
            self.waits_s.append((now_s, waits_s))
            at = int(self._free_s / BIN_S)
            self.bins[at] = self.bins.get(at, 0) + len(data)
            loop.call_at(self._free_s, leave, data)

        end.leave = passes  # type: ignore[method-assign]

    def kbps(self, from_s: Seconds, to_s: Seconds) -> float:
        first, last = int(from_s / BIN_S), int(to_s / BIN_S)
        carried = sum(self.bins.get(at, 0) for at in range(first, last))
        return carried * 8 / ((last - first) * BIN_S) / 1000

    def recovery_s(self, rate_kbps: float, opened_s: Seconds, ended_s: Seconds) -> float | None:
        """When most of its rate was first reached and then kept on the average."""
        at_s = opened_s
        while at_s + KEPT_S <= ended_s:
            if self.kbps(at_s, at_s + KEPT_S) >= RECOVERED * rate_kbps:
                return round(at_s - opened_s, 2)
            at_s += BIN_S
        return None

    def figures(self, length: Length, began_s: Seconds) -> dict[str, Any]:
        opened_s = began_s + length.squeeze_s
        ended_s = opened_s + length.after_s
        before, at_last = self.kbps(began_s - 5, began_s), self.kbps(ended_s - LAST_S, ended_s)
        rate = max(before, at_last)
        waits = [waits for at, waits in self.waits_s if began_s + 3 <= at < opened_s] or [0.0]
        lost = [at for at in self.lost if began_s + 3 <= at < opened_s]
        return {
            "before_kbps": round(before),
            "at_last_kbps": round(at_last),
            "squeezed_kbps": round(self.kbps(began_s + 3, opened_s)),
            "squeezed_wait_p50_ms": round(statistics.median(waits) * 1000),
            "squeezed_lost_percent": round(100 * len(lost) / (len(lost) + len(waits)), 1),
            "recovery_s": self.recovery_s(rate, opened_s, ended_s),
            "kbps_each_2_s": [
                round(self.kbps(began_s + at, began_s + at + 2))
                for at in range(0, round(length.squeeze_s + length.after_s) - 1, 2)
            ],
        }


def camera_pictures() -> list[VideoFrame]:
    """The film, as the browser sends it."""
    return [
        VideoFrame.from_ndarray(planes, format="yuv420p")
        for planes in film.pictures((640, 480), film.FPS * film.CYCLE_S)
    ]


class Camera(MediaStreamTrack):
    """The moving picture, 30 times a second."""

    kind = "video"

    def __init__(self, pictures: Sequence[VideoFrame]) -> None:
        super().__init__()
        self._pictures = pictures
        self._number = 0
        self._began_s = CLOCK.monotonic()

    async def recv(self) -> VideoFrame:
        self._number += 1
        await asyncio.sleep(max(0.0, self._began_s + self._number / 30 - CLOCK.monotonic()))
        picture = self._pictures[self._number % len(self._pictures)].reformat(format="yuv420p")
        picture.pts, picture.time_base = self._number * 3000, TIME_BASE
        return picture


@contextlib.asynccontextmanager
async def ours(
    studio: Studio, name: str, relay: Relay, pictures: Sequence[VideoFrame]
) -> AsyncIterator[None]:
    """As the call sends."""
    terminal = Ours(Medium("sendonly", "terminal"), {"video": Camera(pictures)})
    answer = await studio.answer(name, relay.offer(await terminal.peer.offer()))
    await terminal.peer.take_answer(relay.answer(answer))
    yield
    await terminal.close()
    await studio.close(name)


@contextlib.asynccontextmanager
async def stock(
    studio: Studio, name: str, relay: Relay, pictures: Sequence[VideoFrame]
) -> AsyncIterator[None]:
    """As aiortc does by itself."""
    peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    peer.addTransceiver(Camera(pictures), "sendonly")
    await peer.setLocalDescription(await peer.createOffer())
    answer = await studio.answer(name, relay.offer(peer.localDescription.sdp))
    await peer.setRemoteDescription(RTCSessionDescription(relay.answer(answer), "answer"))
    yield
    await peer.close()
    await studio.close(name)


@contextlib.asynccontextmanager
async def chromium(sends: Studio, sees: Studio, name: str, relay: Relay) -> AsyncIterator[None]:
    """The one that sees offers, so that the narrow side has to be the offerer's."""
    offer = relay.answer(await sees.offer(name))
    await sees.take(name, relay.offer(await sends.answer(name, offer)))
    yield
    await sees.close(name)
    await sends.close(name)


async def squeezed(
    seed: int,
    length: Length,
    pages: Sequence[Studio],
    pictures: Sequence[VideoFrame],
    names: Sequence[str],
) -> dict[str, Any]:
    """All of them side by side."""
    ways = {name: Bottleneck() for name in names}
    async with contextlib.AsyncExitStack() as stack:
        relays = {
            name: await stack.enter_async_context(relaying(Line(delay_s=0.025), seed))
            for name in ways
        }
        for name, way in ways.items():
            way.narrow(relays[name].to_answerer)
        sees, sends = pages
        for name, sender in {"ours": ours, "stock": stock}.items():
            if name in names:
                terminal = sender(sees, f"{seed} {name}", relays[name], pictures)
                await stack.enter_async_context(terminal)
        name = f"{seed} chromium"
        await stack.enter_async_context(chromium(sends, sees, name, relays["chromium"]))
        return await narrowed(ways, length)


async def narrowed(ways: Mapping[str, Bottleneck], length: Length) -> dict[str, Any]:
    """All at the same moment, for a while."""
    await asyncio.sleep(length.before_s)
    began_s = asyncio.get_running_loop().time()
    for way in ways.values():
        way.rate_bps = SQUEEZED_BPS
    await asyncio.sleep(length.squeeze_s)
    for way in ways.values():
        way.rate_bps = OPEN_BPS
    await asyncio.sleep(length.after_s)
    return {name: way.figures(length, began_s) for name, way in ways.items()}


async def squeezes(length: Length, names: Sequence[str]) -> dict[str, Any]:
    pictures = camera_pictures()
    async with studios(2) as pages:
        return {
            f"seed {seed}": await squeezed(seed, length, pages, pictures, names)
            for seed in range(length.seeds)
        }


def summary(runs: dict[str, Any], length: Length) -> dict[str, Any]:
    """Who did not recover while it was watched took that long at the least."""
    found: dict[str, Any] = {}
    for name in next(iter(runs.values())):
        times = [run[name]["recovery_s"] for run in runs.values()]
        known = [time if time is not None else length.after_s for time in times]
        found[name] = {
            "median_s": statistics.median(known),
            "worst_s": max(known),
            "never": times.count(None),
            "seeds": len(times),
        }
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one seed, in less than two minutes")
    parser.add_argument("--table", action="store_true", help="only what the one table needs")
    options = parser.parse_args()
    length = QUICK if options.quick else Length()
    names = ("ours", "chromium") if options.table else ("ours", "stock", "chromium")
    costs = {} if options.table else encoders(length.passes)
    with asyncio.Runner(loop_factory=lambda: NetworkLoop(CLOCK)) as runner:
        runs = runner.run(squeezes(length, names))
    publish(
        "send",
        {
            "load": os.getloadavg(),
            "python": sys.version.split()[0],
            "encoders": costs,
            "recovery": summary(runs, length),
            "squeeze": runs,
        },
    )


if __name__ == "__main__":
    main()
