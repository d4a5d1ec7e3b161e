"""Measures what one Janus carries: `python -m tests.bench.bench_janus [--quick]` adds to build/links.json.

Light callers fill it, more and more of them, until it is full. Then a real terminal visits a family's
browser through another Janus, which is killed. `--quick` fills in larger steps.
"""

import argparse
import asyncio
import os
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final, TypeAlias

import psutil

from kiosk.clock import Seconds
from kiosk.sandbox.family import Family
from kiosk.sandbox.files import write_settings
from kiosk.sandbox.sound import PrivateSound
from tests.bench.figures import CLOCK, leave_links
from tests.bench.orders import Answer, Ordered, ordered
from tests.bench.processes import cpu_percent_of, pss_mb_of
from tests.journeys.begun import begun
from tests.journeys.live import live_on_both_sides, watch
from tests.sandbox import janus as inside

MOST_CPU_PERCENT: Final = 100.0
"""A whole core: beside it there must be room for whoever else is on the machine."""

MOST_LOST_PERCENT: Final = 0.1
MOST_DELAY_MS: Final = 40.0
"""By which nearly every sound is through: players wait for so much unevenness anyway."""

FIRST: Final = 30
"""Also a machine that has other work carries these."""

LEAST_STEP: Final = 5
MOST_STEP: Final = 60
FAR: Final = 0.7
"""The share of what is left of the core, by what its calls took so far, that is filled at once."""

MOST_CALLS: Final = 240
PORTS: Final = 4 * MOST_CALLS + 40
SETTLE_S: Final[Seconds] = 1.0
LEVEL_S: Final[Seconds] = 4.0
AGAIN: Final = 2
"""How often what seems full is looked at once more."""


VISIT_S: Final[Seconds] = 40.0
AWAY_S: Final = (1.0, 4.0)
PAUSE_S: Final[Seconds] = 3.0

Level: TypeAlias = Answer
"""So many `calls`, and what was measured of them."""


def limit_of(level: Level) -> str | None:
    """What says that Janus is full; None while it is not."""
    if level["silent"] or level["lost_percent"] > MOST_LOST_PERCENT:
        return "loss"
    if level["delay_ms"]["p95"] > MOST_DELAY_MS:
        return "delay"
    return "core" if level["janus_cpu_percent"] > MOST_CPU_PERCENT else None


def more_after(level: Level | None, quick: bool) -> int:
    """How many calls to add to this level."""
    if level is None:
        return FIRST
    least = 2 * LEAST_STEP if quick else LEAST_STEP
    left_percent = MOST_CPU_PERCENT - level["janus_cpu_percent"]
    left: float = FAR * left_percent * level["calls"] / level["janus_cpu_percent"]
    return max(least, min(round(left), MOST_STEP))


def figures_of(levels: list[Level]) -> dict[str, Any]:
    """The most calls at which nothing said that it is full, and what said so at the next level."""
    held = [level for level in levels if limit_of(level) is None]
    most = max(held, key=lambda level: int(level["calls"]), default=None)
    if most is None:
        return {"calls_per_janus": 0, "janus_limit": limit_of(levels[0]), "janus_levels": levels}
    return {
        "calls_per_janus": most["calls"],
        "janus_cpu_percent_per_call": round(most["janus_cpu_percent"] / most["calls"], 2),
        "janus_limit": next(filter(None, map(limit_of, levels)), None),
        "janus_levels": levels,
    }


class Filled:
    """A Janus, and the program of those who call through it."""

    def __init__(self, callers: Ordered, janus: int) -> None:
        self._callers = callers
        self._janus = {"janus": [psutil.Process(janus)]}

    async def best_level(self, more: int) -> Level:
        """Add so many calls; it is not full because something else had the machine for a moment."""
        level = await self._level(more)
        for _ in range(AGAIN):
            if limit_of(level) is None:
                break
            level = await self._level(0)
        return level

    async def _level(self, more: int) -> Level:
        await self._callers.ask("add", more)
        await asyncio.sleep(SETTLE_S)
        found, cpu = await asyncio.gather(
            self._callers.ask("measure", LEVEL_S), cpu_percent_of(self._janus, LEVEL_S)
        )
        memory = pss_mb_of(self._janus)["janus"]
        return {**found, "janus_cpu_percent": cpu["janus"], "janus_memory_mb": memory}


@asynccontextmanager
async def empty(place: Path) -> AsyncIterator[Filled]:
    async with inside.running(place / "janus", PORTS) as janus:
        settings = place / "janus.toml"
        write_settings(settings, janus.settings)
        assert janus.pid is not None
        async with ordered("tests.bench.callers", str(settings)) as callers:
            yield Filled(callers, janus.pid)


async def filled(place: Path, quick: bool) -> list[Level]:
    """Every level up to the first at which Janus is full."""
    levels: list[Level] = []
    async with empty(place) as janus:
        while not levels or (limit_of(levels[-1]) is None and levels[-1]["calls"] < MOST_CALLS):
            more = more_after(levels[-1] if levels else None, quick)
            levels.append(await janus.best_level(more))
            print(levels[-1], file=sys.stderr, flush=True)
    return levels


async def back_s(place: Path) -> Seconds:
    """Janus is killed in the middle of a visit: from its being back until both have a picture, at worst."""
    async with (
        PrivateSound() as sound,
        Family() as family,
        begun(place, family, sound, visit_s=VISIT_S, sfu="janus") as visit,
    ):
        await watch(visit)
        worst_s = 0.0
        for away_s in AWAY_S:
            await visit.hall.trial.janus.kill()
            await asyncio.sleep(away_s)
            await visit.hall.trial.janus.start()
            came_back_s = CLOCK.monotonic()
            worst_s = max(worst_s, await live_on_both_sides(visit, came_back_s) - came_back_s)
            await asyncio.sleep(PAUSE_S)
    return worst_s


async def measure(quick: bool) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="bench-janus-") as place:
        levels = await filled(Path(place), quick)
    with tempfile.TemporaryDirectory(prefix="bench-janus-") as place:
        return {**figures_of(levels), "janus_back_s": round(await back_s(Path(place)), 2)}


def main() -> int:
    """0 when all could be measured; what was found is not judged."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.bench_janus")
    parser.add_argument("--quick", action="store_true", help="in larger steps")
    load = round(os.getloadavg()[0], 1)
    found = asyncio.run(measure(parser.parse_args().quick))
    leave_links({**found, "janus_load_before": load})
    return 0


if __name__ == "__main__":
    sys.exit(main())
