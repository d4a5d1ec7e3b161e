"""The moment at which a picture of the film was painted, as its top row tells it."""

from collections.abc import Sequence
from typing import Final

import numpy
from numpy.typing import NDArray

BITS: Final = 20
WRAP_MS: Final = 1 << BITS


def made_ms(light: NDArray[numpy.uint8], width_px: int) -> int:
    """In ms of the wall clock, modulo `WRAP_MS`; `light` are the rows of the luminance plane."""
    block = width_px / BITS
    at = [round((bit + 0.5) * block) for bit in range(BITS)]
    return sum(1 << bit for bit, x in enumerate(at) if light[round(block / 2), x] > 128)


def ages_ms(shown: Sequence[tuple[float, int]]) -> list[float]:
    """How old pictures were; each pair is when one was shown and when it was made."""
    return [(at - made + WRAP_MS / 2) % WRAP_MS - WRAP_MS / 2 for at, made in shown]
