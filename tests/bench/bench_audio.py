"""Measures sound on a bad line: `python -m tests.bench.bench_audio [--quick]` prints one JSON.

A Chromium sends a voice that never pauses to our way of receiving, to aiortc's own and to another
page of Chromium, all at the same moment and each through a relay that loses the same share of its
packets. Counted are seconds in which nothing is heard, and the delay from the earliest moment that a
sound could be played at; Chromium tells only how long its sound waited on the average.

Then our terminal and a Chromium flash and beep at once on lines that lose packets: how far apart each
sees and hears the other's.
"""

import argparse
import asyncio
import os
import statistics
import sys
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy
from aiortc import MediaStreamTrack, RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError
from aiortc.rtp import RtpPacket
from av import AudioFrame

from kiosk.call.ear import Ear
from kiosk.call.flow import Flow
from kiosk.call.lips import LipSync
from kiosk.call.network import NetworkLoop
from kiosk.call.opus import Samples
from kiosk.call.sound import BLOCK, RATE_HZ
from kiosk.call.voice import offer_voice
from kiosk.clock import Seconds
from tests.bench import flashes
from tests.bench.figures import BLOCK_S, CLOCK, gap_s, publish
from tests.bench.filmed import Studio, studios
from tests.bench.relay import Line, relaying

WARM_UP_S: Seconds = 4.0
SILENCE: Samples = numpy.zeros(BLOCK, numpy.int16)


@dataclass(frozen=True)
class Length:
    """How long, and with which seeds."""

    listen_s: Seconds = 15.0
    seeds: int = 5
    lines: Sequence[tuple[int, int]] = ((0, 80), (1, 80), (3, 80), (5, 150), (10, 150))
    """Loss in percent, and delay of the round trip in ms."""
    flashes: int = 10


FEW_LINES = ((0, 80), (3, 80), (10, 150))
QUICK = Length(listen_s=8.0, seeds=1, lines=FEW_LINES, flashes=3)


class Way(Protocol):
    """How sound is received and played."""

    def take(self) -> tuple[Samples, Seconds | None]:
        """The next block, and when it could have been played; None for one that was made up."""


class Ours:
    """As the call does."""

    def __init__(self, peer: RTCPeerConnection) -> None:
        offer_voice()
        self._ear = Ear(Flow(call=1), CLOCK)
        self._ear.listen_to(peer.addTransceiver("audio", "recvonly").receiver, LipSync())

    def take(self) -> tuple[Samples, Seconds | None]:
        now_s = CLOCK.monotonic()
        block = self._ear.take()
        return block, now_s - self._ear.delay_s if block.any() else None


class Stock:
    """aiortc's jitter buffer and decoder, and the little queue before a device that it needs."""

    FIRST_BLOCKS = 4
    MOST_BLOCKS = 20

    def __init__(self, peer: RTCPeerConnection) -> None:
        receiver = peer.addTransceiver("audio", "recvonly").receiver
        self._blocks: deque[tuple[Samples, Seconds]] = deque()
        self._plays = False
        self._least_s = float("inf")
        self._first: int | None = None
        self._reader: asyncio.Task[None] | None = None
        peer.on("track", self._read)
        real = receiver._handle_rtp_packet

        async def handle(packet: RtpPacket, arrival_time_ms: int) -> None:
            self._first = packet.timestamp if self._first is None else self._first
            since = (packet.timestamp - self._first + (1 << 31)) % (1 << 32) - (1 << 31)
            self._least_s = min(self._least_s, CLOCK.monotonic() - since / RATE_HZ)
            await real(packet, arrival_time_ms)

        receiver._handle_rtp_packet = handle  # type: ignore[method-assign]

    def take(self) -> tuple[Samples, Seconds | None]:
        self._plays = bool(self._blocks) and (self._plays or len(self._blocks) >= self.FIRST_BLOCKS)
        if not self._plays:
            return SILENCE, None
        block, at_s = self._blocks.popleft()
        return block, self._least_s + at_s

    def _read(self, track: MediaStreamTrack) -> None:
        self._reader = asyncio.create_task(self._keep(track))

    async def _keep(self, track: MediaStreamTrack) -> None:
        try:
            while isinstance(frame := await track.recv(), AudioFrame):
                assert frame.pts is not None
                mono = frame.to_ndarray().reshape(-1, 2)[:, 0].astype(numpy.int16)
                for at in range(0, len(mono), BLOCK):
                    self._blocks.append((mono[at : at + BLOCK], (frame.pts + at) / RATE_HZ))
                while len(self._blocks) > self.MOST_BLOCKS:
                    self._blocks.popleft()
        except MediaStreamError:
            return


