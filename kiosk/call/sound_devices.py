"""Microphone and speaker: in step where both are there, each for itself where one is not."""

import logging
import threading
from collections import deque
from collections.abc import Callable
from typing import Any, Final, Literal, Protocol

from kiosk.call.keeper import RETRY_S, Tell
from kiosk.call.microphone import Microphone
from kiosk.call.settings import Audio
from kiosk.call.sound import Callback
from kiosk.call.speaker import SILENCE, Speaker
from kiosk.clock import Clock, Seconds
from kiosk.errors import CallError
from kiosk.wire.messages import MediaDevice

_LOOK_S: Final[Seconds] = 0.1
"""How often it is seen to whether the devices work."""

_SETTLE_S: Final[Seconds] = 0.5
"""For so long udev may be about a device that was plugged in."""

_NONE: Final = "none"

_MOST_PLAYED: Final = 3
"""Blocks that wait for the microphone. An echo is never heard so soon, nor may it be: the
canceller knows no echo of what is still to come."""

log = logging.getLogger(__name__)


class Stream(Protocol):
    """Open devices."""

    def check(self, now_s: Seconds) -> None:
        """Raises CallError when they do not work."""

    def close(self) -> None: ...


class SoundLibrary(Protocol):
    """Who opens devices."""

    def open(self, microphone: str | None, speaker: str | None, callback: Callback) -> Stream:
        """Raises CallError when that can not be."""

    def look_again(self) -> None:
        """No device is open: see what is there now."""

    def plugged(self) -> frozenset[str]:
        """What the kernel has."""


class SoundDevices:
    """A device for a Keeper.

    What falls apart stays apart until the devices are opened anew: for the next visit, or when
    something is plugged in while one is down.
    """

    parts: Final = ("microphone", "speaker")

    def __init__(
        self,
        audio: Audio,
        microphone: Microphone,
        speaker: Speaker,
        library: SoundLibrary,
        clock: Clock,
    ) -> None:
        self._input = audio.input
        self._output = audio.output
        self._microphone = microphone
        self._speaker = speaker
        self._library = library
        self._clock = clock
        self._played: deque[bytes] = deque(maxlen=_MOST_PLAYED)
        self._is_stale = False

    def work(self, stop: threading.Event, tell: Tell) -> None:
        """See `keeper.Device`."""
        self._microphone.begin()
        self._played.clear()
        if self._is_stale:
            self._library.look_again()
            self._is_stale = False
        plugged = self._library.plugged()
        if _NONE not in (self._input, self._output):
            self._work_in_step(stop, tell)
        if not stop.is_set():
            self._is_stale = {self._input, self._output} != {_NONE}
            self._work_apart(plugged, stop, tell)

    def interrupt(self) -> None:
        """Every wait in `work` is for `stop`."""

    def _work_in_step(self, stop: threading.Event, tell: Tell) -> None:
        try:
            stream = self._library.open(self._input, self._output, self._block)
        except CallError as error:
            log.info("microphone and speaker are not used in step: %s", error)
            return
        for part in self.parts:
            tell(MediaDevice(part, up=True))
        try:
            while not stop.wait(_LOOK_S):
                stream.check(self._clock.monotonic())
        except CallError as error:
            log.warning("microphone and speaker are in step no more: %s", error)
        finally:
            stream.close()

    def _work_apart(self, plugged: frozenset[str], stop: threading.Event, tell: Tell) -> None:
        """Until something is new; while neither of them works, that may be anything."""
        halves = [
            _Half("microphone", self._input, lambda name: self._open(name, None), tell),
            _Half("speaker", self._output, lambda name: self._open(None, name), tell),
        ]
        anew_s = self._clock.monotonic() + RETRY_S
        try:
            while not stop.is_set():
                now_s = self._clock.monotonic()
                for half in halves:
                    half.see_to(now_s)
                working = sum(half.works for half in halves)
                if not working and now_s >= anew_s:
                    return
                before, plugged = plugged, self._library.plugged()
                if working < len(halves) and plugged - before:
                    stop.wait(_SETTLE_S)
                    return
                stop.wait(_LOOK_S)
        finally:
            for half in halves:
                half.close()

    def _open(self, microphone: str | None, speaker: str | None) -> Stream:
        return self._library.open(microphone, speaker, self._block)

    def _block(self, heard: Any, to_play: Any) -> None:
        """In the library's thread, or in its two; the microphone gets what is played in its order."""
        if to_play is not None:
            self._played.append(self._speaker.fill(to_play))
        if heard is not None:
            self._microphone.take(heard, self._played.popleft() if self._played else SILENCE)


class _Half:
    """A microphone or a speaker with a stream of its own."""

    def __init__(
        self,
        part: Literal["microphone", "speaker"],
        name: str,
        opens: Callable[[str], Stream],
        tell: Tell,
    ) -> None:
        self._part = part
        self._name = name
        self._opens = opens
        self._tell = tell
        self._stream: Stream | None = None
        self._due_s: Seconds = float("-inf")

    @property
    def works(self) -> bool:
        return self._stream is not None

    def see_to(self, now_s: Seconds) -> None:
        """Open it when that is due; notice when it ceases to work."""
        try:
            if self._stream is not None:
                self._stream.check(now_s)
            elif now_s >= self._due_s:
                self._open()
        except CallError as error:
            self.close()
            self._due_s = now_s + RETRY_S
            self._tell(MediaDevice(self._part, up=False, reason=str(error)))

    def close(self) -> None:
        if self._stream is not None:
            self._stream.close()
            self._stream = None

    def _open(self) -> None:
        if self._name == _NONE:
            raise CallError("this terminal has none")
        self._stream = self._opens(self._name)
        self._tell(MediaDevice(self._part, up=True))
