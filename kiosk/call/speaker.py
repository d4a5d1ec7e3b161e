"""The loudspeaker, which asks for sound when it is about to play it."""

import threading
from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy

from kiosk.call.ear import Ear
from kiosk.call.flow import Flow
from kiosk.call.opus import Samples
from kiosk.call.sound import BLOCK_BYTES, PortAudio
from kiosk.clock import Clock

SILENCE: Final = bytes(BLOCK_BYTES)


class Speaker:
    """A device for a Keeper that plays what its ears hear, while sound may flow."""

    name: Final = "speaker"

    def __init__(self, device: str, port_audio: PortAudio, flow: Flow, clock: Clock) -> None:
        self._device = device
        self._port_audio = port_audio
        self._flow = flow
        self._clock = clock
        self._ears: tuple[Ear, ...] = ()

    def ear(self) -> Ear:
        """One more, for one stream of sound."""
        ear = Ear(self._flow, self._clock)
        self._ears = (*self._ears, ear)
        return ear

    def forget(self) -> None:
        """Be without ears."""
        self._ears = ()

    def work(self, stop: threading.Event, works: Callable[[], None]) -> None:
        """See `keeper.Device`."""
        self._port_audio.run("output", self._device, self._fill, stop, works)

    def interrupt(self) -> None:
        """Every wait in `work` is for `stop`."""

    def _fill(self, block: Any) -> None:
        ears = self._ears
        if self._flow.their_sound:
            sound = mixed([ear.take() for ear in ears])
            block[:] = sound if self._flow.their_sound else SILENCE
        else:
            for ear in ears:
                ear.forget()
            block[:] = SILENCE


def mixed(sounds: Sequence[Samples]) -> bytes:
    """All of these blocks together; what is too loud is clipped."""
    if not sounds:
        return SILENCE
    if len(sounds) == 1:
        return sounds[0].tobytes()
    total = numpy.sum(sounds, axis=0, dtype=numpy.int32)
    return total.clip(-32768, 32767).astype(numpy.int16).tobytes()
