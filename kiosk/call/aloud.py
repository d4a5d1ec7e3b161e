"""Plays a sound of the terminal's own while no call has the loudspeaker."""

import logging
import threading
from collections.abc import Callable
from typing import Any, Final

from kiosk.call.sound_devices import SoundLibrary
from kiosk.call.speaker import Speaker
from kiosk.clock import Seconds
from kiosk.errors import CallError

_LOOK_S: Final[Seconds] = 0.05
_TAIL_S: Final[Seconds] = 0.15
"""What the device still has when it was given the last of a sound."""

_LET_GO_S: Final[Seconds] = 0.5

log = logging.getLogger(__name__)


class Aloud:
    """Opens the loudspeaker alone, and only for as long as a sound lasts: no microphone is open."""

    def __init__(self, output: str, speaker: Speaker, library: Callable[[], SoundLibrary]) -> None:
        self._output = output
        self._speaker = speaker
        self._library = library
        self._stop = threading.Event()
        self._changing = threading.Lock()
        self._is_playing = False
        self._thread: threading.Thread | None = None

    def begin(self) -> None:
        """Play what the speaker has to say; nothing happens while that is so already."""
        with self._changing:
            if self._is_playing or self._output == "none":
                return
            self._is_playing = True
        self._stop = threading.Event()
        self._thread = threading.Thread(
            target=self._play, args=(self._thread, self._stop), name="aloud", daemon=True
        )
        self._thread.start()

    def let_go(self) -> None:
        """Another wants the loudspeaker: be silent, and have it closed when this returns."""
        thread, self._thread = self._thread, None
        if thread is not None:
            self._stop.set()
            self._speaker.hush()
            thread.join(_LET_GO_S)

    def _play(self, before: threading.Thread | None, stop: threading.Event) -> None:
        if before is not None:
            before.join()  # two at a time are one too many for a sound card
        try:
            stream = self._library().open(None, self._output, self._block)
        except CallError as error:
            log.warning("the guide can not be heard: %s", error)
            self._speaker.hush()
            self._is_playing = False
            return
        try:
            while self._goes_on(stop):
                stop.wait(_LOOK_S)
            stop.wait(_TAIL_S)
        finally:
            stream.close()

    def _goes_on(self, stop: threading.Event) -> bool:
        """Who comes after this was said no has the loudspeaker opened anew."""
        with self._changing:
            self._is_playing = self._speaker.has_to_say and not stop.is_set()
            return self._is_playing

    def _block(self, _heard: Any, to_play: Any) -> None:
        self._speaker.fill(to_play)
