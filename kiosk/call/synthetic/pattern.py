"""A moving test pattern as a camera."""

import itertools
import threading
from collections.abc import Generator

import numpy
from av import VideoFrame
from numpy.typing import NDArray

from kiosk.clock import Clock

BLOCK_PX = 64
STEP_PX = 8
_BARS = ((200, 128, 128), (160, 60, 140), (120, 170, 90), (90, 100, 190), (60, 190, 110))


class Pattern:
    """See `camera.CameraSource`: colour bars, and a bright block that wanders across them."""

    def __init__(self, width_px: int, height_px: int, fps: int, clock: Clock) -> None:
        self._size_px = (width_px, height_px)
        self._fps = fps
        self._clock = clock

    def pictures(self, stop: threading.Event) -> Generator[VideoFrame, None, None]:
        width, height = self._size_px
        bars = _bars(width, height)
        began_s = self._clock.monotonic()
        for number in itertools.count():
            due_s = began_s + number / self._fps
            if stop.wait(max(0.0, due_s - self._clock.monotonic())):
                return
            picture = bars.copy()
            left, top = _there_and_back(number, width), _there_and_back(number, height)
            picture[top : top + BLOCK_PX, left : left + BLOCK_PX] = 235
            yield VideoFrame.from_ndarray(picture, format="yuv420p")

    def interrupt(self) -> None:
        """Every wait here is for `stop`."""


def _bars(width: int, height: int) -> NDArray[numpy.uint8]:
    """Planes of y, u and v below each other, as `VideoFrame.from_ndarray` takes them."""
    colours = numpy.array(_BARS, numpy.uint8)
    y = colours[numpy.arange(width) * len(_BARS) // width, 0]
    chroma = colours[numpy.arange(width // 2) * len(_BARS) // (width // 2)]
    planes = [numpy.tile(y, height)]
    planes += [numpy.tile(chroma[:, plane], height // 2) for plane in (1, 2)]
    return numpy.concatenate(planes).reshape(height * 3 // 2, width)


def _there_and_back(number: int, length: int) -> int:
    room = length - BLOCK_PX
    place = number * STEP_PX % (2 * room)
    return min(place, 2 * room - place)
