"""Measures the bridge: `python -m tests.bench.bench_bridge` prints one JSON object.

From a frame's last byte on the reader's line to the card on kiosk-core's socket, and what the
bridge costs while nothing happens and while a card is held; all of the real program.
"""

import asyncio
import tempfile
from pathlib import Path

import psutil

from kiosk.sandbox.reader import SandboxReader
from kiosk.wire.devices import CardPresented
from tests.bench.figures import cpu_percent, pss_mb, publish, spread
from tests.bridge.process import Ear, listening, running

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
                found["pss_mb"] = pss_mb(process)
                return found
        finally:
            await reader.unplug()


async def latency(reader: SandboxReader, core: Ear) -> dict[str, object]:
    """Each card is another one, so that none has to be taken away first."""
    taken_ms = []
    for number in range(CARDS):
        written_s = await reader.hold(f"{number:010X}", 0.01)
        heard_s, _ = await core.next(CardPresented)
        taken_ms.append((heard_s - written_s) * 1000)
    return {"cards": CARDS, "last_byte_to_socket_ms": spread(taken_ms)}


if __name__ == "__main__":
    publish("bridge", asyncio.run(measured_bridge()))
