"""Pictures have the colours that ITU-R BT.601 gives them."""

import numpy as np
import pytest
from numpy.typing import NDArray

from kiosk.ui.yuv import RgbaPicture
from kiosk.wire.frames import Frame

# Colour bars of 100 %, limited range: y, u, v and the colour that they mean.
BARS = [
    ((235, 128, 128), (255, 255, 255)),
    ((16, 128, 128), (0, 0, 0)),
    ((81, 90, 240), (255, 0, 0)),
    ((145, 54, 34), (0, 255, 0)),
    ((41, 240, 110), (0, 0, 255)),
]


def frame(y: NDArray[np.uint8], u: int, v: int, *, full_range: bool = False) -> Frame:
    height, width = y.shape
    chroma = ((width + 1) // 2) * ((height + 1) // 2)
    planes = (memoryview(bytes(p)) for p in (y.tobytes(), [u] * chroma, [v] * chroma))
    return Frame(1, 1, 0, width, height, full_range, *planes)


def flat(y: int, u: int, v: int, *, full_range: bool = False) -> Frame:
    return frame(np.full((4, 6), y, np.uint8), u, v, full_range=full_range)


@pytest.mark.parametrize(("yuv", "rgb"), BARS)
def test_limited_range_gives_the_colour_bars(
    yuv: tuple[int, int, int], rgb: tuple[int, int, int]
) -> None:
    drawn = RgbaPicture().convert(flat(*yuv))
    assert drawn.shape == (4, 6, 4)
    assert np.abs(drawn[..., :3].astype(int) - rgb).max() <= 2
    assert (drawn[..., 3] == 255).all()


def test_full_range_uses_all_of_the_range() -> None:
    assert (RgbaPicture().convert(flat(255, 128, 128, full_range=True)) == 255).all()
    assert (RgbaPicture().convert(flat(0, 128, 128, full_range=True))[..., :3] == 0).all()
    red = RgbaPicture().convert(flat(76, 85, 255, full_range=True))[0, 0]
    assert np.abs(red[:3].astype(int) - (254, 0, 0)).max() <= 2


@pytest.mark.parametrize("size", [(1, 1), (5, 3), (6, 5), (7, 4)])
def test_odd_sizes_keep_every_pixel_in_its_place(size: tuple[int, int]) -> None:
    width, height = size
    y = np.arange(width * height, dtype=np.uint8).reshape(height, width) * 3 + 16
    drawn = RgbaPicture().convert(frame(y, 128, 128, full_range=True))
    assert (drawn[..., 0] == y).all()


def test_half_size_takes_every_second_pixel() -> None:
    y = np.arange(24, dtype=np.uint8).reshape(4, 6) * 8
    drawn = RgbaPicture().convert(frame(y, 128, 128, full_range=True), half=True)
    assert (drawn[..., 1] == y[::2, ::2]).all()


def test_one_buffer_follows_the_size_of_the_picture() -> None:
    picture = RgbaPicture()
    assert picture.convert(flat(80, 128, 128)) is picture.convert(flat(90, 128, 128))
    assert picture.convert(frame(np.zeros((2, 2), np.uint8), 128, 128)).shape == (2, 2, 4)
