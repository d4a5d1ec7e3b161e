"""A few screens as they are meant to look; `python -m tests.ui.references` draws them anew.

A picture that changed is looked at before it is committed.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from kiosk.wire.manner import Manner
from tests.ui.kit import Stage
from tests.ui.samples import NOW_S, Sample, plain_samples

FOLDER: Final = Path(__file__).parent

CHOSEN: Final = {
    "idle": Manner(),
    "idle_light": Manner(light=True),
    "pin_wrong": Manner(),
    "welcome": Manner(),
    "welcome_high_contrast": Manner(high_contrast=True),
    "welcome_large_text": Manner(large_text=True),
    "waiting": Manner(),
    "visit": Manner(),
    "visit_left_handed": Manner(left_handed=True),
    "visit_held_officer": Manner(),
    "goodbye_time_up": Manner(),
    "refused_wrong_hall_told": Manner(light=True),
}
"""A screen by the name of its sample, and how it speaks; what follows that name says so."""

_FAR: Final = 40
"""Of 255: letters may be smoothed otherwise by another driver."""
_SHARE: Final = 0.002
"""So many pixels may differ by more than that: a letter may stand a pixel beside its place."""


def samples() -> Iterator[tuple[str, Sample]]:
    """What is drawn, by the name of its picture."""
    known = {sample.name: sample for sample in plain_samples()}
    for name, manner in CHOSEN.items():
        found = max((each for each in known if name.startswith(each)), key=len)
        yield name, replace(known[found], manner=manner)


def drawn(stage: Stage, sample: Sample) -> NDArray[np.uint8]:
    """A screen with the pictures of two people."""
    stage.paint(sample.scene())
    for _ in range(2):  # one's own picture comes after the visitor's first
        stage.painter.poll(NOW_S)
    return stage.pixels()


def kept(name: str) -> NDArray[np.uint8]:
    """As it is meant to look."""
    return np.asarray(Image.open(FOLDER / f"{name}.png").convert("RGB"))


def alike(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> bool:
    """Whether a person would see the same."""
    if one.shape != other.shape:
        return False
    far = (np.abs(one.astype(np.int16) - other) > _FAR).any(axis=2)
    return float(far.mean()) <= _SHARE
