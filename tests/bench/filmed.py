"""A browser's picture that says when it was made, sent to a terminal or to another browser."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

import numpy
from av import VideoFrame
from playwright.async_api import Page

from tests.bench import marker
from tests.bench.film import Size
from tests.bench.pages import page_text
from tests.call.chromium import pages

STEADY: Final = (
    "--disable-background-timer-throttling",
    "--disable-renderer-backgrounding",
    "--disable-backgrounding-occluded-windows",
)
"""Each of several pages runs as if it were the one that is looked at."""


class Studio:
    """A page that sends its film to whoever offers, and looks at what it is sent."""

    def __init__(self, page: Page) -> None:
        self._page = page

    async def answer(self, name: str, offer: str, most_bps: int | None = None) -> str:
        given = [name, offer, most_bps]
        sdp: str = await self._page.evaluate("([n, o, b]) => answer(n, o, b)", given)
        return sdp

    async def offer(self, name: str, *kinds: str) -> str:
        """To be sent these kinds of media; pictures alone when none is named."""
        given = [name, kinds or ("video",)]
        sdp: str = await self._page.evaluate("([n, k]) => offer(n, k)", given)
        return sdp

    async def take(self, name: str, answer: str) -> None:
        await self._page.evaluate("([n, s]) => take(n, s)", [name, answer])

    async def stats(self, name: str, type_: str, kind: str = "video") -> dict[str, Any]:
        """The browser's own counters (W3C webrtc-stats)."""
        given = [name, type_, kind]
        found: dict[str, Any] = await self._page.evaluate("([n, t, k]) => stats(n, t, k)", given)
        return found

    async def seen(self, name: str) -> list[tuple[int, int]]:
        """When pictures were shown and when they were made, in ms."""
        pairs: list[tuple[int, int]] = await self._page.evaluate("(n) => seen[n] || []", name)
        return pairs

    async def heard(self, name: str) -> list[float]:
        """How loud each 10 ms of their sound was; full scale is 1."""
        blocks: list[float] = await self._page.evaluate("(n) => heard[n] || []", name)
        return blocks

    async def close(self, name: str) -> None:
        await self._page.evaluate("(n) => close(n)", name)


@asynccontextmanager
async def studios(count: int, size_px: Size = (640, 480)) -> AsyncIterator[list[Studio]]:
    """That many pages, of one Chromium, with a film of this size."""
    async with pages(page_text("studio.html"), *STEADY, count=count) as made:
        for page in made:
            await page.evaluate("([w, h]) => ready(w, h)", size_px)
        yield [Studio(page) for page in made]


def made_ms(picture: VideoFrame) -> int:
    """When it was painted, as its top row says."""
    plane = picture.planes[0]
    rows = numpy.frombuffer(memoryview(plane), numpy.uint8).reshape(-1, plane.line_size)
    return marker.made_ms(rows, picture.width)
