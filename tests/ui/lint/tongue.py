"""Words that are English on a screen that speaks another language."""

import unicodedata
from collections.abc import Iterator, Mapping
from typing import Final

import msgspec

from kiosk.ui.elements import Button, Picture, Scene, Text
from kiosk.wire.messages import Show, Touch

OWN_NAME: Final = f"touch_{Touch.LANGUAGE}:"
"""A language is called by its own name whatever is spoken."""

SAME: Final[Mapping[str, frozenset[str]]] = {
    "es": frozenset({"OK", "No"}),
    "fr": frozenset({"OK", "Maintenance", "Phrases", "minutes"}),
}
"""What is in a language the same as in English, beside a number or alone."""

_NUMBER: Final = "0123456789 "
_SAME_IN_MOST: Final = frozenset({"OK"})


def tongue_faults(scene: Scene, english: Scene, show: Show | None) -> Iterator[str]:
    """`scene` and `english` are the same screen; what comes from outside is in no language."""
    known = dict(_said(english))
    given = sorted(_given(show), key=len, reverse=True)
    same = SAME.get(show.manner.language if show is not None else "", _SAME_IN_MOST)
    for key, text in _said(scene):
        named = key.startswith(OWN_NAME)
        known_too = text == known.get(key) and text.strip(_NUMBER) not in same and not named
        if known_too and _has_words(_without(text, given)):
            yield f"{key} is English"


def _said(scene: Scene) -> Iterator[tuple[str, str]]:
    for element in scene.elements:
        match element:
            case Text():
                yield element.key, element.text
            case Button():
                yield element.key, element.label
            case Picture():
                yield element.key, element.empty


def _given(show: Show | None) -> Iterator[str]:
    """Every text in what is shown."""
    found: list[object] = [msgspec.structs.asdict(show)] if show is not None else []
    while found:
        match found.pop():
            case str() as text:
                yield text
            case dict() as fields:
                found += fields.values()
            case list() | tuple() as items:
                found += items
            case msgspec.Struct() as struct:
                found.append(msgspec.structs.asdict(struct))
            case _:
                pass


def _without(text: str, given: list[str]) -> str:
    for each in given:
        text = text.replace(each, " ") if each else text
    return text


def _has_words(text: str) -> bool:
    return sum(unicodedata.category(char).startswith("L") for char in text) > 1
