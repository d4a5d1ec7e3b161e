"""Clocks that do not agree."""

from datetime import datetime, timedelta

from kiosk.clock import Seconds
from tests.call.kit import CLOCK


class Ahead:
    """A wall clock ahead of the kernel's, to which a datagram was there so much earlier."""

    def __init__(self, by_s: Seconds) -> None:
        self._by = timedelta(seconds=by_s)

    def monotonic(self) -> Seconds:
        return CLOCK.monotonic()

    def utc(self) -> datetime:
        return CLOCK.utc() + self._by
