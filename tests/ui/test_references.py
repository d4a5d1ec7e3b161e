"""A few screens look as they are meant to: `make references` draws them anew."""

from pathlib import Path

import numpy as np
import pytest

from tests.ui.kit import Stage
from tests.ui.references import CHOSEN, FOLDER, alike, drawn, kept, samples
from tests.ui.shoot import write_people


@pytest.mark.parametrize("name", CHOSEN)
def test_a_screen_looks_as_it_is_meant_to(stage: Stage, tmp_path: Path, name: str) -> None:
    write_people(tmp_path)
    seen = drawn(stage, dict(samples())[name])
    assert alike(seen, kept(name)), f"{name} looks otherwise: see `make gallery`, `make references`"


def test_every_picture_is_of_a_screen() -> None:
    assert {path.stem for path in FOLDER.glob("*.png")} == set(CHOSEN)


def test_a_screen_that_looks_otherwise_is_noticed() -> None:
    one = np.zeros((800, 1280, 3), np.uint8)
    other = one.copy()
    other[100:160, 200:300] = 255
    assert alike(one, one)
    assert not alike(one, other)
    assert not alike(one, one[:720])


def test_letters_that_are_smoothed_otherwise_are_no_news() -> None:
    one = np.full((800, 1280, 3), 100, np.uint8)
    assert alike(one, one + np.uint8(30))
