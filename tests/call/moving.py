"""A picture that moves, with a camera's noise: what an encoder has its work with."""

import numpy
from av import VideoFrame

from kiosk.call.camera import TIME_BASE

_NOISES = 7


def moving(
    size_px: tuple[int, int], count: int, *, fps: int = 30, seed: int = 0, first: int = 0
) -> list[VideoFrame]:
    """A face's worth of brightness that sways before a drifting ground."""
    width, height = size_px
    random = numpy.random.default_rng(seed)
    noises = [random.normal(0, 3, (height, width)) for _ in range(_NOISES)]
    down, across = numpy.mgrid[0:height, 0:width]
    ground = 100 + 50 * numpy.sin(across * 17 / width) + 35 * numpy.cos(down * 21 / height)
    return [
        _picture(ground, noises[number % _NOISES], number, number * 90_000 // fps)
        for number in range(first, first + count)
    ]


def _picture(ground: numpy.ndarray, noise: numpy.ndarray, number: int, pts: int) -> VideoFrame:
    height, width = ground.shape
    light = numpy.roll(ground, 2 * number, 1) + noise
    down = round(height * (0.5 + numpy.cos(number / 13) / 6))
    across = round(width * (0.5 + numpy.sin(number / 9) / 5))
    light[down - height // 8 : down + height // 8, across - width // 8 : across + width // 8] += 50
    planes = numpy.full((height * 3 // 2, width), 128, numpy.uint8)
    planes[:height] = light.clip(16, 235)
    picture = VideoFrame.from_ndarray(planes, format="yuv420p")
    picture.pts, picture.time_base = pts, TIME_BASE
    return picture
