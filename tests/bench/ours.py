"""Our end of a call in a bench: the product's own connection, with what is before its devices."""

import asyncio
import contextlib
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy
from aiortc import MediaStreamTrack
from aiortc.mediastreams import MediaStreamError
from av import VideoFrame

from kiosk.call.camera import TIME_BASE
from kiosk.call.ear import Ear
from kiosk.call.flow import Flow
from kiosk.call.microphone import FRAME_BYTES, Microphone
from kiosk.call.newest import Newest
from kiosk.call.opus import Samples
from kiosk.call.peer import Peer
from kiosk.call.tracks import CameraTrack, MicrophoneTrack
from kiosk.call.voice import Voice
from kiosk.clock import Seconds
from kiosk.wire.messages import Medium
from tests.bench.figures import BLOCK_S, CLOCK

FPS: Final = 30
FRAME_S: Final[Seconds] = 0.02


class Ours:
    """Shows each picture as it comes, and plays a block of sound each 10 ms."""

    def __init__(
        self,
        medium: Medium,
        tracks: Mapping[str, MediaStreamTrack],
        *,
        on_picture: Callable[[VideoFrame], None] = lambda _picture: None,
        on_sound: Callable[[Samples], None] | None = None,
        flow: Flow | None = None,
    ) -> None:
        self._on_picture = on_picture
        self._ear = Ear(flow or Flow(call=1), CLOCK)
        self._tasks: list[asyncio.Task[None]] = []
        self.peer = Peer(
            medium,
            [],
            False,
            tracks,
            Voice(CLOCK),
            self._ear,
            on_change=lambda: None,
            on_track=self._take,
        )
        if on_sound is not None:
            self._tasks.append(asyncio.create_task(self._play(on_sound)))

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.peer.close()

    def _take(self, track: MediaStreamTrack) -> None:
        if track.kind == "video":
            self._tasks.append(asyncio.create_task(self._look(track)))

    async def _look(self, track: MediaStreamTrack) -> None:
        with contextlib.suppress(MediaStreamError):
            while isinstance(picture := await track.recv(), VideoFrame):
                self._on_picture(picture)

    async def _play(self, on_sound: Callable[[Samples], None]) -> None:
        began_s, number = CLOCK.monotonic(), 0
        while True:
            number += 1
            await asyncio.sleep(max(0.0, began_s + number * BLOCK_S - CLOCK.monotonic()))
            on_sound(self._ear.take())


class Scene:
    """Pictures and one second of sound, both of which begin again and again, from the same moment on."""

    def __init__(self, pictures: Sequence[VideoFrame], second: Samples) -> None:
        self._pictures = pictures
        self._began_s = CLOCK.monotonic()
        self._newest = Newest(asyncio.get_running_loop())
        self.flow = flow = Flow(call=1)
        size_px = (pictures[0].width, pictures[0].height)
        self.tracks: Mapping[str, MediaStreamTrack] = {
            "audio": MicrophoneTrack(_Heard(second, self._began_s), flow, CLOCK),
            "video": CameraTrack(self._newest, flow, size_px, CLOCK),
        }
        self._filming = asyncio.create_task(self._film())

    async def close(self) -> None:
        self._filming.cancel()
        await asyncio.gather(self._filming, return_exceptions=True)

    async def _film(self) -> None:
        number = 0
        while True:
            await asyncio.sleep(max(0.0, self._began_s + number / FPS - CLOCK.monotonic()))
            picture = self._pictures[number % len(self._pictures)].reformat(format="yuv420p")
            picture.pts, picture.time_base = round(CLOCK.monotonic() / TIME_BASE), TIME_BASE
            self._newest.put(picture)
            number += 1


class OnStage(Ours):
    """Both ways, with a scene before its camera and microphone."""

    def __init__(
        self,
        scene: Scene,
        *,
        on_picture: Callable[[VideoFrame], None],
        on_sound: Callable[[Samples], None],
    ) -> None:
        self._scene = scene
        super().__init__(
            Medium("sendrecv", "terminal"),
            scene.tracks,
            on_picture=on_picture,
            on_sound=on_sound,
            flow=scene.flow,
        )

    async def close(self) -> None:
        await super().close()
        await self._scene.close()


class _Heard(Microphone):
    """Read by a track as the device would be: each 20 ms when they are over."""

    def __init__(self, second: Samples, began_s: Seconds) -> None:
        self._frames = numpy.split(second, round(1 / FRAME_S))
        assert self._frames[0].nbytes == FRAME_BYTES
        self._began_s = began_s
        self._number = 0

    def forget(self) -> None:
        """What was heard before anybody listened is gone."""
        self._number = int((CLOCK.monotonic() - self._began_s) / FRAME_S)

    async def wait(self) -> None:
        while (left_s := self._over_s() - CLOCK.monotonic()) > 0:
            await asyncio.sleep(left_s)

    def heard(self) -> bytes | None:
        if CLOCK.monotonic() < self._over_s():
            return None
        self._number += 1
        return self._frames[(self._number - 1) % len(self._frames)].tobytes()

    def _over_s(self) -> Seconds:
        return self._began_s + (self._number + 1) * FRAME_S
