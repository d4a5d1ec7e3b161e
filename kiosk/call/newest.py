"""The newest picture of the camera: one slot, filled by its thread, emptied by whoever sends."""

import asyncio

from av import VideoFrame


class Newest:
    """Older pictures are forgotten, so that nobody who is slow sends the past."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._picture: VideoFrame | None = None
        self._number = 0
        self._news = asyncio.Event()

    def put(self, picture: VideoFrame) -> None:
        """Called by the camera's thread."""
        self._loop.call_soon_threadsafe(self._take, picture)

    def forget(self) -> None:
        """The camera sees nothing any more; called by its thread."""
        self._loop.call_soon_threadsafe(self._drop)

    async def wait(self, number: int) -> None:
        """Until there is a picture beyond `number`."""
        while self.after(number) is None:
            await self._news.wait()

    def after(self, number: int) -> tuple[int, VideoFrame] | None:
        """The newest picture and its number, where that is beyond `number`."""
        if self._picture is None or self._number <= number:
            return None
        return self._number, self._picture

    def _take(self, picture: VideoFrame) -> None:
        self._picture = picture
        self._number += 1
        self._news.set()
        self._news = asyncio.Event()

    def _drop(self) -> None:
        self._picture = None
