"""What stands on a virtual screen, read from the X server's own memory: the same look at all who draw.

The server leaves its screen in a file (Xvfb's -fbdir), in the form of an XWD (XWDFile.h of X11).
"""

import asyncio
import mmap
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy
from numpy.typing import NDArray

from kiosk.clock import Seconds
from tests.bench.figures import CLOCK
from tests.bench.marker import made_ms

SCREEN: Final = "Xvfb_screen0"
LOOK_S: Final[Seconds] = 0.002
PATIENCE_S: Final[Seconds] = 15.0

PATCH: Final = (slice(340, 420, 5), slice(800, 900, 5))
"""Rows and columns where a terminal and a browser have the light wall behind the visitor, and before
that nothing but words on a dark ground."""

LEAST_LIGHT: Final = 90
"""Of 255, for the middle of those pixels."""

_MARKER_ROWS: Final = slice(0, 30)

_HEADER: Final = struct.Struct(">25I")
_WIDTH, _HEIGHT, _BITS, _LINE, _COLOURS = 4, 5, 11, 12, 19
_COLOUR_BYTES: Final = 12


@dataclass(frozen=True)
class Joined:
    """How long it took from the touch to the first picture: on the glass, and as who drew it says."""

    seen_s: Seconds
    said_s: Seconds


class Glass:
    """The pixels of one screen."""

    def __init__(self, place: Path) -> None:
        """`place` is the folder in which the server leaves its memory."""
        with (place / SCREEN).open("rb") as file:
            self._memory = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        header = _HEADER.unpack_from(self._memory)
        assert header[_BITS] == 32
        pixels = numpy.frombuffer(
            self._memory,
            numpy.uint32,
            header[_HEIGHT] * header[_LINE] // 4,
            header[0] + header[_COLOURS] * _COLOUR_BYTES,
        )
        self._pixels: NDArray[numpy.uint32] = pixels.reshape(header[_HEIGHT], -1)

    @property
    def light(self) -> float:
        """The middle of the green where the visitor will be, from 0 to 255."""
        return float(numpy.median(self._pixels[PATCH] >> 8 & 0xFF))

    def colour(self, left: int, top: int) -> int:
        """One pixel, as `0xRRGGBB`."""
        return int(self._pixels[top, left]) & 0xFFFFFF

    async def shows_visitor(self) -> Seconds:
        """When the visitor stands there, by the clock."""
        async with asyncio.timeout(PATIENCE_S):
            while self.light < LEAST_LIGHT:
                await asyncio.sleep(LOOK_S)  # the memory of another process: there is no event
        return CLOCK.monotonic()

    async def watched(self, left_px: int, width_px: int, for_s: Seconds) -> list[tuple[float, int]]:
        """When pictures came to stand there and when they were made, in ms of the wall clock.

        They are at the top of the screen. Read is their marker, whose row is drawn in one go.
        """
        place = (_MARKER_ROWS, slice(left_px, left_px + width_px))
        seen: list[tuple[float, int]] = []
        until_s = CLOCK.monotonic() + for_s
        while CLOCK.monotonic() < until_s:
            light = (self._pixels[place] >> 8 & 0xFF).astype(numpy.uint8)
            made = made_ms(light, width_px)
            if not seen or made != seen[-1][1]:
                seen.append((CLOCK.utc().timestamp() * 1000, made))
            await asyncio.sleep(LOOK_S)  # as above
        return seen[1:]  # the first stood there before
