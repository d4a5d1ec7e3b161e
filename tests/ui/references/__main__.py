"""Draws all of them anew."""

import tempfile
from pathlib import Path

import numpy as np
from PIL import Image

from tests.ui.kit import Stage, offscreen_window
from tests.ui.references import FOLDER, drawn, samples
from tests.ui.shoot import write_people


def main() -> None:
    with tempfile.TemporaryDirectory() as frames:
        write_people(Path(frames))
        for name, sample in samples():
            stage = Stage(offscreen_window(), Path(frames))
            picture = Image.fromarray(np.ascontiguousarray(drawn(stage, sample)))
            stage.close()
            picture.save(FOLDER / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
