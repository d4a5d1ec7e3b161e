"""In which manners every screen is drawn: each language, palette and access mode."""

import itertools
from collections.abc import Iterator, Sequence

from kiosk.wire.manner import MODES, Manner

PALETTES: tuple[dict[str, bool], ...] = ({}, {"light": True}, {"high_contrast": True})
_ALTOGETHER = ("large_text", "left_handed")
"""Modes that move everything, so that they are drawn together, too."""


def all_manners(languages: Sequence[str]) -> Iterator[Manner]:
    """Every language in every palette, and there every mode by itself and those that meet."""
    for language, modes, palette in itertools.product(languages, _modes(), PALETTES):
        yield Manner(language, **dict.fromkeys(modes, True), **palette)


def few_manners(languages: Sequence[str]) -> Iterator[Manner]:
    """English in every look, and every other language once."""
    yield from all_manners(("en",))
    yield from (Manner(language) for language in languages if language != "en")


def _modes() -> Iterator[tuple[str, ...]]:
    yield ()
    palettes = {mode for palette in PALETTES for mode in palette}
    yield from ((mode,) for mode in MODES if mode not in palettes)
    yield _ALTOGETHER
