"""A track that gives pictures of something that moves."""

import asyncio

from aiortc import MediaStreamTrack
from av import VideoFrame

from kiosk.call.camera import TIME_BASE
from tests.call.moving import moving


class Shown(MediaStreamTrack):
    """Gives the pictures that it is told, at once."""

    kind = "video"

    def __init__(self) -> None:
        super().__init__()
        self._pictures = moving((640, 480), 8)
        self._number = 0

    async def recv(self) -> VideoFrame:
        picture = self._pictures[self._number % 8]
        picture.pts, picture.time_base = self._number * 3000, TIME_BASE
        self._number += 1
        return picture


class Paced(Shown):
    """The same at thirty a second."""

    async def recv(self) -> VideoFrame:
        await asyncio.sleep(1 / 30)
        return await super().recv()
