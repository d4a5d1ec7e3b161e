"""The family's phone: a Chromium that is four times slower, on the family page's own connection."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from playwright.async_api import Page

from tests.bench import film
from tests.bench.pages import page_text
from tests.call.chromium import pages
from tests.project import ROOT

SLOWER: Final = 4
SCRIPTS: Final = ROOT / "kiosk/sandbox/web"


class Phone:
    """A page with a camera that sees something move, and a voice that never pauses."""

    def __init__(self, page: Page) -> None:
        self._page = page

    async def slow_down(self) -> None:
        session = await self._page.context.new_cdp_session(self._page)
        await session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})

    async def answer(self, name: str, offer: str, *, less_data: bool = False) -> str:
        given = [name, offer, less_data]
        sdp: str = await self._page.evaluate("([n, o, l]) => answer(n, o, l)", given)
        return sdp

    async def offer(self, name: str) -> str:
        sdp: str = await self._page.evaluate("(n) => offer(n)", name)
        return sdp

    async def take(self, name: str, answer: str) -> None:
        await self._page.evaluate("([n, s]) => take(n, s)", [name, answer])

    async def stats(self, name: str) -> dict[str, dict[str, Any]]:
        """The browser's own, by type and kind (W3C webrtc-stats)."""
        found: dict[str, dict[str, Any]] = await self._page.evaluate("(n) => stats(n)", name)
        return found

    async def heard(self, name: str) -> list[float]:
        """How loud each 10 ms of their sound was."""
        blocks: list[float] = await self._page.evaluate("(n) => blocks(n)", name)
        return blocks

    async def hang_up(self, name: str) -> None:
        await self._page.evaluate("(n) => hangUp(n)", name)


@asynccontextmanager
async def phones(count: int, directory: Path) -> AsyncIterator[list[Phone]]:
    """That many pages of one Chromium; `directory` gets the film that its camera shows."""
    seen = directory / "film.y4m"
    film.write_camera_film(seen, (640, 480))
    film_flag = f"--use-file-for-fake-video-capture={seen}"
    async with pages(page_text("phone.html"), film_flag, count=count, scripts=SCRIPTS) as made:
        for page in made:
            await page.wait_for_function("() => window.loaded")
            await page.evaluate("() => ready()")
        yield [Phone(page) for page in made]
