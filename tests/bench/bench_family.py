"""Measures the family's side: `python -m tests.bench.bench_family [--quick]` prints one JSON.

A Chromium as a phone, its page four times slower than here, calls over 300 kb/s each way with 2 %
of all packets lost: our terminal at the other end, and then a Chromium in its place. Counted are
gaps in sound, from the first ten seconds on, and what is left of the picture, both ways. Then the
bytes of a call with less data on a line that would carry anything, scaled to half an hour.
"""

import argparse
import asyncio
import contextlib
import functools
import itertools
import os
import statistics
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy
from av import VideoFrame

from kiosk.call.opus import Samples
from kiosk.call.sound import RATE_HZ
from kiosk.clock import Seconds
from tests.bench.bench_loss import frozen_s
from tests.bench.bench_send import Bottleneck, camera_pictures
from tests.bench.figures import AUDIBLE, CLOCK, gap_s, loudness, publish
from tests.bench.ours import OnStage, Scene
from tests.bench.phone import Phone, phones
from tests.bench.relay import Line, Relay, relaying

POOR_BPS: Final = 300_000
LOSS: Final = 0.02
DELAY_S: Final[Seconds] = 0.025
WARM_UP_S: Final[Seconds] = 10.0

HEADERS_BYTES: Final = 28
"""Of IPv4 and UDP, which a phone's plan counts, too."""

HALF_AN_HOUR_S: Final[Seconds] = 1800.0
OPEN_BPS: Final = 20_000_000


@dataclass(frozen=True)
class Length:
    seeds: int = 5
    watch_s: Seconds = 60.0


QUICK = Length(seeds=1, watch_s=20.0)


def speech() -> Samples:
    """A second of a voice that never pauses."""
    at_s = numpy.arange(RATE_HZ) / RATE_HZ
    tone = sum(numpy.sin(2 * numpy.pi * 150 * n * at_s) / n for n in range(1, 8))
    syllables = 0.3 + 0.15 * numpy.sin(2 * numpy.pi * 4 * at_s)
    return numpy.asarray(8000 * syllables * tone).astype(numpy.int16)


@dataclass
class Seen:
    """When pictures came, and how high they were."""

    moments_s: list[Seconds] = field(default_factory=list)
    heights_px: list[int] = field(default_factory=list)

    def figures(self, from_s: Seconds, to_s: Seconds) -> dict[str, Any]:
        kept = [
            (at, height)
            for at, height in zip(self.moments_s, self.heights_px, strict=True)
            if from_s <= at <= to_s
        ]
        moments_s = [at for at, _ in kept]
        return {
            "fps": round(len(kept) / (to_s - from_s), 1),
            "height_px": statistics.median(height for _, height in kept) if kept else 0,
            "frozen_s": round(frozen_s([from_s, *moments_s, to_s]), 2),
        }


_pictures = functools.cache(camera_pictures)


class Terminal(OnStage):
    """With something that moves before it and a voice."""

    def __init__(self) -> None:
        self.seen = Seen()
        self.heard: list[tuple[Seconds, Samples]] = []
        scene = Scene(_pictures(), speech())
        super().__init__(scene, on_picture=self._see, on_sound=self._hear)

    def loudness(self, from_s: Seconds, to_s: Seconds) -> list[float]:
        """Of each 10 ms."""
        return [loudness(block) for at, block in self.heard if from_s <= at <= to_s]

    def _see(self, picture: VideoFrame) -> None:
        self.seen.moments_s.append(CLOCK.monotonic())
        self.seen.heights_px.append(picture.height)

    def _hear(self, block: Samples) -> None:
        self.heard.append((CLOCK.monotonic(), block))


def first_gap_s(blocks: Sequence[float]) -> Seconds:
    """Since anything was heard."""
    least = AUDIBLE * statistics.median(blocks or [0.0])
    return gap_s(list(itertools.dropwhile(lambda block: block <= least, blocks)))


