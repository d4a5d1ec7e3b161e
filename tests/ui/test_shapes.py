"""Drawings are smooth, complete and stay on their grid."""

import numpy as np
import pytest

from kiosk.ui.icons import ICONS
from kiosk.ui.shapes import Arc, Cut, Disc, Slab, Stroke, Wedge, mask


def test_a_disc_covers_its_area() -> None:
    drawn = mask((Disc(50, 50, 40),), 200, 200)
    assert drawn[100, 100] == 255
    assert drawn[2, 2] == 0
    assert np.isclose(drawn.sum() / 255, np.pi * 80**2, rtol=0.002)


def test_edges_are_smooth() -> None:
    drawn = mask((Disc(50, 50, 40),), 60, 60)
    assert np.count_nonzero((drawn > 0) & (drawn < 255)) > 50


def test_a_slab_has_its_size_and_its_outline_is_hollow() -> None:
    assert np.isclose(mask((Slab(10, 20, 60, 40, 0),), 100, 100).sum() / 255, 2400, rtol=0.001)
    outline = mask((Slab(10, 20, 60, 40, 5, 4),), 100, 100)
    assert outline[40, 40] == 0
    assert outline[40, 10] == 255


def test_an_arc_covers_only_its_part_of_the_ring() -> None:
    drawn = mask((Arc(50, 50, 30, 8, 0, 90),), 100, 100)
    assert drawn[71, 71] == 255
    assert drawn[29, 29] == 0
    assert drawn[71, 29] == 0


def test_a_stroke_has_its_width() -> None:
    drawn = mask((Stroke(((20, 50), (80, 50)), 10),), 100, 100)
    assert np.isclose(drawn[:, 50].sum() / 255, 10, atol=0.1)


def test_a_wedge_is_filled_inside_its_corners() -> None:
    drawn = mask((Wedge(((10, 10), (90, 10), (50, 90))),), 100, 100)
    assert drawn[30, 50] == 255
    assert drawn[80, 15] == 0


def test_a_cut_takes_away() -> None:
    drawn = mask((Disc(50, 50, 40), Cut(Disc(50, 50, 20))), 100, 100)
    assert drawn[50, 50] == 0
    assert drawn[50, 80] == 255


@pytest.mark.parametrize("name", ICONS)
def test_every_drawing_shows_something_and_is_not_cut_off(name: str) -> None:
    drawn = mask(ICONS[name], 140, 100)
    assert 50 < np.count_nonzero(drawn > 127) < 9000
    rim = np.concatenate((drawn[0], drawn[-1], drawn[:, 0], drawn[:, -1]))
    assert rim.max() == 0
