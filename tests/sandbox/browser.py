"""A real Chromium as the family's phone and as the officer's desk, and a real terminal's media."""

import asyncio
import fractions
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from weakref import WeakKeyDictionary

import numpy
from aiortc import (
    MediaStreamTrack,
    RTCConfiguration,
    RTCPeerConnection,
    RTCSessionDescription,
    VideoStreamTrack,
)
from aiortc.mediastreams import AudioStreamTrack, MediaStreamError
from av import AudioFrame, VideoFrame
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
    "--disable-features=WebRtcHideLocalIpsWithMdns",
]
FAKE_DEVICES = [
    "--use-fake-device-for-media-stream=fps=30",
    "--use-fake-ui-for-media-stream",
]

KEEP_EVERYTHING = """
window.connections = [];
window.sockets = [];
window.own = [];
window.asked = 0;
const keep = (Real, kept) => class extends Real {
  constructor(...given) { super(...given); kept.push(this); }
};
window.RTCPeerConnection = keep(window.RTCPeerConnection, window.connections);
window.WebSocket = keep(window.WebSocket, window.sockets);
const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = async (wanted) => {
  window.asked += 1;
  const stream = await ask(wanted);
  window.own.push(...stream.getTracks());
  return stream;
};
"""
"""Runs before the page: keeps every connection, socket and track that the page ever gets.

`asked` counts how often the page asked for a camera or a microphone.
"""

PATIENCE_S = 15.0
NOTHING = 40
"""A picture no brighter is black (which is 16), a sound no louder is silence as Opus tells it."""

_FAULTS = WeakKeyDictionary[Page, list[str]]()


@asynccontextmanager
async def chromium(*flags: str) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM, headless=True, args=[*FLAGS, *flags]
        )
        try:
            yield browser
        finally:
            await browser.close()


async def phone(browser: Browser) -> BrowserContext:
    """A phone of its own: nothing is shared with another one."""
    context = await browser.new_context(
        viewport={"width": 360, "height": 740}, device_scale_factor=2
    )
    await context.add_init_script(KEEP_EVERYTHING)
    return context


async def open_page(context: BrowserContext, url: str) -> Page:
    page = await context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on(
        "console",
        lambda said: faults.append(said.text) if said.type in ("error", "warning") else None,
    )
    _FAULTS[page] = faults
    await page.goto(url)
    return page


def faults_of(page: Page) -> list[str]:
    """What the browser complained of: errors of scripts, of the policy, of missing parts."""
    return _FAULTS[page]


class Pattern(VideoStreamTrack):
    """A moving picture."""

    async def recv(self) -> VideoFrame:
        pts, time_base = await self.next_timestamp()
        picture = numpy.full((480, 640, 3), (pts // 3000) % 256, numpy.uint8)
        picture[:, : (pts // 1000) % 640] = (90, 160, 200)
        frame = VideoFrame.from_ndarray(picture, format="rgb24")
        frame.pts, frame.time_base = pts, fractions.Fraction(time_base)
        return frame


class TerminalMedia:
    """The terminal's side of one call: offers, takes the answer, counts and measures what comes.

    One that does not send answers what a media server offers.
    """

    def __init__(self, *, sends: bool = True) -> None:
        self._peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        if sends:
            self._peer.addTrack(Pattern())
            self._peer.addTrack(AudioStreamTrack())
        self._peer.on("track", self._take)
        self._readers: list[asyncio.Task[None]] = []
        self.answer = ""
        self.heights_px: set[int] = set()
        self.received = {"audio": 0, "video": 0}
        self._strongest = {"audio": 0, "video": 0}
        self._news = asyncio.Event()

    async def offer(self) -> str:
        await self._peer.setLocalDescription(await self._peer.createOffer())
        return self._peer.localDescription.sdp

    async def answer_to(self, sdp: str) -> str:
        await self._peer.setRemoteDescription(RTCSessionDescription(sdp, "offer"))
        await self._peer.setLocalDescription(await self._peer.createAnswer())
        return self._peer.localDescription.sdp

    async def answered(self, sdp: str) -> None:
        self.answer = sdp
        await self._peer.setRemoteDescription(RTCSessionDescription(sdp, "answer"))

    async def until_received(self, kind: str, count: int, patience_s: float = PATIENCE_S) -> None:
        """Wait for that many frames from now on."""
        goal = self.received[kind] + count
        async with asyncio.timeout(patience_s):
            while self.received[kind] < goal:
                self._news.clear()
                await self._news.wait()

    async def until_nothing_is_in(self, kind: str, count: int) -> None:
        """Wait for that many frames on end without a sound, or without a picture."""
        await self._until_strongest(kind, count, lambda strength: strength < NOTHING)

    async def until_something_is_in(self, kind: str, count: int) -> None:
        """Wait for that many frames with a sound or a picture among them."""
        await self._until_strongest(kind, count, lambda strength: strength >= NOTHING)

    async def _until_strongest(self, kind: str, count: int, fits: Callable[[int], bool]) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while True:
                self._strongest[kind] = 0
                await self.until_received(kind, count)
                if fits(self._strongest[kind]):
                    return

    async def until_closed(self) -> None:
        """Wait until the other side has hung up."""
        closed = asyncio.Event()

        def look() -> None:
            if self._peer.connectionState == "closed":
                closed.set()

        self._peer.on("connectionstatechange", look)
        look()
        await asyncio.wait_for(closed.wait(), PATIENCE_S)

    async def close(self) -> None:
        await self._peer.close()
        for reader in self._readers:
            reader.cancel()
        await asyncio.gather(*self._readers, return_exceptions=True)

    def _take(self, track: MediaStreamTrack) -> None:
        self._readers.append(asyncio.create_task(self._count(track)))

    async def _count(self, track: MediaStreamTrack) -> None:
        while True:
            try:
                frame = await track.recv()
            except MediaStreamError:
                return
            self.received[track.kind] += 1
            if isinstance(frame, VideoFrame):
                self.heights_px.add(frame.height)
            self._strongest[track.kind] = max(self._strongest[track.kind], _strength(frame))
            self._news.set()


def _strength(frame: object) -> int:
    """The brightest point of a picture, or the loudest sample of a sound."""
    if isinstance(frame, VideoFrame):
        return int(frame.to_ndarray(format="gray").max())
    assert isinstance(frame, AudioFrame)
    return int(numpy.abs(frame.to_ndarray().astype(int)).max())
