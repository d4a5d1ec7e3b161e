"""Measures how cost grows with the picture: `python -m tests.bench.bench_sizes [--quick]` prints one
JSON.

The real call program in a call with a Chromium, both sides sending the film at the same size and at
the rate that the terminal's ladder has for it: what it takes of the processor and of memory.
"""

import argparse
import asyncio
import os
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import psutil

from kiosk.call.rungs import RUNGS
from kiosk.clock import Seconds
from kiosk.sandbox.files import write_settings
from kiosk.sandbox.sound import PrivateSound
from kiosk.wire.messages import CallStatus, EndCall
from tests.bench.figures import cpu_percent, flowed, pss_mb, publish
from tests.bench.film import Size, write_camera_film
from tests.bench.filmed import Studio, studios
from tests.call.kit import Core, Terminal, connect, order

SIZES: Final = ((320, 240), (640, 480), (1280, 720))
CALL: Final = 7


@dataclass(frozen=True)
class Length:
    """`settle_s` is what the ladder takes to its top."""

    settle_s: Seconds = 30.0
    measure_s: Seconds = 15.0


QUICK = Length(settle_s=15.0, measure_s=5.0)


class Visitor:
    """A page that answers, and counts what it is sent and sends."""

    def __init__(self, studio: Studio, most_bps: int) -> None:
        self._studio = studio
        self._most_bps = most_bps

    async def answer(self, offer: str) -> str:
        return await self._studio.answer("call", offer, self._most_bps)

    async def counted(self) -> dict[str, dict[str, Any]]:
        types = {"sends": "inbound-rtp", "gets": "outbound-rtp"}
        return {name: await self._studio.stats("call", type_) for name, type_ in types.items()}


def most_bps(size_px: Size) -> int:
    return max(rung.most_bps for rung in RUNGS if (rung.width_px, rung.height_px) == size_px)


@asynccontextmanager
async def calling(
    directory: Path, sound: PrivateSound, size_px: Size
) -> AsyncIterator[tuple[Core, psutil.Process]]:
    """The program with a camera of this size, and a core that leads it."""
    film, settings = directory / "film.y4m", directory / "call.toml"
    write_camera_film(film, size_px)
    (directory / "frames").mkdir()
    terminal = Terminal(directory, sound.environment)
    width_px, height_px = size_px
    write_settings(
        settings,
        {
            "wire": {"socket": terminal.socket},
            "frames": {"directory": directory / "frames"},
            "camera": {"source": f"file:{film}", "width_px": width_px, "height_px": height_px},
        },
    )
    async with terminal.core() as core, terminal.program(settings=settings) as program:
        await core.hears(CallStatus)
        yield core, psutil.Process(program.pid)


async def measured_at(sound: PrivateSound, size_px: Size, length: Length) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(dir="/dev/shm") as name:
        async with (
            studios(1, size_px) as (studio,),
            calling(Path(name), sound, size_px) as (core, process),
        ):
            visitor = Visitor(studio, most_bps(size_px))
            await connect(core, visitor, order(call=CALL, for_s=600))
            await asyncio.sleep(length.settle_s)
            before = await visitor.counted()
            percent = await cpu_percent(process, length.measure_s)
            after, pss = await visitor.counted(), pss_mb(process)
            core.say(EndCall(CALL))
    return {
        "cpu_percent": percent,
        "pss_mb": pss,
        "load": round(os.getloadavg()[0], 1),
        **{way: flowed(before[way], after[way], length.measure_s) for way in before},
    }


async def measured(length: Length) -> dict[str, Any]:
    found = {}
    async with PrivateSound() as sound:
        for size_px in SIZES:
            name = "x".join(map(str, size_px))
            found[name] = await measured_at(sound, size_px, length)
            print(name, found[name], file=sys.stderr, flush=True)
    return found


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.bench.bench_sizes")
    parser.add_argument("--quick", action="store_true", help="in two minutes, to see that it works")
    options = parser.parse_args()
    publish("sizes", asyncio.run(measured(QUICK if options.quick else Length())))
