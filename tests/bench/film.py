"""The film of a head that talks, as a camera sees it: what pages/film.js paints in a browser."""

import itertools
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from tests.bench.pages import FACE

FPS: Final = 30
CYCLE_S: Final = 10
"""After so long the film begins again, without a jump."""

_HEAD: Final = (112, 6, 280, 190)
_NOISES: Final = 7

Size = tuple[int, int]
Planes = NDArray[numpy.uint8]


def pictures(size_px: Size, count: int, seed: int = 0) -> Iterator[Planes]:
    """Planes of y, u and v below each other, as `av.VideoFrame.from_ndarray` takes them."""
    random = numpy.random.default_rng(seed)
    grains = [random.normal(0, 3, (size_px[1], size_px[0])) for _ in range(_NOISES)]
    face = Image.open(FACE).convert("RGB")
    for number, grain in zip(range(count), itertools.cycle(grains), strict=False):
        turn = 2 * math.pi * number / (FPS * CYCLE_S)
        yield _i420(_looked_at(_performed(face, turn), turn, size_px), grain)


def write_camera_film(path: Path, size_px: Size, seconds: int = CYCLE_S) -> None:
    """As YUV4MPEG2, which costs neither a terminal nor a browser any decoding."""
    width, height = size_px
    with path.open("wb") as film:
        film.write(f"YUV4MPEG2 W{width} H{height} F{FPS}:1 Ip A1:1 C420jpeg\n".encode())
        for planes in pictures(size_px, seconds * FPS):
            film.write(b"FRAME\n" + planes.tobytes())


def _performed(face: Image.Image, turn: float) -> Image.Image:
    """The head sways before what is behind it, and the mouth opens."""
    across, down = round(6 * math.sin(5 * turn)), round(3 * math.sin(7 * turn))
    scene, head = face.copy(), Image.new("L", face.size)
    ImageDraw.Draw(head).ellipse(_HEAD, fill=255)
    moved = Image.new("RGB", face.size)
    moved.paste(face, (across, down))
    opened = 6 * abs(math.sin(19 * turn)) * (1 + math.sin(4 * turn)) / 2
    x, y = 191 + across, 146 + down
    ImageDraw.Draw(moved).ellipse((x - 12, y - opened, x + 12, y + opened), fill=(70, 20, 20))
    scene.paste(moved, mask=head)
    return scene


def _looked_at(scene: Image.Image, turn: float, size_px: Size) -> Image.Image:
    """By a camera that is held in a hand."""
    zoom = 1.2 + 0.05 * math.sin(turn)
    wide, high = scene.width / zoom, scene.height / zoom
    left = (scene.width - wide) / 2 + 12 * math.sin(2 * turn)
    top = (scene.height - high) / 2 + 8 * math.sin(3 * turn)
    return scene.resize(size_px, Image.Resampling.BILINEAR, (left, top, left + wide, top + high))


def _i420(picture: Image.Image, grain: NDArray[numpy.float64]) -> Planes:
    width = picture.width
    y, u, v = picture.convert("YCbCr").split()
    light = 16 + numpy.asarray(y) * (219 / 255) + grain
    colours = [
        128 + (numpy.asarray(plane.reduce(2), dtype=numpy.float64) - 128) * (224 / 255)
        for plane in (u, v)
    ]
    planes = [light, *(colour.reshape(-1, width) for colour in colours)]
    return numpy.concatenate(planes).round().clip(0, 255).astype(numpy.uint8)
