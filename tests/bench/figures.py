"""What the benches share: figures of processes, of series, and where results are written."""

import asyncio
import json
import statistics
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy
import psutil
from numpy.typing import NDArray

from kiosk.clock import Seconds, SystemClock
from tests.project import ROOT

CLOCK = SystemClock()

LINKS_FILE: Final = ROOT / "build/links.json"
"""Where all benches of links leave their figures, each its own."""

BLOCK_S: Final[Seconds] = 0.01
AUDIBLE: Final = 0.1
"""What is quieter than so much of the middle of all blocks counts as a gap."""


async def cpu_percent(process: psutil.Process, for_s: Seconds) -> float:
    """The share of one core that a process takes in the next `for_s`."""
    begun_s, before_s = CLOCK.monotonic(), sum(process.cpu_times()[:2])
    await asyncio.sleep(for_s)
    used_s = sum(process.cpu_times()[:2]) - before_s
    return round(float(100 * used_s / (CLOCK.monotonic() - begun_s)), 2)


def pss_mb(process: psutil.Process) -> float:
    return round(float(process.memory_full_info().pss) / 1e6, 1)


def flowed(before: Mapping[str, Any], after: Mapping[str, Any], for_s: Seconds) -> dict[str, Any]:
    """Pictures and bits of one direction between two looks at a browser's counters for it (W3C
    webrtc-stats, inbound-rtp or outbound-rtp)."""
    which = "Received" if "bytesReceived" in after else "Sent"
    pictures, size_bytes = (after[n] - before[n] for n in (f"frames{which}", f"bytes{which}"))
    return {
        "size_px": [after["frameWidth"], after["frameHeight"]],
        "fps": round(pictures / for_s, 1),
        "kbps": round(size_bytes * 8 / for_s / 1000),
    }


def gap_s(blocks: Sequence[float]) -> Seconds:
    """How long nothing could be heard of a voice that never pauses, given how loud each 10 ms were."""
    least = AUDIBLE * statistics.median(blocks or [0.0])
    return round(sum(block <= least for block in blocks) * BLOCK_S, 2)


def loudness(block: NDArray[numpy.int16]) -> float:
    """The root mean square of a sound."""
    return float(numpy.sqrt((block.astype(numpy.float64) ** 2).mean()))


def spread(values: Sequence[float]) -> dict[str, float]:
    """The middle, what all but one in twenty stay below, and the most."""
    cuts = statistics.quantiles(values, n=20, method="inclusive")
    found = {"p50": statistics.median(values), "p95": cuts[18], "max": max(values)}
    return {name: round(value, 2) for name, value in found.items()}


def slope(values: Sequence[float]) -> float:
    """By how much a series grows with each value, over its last half."""
    half = values[len(values) // 2 :]
    return round(statistics.linear_regression(range(len(half)), half).slope, 3)


def publish(name: str, found: Mapping[str, object]) -> None:
    """Print what was measured, and leave it in `build/bench-NAME.json`."""
    text = json.dumps(found, indent=2)
    file = ROOT / f"build/bench-{name}.json"
    file.parent.mkdir(exist_ok=True)
    file.write_text(text + "\n", encoding="utf-8")
    print(text)


def leave_links(found: Mapping[str, object]) -> None:
    """In `LINKS_FILE`, beside what other benches of links left there."""
    LINKS_FILE.parent.mkdir(exist_ok=True)
    before = json.loads(LINKS_FILE.read_text(encoding="utf-8")) if LINKS_FILE.exists() else {}
    LINKS_FILE.write_text(json.dumps(before | dict(found), indent=2) + "\n", encoding="utf-8")
    print(json.dumps(found, indent=2))
