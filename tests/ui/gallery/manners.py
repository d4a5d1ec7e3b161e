"""In which manners every screen is drawn: each language, palette and access mode."""

import itertools
from collections.abc import Iterator, Sequence

from kiosk.catalogues import ENGLISH
from kiosk.wire.manner import MODES, Manner

PALETTES: tuple[dict[str, bool], ...] = ({}, {"light": True}, {"high_contrast": True})
_TOGETHER = (("large_text", "left_handed"), ("large_text", "signing"))
"""Modes that move everything, or leave the least room for words, so that they are drawn together, too."""


def all_manners(languages: Sequence[str]) -> Iterator[Manner]:
    """Every language in every palette, and there every mode by itself and those that meet."""
    for language, modes, palette in itertools.product(languages, _modes(), PALETTES):
        yield Manner(language, **dict.fromkeys(modes, True), **palette)


def few_manners(languages: Sequence[str]) -> Iterator[Manner]:
    """What differs in colours in English, and what differs in places in every language.

    No colour depends on the language, and no place on the palette.
    """
    for palette in PALETTES:
        yield Manner(ENGLISH, **palette)
        yield Manner(ENGLISH, large_text=True, **palette)
    yield from layouts(languages)


def layouts(languages: Sequence[str]) -> Iterator[Manner]:
    """Every way in which things and words may stand."""
    for language, modes in itertools.product(languages, _modes()):
        yield Manner(language, **dict.fromkeys(modes, True))


def _modes() -> Iterator[tuple[str, ...]]:
    yield ()
    palettes = {mode for palette in PALETTES for mode in palette}
    yield from ((mode,) for mode in MODES if mode not in palettes)
    yield from _TOGETHER
