"""Words can be read in every palette, and contrast is what WCAG says it is."""

import pytest

from kiosk.ui.colours import Colour, contrast
from kiosk.ui.theme import (
    DARK,
    HIGH_CONTRAST,
    LARGE_TEXT,
    LIGHT,
    MOTION_S,
    Ground,
    Look,
    Role,
    ink_on,
    look_of,
    pressed,
)
from kiosk.wire.manner import Manner

CONTRAST = 7.0
"""WCAG 2.2, success criterion 1.4.6. What is asked for stands here: code does not set its own bar."""

PALETTES = {"dark": DARK, "light": LIGHT, "high contrast": HIGH_CONTRAST}
GROUNDS: tuple[Ground, ...] = ("background", "well", "surface", "raised")
INKS: tuple[Role, ...] = ("ink", "soft", "faint", "accent", "caution")

in_every_palette = pytest.mark.parametrize("look", PALETTES.values(), ids=PALETTES)


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#FFFFFF", 21.0),
        ("#FFFFFF", "#000000", 21.0),
        ("#767676", "#FFFFFF", 4.54),
        ("#777777", "#FFFFFF", 4.48),
        ("#FF0000", "#FFFFFF", 4.00),
        ("#00FF00", "#FFFFFF", 1.37),
        ("#0000FF", "#FFFFFF", 8.59),
        ("#74D6B8", "#74D6B8", 1.0),
    ],
)
def test_contrast_is_what_wcag_says(one: Colour, other: Colour, ratio: float) -> None:
    # with figures that were not worked out by our own code
    assert contrast(one, other) == pytest.approx(ratio, abs=0.005)


@in_every_palette
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("ink", INKS)
def test_words_of_every_colour_can_be_read_on_every_ground(
    look: Look, ink: Role, ground: Ground
) -> None:
    assert contrast(look.colour(ink), look.colour(ground)) >= CONTRAST


@in_every_palette
@pytest.mark.parametrize("ground", [*GROUNDS, "accent", "caution"])
def test_a_label_can_be_read_while_a_finger_is_on_its_button(look: Look, ground: Ground) -> None:
    fill, ink = look.colour(ground), look.colour(ink_on(ground))
    assert contrast(ink, fill) >= CONTRAST
    assert contrast(ink, pressed(fill, ink)) >= CONTRAST


@in_every_palette
@pytest.mark.parametrize("ground", ["raised", "accent", "caution"])
def test_a_button_under_a_finger_looks_otherwise(look: Look, ground: Ground) -> None:
    fill = look.colour(ground)
    assert contrast(pressed(fill, look.colour(ink_on(ground))), fill) > 1.2


@pytest.mark.parametrize(
    ("manner", "look"),
    [
        (Manner(), DARK),
        (Manner(light=True), LIGHT),
        (Manner(high_contrast=True), HIGH_CONTRAST),
        (Manner(high_contrast=True, light=True), HIGH_CONTRAST),
    ],
)
def test_who_asked_for_a_palette_gets_it(manner: Manner, look: Look) -> None:
    assert look_of(manner) == look


def test_large_text_is_larger_in_every_palette() -> None:
    for manner in (Manner(large_text=True), Manner(large_text=True, high_contrast=True)):
        assert look_of(manner).letters == LARGE_TEXT >= 1.25


def test_nothing_moves_for_longer_than_a_fifth_of_a_second() -> None:
    assert MOTION_S <= 0.2
