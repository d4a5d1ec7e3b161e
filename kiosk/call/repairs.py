"""How much of what the other side has lost is sent again: a share of the rate, and no more.

On a line that is full everything is asked for again and again; to obey would keep it full, with the
sound in the queue behind it.
"""

from typing import Final

from kiosk.clock import Seconds

SHARE: Final = 0.25
"""Of the picture's rate: enough for the loss at which the rate itself is cut."""

SAVED_S: Final[Seconds] = 1.0
"""What was not needed for so long may be used at once: losses come in bursts."""

PACKET_BITS: Final = 1300 * 8
"""The size of a whole packet, which most of those are that carry pictures."""


class Repairs:
    """Asked before each packet that is sent again; `now` never goes back."""

    def __init__(self) -> None:
        self._bits = 0.0
        self._at: Seconds | None = None

    def may(self, bps: float, now: Seconds) -> bool:
        """Whether one more fits, at the picture's present rate."""
        share_bps = bps * SHARE
        passed_s = SAVED_S if self._at is None else now - self._at
        self._at = now
        self._bits = min(self._bits + share_bps * passed_s, share_bps * SAVED_S)
        if self._bits < PACKET_BITS:
            return False
        self._bits -= PACKET_BITS
        return True
