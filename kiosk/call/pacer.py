"""When the next packet of our picture may go, so that our sound never waits behind a whole picture.

On a line that is hardly wider than the picture a large one, sent at once, is a queue of a quarter
of a second. The other side's sound buffer would grow by that, and its estimate of the line fall.
"""

from typing import Final

from kiosk.clock import Seconds

FASTER: Final = 2.0
"""Than the picture's rate: a large picture is late soon enough, and sound has its room beside it."""

CREDIT_S: Final[Seconds] = 0.015
"""An ordinary picture at 30 a second goes at once."""

SPREAD_S: Final[Seconds] = 0.2
"""No picture takes longer to leave than about that, whatever its size."""


class Pacer:
    """Told of each packet as it leaves; `now` never goes back."""

    def __init__(self) -> None:
        self._rate_bps = 1.0
        self._free_at: Seconds | None = None

    def begin(self, size_bytes: int, bps: float) -> None:
        """A picture of that size is next, while pictures have this rate."""
        self._rate_bps = max(FASTER * bps, size_bytes * 8 / SPREAD_S, 1.0)

    def sent(self, size_bytes: int, now: Seconds) -> Seconds:
        """How long to wait before the next packet of a picture."""
        least = now - CREDIT_S
        begins = least if self._free_at is None else max(self._free_at, least)
        self._free_at = begins + size_bytes * 8 / self._rate_bps
        return max(0.0, self._free_at - now)
