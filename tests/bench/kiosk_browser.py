"""A Chromium in the terminal's place: in a window of its own on the terminal's kind of screen."""

import asyncio
import contextlib
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Self

import psutil
from playwright.async_api import Page, async_playwright

from kiosk.clock import Seconds
from kiosk.sandbox.display import VirtualDisplay
from kiosk.sandbox.samples import HALL
from tests.bench.figures import CLOCK
from tests.bench.glass import Glass, Joined
from tests.bench.pages import PLACE
from tests.bench.prison import SAM, Prison
from tests.bench.processes import Groups, tree

INSTALLED: Final = Path("/usr/lib/chromium")
START_S: Final[Seconds] = 20.0
JOIN_S: Final[Seconds] = 15.0
LEFT_PX, WIDTH_PX = 107, 1066
"""Of a picture of 4:3 in the middle of the page, as high as that."""

FLAGS: Final = (
    "--kiosk",
    "--no-sandbox",
    "--window-size=1280,800",
    "--window-position=0,0",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-extensions",
    "--disable-sync",
    "--disable-quic",
    "--password-store=basic",
    "--disable-web-security",  # the page comes from a file, not from the service
    "--use-fake-device-for-media-stream=fps=30",
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
    "--disable-features=WebRtcHideLocalIpsWithMdns,Translate",
    "--remote-debugging-port=0",
)


class KioskBrowser:
    """Its own copy of the program, so that it shares no memory with the family's browser."""

    def __init__(
        self,
        display: VirtualDisplay,
        glass: Glass,
        environment: Mapping[str, str],
        film: Path,
        voice: Path,
    ) -> None:
        self._display = display
        self._glass = glass
        self._environment = {**os.environ, **environment, **display.environment}
        self._devices = (
            f"--use-file-for-fake-video-capture={film}",
            f"--use-file-for-fake-audio-capture={voice}",
        )
        self._stack = contextlib.AsyncExitStack()
        self._process: asyncio.subprocess.Process
        self._page: Page

    async def __aenter__(self) -> Self:
        async with contextlib.AsyncExitStack() as stack:
            place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-kiosk-")))
            await asyncio.to_thread(shutil.copytree, INSTALLED, place / "program")
            profile = place / "profile"
            self._process = await asyncio.create_subprocess_exec(
                *(place / "program/chromium", *FLAGS, *self._devices),
                *(f"--user-data-dir={profile}", f"--app={(PLACE / 'kiosk.html').as_uri()}"),
                env=self._environment,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
            )
            stack.push_async_callback(self._end)
            playwright = await stack.enter_async_context(async_playwright())
            port = await self._port(profile / "DevToolsActivePort")
            browser = await playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{port}")
            self._page = browser.contexts[0].pages[0]
            self._stack = stack.pop_all()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    async def _end(self) -> None:
        if self._process.returncode is None:
            self._process.terminate()
        await self._process.wait()

    async def _port(self, file: Path) -> str:
        async with asyncio.timeout(START_S):
            while not file.exists() or not (lines := file.read_text().splitlines()):
                await asyncio.sleep(0.05)
        return lines[0]

    @property
    def groups(self) -> Groups:
        """The process that draws in software here, as no terminal does, and all others."""
        members = tree(self._process.pid)
        draws = [each for each in members if "--type=gpu-process" in _words(each)]
        return {"counted": [each for each in members if each not in draws], "draws": draws}

    async def listen(self, prison: Prison) -> None:
        """Hear what the service orders, as a terminal does all day."""
        service = {"api": prison.addresses.api, "terminal": "bench", "number": SAM, "hall": HALL}
        await self._page.evaluate("(s) => listen(s)", service)

    async def ready(self, reference: str, codec: str, most_bps: int) -> None:
        """All that can be done before the touch."""
        await self._page.evaluate("([r, c, b]) => ready(r, c, b)", [reference, codec, most_bps])

    async def join(self) -> Joined:
        """Touch Join, and wait for the first picture."""
        await self._display.tap(640, 400)
        seen_s = await self._glass.shows_visitor()
        async with asyncio.timeout(JOIN_S):
            touched_ms, handed_ms = await self._page.evaluate("() => joined")
        touched_s = CLOCK.monotonic() - (CLOCK.utc().timestamp() - touched_ms / 1000)
        return Joined(seen_s - touched_s, (handed_ms - touched_ms) / 1000)

    async def watched(self, for_s: Seconds) -> list[tuple[float, int]]:
        """When pictures stood on the glass and when they were made, both in ms of the wall clock."""
        return await self._glass.watched(LEFT_PX, WIDTH_PX, for_s)

    async def leave(self) -> None:
        await self._page.evaluate("() => leave()")

    async def version(self) -> str:
        browser = self._page.context.browser
        assert browser is not None
        return browser.version


def _words(process: psutil.Process) -> list[str]:
    with contextlib.suppress(psutil.NoSuchProcess):
        return process.cmdline()
    return []
