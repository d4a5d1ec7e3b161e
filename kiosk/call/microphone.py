"""What the microphone hears, in blocks that wait for whoever sends them."""

import asyncio
from collections import deque
from typing import Any, Final

import numpy

from kiosk.call.own import mean_square
from kiosk.call.processing import Processing
from kiosk.call.sound import BLOCK_BYTES

FRAME_BYTES: Final = 2 * BLOCK_BYTES
"""20 ms, the usual packet of Opus."""

_MOST_BLOCKS: Final = 8
"""What waits longer than 80 ms is old."""


class Microphone:
    """Filled by the sound device, read by one track."""

    def __init__(self, processing: Processing, loop: asyncio.AbstractEventLoop) -> None:
        self._processing = processing
        self._loop = loop
        self._blocks: deque[bytes] = deque(maxlen=_MOST_BLOCKS)
        self._awaited = False
        self._news = asyncio.Event()
        self._loudest = 0.0

    def begin(self) -> None:
        """The device will be opened; nothing that an earlier one heard is left."""
        self._processing.forget()

    def forget(self) -> None:
        self._blocks.clear()

    def loudest(self) -> float:
        """The mean square of the loudest block since this was last asked, before anything is done to it."""
        loudest, self._loudest = self._loudest, 0.0
        return loudest

    async def wait(self) -> None:
        """Until 20 ms are there; never returns while no microphone works."""
        while len(self._blocks) < 2:
            self._news.clear()
            self._awaited = True
            await self._news.wait()

    def heard(self) -> bytes | None:
        """The oldest 20 ms, where that much has been heard since."""
        if len(self._blocks) < 2:
            return None
        return self._blocks.popleft() + self._blocks.popleft()

    def take(self, heard: Any, played: bytes) -> None:
        """Called with each block that the device heard, and one that the speaker has got."""
        near, far = (numpy.frombuffer(block, numpy.int16) for block in (heard, played))
        self._loudest = max(self._loudest, mean_square(near))
        self._blocks.append(self._processing.clean(near, far).tobytes())
        if self._awaited and len(self._blocks) > 1:  # who waits wants two, and to be woken once
            self._awaited = False
            self._loop.call_soon_threadsafe(self._news.set)
