"""Sound devices through PortAudio: found by name, opened, and watched while they are open."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

import sounddevice

from kiosk.call.alsa import must_open
from kiosk.clock import Seconds
from kiosk.errors import CallError

RATE_HZ: Final = 48_000
BLOCK: Final = 480
"""Samples of a callback: 10 ms."""

BLOCK_BYTES: Final = BLOCK * 2
"""Mono, 16 bit."""

_DEFAULT: Final = "default"
_NODES: Final = Path("/dev/snd")

_STALLED_S: Final[Seconds] = 2.0
_LATENCY_S: Final[Seconds] = 0.03

_LATE_S: Final[Seconds] = 0.15
"""So long only a sound server lets a microphone wait for the speaker that it is in step with."""

Callback: TypeAlias = Callable[[Any, Any], None]
"""Takes the block that was heard and fills the one to play, both buffers, in PortAudio's thread.

A stream without a microphone or without a speaker gives None for it. It must never wait.
"""


class PortAudio:
    """The library, for one thread."""

    def open(self, microphone: str | None, speaker: str | None, callback: Callback) -> "Stream":
        """Raises CallError when a device is not there or can not be opened."""
        return Stream(microphone, speaker, callback)

    def look_again(self) -> None:
        """See what was plugged in since it was initialised; no stream may be open."""
        sounddevice._terminate()  # noqa: SLF001 - there is no other way
        sounddevice._initialize()  # noqa: SLF001

    def plugged(self) -> frozenset[str]:
        """Changes when the kernel finds a sound device or loses one."""
        return frozenset(node.name for node in _NODES.iterdir()) if _NODES.is_dir() else frozenset()


class Stream:
    """One device, or microphone and speaker in step: at `RATE_HZ`, mono, 16 bit."""

    def __init__(self, microphone: str | None, speaker: str | None, callback: Callback) -> None:
        self._callback = callback
        self._blocks = 0
        self._blocks_seen: tuple[int, Seconds] | None = None
        self._late_s: Seconds = 0.0
        self._finished = threading.Event()
        try:
            self._stream = self._opened(microphone, speaker)
            self._start()
        except (sounddevice.PortAudioError, ValueError) as error:
            names = " and ".join(name for name in (microphone, speaker) if name is not None)
            raise CallError(f"{names}: {error.args[0]}") from error

    def check(self, now_s: Seconds) -> None:
        """Raises CallError when it has ended, goes on without doing anything, or is behind."""
        if self._blocks_seen is None or self._blocks_seen[0] != self._blocks:
            self._blocks_seen = (self._blocks, now_s)
        if self._finished.is_set() or now_s - self._blocks_seen[1] >= _STALLED_S:
            raise CallError("the sound device does not work any more")
        if self._late_s > _LATE_S:
            raise CallError("what the microphone hears comes late")

    def close(self) -> None:
        self._stream.abort()
        self._stream.close()

    def _opened(self, microphone: str | None, speaker: str | None) -> Any:
        kind: Any
        device: Any
        callback: Any
        if microphone is not None and speaker is not None:
            kind, callback = sounddevice.RawStream, self._both
            device = (_device(microphone, "input"), _device(speaker, "output"))
        elif microphone is not None:
            kind, callback = sounddevice.RawInputStream, self._heard
            device = _alone(microphone, "input")
        else:
            assert speaker is not None
            kind, callback = sounddevice.RawOutputStream, self._to_play
            device = _alone(speaker, "output")
        return kind(
            samplerate=RATE_HZ,
            blocksize=BLOCK,
            device=device,
            channels=1,
            dtype="int16",
            latency=_LATENCY_S,
            callback=callback,
            finished_callback=self._finished.set,
        )

    def _start(self) -> None:
        try:
            self._stream.start()
        except sounddevice.PortAudioError:
            self._stream.close()
            raise

    def _both(self, heard: Any, to_play: Any, _samples: int, times: Any, _status: Any) -> None:
        self._late_s = times.currentTime - times.inputBufferAdcTime
        self._block(heard, to_play)

    def _heard(self, heard: Any, _samples: int, _times: Any, _status: Any) -> None:
        self._block(heard, None)

    def _to_play(self, to_play: Any, _samples: int, _times: Any, _status: Any) -> None:
        self._block(None, to_play)

    def _block(self, heard: Any, to_play: Any) -> None:
        self._blocks += 1
        self._callback(heard, to_play)


def _alone(name: str, direction: Literal["input", "output"]) -> str | None:
    """One that may be opened beside another; raises CallError also where ALSA does not open it."""
    device = _device(name, direction)
    must_open(device, direction)
    return device


def _device(name: str, direction: Literal["input", "output"]) -> str | None:
    """As sounddevice wants it. Raises CallError when there is none to be the default."""
    if name != _DEFAULT:
        return name
    if sounddevice.default.device[direction] < 0:
        raise CallError("there is no sound device")
    return None
