"""The loudspeaker, and the little that waits before it to even out the network."""

import threading
from collections import deque
from collections.abc import Callable
from typing import Any, Final

from kiosk.call.flow import Flow
from kiosk.call.sound import BLOCK_BYTES, PortAudio

FIRST_BLOCKS: Final = 4
"""Playing begins, and begins again after a gap, when 40 ms wait."""

MOST_BLOCKS: Final = 20
"""No more than 200 ms ever wait; then the oldest are left out, down to what playing begins with."""

SILENCE: Final = bytes(BLOCK_BYTES)


class Playout:
    """Sound between two threads: the event loop puts, the sound device takes, nobody waits."""

    def __init__(self) -> None:
        self._blocks: deque[bytes] = deque()
        self._rest = b""
        self._plays = False

    def put(self, sound: bytes) -> None:
        """Add sound of any length, mono, 16 bit."""
        sound = self._rest + sound
        whole = len(sound) // BLOCK_BYTES * BLOCK_BYTES
        self._blocks.extend(sound[at : at + BLOCK_BYTES] for at in range(0, whole, BLOCK_BYTES))
        self._rest = sound[whole:]
        if len(self._blocks) > MOST_BLOCKS:
            while len(self._blocks) > FIRST_BLOCKS:
                self._next()

    def take(self) -> bytes:
        """The next block; silence while too little waits."""
        self._plays = bool(self._blocks) and (self._plays or len(self._blocks) >= FIRST_BLOCKS)
        return self._next() if self._plays else SILENCE

    def clear(self) -> None:
        self._blocks.clear()
        self._rest = b""

    def _next(self) -> bytes:
        try:
            return self._blocks.popleft()
        except IndexError:  # the other thread was quicker
            return SILENCE


class Speaker:
    """A device for a Keeper that plays what `put` gets, while sound may flow."""

    name: Final = "speaker"

    def __init__(self, device: str, port_audio: PortAudio, flow: Flow) -> None:
        self._device = device
        self._port_audio = port_audio
        self._flow = flow
        self._playout = Playout()

    def put(self, sound: bytes) -> None:
        if self._flow.their_sound:
            self._playout.put(sound)

    def forget(self) -> None:
        self._playout.clear()

    def work(self, stop: threading.Event, works: Callable[[], None]) -> None:
        """See `keeper.Device`."""
        self._port_audio.run("output", self._device, self._fill, stop, works)

    def interrupt(self) -> None:
        """Every wait in `work` is for `stop`."""

    def _fill(self, block: Any) -> None:
        sound = self._playout.take()
        block[:] = sound if self._flow.their_sound else SILENCE
