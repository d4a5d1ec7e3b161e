"""The pictures in docs/ui.md show the screens as they are drawn today."""

import re

import numpy as np
from PIL import Image

from tests.ui.design import PICTURES, drawn, pictures
from tests.ui.kit import Stage

FAR = 40
"""How far a pixel may be off where letters are smoothed a little otherwise."""
MOST = 0.01


def test_every_picture_of_the_design_is_as_it_is_drawn(stage: Stage) -> None:
    for name, scene, pressed in pictures():
        kept = np.asarray(Image.open(PICTURES / f"{name}.png").convert("RGB"), dtype=int)
        now = drawn(stage, scene, pressed).astype(int)
        assert kept.shape == now.shape, name
        off = np.abs(kept - now).max(axis=2) > FAR
        assert off.mean() < MOST, f"{name}: `python -m tests.ui.design` draws it anew"


def test_the_comparison_sees_another_palette(stage: Stage) -> None:
    scenes = {name: scene for name, scene, _ in pictures()}
    one, other = (drawn(stage, scenes[f"buttons_{name}"], None) for name in ("dark", "light"))
    assert (np.abs(one.astype(int) - other).max(axis=2) > FAR).mean() > MOST


def test_the_page_shows_every_picture_and_no_other() -> None:
    page = (PICTURES.parents[1] / "ui.md").read_text()
    shown = set(re.findall(r"\(pictures/design/(\w+)\.png\)", page))
    assert (
        shown == {name for name, *_ in pictures()} == {path.stem for path in PICTURES.glob("*.png")}
    )
