"""Measures a line for sound alone: `python -m tests.bench.bench_narrow` leaves it in build/links.json.

Our terminal and the family page's connection have a good line, which becomes one of 60 kb/s each way
for half a minute, and good again. Each side stops its picture by itself: counted is how long the line
is full until then, what is missing of the sound after it, and when both pictures are back.
"""

import argparse
import asyncio
import itertools
import tempfile
from pathlib import Path
from typing import Any, Final

from kiosk.clock import Seconds
from tests.bench.bench_family import WARM_UP_S, Terminal, called
from tests.bench.bench_send import Bottleneck
from tests.bench.figures import CLOCK, gap_s, leave_links
from tests.bench.phone import Phone, phones
from tests.bench.relay import Line

WIDE_BPS: Final = 1_000_000
NARROW_BPS: Final = 60_000
LINE: Final = Line(delay_s=0.03)
NARROW_S: Final[Seconds] = 30.0
FREE_S: Final[Seconds] = 0.25
"""What waits no longer than that on the line is in nobody's way."""

KEPT_S: Final[Seconds] = 3.0
BACK_FPS: Final = 10
PATIENCE_S: Final = 60
NAME: Final = "narrow"


def full_s(way: Bottleneck, from_s: Seconds, to_s: Seconds) -> Seconds:
    """Until nothing waits long for the first time, for a while."""
    late = [at for at, waits in way.waits_s if from_s <= at <= to_s and waits > FREE_S]
    marks = [from_s, *late, to_s]
    for before, after in itertools.pairwise(marks):
        if after - before >= KEPT_S:
            return before - from_s
    return to_s - from_s


async def sound(phone: Phone, for_s: Seconds) -> dict[str, float]:
    """How much the phone had to make up, and for how long what it plays waited."""
    before = (await phone.stats(NAME))["inbound-rtp audio"]
    await asyncio.sleep(for_s)
    after = (await phone.stats(NAME))["inbound-rtp audio"]

    def grown(counter: str) -> float:
        return float(after[counter] - before[counter])

    return {
        "made_up_percent": round(
            100 * grown("concealedSamples") / max(grown("totalSamplesReceived"), 1.0), 1
        ),
        "waits_ms": round(
            1000 * grown("jitterBufferDelay") / max(grown("jitterBufferEmittedCount"), 1.0)
        ),
    }


async def pictures_back_s(phone: Phone, terminal: Terminal) -> Seconds:
    """Until both sides see at least ten a second."""
    began_s, decoded = CLOCK.monotonic(), 0.0
    for _ in range(PATIENCE_S):
        await asyncio.sleep(1)
        now_s = CLOCK.monotonic()
        before, stats = decoded, await phone.stats(NAME)
        decoded = float(stats.get("inbound-rtp video", {}).get("framesDecoded", 0))
        at_terminal = sum(at > now_s - 1 for at in terminal.seen.moments_s)
        if before and min(decoded - before, at_terminal) >= BACK_FPS:
            return now_s - began_s
    return float(PATIENCE_S)


async def measured() -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as directory:
        async with (
            phones(1, Path(directory)) as (phone,),
            called(phone, NAME, LINE, WIDE_BPS, 1) as (terminal, ways),
        ):
            await asyncio.sleep(WARM_UP_S)
            narrowed_s = CLOCK.monotonic()
            for way in ways.values():
                way.rate_bps = NARROW_BPS
            await asyncio.sleep(NARROW_S / 2)
            half_s = CLOCK.monotonic()
            at_phone = await sound(phone, NARROW_S / 2)
            widened_s = CLOCK.monotonic()
            for way in ways.values():
                way.rate_bps = WIDE_BPS
            back_s = await pictures_back_s(phone, terminal)
    return {
        "full_s": {
            name: round(full_s(way, narrowed_s, widened_s), 1) for name, way in ways.items()
        },
        "at_phone": at_phone,
        "gap_at_terminal_s": gap_s(terminal.loudness(half_s, widened_s)),
        "pictures_back_s": round(back_s),
    }


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.bench_narrow")
    parser.add_argument("--quick", action="store_true", help="it is no longer than that")
    parser.parse_args()
    leave_links({"narrow": asyncio.run(measured())})


if __name__ == "__main__":
    main()
