"""Measures sound on a bad line: `python -m tests.bench.bench_audio [--quick]` prints one JSON.

A Chromium sends a voice that never pauses to our way of receiving and to aiortc's own, both at the
same moment and each through a relay that loses the same share of its packets. Counted are seconds
in which nothing is heard, and the delay from the earliest moment that a sound could be played at.
"""

import argparse
import asyncio
import os
import statistics
import sys
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy
from aiortc import MediaStreamTrack, RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError
from aiortc.rtp import RtpPacket
from av import AudioFrame
from playwright.async_api import Page, async_playwright

from kiosk.call.ear import Ear
from kiosk.call.flow import Flow
from kiosk.call.lips import LipSync
from kiosk.call.opus import Samples
from kiosk.call.sound import BLOCK, RATE_HZ
from kiosk.call.voice import offer_voice
from kiosk.clock import Seconds
from tests.bench.figures import CLOCK, publish
from tests.bench.relay import Line, relaying
from tests.call.chromium import FLAGS

WARM_UP_S: Seconds = 4.0
BLOCK_S: Seconds = BLOCK / RATE_HZ
AUDIBLE = 0.1
"""What is quieter than so much of the middle of all blocks counts as a gap."""

SILENCE: Samples = numpy.zeros(BLOCK, numpy.int16)

_PAGE = """<!doctype html><script>
const peers = {};
let voice;
async function ready() {
  const context = new AudioContext({ sampleRate: 48000 });
  const overtones = new Float32Array([0, 1, 1/2, 1/3, 1/4, 1/5, 1/6, 1/7]);
  const tone = new OscillatorNode(context, { frequency: 150,
    periodicWave: context.createPeriodicWave(new Float32Array(8), overtones) });
  const level = new GainNode(context, { gain: 0.3 });
  const syllables = new OscillatorNode(context, { frequency: 4 });
  syllables.connect(new GainNode(context, { gain: 0.15 })).connect(level.gain);
  const destination = context.createMediaStreamDestination();
  tone.connect(level).connect(destination);
  tone.start(); syllables.start();
  await context.resume();
  voice = destination.stream;
}
async function answer(name, offer) {
  const peer = peers[name] = new RTCPeerConnection();
  await peer.setRemoteDescription({ type: "offer", sdp: offer });
  peer.addTrack(voice.getAudioTracks()[0], voice);
  await peer.setLocalDescription(await peer.createAnswer());
  if (peer.iceGatheringState !== "complete")
    await new Promise((done) => { peer.onicegatheringstatechange = () => {
      if (peer.iceGatheringState === "complete") done(); }; });
  return peer.localDescription.sdp;
}
function close(name) { peers[name].close(); delete peers[name]; }
</script>"""


@dataclass(frozen=True)
class Length:
    """How long, and with which seeds."""

    listen_s: Seconds = 15.0
    seeds: int = 5
    lines: Sequence[tuple[int, int]] = ((0, 80), (1, 80), (3, 80), (5, 150), (10, 150))
    """Loss in percent, and delay of the round trip in ms."""


QUICK = Length(listen_s=8.0, seeds=2, lines=((0, 80), (3, 80), (10, 150)))


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
        gaps = int((loudness < AUDIBLE * numpy.median(loudness)).sum())
        delays_ms = [s * 1000 for s in self.delays_s if s is not None]
        return {
            "gap_s": round(gaps * BLOCK_S, 2),
            "delay_p50_ms": round(statistics.median(delays_ms)),
            "delay_max_ms": round(max(delays_ms)),
            "delay_each_second_ms": [
                round(statistics.median(second))
                for at in range(0, len(self.delays_s), round(1 / BLOCK_S))
                if (second := [s * 1000 for s in self.delays_s[at : at + 100] if s is not None])
            ],
        }


async def listened(
    page: Page,
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
        answer = await page.evaluate("([n, o]) => answer(n, o)", [name, offer])
        await peer.setRemoteDescription(RTCSessionDescription(relay.answer(answer), "answer"))
        began_s = loop.time()
        for number in range(round((WARM_UP_S + s) / BLOCK_S)):
            await asyncio.sleep(max(0.0, began_s + number * BLOCK_S - loop.time()))
            now_s = CLOCK.monotonic()
            block, earliest_s = way.take()
            if number * BLOCK_S >= WARM_UP_S:
                heard.blocks.append(block)
                heard.delays_s.append(None if earliest_s is None else now_s - earliest_s)
        await page.evaluate("(n) => close(n)", name)
        await peer.close()
    return heard


async def measured(length: Length) -> dict[str, object]:
    found: dict[str, object] = {}
    kinds: dict[str, Callable[[RTCPeerConnection], Way]] = {"ours": Ours, "stock": Stock}
    async with speaking() as page:
        for loss, round_trip_ms in length.lines:
            line = Line(loss / 100, round_trip_ms / 2000)
            runs: dict[str, list[dict[str, Any]]] = {name: [] for name in kinds}
            for seed in range(1, length.seeds + 1):
                both = await asyncio.gather(
                    *(
                        listened(page, name, kind, line, seed, length.listen_s)
                        for name, kind in kinds.items()
                    )
                )
                for name, each in zip(kinds, both, strict=True):
                    runs[name].append(each.figures())
            load = os.getloadavg()[0]
            print(f"{loss} % of packets lost: load {load}", file=sys.stderr, flush=True)
            found[f"{loss}%/{round_trip_ms}ms"] = {name: summary(r) for name, r in runs.items()}
    return found


def summary(runs: Sequence[dict[str, Any]]) -> dict[str, object]:
    """The middle and the worst of all seeds; of one seed how the delay went on."""
    gaps = [run["gap_s"] for run in runs]
    return {
        "gap_s": statistics.median(gaps),
        "gap_s_worst": max(gaps),
        "delay_p50_ms": statistics.median(run["delay_p50_ms"] for run in runs),
        "delay_p50_worst_ms": max(run["delay_p50_ms"] for run in runs),
        "delay_max_ms": max(run["delay_max_ms"] for run in runs),
        "delay_each_second_ms": runs[0]["delay_each_second_ms"],
    }


@asynccontextmanager
async def speaking() -> AsyncIterator[Page]:
    """A page that speaks to whoever offers."""
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(
            executable_path="/usr/bin/chromium", headless=True, args=list(FLAGS)
        )
        try:
            page = await chromium.new_page()
            await page.route(
                "**/*", lambda route: route.fulfill(body=_PAGE, content_type="text/html")
            )
            await page.goto("http://localhost/")
            await page.evaluate("() => ready()")
            yield page
        finally:
            await chromium.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.bench.bench_audio")
    parser.add_argument("--quick", action="store_true", help="in two minutes, to see that it works")
    options = parser.parse_args()
    publish("audio", asyncio.run(measured(QUICK if options.quick else Length())))
