"""Draws every screen into PNG files: `python -m tests.ui.shoot [DIRECTORY] [WORD IN NAME]`."""

import sys
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image

from kiosk.ui.scenes import View
from kiosk.wire.frames import FrameWriter
from tests.ui.kit import Stage, offscreen_window
from tests.ui.samples import CALL, NOW_S, nasty_samples, plain_samples

_SIZES = {"remote": (640, 480), "self": (640, 480)}


def main() -> None:
    """One PNG for each sample."""
    directory = Path(sys.argv[1] if len(sys.argv) > 1 else "build/screens")
    word = sys.argv[2] if len(sys.argv) > 2 else ""
    directory.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as frames:
        write_people(Path(frames))
        stage = Stage(offscreen_window(), Path(frames))
        for sample in (*plain_samples(), *nasty_samples()):
            if word in sample.name:
                view: View = sample.view()
                stage.paint(sample.scene())
                stage.painter.poll(view.now_s)
                stage.painter.poll(view.now_s)
                name = sample.name.replace(" ", "_")
                Image.fromarray(stage.pixels()).save(directory / f"{name}.png")


def write_people(frames: Path) -> None:
    """A drawn face in both frame files."""
    for source, size in _SIZES.items():
        writer = FrameWriter(frames / source)
        writer.write(CALL, int(NOW_S * 1e9), size, _face(*size))
        writer.close()


def _face(width: int, height: int) -> list[bytes]:
    """A person before a wall, with a light to one side so that a mirror shows."""
    down, across = np.mgrid[0:height, 0:width].astype(np.float64)
    middle, unit = width / 2, height / 100
    rgb = np.empty((height, width, 3))
    rgb[:] = (142, 156, 160)
    rgb *= (0.75 + 0.4 * across / width)[..., None]
    body = np.hypot((across - middle) / 38, (down - 104 * unit) / 42) < unit
    head = np.hypot((across - middle) / 15, (down - 42 * unit) / 20) < unit
    hair = np.hypot((across - middle) / 17, (down - 34 * unit) / 18) < unit
    rgb[body] = (70, 96, 128)
    rgb[hair] = (62, 46, 38)
    rgb[head & (down > 34 * unit)] = (214, 170, 140)
    for side in (-1, 1):
        rgb[np.hypot(across - middle - side * 6 * unit, down - 41 * unit) < 1.6 * unit] = (
            50,
            40,
            38,
        )
    return _planes(np.clip(rgb, 0, 255))


def _planes(rgb: np.ndarray) -> list[bytes]:
    red, green, blue = np.moveaxis(rgb, -1, 0)
    y = 16 + (65.738 * red + 129.057 * green + 25.064 * blue) / 256
    u = 128 + (-37.945 * red - 74.494 * green + 112.439 * blue) / 256
    v = 128 + (112.439 * red - 94.154 * green - 18.285 * blue) / 256
    return [np.rint(p).astype(np.uint8).tobytes() for p in (y, u[::2, ::2], v[::2, ::2])]


if __name__ == "__main__":
    main()
