"""What the bridge and a reader say to each other while the reader is plugged in, without I/O."""

from typing import Protocol

from firmware_bridge.readers.reading import Reading
from kiosk.clock import Seconds
from kiosk.wire.devices import Indication


class Conversation(Protocol):
    """One connection, from plugged in to unplugged; bounded memory, never raising.

    Time is passed in and never goes back. What the conversation wants to say waits in `to_send`
    after each call; whoever carries it takes it there.
    """

    def feed(self, data: bytes, now: Seconds) -> list[Reading]:
        """What `data`, read now, changes."""

    def tick(self, now: Seconds) -> list[Reading]:
        """What time alone changes; called when nothing waits to be read."""

    def to_send(self) -> bytes:
        """Take what is to be written to the line; empty when there is nothing to say."""

    def next_deadline(self) -> Seconds | None:
        """When `tick` is next to be called; None while nothing is due."""

    def fault(self, now: Seconds) -> str | None:
        """Why the reader can not be used, and what to do about it; None while it can."""

    def indicate(self, indication: Indication) -> None:
        """Tell the person at the reader by its light or its buzzer, where it has one."""

    def close(self) -> None:
        """The reader is gone: let go of whatever is held outside this object."""
