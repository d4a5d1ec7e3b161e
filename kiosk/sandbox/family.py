"""A family member for demos and tests: Debian's Chromium on the family's page, driven like a person."""

import contextlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from kiosk.errors import KioskError

CHROMIUM = "/usr/bin/chromium"
PATIENCE_MS = 15_000
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream=fps=30",
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
)

_NO_CAMERA = "--use-fake-device-for-media-stream=device-count=0"

_LISTEN = """
(() => {
  const Plain = window.RTCPeerConnection;
  window.connections = [];
  window.RTCPeerConnection = class extends Plain {
    constructor(...settings) { super(...settings); window.connections.push(this); }
  };
})();
"""
"""Remembers each peer connection, so that the browser's own statistics can be read."""

_SOUND = """async () => {
  for (const connection of window.connections.slice().reverse())
    for (const entry of (await connection.getStats()).values())
      if (entry.type === "inbound-rtp" && entry.kind === "audio")
        return [entry.totalAudioEnergy || 0, entry.totalSamplesDuration || 0];
  return null;
}"""

_LAST_PACKET = """async () => {
  let last = null;
  for (const connection of window.connections)
    for (const entry of (await connection.getStats()).values())
      if (entry.type === "inbound-rtp" && entry.lastPacketReceivedTimestamp)
        last = Math.max(last || 0, entry.lastPacketReceivedTimestamp);
  return last;
}"""

_NEVER_HANG_UP = "window.RTCPeerConnection.prototype.close = () => {};"
_NEVER_ANSWER = """() => {
  const calls = window.RTCPeerConnection.prototype;
  calls.createAnswer = calls.createOffer = () => new Promise(() => {});
}"""


@dataclass(frozen=True, slots=True)
class Heard:
    """What the browser heard so far (W3C webrtc-stats): energy and the seconds it was taken over."""

    energy: float
    duration_s: float

    def rms_since(self, earlier: "Heard") -> float:
        """Root mean square of the sound since `earlier`, full scale being 1."""
        duration_s = self.duration_s - earlier.duration_s
        return (
            float(max(0.0, (self.energy - earlier.energy) / duration_s) ** 0.5)
            if duration_s
            else 0.0
        )


SILENCE = Heard(0.0, 0.0)


@contextlib.asynccontextmanager
async def chromium(program: str = CHROMIUM, flags: Sequence[str] = FLAGS) -> AsyncIterator[Browser]:
    """A browser; raises KioskError when there is none."""
    if not Path(program).exists():
        raise KioskError(f"{program} is not there: run `make setup`")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=program, headless=True, args=list(flags)
        )
        try:
            yield browser
        finally:
            await browser.close()


class Family:
    """One browser with a fake camera and microphone."""

    def __init__(
        self,
        *,
        camera: bool = True,
        browser: str = CHROMIUM,
        flags: Sequence[str] = (),
        running: Browser | None = None,
    ) -> None:
        """`browser` starts Chromium, with more `flags` where a trial needs them.

        `running` is one that was started by `chromium`; it serves others as well, and goes on.
        """
        self._program = browser
        self._flags = [*FLAGS, *(() if camera else (_NO_CAMERA,)), *flags]
        self._running = running
        self._stack = contextlib.AsyncExitStack()

    async def __aenter__(self) -> Self:
        """Start the browser; raises KioskError when there is none."""
        try:
            await self._start()
        except BaseException:
            await self._stack.aclose()
            raise
        return self

    async def _start(self) -> None:
        browser = self._running
        if browser is None:
            own = chromium(self._program, self._flags)
            browser = await self._stack.enter_async_context(own)
        self._context: BrowserContext = await browser.new_context(
            viewport={"width": 360, "height": 740}, permissions=["camera", "microphone"]
        )
        self._stack.push_async_callback(self._context.close)
        self._context.set_default_timeout(PATIENCE_MS)
        await self._context.add_init_script(_LISTEN)
        self.page: Page = await self._context.new_page()

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    async def open(self, url: str) -> None:
        """Follow the link from the message."""
        await self.page.goto(url)

    async def close_page(self) -> None:
        """Close the page as one closes a tab; `open` follows the link in a new one."""
        await self.page.close()
        self.page = await self._context.new_page()

    async def enter_lobby(self) -> None:
        """Start, check camera and microphone, go to the waiting room."""
        await self.page.click("#begin")
        await self.page.click("#go:enabled")
        await self.page.wait_for_selector("#lobby:visible, #call:visible")

    async def sees_call(self) -> None:
        """Wait until the picture of the prisoner is on the page."""
        await self.page.wait_for_selector("#call:visible")

    async def sees_end(self) -> str:
        """Wait until the page says that the visit is over; the words it says."""
        await self.page.wait_for_selector("#over:visible")
        return await self.page.inner_text("#over")

    async def heard(self) -> Heard:
        """The sound that came in on the newest connection that has any."""
        values = await self.page.evaluate(_SOUND)
        return Heard(*values) if values else SILENCE

    async def never_hang_up(self) -> None:
        """From the next page load on, keep every connection open whatever the page wants."""
        await self.page.add_init_script(_NEVER_HANG_UP)

    async def never_answer(self) -> None:
        """Until the next page load, leave every offer, and every wish for one, without an answer."""
        await self.page.evaluate(_NEVER_ANSWER)

    async def last_packet_ms(self) -> float | None:
        """When the last media packet came in, in UTC since 1970; None before the first."""
        last: float | None = await self.page.evaluate(_LAST_PACKET)
        return last

    async def save_picture(self, path: Path) -> None:
        await self.page.screenshot(path=path)
