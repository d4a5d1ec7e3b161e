"""What is shown while the terminal's own fonts can not be used, in the letters that are left.

Kivy's own font then stands in, and draws a box for every letter that it lacks.
"""

from collections.abc import Callable
from typing import Any
from unicodedata import normalize

import msgspec

from kiosk.catalogues import ENGLISH
from kiosk.wire.messages import Show

_LEFT = (
    (0x20, 0x7E),
    (0xA0, 0x17F),
    (0x1A0, 0x1A1),  # Vietnamese, as far as the next but one
    (0x1AF, 0x1B0),
    (0x1EA0, 0x1EF9),
    (0x218, 0x21B),  # Romanian
    (0x388, 0x38A),  # Greek
    (0x38E, 0x3A1),
    (0x3A3, 0x3CE),
    (0x400, 0x482),  # Cyrillic
    (0x48A, 0x513),
    (0x2013, 0x2015),
    (0x2018, 0x201E),
    (0x2026, 0x2026),
)


def legible(show: Show, endonym: Callable[[str], str]) -> Show:
    """`show` without the letters that are boxes, and in English where they are those of its language.

    `endonym`: what a language is called by those who speak it, in their own letters.
    """
    speaks = show.manner.language
    manner = msgspec.structs.replace(
        show.manner, language=speaks if _is_left(endonym(speaks)) else ENGLISH
    )
    languages = tuple(tag for tag in show.languages if _is_left(endonym(tag))) or (ENGLISH,)
    left: Show = _without_boxes(show)
    return msgspec.structs.replace(left, manner=manner, languages=languages)


def _without_boxes(value: Any) -> Any:
    """The same data; keys and tags keep all of their letters."""
    match value:
        case str():
            return "".join(filter(_is_left, normalize("NFC", value)))
        case tuple():
            return tuple(map(_without_boxes, value))
        case msgspec.Struct():
            fields = value.__struct_fields__
            texts = {name: _without_boxes(getattr(value, name)) for name in fields}
            return msgspec.structs.replace(value, **texts)
        case _:
            return value


def _is_left(text: str) -> bool:
    return all(
        char.isspace() or any(first <= ord(char) <= last for first, last in _LEFT) for char in text
    )
