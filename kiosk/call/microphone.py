"""What the microphone hears, in blocks that wait for whoever sends them."""

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from typing import Any, Final

from kiosk.call.sound import BLOCK_BYTES, PortAudio

FRAME_BYTES: Final = 2 * BLOCK_BYTES
"""20 ms, the usual packet of Opus."""

_MOST_BLOCKS: Final = 8
"""What waits longer than 80 ms is old."""


class Microphone:
    """A device for a Keeper, read by one track."""

    name: Final = "microphone"

    def __init__(self, device: str, port_audio: PortAudio, loop: asyncio.AbstractEventLoop) -> None:
        self._device = device
        self._port_audio = port_audio
        self._loop = loop
        self._blocks: deque[bytes] = deque(maxlen=_MOST_BLOCKS)
        self._awaited = False
        self._news = asyncio.Event()

    def work(self, stop: threading.Event, works: Callable[[], None]) -> None:
        """See `keeper.Device`."""
        self._port_audio.run("input", self._device, self._take, stop, works)

    def interrupt(self) -> None:
        """Every wait in `work` is for `stop`."""

    def forget(self) -> None:
        self._blocks.clear()

    async def read(self) -> bytes:
        """The next 20 ms, as soon as they are heard; never returns while no microphone works."""
        while len(self._blocks) < 2:
            self._news.clear()
            self._awaited = True
            await self._news.wait()
        return self._blocks.popleft() + self._blocks.popleft()

    def _take(self, block: Any) -> None:
        self._blocks.append(bytes(block))
        if self._awaited:
            self._awaited = False
            self._loop.call_soon_threadsafe(self._news.set)
