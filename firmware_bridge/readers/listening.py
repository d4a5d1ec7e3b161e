"""A conversation with a reader that only talks: it is listened to, and nothing is said."""

from firmware_bridge.nonsense import Nonsense
from firmware_bridge.readers.reading import CardRead, Decoder, Reading
from kiosk.clock import Seconds
from kiosk.wire.devices import Indication

QUIET_S: Seconds = 0.03
"""Longer than a USB adapter keeps bytes back (16 ms), shorter than the pause between frames."""

NONSENSE = "sends no card frames: is another device connected, or is `kind` or `baud` wrong?"


class Listening:
    """Feeds a decoder, tells it of silence, and notices a device that never talks of a card."""

    def __init__(self, decoder: Decoder, quiet_s: Seconds = QUIET_S) -> None:
        self._decoder = decoder
        self._quiet_s = quiet_s
        self._nonsense = Nonsense()
        self._quiet_at_s: Seconds | None = None

    def feed(self, data: bytes, now: Seconds) -> list[Reading]:
        readings = self._decoder.feed(data)
        sensible = any(isinstance(reading, CardRead) for reading in readings)
        self._nonsense.hear(len(data), now, sensible=sensible)
        self._quiet_at_s = now + self._quiet_s
        return readings

    def tick(self, now: Seconds) -> list[Reading]:
        self._nonsense.tick(now)
        if self._quiet_at_s is None or now < self._quiet_at_s:
            return []
        self._quiet_at_s = None
        return self._decoder.quiet()

    def to_send(self) -> bytes:
        return b""

    def next_deadline(self) -> Seconds | None:
        moments = (self._quiet_at_s, self._nonsense.next_deadline())
        return min((moment for moment in moments if moment is not None), default=None)

    def fault(self, now: Seconds) -> str | None:
        return NONSENSE if self._nonsense.is_all(now) else None

    def indicate(self, indication: Indication) -> None:
        """It has no ear for that."""

    def close(self) -> None:
        """Nothing is held."""
