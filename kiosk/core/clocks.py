"""Whether the terminal's own clock agrees with the service's, by which visits begin and end."""

from datetime import datetime

from kiosk.clock import Seconds

APART_S: Seconds = 10.0
"""Less may be the way there and back, and a person reads minutes."""


class Clocks:
    """How far the two are apart, as far as it is known."""

    def __init__(self) -> None:
        self._ahead_s = 0

    @property
    def ahead_s(self) -> int:
        """How far the service's clock is ahead of ours, in whole seconds; 0 while they agree."""
        return self._ahead_s

    def compare(self, service: datetime, ours: datetime) -> bool:
        """At one moment they stand at these (aware). Whether that is news."""
        apart_s = (service - ours).total_seconds()
        if abs(apart_s - self._ahead_s) <= APART_S:
            return False
        self._ahead_s = round(apart_s) if abs(apart_s) > APART_S else 0
        return True