def at_terminal(terminal: Terminal, from_s: Seconds, to_s: Seconds) -> dict[str, Any]:
    return {
        "sound_gap_s": gap_s(terminal.loudness(from_s, to_s)),
        "first_sound_gap_s": first_gap_s(terminal.loudness(0.0, from_s)),
        **terminal.seen.figures(from_s, to_s),
    }


Reports = dict[str, dict[str, Any]]


async def watched(page: Phone, name: str, for_s: Seconds) -> dict[str, Any]:
    """What a browser sees and hears meanwhile, by its own counts and by listening."""
    before, first = await page.stats(name), await page.heard(name)
    heights = []
    for _ in range(round(for_s)):
        await asyncio.sleep(1)
        heights.append((await page.stats(name)).get("inbound-rtp video", {}).get("frameHeight", 0))
    after, blocks = await page.stats(name), (await page.heard(name))[len(first) :]

    def grown(stream: str, counter: str) -> float:
        of = f"inbound-rtp {stream}"
        return float(after.get(of, {}).get(counter, 0) - before.get(of, {}).get(counter, 0))

    heard_samples = max(grown("audio", "totalSamplesReceived"), 1.0)
    emitted = max(grown("audio", "jitterBufferEmittedCount"), 1.0)
    return {
        "sound_gap_s": gap_s(blocks),
        "first_sound_gap_s": first_gap_s(first),
        "concealed_percent": round(100 * grown("audio", "concealedSamples") / heard_samples, 2),
        "silent_s": round(grown("audio", "silentConcealedSamples") / RATE_HZ, 2),
        "sound_waits_ms": round(1000 * grown("audio", "jitterBufferDelay") / emitted),
        "fps": round(grown("video", "framesDecoded") / for_s, 1),
        "height_px": statistics.median(heights),
        "frozen_s": round(grown("video", "totalFreezesDuration"), 2),
    }


def ways(relay: Relay, rate_bps: int) -> dict[str, Bottleneck]:
    """Both directions of a narrow line; to be made before the first packet."""
    made = {"to_phone": Bottleneck(rate_bps), "from_phone": Bottleneck(rate_bps)}
    made["to_phone"].narrow(relay.to_answerer)
    made["from_phone"].narrow(relay.to_offerer)
    return made


