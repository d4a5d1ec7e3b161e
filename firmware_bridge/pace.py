"""How fast a line is read: a device that talks without end must not keep the whole bridge busy."""

from kiosk.clock import Seconds

BURST_BYTES = 8 * 1024
"""What waited while the program stood still is read at once."""

A_SECOND_BYTES = 16 * 1024
"""More than a line of 115200 baud carries; what comes faster waits in the kernel, or is lost there."""


class Pace:
    """A bucket of bytes that fills with time; time never goes back."""

    def __init__(self) -> None:
        self._left: float = BURST_BYTES
        self._at_s: Seconds = 0.0

    def pause_s(self, read_bytes: int, now: Seconds) -> Seconds:
        """How long to read no more, now that so many bytes were read."""
        filled = self._left + (now - self._at_s) * A_SECOND_BYTES
        self._left = min(BURST_BYTES, filled) - read_bytes
        self._at_s = now
        return max(0.0, -self._left / A_SECOND_BYTES)
