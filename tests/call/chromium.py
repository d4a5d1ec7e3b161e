"""A visitor in a real Chromium, on a page that only answers offers."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from playwright.async_api import Page, async_playwright

FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--use-fake-device-for-media-stream=fps=30",
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
    "--disable-features=WebRtcHideLocalIpsWithMdns",
)

_PAGE = """<!doctype html><video id="theirs" autoplay playsinline></video><script>
let peer, own;
async function ready() {
  own = await navigator.mediaDevices.getUserMedia(
    { audio: true, video: { width: 640, height: 480, frameRate: 30 } });
}
async function answer(offer) {
  if (peer) peer.close();
  peer = new RTCPeerConnection();
  peer.ontrack = (event) => { document.getElementById("theirs").srcObject = event.streams[0]; };
  await peer.setRemoteDescription({ type: "offer", sdp: offer });
  for (const track of own.getTracks()) peer.addTrack(track, own);
  await peer.setLocalDescription(await peer.createAnswer());
  if (peer.iceGatheringState !== "complete")
    await new Promise((done) => { peer.onicegatheringstatechange = () => {
      if (peer.iceGatheringState === "complete") done(); }; });
  return peer.localDescription.sdp;
}
async function inbound(kind) {
  for (const entry of (await peer.getStats()).values())
    if (entry.type === "inbound-rtp" && entry.kind === kind) return { ...entry };
  return {};
}
async function line() {
  for (const entry of (await peer.getStats()).values())
    if (entry.type === "candidate-pair" && entry.availableOutgoingBitrate)
      return entry.availableOutgoingBitrate;
  return 0;
}
async function first_line() {
  for (;;) { const bps = await line(); if (bps) return bps; }
}
</script>"""


class Browser:
    """The page, camera and microphone open."""

    def __init__(self, page: Page) -> None:
        self._page = page

    async def answer(self, offer: str) -> str:
        sdp: str = await self._page.evaluate("(offer) => answer(offer)", offer)
        return sdp

    async def inbound(self, kind: str) -> dict[str, Any]:
        """The browser's own statistics of what it gets (W3C webrtc-stats, inbound-rtp)."""
        stats: dict[str, Any] = await self._page.evaluate("(kind) => inbound(kind)", kind)
        return stats

    async def line_bps(self) -> float:
        """What the browser believes its way to us to carry (availableOutgoingBitrate)."""
        bps: float = await self._page.evaluate("() => line()")
        return bps

    async def first_line_bps(self) -> float:
        """The same before it has learned anything: to be asked before anybody sends."""
        bps: float = await self._page.evaluate("() => first_line()")
        return bps


@asynccontextmanager
async def pages(
    text: str, *flags: str, count: int = 1, scripts: Path | None = None
) -> AsyncIterator[list[Page]]:
    """So many of this text, each by itself in one Chromium; what they import is among `scripts`.

    A page of a local host may use camera and microphone, and no server is needed for it.
    """

    def served(url: str) -> dict[str, str]:
        if scripts is not None and url.endswith(".js"):
            script = (scripts / url.rpartition("/")[2]).read_text(encoding="utf-8")
            return {"body": script, "content_type": "text/javascript"}
        return {"body": text, "content_type": "text/html"}

    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(
            executable_path="/usr/bin/chromium", headless=True, args=[*FLAGS, *flags]
        )
        try:
            made = []
            for _ in range(count):
                page = await (await chromium.new_context()).new_page()
                await page.route("**/*", lambda route: route.fulfill(**served(route.request.url)))
                await page.goto("http://localhost/")
                made.append(page)
            yield made
        finally:
            await chromium.close()


@asynccontextmanager
async def browsing() -> AsyncIterator[Browser]:
    async with pages(_PAGE) as (page,):
        await page.evaluate("() => ready()")
        yield Browser(page)
