"""A browser's picture that says when it was made, sent to a terminal or to another browser."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

import numpy
from av import VideoFrame
from playwright.async_api import Page, async_playwright

from tests.call.chromium import FLAGS

BITS: Final = 20
WRAP_MS: Final = 1 << BITS

_STEADY: Final = (
    "--disable-background-timer-throttling",
    "--disable-renderer-backgrounding",
    "--disable-backgrounding-occluded-windows",
)

_PAGE: Final = """<!doctype html><canvas id="film" width="640" height="480"></canvas><script>
const BITS = 20, MOST_BPS = 1_000_000, peers = {}, seen = {};
const film = document.getElementById("film"), pen = film.getContext("2d");
const noise = new ImageData(96, 96);
function paint() {
  const now = Date.now(), t = now / 1000;
  const sky = pen.createLinearGradient(0, 0, 640, 480);
  sky.addColorStop(0, "#3a5a7a"); sky.addColorStop(1, "#c0a080");
  pen.fillStyle = sky; pen.fillRect(0, 0, 640, 480);
  pen.fillStyle = "#e0b090"; pen.beginPath();
  pen.ellipse(320 + 60 * Math.sin(t * 1.3), 270 + 20 * Math.sin(t * 2.1), 90, 120, 0, 0, 7);
  pen.fill();
  pen.fillStyle = "#402020"; pen.beginPath();
  pen.ellipse(320 + 60 * Math.sin(t * 1.3), 320, 30, 8 + 8 * Math.sin(t * 9), 0, 0, 7);
  pen.fill();
  for (let at = 0; at < noise.data.length; at += 4) {
    noise.data[at] = noise.data[at + 1] = noise.data[at + 2] = 128 + 40 * Math.random();
    noise.data[at + 3] = 255;
  }
  pen.putImageData(noise, 20, 360);
  for (let bit = 0; bit < BITS; bit++) {
    pen.fillStyle = (now >> bit) & 1 ? "#fff" : "#000";
    pen.fillRect(bit * 32, 0, 32, 32);
  }
}
let stream;
function ready() { stream = film.captureStream(30); setInterval(paint, 1000 / 30); }
async function gathered(peer) {
  if (peer.iceGatheringState !== "complete")
    await new Promise((done) => { peer.onicegatheringstatechange = () => {
      if (peer.iceGatheringState === "complete") done(); }; });
  return peer.localDescription.sdp;
}
async function answer(name, offer) {
  const peer = peers[name] = new RTCPeerConnection();
  await peer.setRemoteDescription({ type: "offer", sdp: offer });
  const sender = peer.addTrack(stream.getVideoTracks()[0], stream);
  await peer.setLocalDescription(await peer.createAnswer());
  const parameters = sender.getParameters();
  parameters.encodings[0].maxBitrate = MOST_BPS;
  await sender.setParameters(parameters);
  return gathered(peer);
}
async function offer(name) {
  const peer = peers[name] = new RTCPeerConnection();
  peer.addTransceiver("video", { direction: "recvonly" });
  peer.ontrack = (event) => watch(name, event.streams[0]);
  await peer.setLocalDescription(await peer.createOffer());
  return gathered(peer);
}
async function take(name, sdp) {
  await peers[name].setRemoteDescription({ type: "answer", sdp });
}
function watch(name, stream) {
  const video = document.createElement("video"), strip = document.createElement("canvas");
  video.muted = true; video.autoplay = true; video.srcObject = stream;
  document.body.append(video);
  strip.width = BITS; strip.height = 1;
  const pen = strip.getContext("2d", { willReadFrequently: true });
  seen[name] = [];
  const look = () => {
    const now = Date.now();
    pen.drawImage(video, 0, 0, video.videoWidth, video.videoWidth / 20, 0, 0, BITS, 1);
    const pixels = pen.getImageData(0, 0, BITS, 1).data;
    let made = 0;
    for (let bit = 0; bit < BITS; bit++) if (pixels[bit * 4] > 128) made |= 1 << bit;
    seen[name].push([now, made]);
    video.requestVideoFrameCallback(look);
  };
  video.requestVideoFrameCallback(look);
}
async function stats(name, type) {
  for (const entry of (await peers[name].getStats()).values())
    if (entry.type === type && entry.kind === "video") return { ...entry };
  return {};
}
function close(name) { peers[name].close(); delete peers[name]; delete seen[name]; }
</script>"""


class Studio:
    """A page that sends its film to whoever offers, and looks at what it is sent."""

    def __init__(self, page: Page) -> None:
        self._page = page

    async def answer(self, name: str, offer: str) -> str:
        sdp: str = await self._page.evaluate("([n, o]) => answer(n, o)", [name, offer])
        return sdp

    async def offer(self, name: str) -> str:
        sdp: str = await self._page.evaluate("(n) => offer(n)", name)
        return sdp

    async def take(self, name: str, answer: str) -> None:
        await self._page.evaluate("([n, s]) => take(n, s)", [name, answer])

    async def stats(self, name: str, kind: str) -> dict[str, Any]:
        found: dict[str, Any] = await self._page.evaluate("([n, k]) => stats(n, k)", [name, kind])
        return found

    async def seen(self, name: str) -> list[tuple[int, int]]:
        """When pictures were shown and when they were made, in ms."""
        pairs: list[tuple[int, int]] = await self._page.evaluate("(n) => seen[n] || []", name)
        return pairs

    async def close(self, name: str) -> None:
        await self._page.evaluate("(n) => close(n)", name)


@asynccontextmanager
async def studios(count: int) -> AsyncIterator[list[Studio]]:
    """That many pages, of one Chromium."""
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(
            executable_path="/usr/bin/chromium", headless=True, args=[*FLAGS, *_STEADY]
        )
        try:
            pages = []
            for _ in range(count):
                context = await chromium.new_context()
                page = await context.new_page()
                await page.route(
                    "**/*", lambda route: route.fulfill(body=_PAGE, content_type="text/html")
                )
                await page.goto("http://localhost/")
                await page.evaluate("() => ready()")
                pages.append(Studio(page))
            yield pages
        finally:
            await chromium.close()


def made_ms(picture: VideoFrame) -> int:
    """When it was painted, as its top row says."""
    plane = picture.planes[0]
    rows = numpy.frombuffer(memoryview(plane), numpy.uint8).reshape(-1, plane.line_size)
    block = picture.width / BITS
    at = [round((bit + 0.5) * block) for bit in range(BITS)]
    return sum(1 << bit for bit, x in enumerate(at) if rows[round(block / 2), x] > 128)
