"""The screen on which one of several visits is chosen."""

from collections.abc import Iterator
from datetime import timedelta

import msgspec

from kiosk.wire.screens import ChoiceScreen, Choosable
from tests.ui.samples.base import START, UTC_NOW, Sample, changed

_OPEN = Choosable("0", ("Mum",), UTC_NOW - timedelta(minutes=5), START)
_LATER = Choosable(
    "1", ("Aisha", "Jo"), START + timedelta(minutes=110), START + timedelta(minutes=120)
)
_LATEST = Choosable(
    "2", ("Ms Bernstein",), START + timedelta(minutes=170), START + timedelta(minutes=180)
)
_THREE = (_OPEN, _LATER, _LATEST)
CHOICE = ChoiceScreen("Sam", (_OPEN, _LATER), page=0, pages=1)


def plain() -> Iterator[Sample]:
    """All states with the data of an ordinary day."""
    three = changed(CHOICE, choices=_THREE)
    four = changed(CHOICE, choices=(*_THREE, msgspec.structs.replace(_LATEST, place="3")))
    yield Sample("choice", CHOICE)
    yield Sample("choice_of_three", three)
    yield Sample("choice_of_many", changed(four, pages=2))
    yield Sample("choice_with_help", CHOICE, beside=(("support", True),))
    yield Sample("choice_of_many_with_help", changed(four, pages=2), beside=(("support", True),))
    yield Sample("choice_changed", changed(four, pages=2, notice="booking_cancelled"))
    yield Sample("choice_core_gone", three, linked=False)


def nasty(text: str) -> Iterator[Sample]:
    """Where what others write is shown, and that is `text`."""
    names = (text, text, text)
    rows = tuple(Choosable(str(place), names, START, START) for place in range(4))
    yield Sample("choice", ChoiceScreen(text, rows, page=0, pages=2, notice=text))
