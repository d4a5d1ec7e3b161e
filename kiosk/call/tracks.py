"""Our camera and microphone as aiortc's tracks: one of each for every connection.

A connection stops its tracks when it fails, so that none may hold the device itself.
"""

import asyncio
import contextlib
from fractions import Fraction
from typing import Final

from aiortc import MediaStreamTrack
from aiortc.mediastreams import MediaStreamError
from av import AudioFrame, VideoFrame
from av.video.frame import PictureType

from kiosk.call.camera import TIME_BASE
from kiosk.call.flow import Flow
from kiosk.call.microphone import FRAME_BYTES, Microphone
from kiosk.call.newest import Newest
from kiosk.call.sound import RATE_HZ
from kiosk.clock import Clock, Seconds

BLACK_EVERY_S: Final[Seconds] = 0.5
"""While there is no picture to send, a black one shows that the line is up."""

FRAME_S: Final[Seconds] = 0.020
LATE_S: Final[Seconds] = 0.060
"""How late the microphone may be before silence is sent in its place."""


class CameraTrack(MediaStreamTrack):
    """The newest picture, or now and then a black one while pictures may not flow."""

    kind = "video"

    def __init__(self, newest: Newest, flow: Flow, size_px: tuple[int, int], clock: Clock) -> None:
        super().__init__()
        self._newest = newest
        self._flow = flow
        self._size_px = size_px
        self._clock = clock
        self._last = 0
        self._pts = 0
        self._black_at_s: Seconds = 0.0

    async def recv(self) -> VideoFrame:
        """Called by aiortc for each picture."""
        picture = None
        while picture is None:
            if self.readyState != "live":
                raise MediaStreamError
            picture = await self._next()
        self._black_at_s = self._clock.monotonic() + BLACK_EVERY_S
        assert picture.pts is not None
        self._pts = picture.pts = max(picture.pts, self._pts + 1)
        return picture

    async def _next(self) -> VideoFrame | None:
        """The camera's next picture, or a black one when it is time for it."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(max(0.0, self._black_at_s - self._clock.monotonic())):
                await self._newest.wait(self._last)
        # Looked for also then: a picture and its time may both have come in a pause of the program.
        newest = self._newest.after(self._last)
        if newest is None:
            return self._black()
        self._last, picture = newest
        if self._flow.pictures:
            picture.pict_type = PictureType.NONE
            return picture
        return self._black() if self._clock.monotonic() >= self._black_at_s else None

    def _black(self) -> VideoFrame:
        black = VideoFrame(*self._size_px, "yuv420p")
        for plane, value in zip(black.planes, (16, 128, 128), strict=True):
            plane.update(bytes([value]) * plane.buffer_size)
        black.pts = round(self._clock.monotonic() / TIME_BASE)
        black.time_base = TIME_BASE
        return black


class MicrophoneTrack(MediaStreamTrack):
    """20 ms of sound every 20 ms: what the microphone hears, or silence."""

    kind = "audio"

    def __init__(self, microphone: Microphone, flow: Flow, clock: Clock) -> None:
        super().__init__()
        self._microphone = microphone
        self._flow = flow
        self._clock = clock
        self._due_s: Seconds | None = None
        self._samples = 0

    async def recv(self) -> AudioFrame:
        """Called by aiortc for each packet."""
        if self.readyState != "live":
            raise MediaStreamError
        sound = await self._next()
        if not self._flow.our_sound:
            sound = bytes(FRAME_BYTES)
        frame = AudioFrame(format="s16", layout="mono", samples=FRAME_BYTES // 2)
        frame.planes[0].update(sound)
        frame.sample_rate = RATE_HZ
        frame.pts, frame.time_base = self._samples, Fraction(1, RATE_HZ)
        self._samples += frame.samples
        return frame

    async def _next(self) -> bytes:
        now_s = self._clock.monotonic()
        if self._due_s is None:
            self._due_s = now_s
            self._microphone.forget()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(max(0.0, self._due_s + LATE_S - now_s)):
                await self._microphone.wait()
        # Looked for also then: sound and its time may both have come in a pause of the program.
        sound = self._microphone.heard()
        if sound is None:
            # The past is not made up for.
            self._due_s = max(self._due_s + FRAME_S, self._clock.monotonic() - LATE_S)
            return bytes(FRAME_BYTES)
        self._due_s = self._clock.monotonic() + FRAME_S
        return sound
