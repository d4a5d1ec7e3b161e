"""Every screen in every state, with plain data and with the worst that can come from outside.

A module here holds the screens of one area: `plain()`, and `nasty(text)` for those that show what
others write. A new module is found by itself.
"""

from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module
from pkgutil import iter_modules

from tests.ui.samples.base import (
    CALL,
    END,
    LANGUAGES,
    MESSAGE,
    NASTY,
    NOW_S,
    PANEL,
    PANELS,
    SAY,
    START,
    UTC_NOW,
    ZONE,
    Sample,
    changed,
)
from tests.ui.samples.before import CONNECTING, WAITING
from tests.ui.samples.entry import PIN, WELCOME
from tests.ui.samples.talking import VISIT

__all__ = [
    "CALL",
    "CONNECTING",
    "END",
    "LANGUAGES",
    "MESSAGE",
    "NASTY",
    "NOW_S",
    "PANEL",
    "PANELS",
    "PIN",
    "SAY",
    "START",
    "UTC_NOW",
    "VISIT",
    "WAITING",
    "WELCOME",
    "ZONE",
    "Sample",
    "changed",
    "nasty_samples",
    "plain_samples",
]

_AREAS = [
    import_module(f"{__name__}.{found.name}")
    for found in iter_modules(__path__)
    if found.name != "base"
]


def plain_samples() -> Iterator[Sample]:
    """All states with the data of an ordinary day."""
    for area in _AREAS:
        yield from area.plain()


def nasty_samples() -> Iterator[Sample]:
    """The same kinds of screens when names, places and messages are hostile."""
    for number, text in enumerate(NASTY):
        for area in _AREAS:
            for sample in area.nasty(text):
                name = f"{sample.name}_nasty{number}"
                yield replace(sample, name=name, terminal=text, hall=text, is_nasty=True)
