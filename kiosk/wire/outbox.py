"""What waits for a slow peer: bounded, and of states only the newest."""

from collections import OrderedDict
from typing import Generic, TypeVar

from kiosk.wire.devices import BoardStatus, HandsetStatus, Indicate, ReaderStatus
from kiosk.wire.messages import (
    Adjust,
    CallStats,
    CallStatus,
    MediaDevice,
    Message,
    PictureStats,
    ScreenStats,
    Show,
    UseHandset,
)
from kiosk.wire.own import OwnLevels
from kiosk.wire.touchscreen import TouchscreenStatus

Item = TypeVar("Item")


class Outbox(Generic[Item]):
    """First in, first out, but a state takes the place of its older self, behind what came between.

    Events and states are bounded apart, so that states never crowd out an event.
    """

    def __init__(self, limit: int = 256) -> None:
        self._limit = limit
        self._waiting: OrderedDict[object, Item] = OrderedDict()
        self._events = 0
        self._number = 0

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, item: Item) -> bool:
        """Queue `item`; False when that would pass the limit: the peer is then to be dropped."""
        key = _latest_wins_key(item) if isinstance(item, Message) else None
        if key is None:
            return self._put_event(item)
        if key not in self._waiting and len(self._waiting) - self._events >= self._limit:
            return False
        self._waiting.pop(key, None)
        self._waiting[key] = item
        return True

    def take(self) -> Item | None:
        """The oldest that waits; None when nothing does."""
        if not self._waiting:
            return None
        key, item = self._waiting.popitem(last=False)
        if isinstance(key, int):
            self._events -= 1
        return item

    def clear(self) -> None:
        self._waiting.clear()
        self._events = 0

    def _put_event(self, event: Item) -> bool:
        if self._events >= self._limit:
            return False
        self._events += 1
        self._number += 1
        self._waiting[self._number] = event
        return True


def _latest_wins_key(message: Message) -> tuple[str, ...] | None:
    """Which waiting message a newer one replaces; None for an event, which must never be lost."""
    kind = type(message).__name__
    match message:
        case Show() | PictureStats() | CallStatus() | CallStats() | Indicate():
            return (kind,)
        case OwnLevels() | TouchscreenStatus():
            return (kind,)
        case HandsetStatus() | ScreenStats() | UseHandset() | Adjust():
            return (kind,)
        case ReaderStatus(reader=name) | BoardStatus(board=name):
            return (kind, name)
        case MediaDevice(device=device):
            return (kind, device)
        case _:
            return None
