"""Sound devices through PortAudio: found by name, opened, and watched while they are open."""

import logging
import threading
from collections.abc import Callable
from typing import Any, Final, Literal, TypeAlias

import sounddevice

from kiosk.clock import Seconds
from kiosk.errors import CallError

RATE_HZ: Final = 48_000
BLOCK: Final = 480
"""Samples of a callback: 10 ms."""

BLOCK_BYTES: Final = BLOCK * 2
"""Mono, 16 bit."""

_NONE: Final = "none"
_DEFAULT: Final = "default"

_STALLED_S: Final[Seconds] = 2.0
_LATENCY_S: Final[Seconds] = 0.03

Callback: TypeAlias = Callable[[Any], None]
"""Fills or reads one block, given as a writable buffer, in PortAudio's thread; must never wait."""

Direction: TypeAlias = Literal["input", "output"]

log = logging.getLogger(__name__)


class PortAudio:
    """The library. Its list of devices is as old as its initialisation, which no stream survives."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._streams = 0
        self._stale = False

    def run(
        self,
        direction: Direction,
        name: str,
        callback: Callback,
        stop: threading.Event,
        works: Callable[[], None],
    ) -> None:
        """Keep the device `name` open, `callback` being called for each block, until `stop` is set.

        Raises CallError when it is not there, can not be opened, or ceases to work.
        """
        if name == _NONE:
            raise CallError("this terminal has none")
        stream = _Stream(direction, callback)
        try:
            self._open(stream, name)
            works()
            stream.watch(stop)
        except (sounddevice.PortAudioError, ValueError) as error:
            raise CallError(f"{name}: {error.args[0]}") from error
        finally:
            self._close(stream, fit=stop.is_set())

    def _open(self, stream: "_Stream", name: str) -> None:
        with self._lock:
            self._streams += 1
            if self._stale and self._streams == 1:
                sounddevice._terminate()  # noqa: SLF001 - the one way to see what was plugged in
                sounddevice._initialize()  # noqa: SLF001
                self._stale = False
            stream.open(name)

    def _close(self, stream: "_Stream", fit: bool) -> None:
        stream.close()
        with self._lock:
            self._streams -= 1
            self._stale |= not fit


class _Stream:
    """One device, open at `RATE_HZ`, mono, 16 bit."""

    def __init__(self, direction: Direction, callback: Callback) -> None:
        self._direction = direction
        self._callback = callback
        self._blocks = 0
        self._finished = threading.Event()
        self._stream: Any = None

    def open(self, name: str) -> None:
        if name == _DEFAULT and sounddevice.default.device[self._direction] < 0:
            raise CallError("there is no sound device")
        kind = (
            sounddevice.RawInputStream
            if self._direction == "input"
            else sounddevice.RawOutputStream
        )
        self._stream = kind(
            samplerate=RATE_HZ,
            blocksize=BLOCK,
            device=None if name == _DEFAULT else name,
            channels=1,
            dtype="int16",
            latency=_LATENCY_S,
            callback=self._block,
            finished_callback=self._finished.set,
        )
        self._stream.start()

    def watch(self, stop: threading.Event) -> None:
        """Until `stop`. Raises CallError when the device ends, or goes on without doing anything."""
        blocks = -1
        while not stop.wait(_STALLED_S):
            if self._finished.is_set() or self._blocks == blocks:
                raise CallError("the sound device does not work any more")
            blocks = self._blocks

    def close(self) -> None:
        if self._stream is not None:
            self._stream.abort()
            self._stream.close()

    def _block(self, block: Any, _samples: int, _time: Any, _status: Any) -> None:
        self._blocks += 1
        self._callback(block)
