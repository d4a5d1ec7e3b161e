"""Makes short films for a camera that sees one."""

from fractions import Fraction
from pathlib import Path

import av
import numpy
from av import VideoFrame


def make_film(path: Path, pictures: int, size_px: tuple[int, int] = (320, 240)) -> None:
    """A film at 25 pictures a second, of noise so that it is too large for any buffer."""
    width, height = size_px
    noise = numpy.random.default_rng(0)
    with av.open(str(path), "w", format="mp4") as film:
        stream = film.add_stream("mpeg4", rate=25)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for number in range(pictures):
            planes = noise.integers(0, 255, (height * 3 // 2, width), numpy.uint8)
            picture = VideoFrame.from_ndarray(planes, format="yuv420p")
            picture.pts, picture.time_base = number, Fraction(1, 25)
            film.mux(stream.encode(picture))
        film.mux(stream.encode())
