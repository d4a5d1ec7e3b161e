"""A terminal and a browser that flash and beep at once: how far apart the other side sees and hears it."""

import asyncio
import statistics
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import numpy
from av import VideoFrame
from playwright.async_api import Page

from kiosk.call.opus import Samples
from kiosk.call.sound import RATE_HZ
from kiosk.clock import Seconds
from tests.bench.figures import CLOCK
from tests.bench.filmed import STEADY
from tests.bench.ours import FPS, OnStage, Scene
from tests.bench.pages import page_text
from tests.bench.relay import Line, relaying
from tests.call.chromium import pages

SETTLED_S: Final[Seconds] = 8.0
"""Chromium's first report comes within five seconds, and then sound is slowed down."""

NOTICED_MS: Final = 80.0
LINES: Final = {"3%/80ms": Line(0.03, 0.04), "5%/150ms": Line(0.05, 0.075)}
WAYS: Final = ("at_terminal", "at_browser")

LASTS_S: Final[Seconds] = 0.15
QUIET_S: Final[Seconds] = 0.3
SIZE_PX: Final = (320, 240)
LOUD: Final = 3000
BRIGHT: Final = 128


@dataclass
class Onsets:
    """The moments at which something began: it was not there for a while."""

    at_s: list[Seconds] = field(default_factory=list)
    _last_s: Seconds = float("-inf")

    def see(self, now_s: Seconds) -> None:
        if now_s - self._last_s > QUIET_S:
            self.at_s.append(now_s)
        self._last_s = now_s


class Terminal(OnStage):
    """The call's own connection."""

    def __init__(self) -> None:
        self._flashes, self._beeps = Onsets(), Onsets()
        super().__init__(Scene(_flash(), _beep()), on_picture=self._see, on_sound=self._hear)

    def onsets_ms(self) -> tuple[list[float], list[float]]:
        """Of flashes and of beeps."""
        flashes, beeps = ([at_s * 1000 for at_s in o.at_s] for o in (self._flashes, self._beeps))
        return flashes, beeps

    def _see(self, picture: VideoFrame) -> None:
        light = numpy.frombuffer(memoryview(picture.planes[0]), numpy.uint8)
        if light[len(light) // 2] > BRIGHT:
            self._flashes.see(CLOCK.monotonic())

    def _hear(self, block: Samples) -> None:
        if numpy.abs(block).max() > LOUD:
            self._beeps.see(CLOCK.monotonic())


def _flash() -> list[VideoFrame]:
    width, height = SIZE_PX
    pictures = []
    for number in range(FPS):
        planes = numpy.full((height * 3 // 2, width), 128, numpy.uint8)
        planes[:height] = 235 if number < LASTS_S * FPS else 16
        pictures.append(VideoFrame.from_ndarray(planes, format="yuv420p"))
    return pictures


def _beep() -> Samples:
    at_s = numpy.arange(RATE_HZ) / RATE_HZ
    tone = 16_000 * numpy.sin(2 * numpy.pi * 600 * at_s)
    return numpy.where(at_s < LASTS_S, tone, 0).astype(numpy.int16)


class Browser:
    """A page that does the same."""

    def __init__(self, page: Page) -> None:
        self._page = page

    async def answer(self, offer: str) -> str:
        sdp: str = await self._page.evaluate("(o) => answer(o)", offer)
        return sdp

    async def onsets_ms(self) -> tuple[list[float], list[float]]:
        """Of flashes and of beeps."""
        flashes, beeps = await self._page.evaluate("() => [flashes.at, beeps.at]")
        return flashes, beeps

    async def close(self) -> None:
        """The next offer is answered as if it were the first."""
        await self._page.evaluate("() => close()")


@asynccontextmanager
async def flashing(count: int = 1) -> AsyncIterator[list[Browser]]:
    async with pages(page_text("flashes.html"), *STEADY, count=count) as made:
        for page in made:
            await page.evaluate("() => ready()")
        yield [Browser(page) for page in made]


async def called(
    browser: Browser,
    line: Line,
    seed: int,
    flashes: int,
    made: Callable[[], Terminal] = Terminal,
) -> dict[str, list[float]]:
    """How much later than each flash the beep was at either side, in ms, once they have settled."""
    terminal = made()
    async with relaying(line, seed) as relay:
        answer = await browser.answer(relay.offer(await terminal.peer.offer()))
        await terminal.peer.take_answer(relay.answer(answer))
        await asyncio.sleep(SETTLED_S + flashes + 1)
        both = (terminal.onsets_ms(), await browser.onsets_ms())
        await browser.close()
        await terminal.close()
    return {way: apart_ms(*onsets, flashes) for way, onsets in zip(WAYS, both, strict=True)}


def apart_ms(flashes: Sequence[float], beeps: Sequence[float], count: int) -> list[float]:
    """Of the last so many flashes, but for the very last, whose beep may still come."""
    if not beeps:
        return []
    return [min((beep - flash for beep in beeps), key=abs) for flash in flashes[-count - 1 : -1]]


async def measured(seeds: int, flashes: int) -> dict[str, Any]:
    """Both lines side by side, seed by seed: each call's middle, and the one of each way that is furthest
    from 0; None where nothing was seen or heard."""
    runs: dict[str, dict[str, list[float]]] = {name: {way: [] for way in WAYS} for name in LINES}
    async with flashing(len(LINES)) as browsers:
        for seed in range(1, seeds + 1):
            calls = (
                called(browser, line, seed, flashes)
                for browser, line in zip(browsers, LINES.values(), strict=True)
            )
            for name, apart in zip(LINES, await asyncio.gather(*calls), strict=True):
                for way, each_ms in apart.items():
                    runs[name][way] += [round(statistics.median(each_ms))] if each_ms else []
    worst = {
        way: max((abs(ms) for line in runs.values() for ms in line[way]), default=None)
        for way in WAYS
    }
    return {**{f"{way}_ms": ms for way, ms in worst.items()}, "each_ms": runs}
