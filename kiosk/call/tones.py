"""The gentle sounds of the terminal's own, by their keys: each a few soft notes, none of them long.

What each of them means is also written on the screen.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, TypeAlias

import numpy

from kiosk.call.opus import Samples
from kiosk.call.sound import RATE_HZ
from kiosk.clock import Seconds

Notes: TypeAlias = tuple[tuple[float, Seconds], ...]
"""Each with its pitch in Hz, and how long it is."""

_LOUD: Final = 0.22
"""Of what is possible: heard beside a voice, and no fright in a quiet hall."""

_FADE_S: Final[Seconds] = 0.03

TONES: Final[Mapping[str, Notes]] = MappingProxyType(
    {
        "tone_10": ((523.25, 0.35),),
        "tone_5": ((523.25, 0.25), (523.25, 0.35)),
        "tone_2": ((587.33, 0.25), (493.88, 0.35)),
        "tone_1": ((587.33, 0.22), (493.88, 0.22), (392.0, 0.35)),
        "tone_count": ((440.0, 0.12),),
        "tone_end": ((392.0, 0.25), (329.63, 0.4)),
        "tone_message": ((659.25, 0.15), (783.99, 0.25)),
        "tone_test": ((392.0, 0.3), (523.25, 0.3), (659.25, 0.5)),
    }
)


def tone(key: str) -> Samples | None:
    """The sound, mono at RATE_HZ, 16 bit; None for a key that has none."""
    notes = TONES.get(key)
    return None if notes is None else numpy.concatenate([_note(*note) for note in notes])


def _note(pitch_hz: float, length_s: Seconds) -> Samples:
    """It swells and fades: a sound that is cut clicks."""
    at_s = numpy.arange(round(length_s * RATE_HZ)) / RATE_HZ
    shape = numpy.minimum(1, numpy.minimum(at_s, at_s[::-1]) / _FADE_S)
    wave = numpy.sin(2 * numpy.pi * pitch_hz * at_s) * shape * _LOUD
    return (wave * 32767).astype(numpy.int16)
