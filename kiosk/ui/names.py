"""Names and messages come from outside and may hold anything; here they become safe to draw."""

import unicodedata
from collections.abc import Callable, Sequence

from kiosk.ui.bidi import FIRST_STRONG_ISOLATE

NAME_LETTERS = 20
MESSAGE_LETTERS = 180
PLACE_LETTERS = 32
_READ_AT_MOST = 4096
_VOWELS = 3
_NAMES_SHOWN = 2
_PEOPLE_LETTERS = 34
_DROPPED = frozenset(
    {"Cc", "Cf", "Co", "Cs", "Cn"}
)  # controls, bidi overrides, private, unassigned
_DRAWN = (
    (0x20, 0x3E1),  # Latin, Greek
    (0x3F0, 0x52F),  # Cyrillic
    (0x60C, 0x61B),
    (0x61E, 0x6FF),  # Arabic, with the letters of Urdu
    (0x900, 0x97F),  # Devanagari
    (0x1E00, 0x1FFF),
    (0x2010, 0x206F),
)
_SPACES = frozenset({"Zs", "Zl", "Zp"})


def plain(text: str, letters: int) -> str:
    """`text` on one line in characters that the fonts can draw, at most `letters` long."""
    kept: list[str] = []
    places: set[int] = set()
    for char in unicodedata.normalize("NFC", text[:_READ_AT_MOST]):
        category = unicodedata.category(char)
        if category in _SPACES or char in "\t\r\n":
            kept.append(" ")
        elif category in _DROPPED or not _drawable(char):
            continue
        elif category.startswith("M"):
            kept += _unstacked(char, places)
        else:
            kept.append(char)
            places = _marked(char)
    return _shortened(" ".join("".join(kept).split()), letters)


def person(name: str) -> str:
    """A first name as it can be shown; empty when nothing of it can be."""
    shown = plain(name, NAME_LETTERS)
    return shown if any(char.isalnum() for char in shown) else ""


def listed(
    names: Sequence[str], join: Callable[[Sequence[str]], str], more: Callable[[int], str]
) -> list[str]:
    """The first names that can be shown and how many more there are, as many as make a short phrase."""
    known = [shown for shown in map(person, names[: _NAMES_SHOWN + 1]) if shown]
    if not known:
        return []
    parts = _first(known, len(names), _NAMES_SHOWN, more)
    return parts if len(join(parts)) <= _PEOPLE_LETTERS else _first(known, len(names), 1, more)


def _first(known: list[str], count: int, shown: int, more: Callable[[int], str]) -> list[str]:
    names = known[:shown]
    return names if count <= len(names) else [*names, more(count - len(names))]


def sentence(text: str) -> str:
    """`text` with a capital first letter, for a sentence that begins with a name."""
    begin = len(text) - len(text.lstrip(FIRST_STRONG_ISOLATE))
    return text[:begin] + text[begin : begin + 1].upper() + text[begin + 1 :]


def _marked(char: str) -> set[int]:
    """Where a letter has marks already: above, below or across it."""
    return {unicodedata.combining(mark) for mark in unicodedata.normalize("NFD", char)[1:]}


def _unstacked(mark: str, places: set[int]) -> list[str]:
    """One mark for each place around a letter; piles of them would leave the line."""
    place = unicodedata.combining(mark) or -ord(mark)
    written = 0x900 <= ord(mark) <= 0x97F  # its vowels are marks without a place
    if place in places or (place < 0 and (not written or len(places) >= _VOWELS)):
        return []
    places.add(place)
    return [mark]


def _shortened(text: str, letters: int) -> str:
    return text if len(text) <= letters else text[: letters - 1].rstrip() + "…"


def _drawable(char: str) -> bool:
    """Letters with their marks and punctuation that the shipped fonts hold."""
    return any(first <= ord(char) <= last for first, last in _DRAWN)
