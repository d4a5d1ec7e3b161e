"""How many cards a reader may show: a stuck or a spoofed one must not keep the terminal busy."""

from kiosk.clock import Seconds

BURST = 40
A_SECOND = 25.0
"""Far more than people can hold to a reader, and than a bench of 1,000 cards a minute needs."""

CALM_S: Seconds = 2.0
"""Who has kept to the limit for so long is believed again."""


class Flood:
    """A bucket of cards that fills with time (a token bucket); time never goes back."""

    def __init__(self) -> None:
        self._left: float = BURST
        self._at_s: Seconds = 0.0
        self._over_s: Seconds = float("-inf")

    def takes(self, now: Seconds) -> bool:
        """Whether one more card is within the limit."""
        self._left = min(BURST, self._left + (now - self._at_s) * A_SECOND)
        self._at_s = now
        if self._left < 1:
            self._over_s = now
            return False
        self._left -= 1
        return True

    def tick(self, now: Seconds) -> None:
        """Time has passed."""
        if now - self._over_s >= CALM_S:
            self._over_s = float("-inf")

    def is_on(self, now: Seconds) -> bool:
        """Whether more cards came than are believed, not long ago."""
        return now - self._over_s < CALM_S

    def next_deadline(self) -> Seconds | None:
        """When silence alone will change `is_on`."""
        return self._over_s + CALM_S if self._over_s > float("-inf") else None
