"""A visitor whose browser is aiortc in the test's own process."""

import asyncio
import fractions
import math
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import numpy
from aiortc import (
    MediaStreamTrack,
    RTCConfiguration,
    RTCPeerConnection,
    RTCRtpSender,
    RTCSessionDescription,
    VideoStreamTrack,
)
from aiortc.mediastreams import MediaStreamError
from aiortc.rtp import is_rtcp
from av import AudioFrame, VideoFrame

from tests.call.kit import PATIENCE_S, now_s

RATE_HZ = 48_000
SAMPLES = RATE_HZ // 50


class Picture(VideoStreamTrack):
    """A bright bar that moves."""

    async def recv(self) -> VideoFrame:
        pts, time_base = await self.next_timestamp()
        planes = numpy.full((720, 640), 128, numpy.uint8)
        planes[:480] = 60
        planes[:480, (pts // 1500) % 600 :][:, :40] = 220
        picture = VideoFrame.from_ndarray(planes, format="yuv420p")
        picture.pts, picture.time_base = pts, time_base
        return picture


class Tone(MediaStreamTrack):
    """A steady tone, at 0.2 of full scale RMS."""

    kind = "audio"

    def __init__(self) -> None:
        super().__init__()
        at = numpy.arange(SAMPLES)
        wave = numpy.sin(2 * math.pi * 400 * at / RATE_HZ) * 0.2 * math.sqrt(2) * 32767
        self._wave = wave.astype(numpy.int16).repeat(2).tobytes()
        self._sent = 0
        self._began_s = 0.0

    async def recv(self) -> AudioFrame:
        self._began_s = self._began_s or now_s()
        await asyncio.sleep(max(0.0, self._began_s + self._sent / 50 - now_s()))
        frame = AudioFrame(format="s16", layout="stereo", samples=SAMPLES)
        frame.planes[0].update(self._wave)
        frame.sample_rate = RATE_HZ
        frame.pts, frame.time_base = self._sent * SAMPLES, fractions.Fraction(1, RATE_HZ)
        self._sent += 1
        return frame


class Visitor:
    """Answers an offer, and counts what comes."""

    def __init__(self, pictures_as: str | None = None) -> None:
        """`pictures_as` is the only format of pictures that this visitor knows; all when None."""
        self._peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self._pictures_as = pictures_as
        self._peer.on("track", self._take)
        self._readers: list[asyncio.Task[None]] = []
        self.pictures: list[float] = []
        self.brightness = 0.0
        self._loudness: deque[float] = deque(maxlen=25)
        self.sounds = 0
        self.packets: list[float] = []
        self.asked_for_picture = 0
        self._loses_picture = False
        self._news = asyncio.Event()

    @property
    def state(self) -> str:
        """What the visitor's side thinks of the connection."""
        return self._peer.connectionState

    @property
    def hears_voice(self) -> bool:
        """Whether there was a syllable in the last half second."""
        return max(self._loudness, default=0.0) > 0.02

    @property
    def loudness(self) -> float:
        """Of the last half second, packet by packet; full scale is 1."""
        return sum(self._loudness) / max(1, len(self._loudness))

    @property
    def hears_silence(self) -> bool:
        """Whether nothing but the codec's own last bit was in the last half second."""
        return len(self._loudness) == 25 and max(self._loudness) < 2 / 32768

    async def answer(self, offer: str) -> str:
        await self._peer.setRemoteDescription(RTCSessionDescription(offer, "offer"))
        if self._pictures_as is not None:
            self._know_only(self._pictures_as)
        self._peer.addTrack(Picture())
        self._peer.addTrack(Tone())
        await self._peer.setLocalDescription(await self._peer.createAnswer())
        for transceiver in self._peer.getTransceivers():
            if self._loses_picture and transceiver.kind == "video":
                self._lose_picture(transceiver.sender)
            ice = transceiver.sender.transport.transport._connection
            for protocol in ice._protocols:
                if not hasattr(protocol, "watched"):
                    self._watch_packets(protocol)
        return self._peer.localDescription.sdp

    async def offer(self) -> str:
        """Offer sound as Opus and picture, as a media server does that lets nobody else offer them."""
        sound, _ = [self._peer.addTransceiver(track, "sendonly") for track in (Tone(), Picture())]
        codecs = RTCRtpSender.getCapabilities("audio").codecs
        sound.setCodecPreferences([codec for codec in codecs if codec.mimeType == "audio/opus"])
        await self._peer.setLocalDescription(await self._peer.createOffer())
        return self._peer.localDescription.sdp

    async def answered(self, answer: str) -> None:
        await self._peer.setRemoteDescription(RTCSessionDescription(answer, "answer"))

    def _know_only(self, mime: str) -> None:
        for transceiver in self._peer.getTransceivers():
            if transceiver.kind == "video":
                transceiver._codecs = [c for c in transceiver._codecs if c.mimeType == mime]

    async def until(self, condition: object, patience_s: float = PATIENCE_S) -> None:
        """Wait until `condition()` holds; it is looked at whenever something comes."""
        assert callable(condition)
        async with asyncio.timeout(patience_s):
            while not condition():
                self._news.clear()
                await self._news.wait()

    async def sees(self, count: int = 1) -> None:
        """Wait for that many pictures from now on."""
        goal = len(self.pictures) + count
        await self.until(lambda: len(self.pictures) >= goal)

    async def hears(self, count: int = 1) -> None:
        """Wait for that many packets of sound from now on."""
        goal = self.sounds + count
        await self.until(lambda: self.sounds >= goal)

    def send_only_first_packet(self) -> None:
        """Lose all of our picture but its very first packet; to be called before `answer`."""
        self._loses_picture = True

    def _lose_picture(self, sender: RTCRtpSender) -> None:
        send, ask = sender.transport._send_rtp, sender._send_keyframe
        begun = False

        async def lose(data: bytes) -> None:
            nonlocal begun
            source = int.from_bytes(data[8:12], "big")
            of_picture = not is_rtcp(data) and source in (sender._ssrc, sender._rtx_ssrc)
            if not (of_picture and begun):
                await send(data)
            begun |= of_picture

        def asked() -> None:
            self.asked_for_picture += 1
            self._news.set()
            ask()

        sender.transport._send_rtp = lose  # type: ignore[method-assign]
        sender._send_keyframe = asked  # type: ignore[method-assign]

    def fall_silent(self) -> None:
        """Send nothing any more, not even a goodbye."""
        for transceiver in self._peer.getTransceivers():
            for protocol in transceiver.sender.transport.transport._connection._protocols:
                protocol.transport.sendto = lambda *_: None  # type: ignore[method-assign]

    async def close(self) -> None:
        await self._peer.close()
        for reader in self._readers:
            reader.cancel()
        await asyncio.gather(*self._readers, return_exceptions=True)

    def _watch_packets(self, protocol: object) -> None:
        real = protocol.datagram_received  # type: ignore[attr-defined]

        def received(data: bytes, address: tuple[str, int]) -> None:
            self.packets.append(now_s())
            real(data, address)

        protocol.datagram_received = received  # type: ignore[attr-defined]
        protocol.watched = True  # type: ignore[attr-defined]

    def _take(self, track: MediaStreamTrack) -> None:
        work = self._look(track) if track.kind == "video" else self._listen(track)
        self._readers.append(asyncio.create_task(work))

    async def _look(self, track: MediaStreamTrack) -> None:
        while isinstance(picture := await _next(track), VideoFrame):
            self.pictures.append(now_s())
            self.brightness = float(
                numpy.frombuffer(memoryview(picture.planes[0]), numpy.uint8).mean()
            )
            self._news.set()

    async def _listen(self, track: MediaStreamTrack) -> None:
        while isinstance(sound := await _next(track), AudioFrame):
            samples = sound.to_ndarray().astype(numpy.float64)
            self._loudness.append(float(numpy.sqrt(numpy.mean(samples**2))) / 32768)
            self.sounds += 1
            self._news.set()


async def _next(track: MediaStreamTrack) -> object:
    try:
        return await track.recv()
    except MediaStreamError:
        return None


@asynccontextmanager
async def visiting(pictures_as: str | None = None) -> AsyncIterator[Visitor]:
    visitor = Visitor(pictures_as)
    try:
        yield visitor
    finally:
        await visitor.close()