def line_figures(made: dict[str, Bottleneck], from_s: Seconds, to_s: Seconds) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, way in made.items():
        waits = [waits for at, waits in way.waits_s if from_s <= at <= to_s] or [0.0]
        found[f"{name}_kbps"] = round(way.kbps(from_s, to_s))
        found[f"{name}_queue_p50_ms"] = round(1000 * statistics.median(waits))
        found[f"{name}_queue_p95_ms"] = round(1000 * sorted(waits)[len(waits) * 19 // 20])
        found[f"{name}_queue_max_ms"] = round(1000 * max(waits))
        found[f"{name}_overflown"] = sum(from_s <= at <= to_s for at in way.lost)
    return found


def half_hour_mb(made: dict[str, Bottleneck], from_s: Seconds, to_s: Seconds) -> float:
    """All that passed a phone's radio both ways, with the headers below, scaled to half an hour."""
    carried = sum(way.kbps(from_s, to_s) * 1000 / 8 * (to_s - from_s) for way in made.values())
    packets = sum(from_s <= at <= to_s for way in made.values() for at, _ in way.waits_s)
    passed = carried + packets * HEADERS_BYTES
    return round(passed * HALF_AN_HOUR_S / (to_s - from_s) / 1e6, 1)


@contextlib.asynccontextmanager
async def called(
    phone: Phone, name: str, line: Line, rate_bps: int, seed: int, *, less_data: bool = False
) -> AsyncIterator[tuple[Terminal, dict[str, Bottleneck]]]:
    """Our terminal and the phone, connected."""
    async with relaying(line, seed) as relay:
        made = ways(relay, rate_bps)
        terminal = Terminal()
        offer = relay.offer(await terminal.peer.offer())
        answer = await phone.answer(name, offer, less_data=less_data)
        await terminal.peer.take_answer(relay.answer(answer))
        try:
            yield terminal, made
        finally:
            await phone.hang_up(name)
            await terminal.close()


async def ours(
    phone: Phone, line: Line, rate_bps: int, seed: int, for_s: Seconds, *, less_data: bool = False
) -> dict[str, Any]:
    name = f"ours {seed} {less_data}"
    async with called(phone, name, line, rate_bps, seed, less_data=less_data) as (terminal, made):
        await asyncio.sleep(WARM_UP_S)
        from_s = CLOCK.monotonic()
        at_phone = await watched(phone, name, for_s)
        to_s = CLOCK.monotonic()
        return {
            "at_phone": at_phone,
            "at_terminal": at_terminal(terminal, from_s, to_s),
            "line": line_figures(made, from_s, to_s),
            "half_hour_mb": half_hour_mb(made, from_s, to_s),
        }


async def browsers(
    phone: Phone, other: Phone, line: Line, rate_bps: int, seed: int, for_s: Seconds
) -> dict[str, Any]:
    """A Chromium in the terminal's place."""
    name = f"chromium {seed}"
    async with relaying(line, seed) as relay:
        made = ways(relay, rate_bps)
        answer = await phone.answer(name, relay.offer(await other.offer(name)))
        await other.take(name, relay.answer(answer))
        await asyncio.sleep(WARM_UP_S)
        from_s = CLOCK.monotonic()
        at_phone, at_other = await asyncio.gather(
            watched(phone, name, for_s), watched(other, name, for_s)
        )
        to_s = CLOCK.monotonic()
        await phone.hang_up(name)
        await other.hang_up(name)
    return {
        "at_phone": at_phone,
        "at_terminal": at_other,
        "line": line_figures(made, from_s, to_s),
        "half_hour_mb": half_hour_mb(made, from_s, to_s),
    }


async def measured(length: Length) -> dict[str, Any]:
    """Our terminal and Chromium one after the other with each seed, then a call with less data."""
    poor, clean = Line(LOSS, DELAY_S), Line(0.0, DELAY_S)
    runs: dict[str, list[dict[str, Any]]] = {"ours": [], "chromium": [], "less_data": []}
    with tempfile.TemporaryDirectory() as directory:
        async with phones(2, Path(directory)) as (phone, other):
            await phone.slow_down()
            for seed in range(1, length.seeds + 1):
                s = length.watch_s
                runs["ours"].append(await ours(phone, poor, POOR_BPS, seed, s))
                runs["chromium"].append(await browsers(phone, other, poor, POOR_BPS, seed, s))
                runs["less_data"].append(
                    await ours(phone, clean, OPEN_BPS, seed, s, less_data=True)
                )
                print(f"seed {seed}: load {os.getloadavg()[0]}", file=sys.stderr, flush=True)
    return {
        "load": os.getloadavg(),
        **{name: summary(each) for name, each in runs.items()},
        "runs": runs,
    }


def summary(runs: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Each figure's middle over all seeds, and the worst gaps."""
    found: dict[str, Any] = {
        "half_hour_mb": statistics.median(run["half_hour_mb"] for run in runs),
        "half_hour_mb_worst": max(run["half_hour_mb"] for run in runs),
    }
    for part in ("at_phone", "at_terminal", "line"):
        figures = {name: [run[part][name] for run in runs] for name in runs[0][part]}
        found[part] = {name: statistics.median(values) for name, values in figures.items()}
        found[part] |= {
            f"{name}_worst": max(values) for name, values in figures.items() if "gap" in name
        }
    return found


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.bench_family")
    parser.add_argument("--quick", action="store_true", help="one seed, in less than two minutes")
    parser.add_argument("--table", action="store_true", help="all of it is for the one table")
    length = QUICK if parser.parse_args().quick else Length()
    publish("family", asyncio.run(measured(length)))


if __name__ == "__main__":
    main()
