"""The door to maintenance."""

from collections.abc import Iterator

from kiosk.wire.screens import DoorScreen
from tests.ui.samples.base import Sample


def plain() -> Iterator[Sample]:
    """All states with the data of an ordinary day."""
    yield Sample("door", DoorScreen())
    yield Sample("door_refused", DoorScreen(refused=True))


def nasty(text: str) -> Iterator[Sample]:
    """Nothing that others write is shown."""
    del text
    yield from ()
