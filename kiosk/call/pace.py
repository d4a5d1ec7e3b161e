"""Sound made a little shorter or longer, so that nobody hears it: by whole periods of what sounds.

A piece is put over itself, one period off, where it is most like itself (WSOLA, Verhelst 1993).
"""

from typing import Final

import numpy
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from kiosk.call.opus import Samples
from kiosk.call.sound import RATE_HZ

MIN_PERIOD: Final = RATE_HZ * 25 // 10_000
"""2.5 ms: no voice is higher than 400 Hz."""

_COARSE: Final = 4
_LIKE: Final = 0.8
_QUIET: Final = 100.0
"""In root mean square; what is quieter is alike enough anywhere."""


def shortened(sound: Samples) -> Samples:
    """Without one of its periods, at most half of it; unchanged where there are none."""
    period = _period(sound)
    if period == 0:
        return sound
    over = len(sound) // 2
    return numpy.concatenate(
        [_faded(sound[:over], sound[period : period + over]), sound[period + over :]]
    )


def lengthened(sound: Samples) -> Samples:
    """With one of its periods twice, at most half as long again; unchanged where there are none."""
    period = _period(sound)
    if period == 0:
        return sound
    over = len(sound) // 2
    return numpy.concatenate(
        [sound[:period], _faded(sound[period : period + over], sound[:over]), sound[over:]]
    )


def _period(sound: Samples) -> int:
    """The shift, of up to half its length, at which its first half is most like it; 0 for none."""
    over = len(sound) // 2
    if over <= MIN_PERIOD:
        return 0
    wave = sound.astype(numpy.float64)
    if numpy.sqrt(numpy.mean(wave**2)) < _QUIET:
        return over
    shifted = sliding_window_view(wave, over)[MIN_PERIOD : len(sound) - over + 1]
    best = _COARSE * int(numpy.argmax(_likeness(wave[:over], shifted[::_COARSE])))
    near = slice(max(0, best - _COARSE), best + _COARSE + 1)
    likeness = _likeness(wave[:over], shifted[near])
    if likeness.max() < _LIKE:
        return 0
    return MIN_PERIOD + near.start + int(numpy.argmax(likeness))


def _likeness(
    wave: NDArray[numpy.float64], others: NDArray[numpy.float64]
) -> NDArray[numpy.float64]:
    """1 for each of the others that has the same shape, less where it has not."""
    lengths = numpy.sqrt((others**2).sum(axis=1) * (wave**2).sum())
    likeness: NDArray[numpy.float64] = others @ wave / numpy.maximum(lengths, 1.0)
    return likeness


def _faded(first: Samples, second: Samples) -> Samples:
    """From the one to the other."""
    share = numpy.linspace(0.0, 1.0, len(first))
    return (first * (1 - share) + second * share).astype(numpy.int16)
