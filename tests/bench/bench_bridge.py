"""Measures the bridge: `python -m tests.bench.bench_bridge` prints one JSON object.

From a frame's last byte on the reader's line to the card on kiosk-core's socket, and what the
bridge costs while nothing happens and while a card is held; all of the real program.
"""

import asyncio
import itertools
import json
import statistics
import tempfile
from pathlib import Path

import psutil

from kiosk.clock import Seconds, SystemClock
from kiosk.sandbox.reader import SandboxReader
from kiosk.wire.messages import CardPresented
from tests.bridge.process import Ear, listening, running

CLOCK = SystemClock()
CARDS = 300
WATCH_S = 10.0


async def measured_bridge() -> dict[str, object]:
    """Everything that is measured of one running bridge."""
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        reader = SandboxReader(directory / "card-reader")
        await reader.plug_in()
        try:
            async with (
                running(directory, directory / "card-reader") as bridge,
                listening(bridge.socket) as core,
            ):
                await core.up()
                process = psutil.Process(bridge.pid)
                found = await latency(reader, core)
                found["idle_cpu_percent"] = await cpu_percent(process, WATCH_S)
                holding = asyncio.create_task(reader.hold("62E3086CED", WATCH_S + 1))
                found["held_cpu_percent"] = await cpu_percent(process, WATCH_S)
                await holding
                found["pss_bytes"] = process.memory_full_info().pss
                return found
        finally:
            await reader.unplug()


async def latency(reader: SandboxReader, core: Ear) -> dict[str, object]:
    """Each card is another one, so that none has to be taken away first."""
    taken_s: list[Seconds] = []
    for number in range(CARDS):
        written_s = await reader.hold(f"{number:010X}", 0.01)
        heard_s, _ = await core.next(CardPresented)
        taken_s.append(heard_s - written_s)
    hundredths = statistics.quantiles(taken_s, n=100)
    return {
        "cards": CARDS,
        "last_byte_to_socket_ms": {
            name: round(value * 1000, 2)
            for name, value in (
                ("p50", hundredths[49]),
                ("p95", hundredths[94]),
                ("max", max(taken_s)),
            )
        },
    }


async def cpu_percent(process: psutil.Process, for_s: Seconds) -> float:
    """The share of one core that the process took."""
    before = process.cpu_times()
    await asyncio.sleep(for_s)
    after = process.cpu_times()
    used_s = sum(b - a for a, b in itertools.islice(zip(before, after, strict=True), 2))
    return round(100 * used_s / for_s, 2)


if __name__ == "__main__":
    print(json.dumps(asyncio.run(measured_bridge()), indent=2))
