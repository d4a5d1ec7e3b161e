"""Measures a visit at a terminal and at a Chromium in its place: `python -m tests.bench.bench_visit
[--quick]` prints one JSON.

Both stand on a virtual screen of their own, have the same camera, voice and sound server, and visit
the same family's browser one after the other, again and again. Both offer the same codec first, and
both sides send no more than the same rate. Joining lasts from the touch until the first picture
stands on the screen: the X server's own pixels are looked at. Of the processor and of memory, what
draws in software here, where a terminal has a GPU, is told apart.
"""

import argparse
import asyncio
import os
import shutil
import statistics
import sys
import tempfile
import wave
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

from kiosk.clock import Seconds
from kiosk.sandbox.display import VirtualDisplay
from kiosk.sandbox.family import Family
from kiosk.sandbox.sound import RATE_HZ, PrivateSound, _voice
from tests.bench.figures import CLOCK, flowed, publish, spread
from tests.bench.film import write_camera_film
from tests.bench.glass import Glass, Joined
from tests.bench.kiosk_browser import KioskBrowser
from tests.bench.marker import ages_ms
from tests.bench.pages import family_script
from tests.bench.prison import Prison
from tests.bench.processes import Groups, cpu_percent_of, pss_mb_of
from tests.bench.terminal_side import TerminalSide, terminal_side
from tests.project import ROOT

CODEC: Final = "video/H264"
MOST_BPS: Final = 1_500_000
"""What the terminal's ladder gives to a picture of 640x480 at the most."""

SIZE_PX: Final = (640, 480)
LOGS: Final = ROOT / "build/bench-visit"
AT_REST_S: Final[Seconds] = 2.0
BOOKED_S: Final[Seconds] = 3600.0
LEAST_FPS: Final = 27.0


@dataclass(frozen=True)
class Length:
    """How many visits with each, how long, and how many that only join."""

    visits: int = 5
    settle_s: Seconds = 15.0
    measure_s: Seconds = 15.0
    watch_s: Seconds = 6.0
    joins: int = 5


QUICK = Length(visits=1, settle_s=12.0, measure_s=8.0, watch_s=4.0, joins=3)


class Side(Protocol):
    """What stands in the hall: a terminal or a browser."""

    def book(self, reference: str, visit_s: Seconds) -> str: ...
    async def ready(self) -> None: ...
    async def join(self) -> Joined: ...
    async def watched(self, for_s: Seconds) -> list[tuple[float, int]]: ...
    async def leave(self) -> None: ...
    @property
    def groups(self) -> Groups: ...


class BrowserSide:
    """A Chromium that takes part in the contract as a terminal does."""

    def __init__(self, browser: KioskBrowser, prison: Prison) -> None:
        self._browser = browser
        self._prison = prison
        self._reference = ""
        self.join = browser.join
        self.watched = browser.watched
        self.leave = browser.leave

    def book(self, reference: str, visit_s: Seconds) -> str:
        self._reference = reference
        return self._prison.book(reference, visit_s)

    async def ready(self) -> None:
        await self._browser.ready(self._reference, CODEC, MOST_BPS)

    @property
    def groups(self) -> Groups:
        return self._browser.groups


async def join(side: Side, family: Family, reference: str) -> Joined:
    """Both come to a visit of its own, and it begins."""
    link = side.book(reference, BOOKED_S)
    await family.open("about:blank")
    await family.open(link)
    await family.enter_lobby()
    await side.ready()
    await asyncio.sleep(AT_REST_S)
    return await side.join()


async def visit(
    side: Side, family: Family, reference: str, length: Length, *, whole: bool
) -> dict[str, Any]:
    """One visit, joined and left; all but joining is measured in a whole one."""
    joined = await join(side, family, reference)
    found: dict[str, Any] = {
        "join_ms": round(joined.seen_s * 1000),
        "join_said_ms": round(joined.said_s * 1000),
    }
    if whole:
        await asyncio.sleep(length.settle_s)
        found |= await cost(side, family, length.measure_s)
        ages = ages_ms(await side.watched(length.watch_s))
        found["age_p50_ms"], found["age_p95_ms"] = (spread(ages)[part] for part in ("p50", "p95"))
    await side.leave()
    return found | {"load": round(os.getloadavg()[0], 1)}


async def cost(side: Side, family: Family, for_s: Seconds) -> dict[str, Any]:
    """Of the processor and of memory, and what flowed for it."""
    groups = side.groups
    flow = Flow(family)
    await flow.begin()
    percent = await cpu_percent_of(groups, for_s)
    flows = await flow.end()
    pss_mb = pss_mb_of(groups)
    return {
        "cpu_percent": percent["counted"],
        "cpu_tree_percent": round(sum(percent.values()), 1),
        "pss_tree_mb": round(sum(pss_mb.values()), 1),
        "pss_mb": pss_mb["counted"],
        **flows,
    }


