"""The family's phone: a Chromium that is four times slower, on the family page's own connection."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from playwright.async_api import Page, async_playwright

from tests.bench import film
from tests.call.chromium import FLAGS
from tests.project import ROOT

SLOWER: Final = 4

_PAGE: Final = """<!doctype html><script type="module">
import { Connection } from "/media.js";
const BLOCK = 480, peers = {}, heard = {};
const SETTINGS = { iceServers: [], relayOnly: false };
const MEASURE = `registerProcessor("loudness", class extends AudioWorkletProcessor {
  constructor() { super(); this.sum = 0; this.count = 0; this.blocks = []; }
  process(inputs) {
    const sound = inputs[0][0] || new Float32Array(128);
    for (const sample of sound) {
      this.sum += sample * sample;
      if (++this.count === ${BLOCK}) {
        this.blocks.push(Math.sqrt(this.sum / ${BLOCK}));
        this.sum = this.count = 0;
      }
    }
    if (this.blocks.length >= 50) { this.port.postMessage(this.blocks); this.blocks = []; }
    return true;
  }
});`;
let devices, context;
window.ready = async () => {
  const camera = await navigator.mediaDevices.getUserMedia(
    { video: { width: 640, height: 480, frameRate: 30 } });
  context = new AudioContext({ sampleRate: 48000 });
  await context.audioWorklet.addModule(
    URL.createObjectURL(new Blob([MEASURE], { type: "text/javascript" })));
  const overtones = new Float32Array([0, 1, 1/2, 1/3, 1/4, 1/5, 1/6, 1/7]);
  const tone = new OscillatorNode(context, { frequency: 150,
    periodicWave: context.createPeriodicWave(new Float32Array(8), overtones) });
  const level = new GainNode(context, { gain: 0.3 });
  const syllables = new OscillatorNode(context, { frequency: 4 });
  syllables.connect(new GainNode(context, { gain: 0.15 })).connect(level.gain);
  const voice = context.createMediaStreamDestination();
  tone.connect(level).connect(voice);
  tone.start(); syllables.start();
  await context.resume();
  devices = { video: camera.getVideoTracks()[0], audio: voice.stream.getAudioTracks()[0] };
};
function listen(name, stream) {
  const video = document.createElement("video");
  video.muted = true; video.autoplay = true; video.srcObject = stream;
  document.body.append(video);
  if (heard[name] || !stream.getAudioTracks().length) return;
  heard[name] = [];
  const ear = new AudioWorkletNode(context, "loudness");
  ear.port.onmessage = (event) => heard[name].push(...event.data);
  context.createMediaStreamSource(new MediaStream(stream.getAudioTracks())).connect(ear);
}
window.answer = async (name, offer, lessData) => {
  const connection = new Connection(1, { ...SETTINGS, lessData }, devices,
    { onmedia: (stream) => listen(name, stream), onstate: () => {} });
  peers[name] = connection._peer;
  setInterval(() => connection.measure(), 1000);
  return connection.answer(offer, true);
};
async function gathered(peer) {
  if (peer.iceGatheringState !== "complete")
    await new Promise((done) => { peer.onicegatheringstatechange = () => {
      if (peer.iceGatheringState === "complete") done(); }; });
  return peer.localDescription.sdp;
}
window.offer = async (name) => {
  const peer = peers[name] = new RTCPeerConnection();
  const all = new MediaStream();
  peer.ontrack = (event) => { all.addTrack(event.track); listen(name, all); };
  for (const track of [devices.audio, devices.video]) peer.addTrack(track, new MediaStream([track]));
  await peer.setLocalDescription(await peer.createOffer());
  return gathered(peer);
};
window.take = (name, sdp) => peers[name].setRemoteDescription({ type: "answer", sdp });
window.stats = async (name) => {
  const found = {};
  for (const entry of (await peers[name].getStats()).values())
    if (["inbound-rtp", "outbound-rtp"].includes(entry.type))
      found[`${entry.type} ${entry.kind}`] = { ...entry };
  return found;
};
window.blocks = (name) => heard[name] || [];
window.hangUp = (name) => { peers[name].close(); delete peers[name]; delete heard[name]; };
window.loaded = true;
</script><body></body>"""


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
    flags = [*FLAGS, f"--use-file-for-fake-video-capture={seen}"]
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(
            executable_path="/usr/bin/chromium", headless=True, args=flags
        )
        try:
            made = []
            for _ in range(count):
                page = await (await chromium.new_context()).new_page()
                await page.route("**/*", lambda route: route.fulfill(**_served(route.request.url)))
                await page.goto("http://localhost/")
                await page.wait_for_function("() => window.loaded")
                await page.evaluate("() => ready()")
                made.append(Phone(page))
            yield made
        finally:
            await chromium.close()


def _served(url: str) -> dict[str, Any]:
    if url.endswith(".js"):
        part = ROOT / "kiosk/sandbox/web" / url.rpartition("/")[2]
        return {"body": part.read_text(), "content_type": "text/javascript"}
    return {"body": _PAGE, "content_type": "text/html"}
