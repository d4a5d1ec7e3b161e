"""What a person reads at the terminal: the glass beside the same words, drawn by the same renderer."""

import asyncio
import subprocess
import sys
from pathlib import Path
from typing import Final

import numpy
from numpy.typing import NDArray
from PIL import Image

from tests.journeys.hall import Hall
from tests.project import ROOT

PATIENCE_S: Final = 5.0
LOOK_S: Final = 0.1

_MIDDLE: Final = (slice(0, 700), slice(0, 1060))
"""Beside it are the time that is left and the person's own picture, and below it remarks."""

_SAME: Final = 24
"""Of 255: two ways to the glass may round differently."""


class Middle:
    """What stands where the visitor would be, in one state of the visit."""

    def __init__(self, picture: Path) -> None:
        self._words = _pixels(Image.open(picture))
        assert self._words.std() > 5, "there is something to read"

    async def stands_at(self, hall: Hall) -> None:
        """Wait until the person reads it."""
        async with asyncio.timeout(PATIENCE_S):
            while not self.is_in(await hall.display.picture()):
                await asyncio.sleep(LOOK_S)  # on the glass: there is no event

    def is_in(self, picture: Image.Image) -> bool:
        return bool((numpy.abs(_pixels(picture) - self._words) <= _SAME).all())


def drawn(sample: str, directory: Path) -> Middle:
    """A sample of `tests.ui.samples`, by name."""
    command = (sys.executable, "-m", "tests.ui.shoot", str(directory), sample)
    subprocess.run(command, cwd=ROOT, stderr=subprocess.DEVNULL, check=True)
    return Middle(directory / f"{sample}.png")


def _pixels(picture: Image.Image) -> NDArray[numpy.int16]:
    return numpy.asarray(picture.convert("RGB"), numpy.int16)[_MIDDLE]
