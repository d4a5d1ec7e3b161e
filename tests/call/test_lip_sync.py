"""A real browser flashes and beeps at once: that it is seen and heard at once, though late."""

import asyncio
import statistics
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import numpy
import pytest
from aiortc import (
    MediaStreamTrack,
    RTCConfiguration,
    RTCPeerConnection,
    RTCRtpReceiver,
    RTCSessionDescription,
)
from aiortc.mediastreams import MediaStreamError
from aiortc.rtp import RtpPacket
from av import VideoFrame
from playwright.async_api import Page, async_playwright

from kiosk.call.backlog import bound_receiver, bound_track
from kiosk.call.ear import Ear
from kiosk.call.flow import Flow
from kiosk.call.lips import LipSync
from kiosk.call.reception import Reception
from kiosk.call.sound import BLOCK, RATE_HZ
from tests.call.chromium import FLAGS
from tests.call.kit import CLOCK, now_s

LATE_S = 0.2
SETTLED_S = 8.0
"""The browser's first report comes within five seconds, and then sound is slowed down."""

BEEPS = 7
NOTICED_S = 0.08

_PAGE = """<!doctype html><canvas id="film" width="320" height="240"></canvas><script>
let film;
async function ready() {
  const canvas = document.getElementById("film"), pen = canvas.getContext("2d");
  const context = new AudioContext({ sampleRate: 48000 });
  const tone = new OscillatorNode(context, { frequency: 600 });
  const level = new GainNode(context, { gain: 0 });
  const destination = context.createMediaStreamDestination();
  tone.connect(level).connect(destination);
  tone.start();
  await context.resume();
  setInterval(() => {
    const on = Date.now() % 1000 < 150;
    level.gain.value = on ? 0.5 : 0;
    pen.fillStyle = on ? "#fff" : "#000";
    pen.fillRect(0, 0, 320, 240);
  }, 1000 / 60);
  film = canvas.captureStream(30);
  film.addTrack(destination.stream.getAudioTracks()[0]);
}
async function answer(offer) {
  const peer = new RTCPeerConnection();
  await peer.setRemoteDescription({ type: "offer", sdp: offer });
  for (const track of film.getTracks()) peer.addTrack(track, film);
  await peer.setLocalDescription(await peer.createAnswer());
  if (peer.iceGatheringState !== "complete")
    await new Promise((done) => { peer.onicegatheringstatechange = () => {
      if (peer.iceGatheringState === "complete") done(); }; });
  return peer.localDescription.sdp;
}
</script>"""


@dataclass
class Onsets:
    """The moments at which something began."""

    at_s: list[float] = field(default_factory=list)
    _on: bool = False

    def see(self, on: bool) -> None:
        if on and not self._on:
            self.at_s.append(now_s())
        self._on = on


class Terminal:
    """Ear and reception in one connection, as a call has them."""

    def __init__(self) -> None:
        self.peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        lips = LipSync()
        self._ear = Ear(Flow(call=1), CLOCK)
        self._ear.listen_to(self.peer.addTransceiver("audio", "recvonly").receiver, lips)
        self.pictures = self.peer.addTransceiver("video", "recvonly").receiver
        bound_receiver(self.pictures)
        self.reception = Reception(self.pictures, lips)
        self.peer.on("track", self._take)
        self.flashes, self.beeps = Onsets(), Onsets()
        self._looking: list[asyncio.Task[None]] = []

    async def play(self, until_s: float) -> None:
        """As a sound device does, that wants a block each 10 ms."""
        next_s = now_s()
        while next_s < until_s:
            block = self._ear.take()
            self.beeps.see(bool(numpy.abs(block).max() > 3000))
            next_s += BLOCK / RATE_HZ
            await asyncio.sleep(max(0.0, next_s - now_s()))

    async def close(self) -> None:
        self.reception.close()
        await self.peer.close()
        await asyncio.gather(*self._looking)

    def _take(self, track: MediaStreamTrack) -> None:
        if track.kind == "video":
            bound_track(track)
            self._looking.append(asyncio.create_task(self._look(track)))

    async def _look(self, track: MediaStreamTrack) -> None:
        try:
            while isinstance(picture := await track.recv(), VideoFrame):
                luminance = numpy.frombuffer(memoryview(picture.planes[0]), numpy.uint8)
                self.flashes.see(bool(luminance[len(luminance) // 2] > 128))
        except MediaStreamError:
            return


def delayed(receiver: RTCRtpReceiver, by_s: float) -> None:
    """Have everything for this receiver come later."""
    loop = asyncio.get_running_loop()
    handle: Callable[..., Awaitable[None]] = receiver._handle_rtp_packet

    async def later(packet: RtpPacket, arrival_time_ms: int) -> None:
        async def now() -> None:
            await handle(packet, arrival_time_ms=arrival_time_ms)

        loop.call_later(by_s, lambda: loop.create_task(now()))

    receiver._handle_rtp_packet = later  # type: ignore[method-assign]


@asynccontextmanager
async def flashing() -> AsyncIterator[Page]:
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(
            executable_path="/usr/bin/chromium", headless=True, args=list(FLAGS)
        )
        try:
            page = await chromium.new_page()
            await page.route(
                "**/*", lambda route: route.fulfill(body=_PAGE, content_type="text/html")
            )
            await page.goto("http://localhost/")
            await page.evaluate("() => ready()")
            yield page
        finally:
            await chromium.close()


@pytest.mark.slow
async def test_a_sound_waits_for_its_picture() -> None:
    async with flashing() as page:
        terminal = Terminal()
        delayed(terminal.pictures, LATE_S)
        await terminal.peer.setLocalDescription(await terminal.peer.createOffer())
        answer = await page.evaluate("(o) => answer(o)", terminal.peer.localDescription.sdp)
        await terminal.peer.setRemoteDescription(RTCSessionDescription(answer, "answer"))
        since_s = now_s() + SETTLED_S
        await terminal.play(since_s + BEEPS)
        flashes = [at_s for at_s in terminal.flashes.at_s if at_s > since_s]
        apart_s = [
            min((beep_s - flash_s for beep_s in terminal.beeps.at_s), key=abs)
            for flash_s in flashes
        ]
        await terminal.close()
    assert len(apart_s) >= BEEPS - 2
    assert abs(statistics.median(apart_s)) < NOTICED_S