class Flow:
    """What goes through a visit meanwhile, as the family's browser counts it."""

    def __init__(self, family: Family) -> None:
        self._family = family

    async def begin(self) -> None:
        self._before, self._began_s = await self._counted(), CLOCK.monotonic()

    async def end(self) -> dict[str, Any]:
        after, passed_s = await self._counted(), CLOCK.monotonic() - self._began_s
        ways = {"sends": "inbound-rtp", "gets": "outbound-rtp"}  # to the family's browser
        flows = {
            way: flowed(self._before[type_], after[type_], passed_s) for way, type_ in ways.items()
        }
        return {
            "whole_pictures": all(map(is_whole, flows.values())),
            "codec": after["inbound-rtp"]["codec"],
            **flows,
        }

    async def _counted(self) -> dict[str, dict[str, Any]]:
        counted: dict[str, dict[str, Any]] = await self._family.page.evaluate("() => counted()")
        return counted


def is_whole(flow: Mapping[str, Any]) -> bool:
    """Whether all of the picture was sent; less would be cheap."""
    return tuple(flow["size_px"]) == SIZE_PX and flow["fps"] >= LEAST_FPS


@dataclass(frozen=True)
class Sides:
    """The terminal, the browser in its place, who visits them, and the browser's version."""

    terminal: TerminalSide
    browser: BrowserSide
    family: Family
    version: str

    @property
    def by_name(self) -> dict[str, Side]:
        return {"terminal": self.terminal, "chromium": self.browser}


@asynccontextmanager
async def both_sides(
    of_program: Mapping[str, Mapping[str, str]] | None = None,
) -> AsyncIterator[Sides]:
    """`of_program` adds to the environment of single programs of the terminal."""
    async with AsyncExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory(dir="/dev/shm")))
        film, voice = place / "film.y4m", place / "voice.wav"
        write_camera_film(film, SIZE_PX)
        write_voice(voice)
        sound = await stack.enter_async_context(PrivateSound())
        family = await stack.enter_async_context(Family())
        await family.page.add_init_script(family_script())
        terminal = await stack.enter_async_context(
            terminal_side(LOGS, sound.environment, film, of_program or {})
        )
        memory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-glass-")))
        display = VirtualDisplay(memory=memory)
        await display.start()
        stack.push_async_callback(display.stop)
        prison = await stack.enter_async_context(Prison())
        browser = await stack.enter_async_context(
            KioskBrowser(display, Glass(memory), sound.environment, film, voice)
        )
        await browser.listen(prison)
        in_its_place = BrowserSide(browser, prison)
        yield Sides(terminal, in_its_place, family, await browser.version())


def write_voice(file: Path) -> None:
    """What the sound server's microphone hears, for the browser's."""
    with wave.open(str(file), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE_HZ)
        out.writeframes(_voice().tobytes())


async def measured(length: Length) -> dict[str, Any]:
    shutil.rmtree(LOGS, ignore_errors=True)
    runs: dict[str, list[dict[str, Any]]] = {"terminal": [], "chromium": []}
    async with both_sides() as sides:
        for number in range(length.visits + length.joins):
            for name, side in sides.by_name.items():
                whole, reference = number < length.visits, f"bench-{number}"
                found = await visit(side, sides.family, reference, length, whole=whole)
                runs[name].append(found)
                print(number, name, runs[name][-1], file=sys.stderr, flush=True)
    return {
        "chromium_version": sides.version,
        **{name: {**summary(each), "visits": each} for name, each in runs.items()},
    }


def summary(visits: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The middle of each figure, and the worst. What a visit costs is of those with whole pictures,
    if there are any."""
    of_whole = [each for each in visits if each.get("whole_pictures")]
    found: dict[str, Any] = {"whole_visits": len(of_whole), "worst": {}}
    for name in visits[0]:
        among = of_whole if of_whole and name.startswith(("cpu", "pss")) else visits
        values = [each[name] for each in among if isinstance(each.get(name), int | float)]
        if values and name != "whole_pictures":
            found[name] = round(statistics.median(values), 1)
            found["worst"][name] = max(values)
    return found


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.bench.bench_visit")
    parser.add_argument("--quick", action="store_true", help="in two minutes, to see that it works")
    parser.add_argument("--table", action="store_true", help="as the one table has it: all")
    options = parser.parse_args()
    publish("visit", asyncio.run(measured(QUICK if options.quick else Length())))
