"""One reader's serial line, from its bytes to what kiosk-core is told; no I/O, time passed in."""

from firmware_bridge.nonsense import Nonsense
from firmware_bridge.presence import Presence
from firmware_bridge.readers.reading import CardRead, Decoder
from kiosk.clock import Seconds
from kiosk.wire.messages import Message, ReaderStatus

QUIET_S: Seconds = 0.03
"""Longer than a USB adapter keeps bytes back (16 ms), shorter than the pause between frames."""

NONSENSE = "sends no card frames: is another device connected, or is `kind` or `baud` wrong?"


class Line:
    """One connection to one reader, from plugged in to unplugged."""

    def __init__(self, reader: str, decoder: Decoder, removed_after_s: Seconds) -> None:
        self._reader = reader
        self._decoder = decoder
        self._presence = Presence(reader, removed_after_s)
        self._nonsense = Nonsense()
        self._quiet_at_s: Seconds | None = None

    def feed(self, data: bytes, now: Seconds) -> list[Message]:
        """What `data`, read now, changes."""
        readings = self._decoder.feed(data)
        sensible = any(isinstance(reading, CardRead) for reading in readings)
        self._nonsense.hear(len(data), now, sensible=sensible)
        self._quiet_at_s = now + QUIET_S
        return [said for reading in readings for said in self._presence.hear(reading, now)]

    def tick(self, now: Seconds) -> list[Message]:
        """What silence changes: nothing has come up to `now`."""
        said: list[Message] = []
        if self._quiet_at_s is not None and now >= self._quiet_at_s:
            self._quiet_at_s = None
            for reading in self._decoder.quiet():
                said += self._presence.hear(reading, now)
        return said + self._presence.tick(now)

    def lost(self) -> list[Message]:
        """The reader is gone, and half a frame with it."""
        return self._presence.lost()

    def status(self, now: Seconds) -> ReaderStatus:
        """Whether the reader at the other end can be used."""
        if self._nonsense.is_all(now):
            return ReaderStatus(self._reader, up=False, reason=NONSENSE)
        return ReaderStatus(self._reader, up=True)

    def next_deadline(self) -> Seconds | None:
        """When `tick` is next to be called; None while nothing is due."""
        moments = (
            self._quiet_at_s,
            self._presence.next_deadline(),
            self._nonsense.next_deadline(),
        )
        return min((moment for moment in moments if moment is not None), default=None)
