"""About how wide words are, for scenes, which ask no font: within a tenth for whole sentences."""

import unicodedata
from typing import Final

_THIN, _SLIM, _USUAL, _WIDE = 0.27, 0.39, 0.57, 0.86
_CAPITAL, _CYRILLIC, _ARABIC, _DEVANAGARI = 0.64, 0.59, 0.47, 0.55
_WIDE_CYRILLIC: Final = "шщжюмфы"
_BOLD: Final = 1.08
_SHARES: Final = {
    **dict.fromkeys("ijl\u0131I .,:;'\u2019!|", _THIN),
    **dict.fromkeys("frtJ()-\u2013\u2026", _SLIM),
    **dict.fromkeys("mwMW\u2014" + _WIDE_CYRILLIC + _WIDE_CYRILLIC.upper(), _WIDE),
}


def breadth(words: str, *, bold: bool = False) -> float:
    """The width of `words` on one line, in sizes of their type."""
    return sum(map(_share, unicodedata.normalize("NFD", words))) * (_BOLD if bold else 1.0)


def _share(letter: str) -> float:
    if letter in _SHARES:
        return _SHARES[letter]
    if unicodedata.category(letter) in ("Mn", "Cf"):
        return 0.0
    if letter < "\u0400":
        return _CAPITAL if letter.isupper() else _USUAL
    if letter < "\u0590":
        return _CYRILLIC
    return _ARABIC if letter < "\u0900" else _DEVANAGARI
