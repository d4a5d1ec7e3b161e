"""Stages, events and actions are values: nothing changes them, and equal ones are the same."""

from dataclasses import FrozenInstanceError
from typing import Any, get_args

import pytest

from kiosk.visit.actions import Action
from kiosk.visit.booking import Booking, Card, NotNow, Person, Place
from kiosk.visit.events import Event
from kiosk.visit.media import IceServer, MediaEntry
from kiosk.visit.stages import Hint, Line, Offer, Stage, Visit, Visitor

PARTS = (
    Booking,
    Card,
    NotNow,
    Person,
    Place,
    Hint,
    IceServer,
    Line,
    MediaEntry,
    Offer,
    Visit,
    Visitor,
)
VALUES = (*get_args(Stage), *get_args(Event), *get_args(Action), *PARTS)


@pytest.mark.parametrize("value", VALUES, ids=lambda value: value.__name__)
def test_nothing_can_be_changed_or_added(value: type) -> None:
    one: Any = object.__new__(value)
    with pytest.raises((FrozenInstanceError, TypeError)):  # slots refuse what no field is
        one.anything = 1
    assert not hasattr(one, "__dict__")
