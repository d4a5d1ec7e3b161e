"""Turns I420 pictures into RGBA on the processor, for machines without a GPU (ITU-R BT.601)."""

from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from kiosk.wire.frames import Frame

Rgba: TypeAlias = NDArray[np.uint8]

# Of a full-range signal: red from v, green from u and v, blue from u.
_RED_V = 1.402
_GREEN_U = -0.344136
_GREEN_V = -0.714136
_BLUE_U = 1.772
_LIMITED_Y = 255 / 219
_LIMITED_C = 255 / 224


class RgbaPicture:
    """Converts pictures into one buffer that is kept while their size stays the same."""

    def __init__(self) -> None:
        self._rgba: Rgba = np.empty((0, 0, 4), dtype=np.uint8)

    def convert(self, frame: Frame, *, half: bool = False) -> Rgba:
        """Rows from the top, 4 bytes a pixel; `half` for half of each side, where it will be small.

        The array is overwritten by the next call.
        """
        light, red_v, green_u, green_v, blue_u = _tables(frame.full_range)
        y, u, v = _planes(frame)
        rows, columns = u.shape if half else y.shape
        if self._rgba.shape[:2] != (rows, columns):
            self._rgba = np.full((rows, columns, 4), 255, dtype=np.uint8)
        red, blue = red_v[v], blue_u[u]
        green = green_u[u]
        green += green_v[v]
        for down, across in ((0, 0),) if half else ((0, 0), (0, 1), (1, 0), (1, 1)):
            part = light[y[down::2, across::2]]
            out = self._rgba if half else self._rgba[down::2, across::2]
            height, width = part.shape
            for channel, shift in enumerate((red, green, blue)):
                np.clip(
                    part + shift[:height, :width], 0, 255, out=out[..., channel], casting="unsafe"
                )
        return self._rgba


def _planes(frame: Frame) -> tuple[Rgba, Rgba, Rgba]:
    chroma = ((frame.height + 1) // 2, (frame.width + 1) // 2)
    return (
        np.frombuffer(frame.y, np.uint8).reshape(frame.height, frame.width),
        np.frombuffer(frame.u, np.uint8).reshape(chroma),
        np.frombuffer(frame.v, np.uint8).reshape(chroma),
    )


@lru_cache(maxsize=2)
def _tables(full_range: bool) -> tuple[NDArray[np.int16], ...]:
    """What each value of a plane adds to a colour."""
    value = np.arange(256, dtype=np.float64)
    light = value if full_range else (value - 16) * _LIMITED_Y
    colour = (value - 128) * (1 if full_range else _LIMITED_C)
    parts = (light, colour * _RED_V, colour * _GREEN_U, colour * _GREEN_V, colour * _BLUE_U)
    return tuple(np.rint(part).astype(np.int16) for part in parts)
