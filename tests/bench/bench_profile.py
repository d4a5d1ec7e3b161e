"""Measures where a visit's time of the processor goes: `python -m tests.bench.bench_profile [--quick]`
prints one JSON, and leaves tables in `build/bench-profile.md`.

The visit is that of `bench_visit`, at a terminal and then at a Chromium in its place. Of each program
it is told what each thread takes, and of kiosk-call and kiosk-ui in which functions their main
threads are. To be looked into costs these two a little more than their figures in `bench_visit`.
"""

import argparse
import asyncio
import dataclasses
import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import psutil

from kiosk.clock import Seconds
from tests.bench.bench_visit import LOGS, BrowserSide, Flow, both_sides, join
from tests.bench.figures import CLOCK, publish
from tests.bench.processes import Groups
from tests.bench.profiled import (
    Line,
    Look,
    by_function,
    by_package,
    by_thread,
    look,
    share_table,
    thread_table,
)
from tests.bench.sampler import Told, sampled, told
from tests.project import ROOT

LOOKED_INTO: Final = ("kiosk-call", "kiosk-ui")
MAIN: Final = "MainThread"
PACKAGES: Final = (
    "kiosk",
    "aiortc",
    "aioice",
    "av",
    "asyncio",
    "selectors",
    "kivy",
    "numpy",
    "msgspec",
)
MOST: Final = 15
TABLES: Final = ROOT / "build/bench-profile.md"


@dataclass(frozen=True)
class Length:
    """`settle_s` is what the ladder takes to its top."""

    settle_s: Seconds = 15.0
    measure_s: Seconds = 20.0


QUICK = Length(settle_s=12.0, measure_s=10.0)


class Inside:
    """What the programs that are looked into tell, by their processes."""

    def __init__(self, place: Path, programs: Groups) -> None:
        self._place = place
        self._pids = {name: programs[name][0].pid for name in LOOKED_INTO if name in programs}

    def told(self) -> dict[str, Told]:
        return {name: told(self._place, pid) for name, pid in self._pids.items()}


async def looked_at(programs: Groups, inside: Inside, for_s: Seconds) -> dict[str, Any]:
    """The next `for_s` of these programs."""
    said_before, before = inside.told(), _looks(programs)
    began_s = CLOCK.monotonic()
    await asyncio.sleep(for_s)
    passed_s, after = CLOCK.monotonic() - began_s, _looks(programs)
    said = inside.told()
    found: dict[str, Any] = {}
    for name in programs:
        names = said[name].names if name in said else {}
        lines = by_thread(before[name], after[name], passed_s, names)
        found[name] = {"threads": [dataclasses.asdict(line) for line in lines]}
        if name in said:
            percent = sum(line.percent for line in lines if line.name == MAIN)
            counts = said_before[name].found, said[name].found
            found[name]["packages"] = by_package(*counts, percent, PACKAGES)
            found[name]["functions"] = by_function(*counts, percent, MOST)
    return found


def _looks(programs: Groups) -> dict[str, Look]:
    return {name: look(processes) for name, processes in programs.items()}


def kinds(side: BrowserSide) -> Groups:
    """A browser's processes by what it calls them."""
    found: dict[str, list[psutil.Process]] = {}
    for process in (each for group in side.groups.values() for each in group):
        options = dict(word.partition("=")[::2] for word in process.cmdline())
        kind = options.get("--utility-sub-type", options.get("--type", "browser"))
        found.setdefault(f"chromium: {kind.partition('.')[0]}", []).append(process)
    return found


async def measured(length: Length) -> dict[str, Any]:
    shutil.rmtree(LOGS, ignore_errors=True)
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="bench-profile-") as name:
        place = Path(name)
        into = sampled(place, ROOT)
        async with both_sides(dict.fromkeys(LOOKED_INTO, into)) as sides:
            programs = {name: [each] for name, each in sides.terminal.programs.items()}
            for kind, side in sides.by_name.items():
                await join(side, sides.family, "profile")
                await asyncio.sleep(length.settle_s)
                groups = programs if side is sides.terminal else kinds(sides.browser)
                flow = Flow(sides.family)
                await flow.begin()
                costs = await looked_at(groups, Inside(place, groups), length.measure_s)
                load = round(os.getloadavg()[0], 1)
                found[kind] = {"programs": costs, **await flow.end(), "load": load}
                await side.leave()
    return found


def flow_line(side: Mapping[str, Any]) -> str:
    """What was sent both ways, without which the figures say little."""
    ways = ", ".join(
        f"{way} {'x'.join(map(str, side[way]['size_px']))} at {side[way]['fps']} a second"
        for way in ("sends", "gets")
    )
    whole = "all of the picture" if side["whole_pictures"] else "NOT all of the picture"
    return f"{whole} ({ways}), load {side['load']}"


def tables(found: Mapping[str, Any]) -> str:
    """All threads of each program, and the functions of those that were looked into."""
    parts: list[str] = []
    for kind, side in found.items():
        parts.append(f"{kind}: {flow_line(side)}\n")
        for name, program in sorted(side["programs"].items()):
            lines = [Line(**line) for line in program["threads"]]
            parts += [thread_table(name, lines)] if lines else []
            shares = (program[kind] for kind in ("packages", "functions") if kind in program)
            parts += (share_table(f"{name}, {MAIN}", share) for share in shares)
    return "\n".join(parts)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.bench_profile")
    parser.add_argument("--quick", action="store_true", help="in a minute and a half")
    length = QUICK if parser.parse_args().quick else Length()
    found = asyncio.run(measured(length))
    publish("profile", found)
    TABLES.write_text(tables(found), encoding="utf-8")


if __name__ == "__main__":
    main()