@dataclass
class Listened:
    """Each block that was played, and its delay."""

    blocks: list[Samples] = field(default_factory=list)
    delays_s: list[Seconds | None] = field(default_factory=list)

    def figures(self) -> dict[str, Any]:
        sound = numpy.array(self.blocks, dtype=numpy.float64)
        loudness = numpy.sqrt((sound**2).mean(axis=1))
        delays_ms = [s * 1000 for s in self.delays_s if s is not None]
        return {
            "gap_s": gap_s(list(loudness)),
            "delay_p50_ms": round(statistics.median(delays_ms)),
            "delay_max_ms": round(max(delays_ms)),
            "delay_each_second_ms": [
                round(statistics.median(second))
                for at in range(0, len(self.delays_s), round(1 / BLOCK_S))
                if (second := [s * 1000 for s in self.delays_s[at : at + 100] if s is not None])
            ],
        }


async def listened(
    sender: Studio,
    name: str,
    kind: Callable[[RTCPeerConnection], Way],
    line: Line,
    seed: int,
    s: Seconds,
) -> Listened:
    """A device that takes a block each 10 ms."""
    peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    way = kind(peer)
    heard = Listened()
    loop = asyncio.get_running_loop()
    async with relaying(line, seed) as relay:
        await peer.setLocalDescription(await peer.createOffer())
        offer = relay.offer(peer.localDescription.sdp)
        answer = await sender.answer(name, offer)
        await peer.setRemoteDescription(RTCSessionDescription(relay.answer(answer), "answer"))
        began_s = loop.time()
        for number in range(round((WARM_UP_S + s) / BLOCK_S)):
            await asyncio.sleep(max(0.0, began_s + number * BLOCK_S - loop.time()))
            now_s = CLOCK.monotonic()
            block, earliest_s = way.take()
            if number * BLOCK_S >= WARM_UP_S:
                heard.blocks.append(block)
                heard.delays_s.append(None if earliest_s is None else now_s - earliest_s)
        await sender.close(name)
        await peer.close()
    return heard


async def browsers(
    sender: Studio, viewer: Studio, line: Line, seed: int, s: Seconds
) -> dict[str, Any]:
    """What another page of the same browser plays."""
    async with relaying(line, seed) as relay:
        answer = await sender.answer(
            "chromium", relay.offer(await viewer.offer("chromium", "audio"))
        )
        await viewer.take("chromium", relay.answer(answer))
        await asyncio.sleep(WARM_UP_S)
        before = await viewer.stats("chromium", "inbound-rtp", "audio")
        await asyncio.sleep(s)
        after = await viewer.stats("chromium", "inbound-rtp", "audio")
        loudness = (await viewer.heard("chromium"))[-round(s / BLOCK_S) :]
        await sender.close("chromium")
        await viewer.close("chromium")
    waited_s, emitted = (
        after[name] - before[name] for name in ("jitterBufferDelay", "jitterBufferEmittedCount")
    )
    return {"gap_s": gap_s(list(loudness)), "delay_p50_ms": round(1000 * waited_s / emitted)}


async def measured(length: Length, *, table: bool) -> dict[str, object]:
    found: dict[str, object] = {}
    kinds: dict[str, Callable[[RTCPeerConnection], Way]] = {"ours": Ours, "stock": Stock}
    if table:
        del kinds["stock"]
    async with studios(2) as (sender, viewer):
        for loss, round_trip_ms in FEW_LINES if table else length.lines:
            line = Line(loss / 100, round_trip_ms / 2000)
            runs: dict[str, list[dict[str, Any]]] = {name: [] for name in (*kinds, "chromium")}
            for seed in range(1, length.seeds + 1):
                listeners = [
                    asyncio.create_task(listened(sender, name, kind, line, seed, length.listen_s))
                    for name, kind in kinds.items()
                ]
                runs["chromium"].append(await browsers(sender, viewer, line, seed, length.listen_s))
                for name, listener in zip(kinds, listeners, strict=True):
                    runs[name].append((await listener).figures())
            load = os.getloadavg()[0]
            print(f"{loss} % of packets lost: load {load}", file=sys.stderr, flush=True)
            found[f"{loss}%/{round_trip_ms}ms"] = {name: summary(r) for name, r in runs.items()}
    found["lip_sync"] = await flashes.measured(length.seeds, length.flashes)
    return found


def summary(runs: Sequence[Mapping[str, Any]]) -> dict[str, object]:
    """The middle and the worst of all seeds; of one seed how the delay went on."""
    gaps = [run["gap_s"] for run in runs]
    found = {
        "gap_s": statistics.median(gaps),
        "gap_s_worst": max(gaps),
        "delay_p50_ms": statistics.median(run["delay_p50_ms"] for run in runs),
        "delay_p50_worst_ms": max(run["delay_p50_ms"] for run in runs),
    }
    if "delay_max_ms" in runs[0]:
        found["delay_max_ms"] = max(run["delay_max_ms"] for run in runs)
        found["delay_each_second_ms"] = runs[0]["delay_each_second_ms"]
    return found


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.bench.bench_audio")
    parser.add_argument("--quick", action="store_true", help="in two minutes, to see that it works")
    parser.add_argument("--table", action="store_true", help="only what the one table needs")
    options = parser.parse_args()
    length = QUICK if options.quick else Length()
    with asyncio.Runner(loop_factory=lambda: NetworkLoop(CLOCK)) as runner:
        publish("audio", runner.run(measured(length, table=options.table)))
