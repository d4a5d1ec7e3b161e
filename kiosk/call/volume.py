"""How loud each step of loudness is."""

from typing import Final

_GAINS: Final = (0.25, 0.5, 1.0, 1.6, 2.5)
"""From -12 dB to +8 dB, the third as it comes. At the loudest only shouts are clipped."""


def gain_of(step: int) -> float:
    """By how much sound is louder at a step from 1 to 5; what is outside is the nearest of them."""
    return _GAINS[min(max(step, 1), len(_GAINS)) - 1]
