"""Tells a device that never says anything sensible from a card reader that misread.

A disturbed line has a few wrong bytes now and then; another device, or a wrong speed, talks on.
"""

from kiosk.clock import Seconds

PATIENCE_S: Seconds = 10.0
ENOUGH_BYTES = 200
"""Who says so much, for so long, and never a card, is no card reader."""

PAUSE_S: Seconds = 2.0
"""Who was silent for so long gets another chance; others report once a second (NMEA 0183)."""


class Nonsense:
    """How long a line has been talking without a card; time is passed in and never goes back."""

    def __init__(self) -> None:
        self._began_s: Seconds = 0.0
        self._last_s: Seconds = 0.0
        self._heard_bytes = 0

    def hear(self, count_bytes: int, now: Seconds, *, sensible: bool) -> None:
        """Bytes came; `sensible` if they completed a card."""
        if sensible:
            self._heard_bytes = 0
            return
        self.tick(now)
        if not self._heard_bytes:
            self._began_s = now
        self._last_s = now
        self._heard_bytes += count_bytes

    def tick(self, now: Seconds) -> None:
        """Nothing has come up to `now`."""
        if now - self._last_s >= PAUSE_S:
            self._heard_bytes = 0

    def is_all(self, now: Seconds) -> bool:
        """Whether nonsense is all that comes."""
        lately = now - self._last_s < PAUSE_S
        return lately and self._talked_enough()

    def next_deadline(self) -> Seconds | None:
        """When silence alone will change `is_all`."""
        return self._last_s + PAUSE_S if self._talked_enough() else None

    def _talked_enough(self) -> bool:
        long = self._last_s - self._began_s >= PATIENCE_S
        return long and self._heard_bytes >= ENOUGH_BYTES
