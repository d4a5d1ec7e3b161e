"""What share of our packets the other side lost, told once there are enough of them to say so.

A browser reports as often as it asks for something, which is ten times a second on a bad line. At a
low rate such a report is of three packets: one of them lost is 33 %, and says nothing.
"""

from typing import Final

ENOUGH: Final = 20
"""Of so many packets three are lost once in a hundred times, where a line loses 2 % by chance."""

_ROUND: Final = 1 << 16
"""After so many packets their sequence numbers begin again at zero (RFC 3550, section 5.1)."""

_FAR: Final = _ROUND // 2


class Losses:
    """The reports on one stream, in the order of their coming (RFC 3550, section 6.4.1)."""

    def __init__(self) -> None:
        self._highest: int | None = None
        self._lost = 0
        self._forgotten: int | None = None

    def forget(self, number: int) -> None:
        """What is lost of all packets up to this sequence number is not told any more."""
        self._forgotten = number

    def report(self, highest: int, lost: int) -> float | None:
        """The share of all packets since it was last known; None while they are too few.

        `highest` is the extended sequence number, `lost` the number of all that ever were.
        """
        expected = highest - self._highest if self._highest is not None else 0
        if self._highest is None or not 0 <= expected < _FAR or self._is_forgotten(highest):
            self._highest, self._lost = highest, lost
            return None
        if expected < ENOUGH:
            return None
        # What comes late, or twice, makes the number of the lost smaller again.
        share = min(max((lost - self._lost) / expected, 0.0), 1.0)
        self._highest, self._lost = highest, lost
        return share

    def _is_forgotten(self, highest: int) -> bool:
        """Also the first report on later packets is on earlier ones."""
        if self._forgotten is None:
            return False
        if 0 < (highest - self._forgotten) % _ROUND < _FAR:
            self._forgotten = None
        return True
