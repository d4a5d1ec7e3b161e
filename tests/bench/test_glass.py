"""What is read from a virtual screen is what stands there."""

import asyncio
from pathlib import Path

import numpy

from tests.bench.glass import SCREEN, Glass
from tests.bench.marker import BITS

SIZE = (1280, 800)
LEFT_PX, WIDTH_PX = 107, 1066
HEADER_BYTES = 100


class Screen:
    """An X server's memory, as an XWD in a file."""

    def __init__(self, place: Path) -> None:
        file = place / SCREEN
        header = numpy.zeros(25, ">u4")
        header[0], header[4], header[5], header[11] = HEADER_BYTES, *SIZE, 32
        header[12] = SIZE[0] * 4
        file.write_bytes(header.tobytes() + bytes(SIZE[0] * SIZE[1] * 4))
        self._pixels = numpy.memmap(file, numpy.uint32, "r+", HEADER_BYTES, (SIZE[1], SIZE[0]))

    def shows(self, moment_ms: int) -> None:
        """A picture whose top row says when it was made."""
        block = WIDTH_PX / BITS
        for bit in range(BITS):
            left, right = (LEFT_PX + round(at * block) for at in (bit, bit + 1))
            self._pixels[: round(block), left:right] = 0xFFFFFF * (moment_ms >> bit & 1)


async def test_each_picture_is_seen_once_with_the_moment_it_was_made(tmp_path: Path) -> None:
    screen = Screen(tmp_path)
    screen.shows(1)
    watching = asyncio.create_task(Glass(tmp_path).watched(LEFT_PX, WIDTH_PX, 0.3))
    for moment_ms in (0b1011, 0b1011, 0xABCDE):
        await asyncio.sleep(0.05)
        screen.shows(moment_ms)
    seen = await watching
    assert [made for _, made in seen] == [0b1011, 0xABCDE]
    assert (seen[1][0] - seen[0][0]) / 1000 > 0.09
