"""The loudspeaker, which asks for sound when it is about to play it."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy

from kiosk.call.ear import Ear
from kiosk.call.flow import Flow
from kiosk.call.opus import Samples
from kiosk.call.sound import BLOCK, BLOCK_BYTES
from kiosk.clock import Clock

SILENCE: Final = bytes(BLOCK_BYTES)


class Speaker:
    """Plays what its ears hear, while sound may flow, and at any time what the terminal itself says."""

    def __init__(self, flow: Flow, clock: Clock) -> None:
        self._flow = flow
        self._clock = clock
        self._ears: tuple[Ear, ...] = ()
        self._said: Iterator[Samples] = iter(())
        self.has_to_say = False
        """Whether something of the terminal's own is not played to its end."""

    def say(self, sound: Samples) -> None:
        """Play this beside what is heard, instead of what was being said."""
        self._said = _blocks(sound)
        self.has_to_say = True

    def hush(self) -> None:
        """Say no more."""
        self._said = iter(())
        self.has_to_say = False

    def ear(self) -> Ear:
        """One more, for one stream of sound."""
        ear = Ear(self._flow, self._clock)
        self._ears = (*self._ears, ear)
        return ear

    def forget(self) -> None:
        """Be without ears."""
        self._ears = ()

    def fill(self, block: Any) -> bytes:
        """Called with each block that the device is about to play; what is in it then."""
        ears = self._ears
        sound = SILENCE
        if self._flow.their_sound:
            sound = mixed([ear.take() for ear in ears])
            if not self._flow.their_sound:
                sound = SILENCE
        else:
            for ear in ears:
                ear.forget()
        if self.has_to_say:
            sound = self._with_own(sound)
        sound = louder(sound, self._flow.gain)
        block[:] = sound
        return sound

    def _with_own(self, sound: bytes) -> bytes:
        said = next(self._said, None)
        if said is None:
            self.has_to_say = False
            return sound
        return mixed([numpy.frombuffer(sound, numpy.int16), said])


def _blocks(sound: Samples) -> Iterator[Samples]:
    """Of one callback each; the last is filled up with silence."""
    whole = numpy.pad(sound, (0, -len(sound) % BLOCK))
    return iter(whole.reshape(-1, BLOCK))


def louder(sound: bytes, gain: float) -> bytes:
    """The same block `gain` times as loud; what is too loud is clipped."""
    if gain == 1.0 or sound is SILENCE:
        return sound
    samples = numpy.frombuffer(sound, numpy.int16) * numpy.float32(gain)
    return samples.clip(-32768, 32767).astype(numpy.int16).tobytes()


def mixed(sounds: Sequence[Samples]) -> bytes:
    """All of these blocks together; what is too loud is clipped."""
    if not sounds:
        return SILENCE
    if len(sounds) == 1:
        return sounds[0].tobytes()
    total = numpy.sum(sounds, axis=0, dtype=numpy.int32)
    return total.clip(-32768, 32767).astype(numpy.int16).tobytes()
