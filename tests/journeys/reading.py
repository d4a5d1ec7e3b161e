"""What a person reads: the glass, beside the same words drawn by the same renderer, and the page."""

import asyncio
import subprocess
import sys
from pathlib import Path
from typing import Final, TypeAlias

import numpy
from numpy.typing import NDArray
from PIL import Image
from playwright.async_api import Page

from kiosk.clock import Seconds
from tests.journeys.hall import Hall
from tests.project import ROOT

PATIENCE_S: Final = 5.0
LOOK_S: Final = 0.1
SEEN_MS: Final = 1000

Place: TypeAlias = tuple[slice, slice]

MIDDLE: Final[Place] = (slice(0, 550), slice(160, 1120))
"""Of a visit: beside it are the two columns, and below it the person's own picture and remarks."""

BESIDE: Final[Place] = (slice(210, 390), slice(640, 1280))
"""Of connecting: what happens, to the right of the person's own picture."""

REMARK: Final[Place] = (slice(736, 786), slice(172, 1108))
"""Of a visit: the lowest remark, under the face."""

SAFE_ON_PAGE: Final = ":is(#cover, #lobby-words):visible:has-text('Your time is safe')"
"""Where the family's page says so, in a call that is lost and in a room where one is made anew."""

BACK_ON_PAGE: Final = "#weak:visible:has-text('Your time is safe')"
"""Where it says so in a call that is back."""

_SAME: Final = 24
"""Of 255: two ways to the glass may round differently."""


class Words:
    """What stands at some places of a screen."""

    def __init__(self, picture: Path, places: tuple[Place, ...]) -> None:
        pixels = _pixels(Image.open(picture))
        self._words = [(place, pixels[place]) for place in places]
        assert all(words.std() > 5 for _, words in self._words), "there is something to read"

    async def stands_at(self, hall: Hall, patience_s: Seconds = PATIENCE_S) -> None:
        """Wait until the person reads it."""
        async with asyncio.timeout(patience_s):
            while not self.is_in(await hall.display.picture()):
                await asyncio.sleep(LOOK_S)  # on the glass: there is no event

    def is_in(self, picture: Image.Image) -> bool:
        pixels = _pixels(picture)
        return all(
            (numpy.abs(pixels[place] - words) <= _SAME).all() for place, words in self._words
        )


def drawn(sample: str, directory: Path, *places: Place) -> Words:
    """What stands there in a sample of `tests.ui.samples`, by name."""
    command = (sys.executable, "-m", "tests.ui.shoot", str(directory), sample)
    subprocess.run(command, cwd=ROOT, stderr=subprocess.DEVNULL, check=True)
    return Words(directory / f"{sample}.png", places)


async def page_says_safe(page: Page) -> bool:
    """Whether the family reads that their time is safe."""
    return await page.locator(SAFE_ON_PAGE).count() > 0


async def page_shows_them_again(page: Page) -> None:
    """Until the family does not read so any more: the page looks for it five times a second."""
    await page.locator(SAFE_ON_PAGE).first.wait_for(state="detached", timeout=SEEN_MS)


async def page_says_back(page: Page) -> bool:
    """Whether the family reads so in a call that is back."""
    return await page.locator(BACK_ON_PAGE).count() > 0


def _pixels(picture: Image.Image) -> NDArray[numpy.int16]:
    return numpy.asarray(picture.convert("RGB"), numpy.int16)
