"""How late the packets of a stream come, and from that how long sound is to wait for them."""

from bisect import bisect_left, insort
from collections import deque
from typing import Final

from kiosk.clock import Seconds

MIN_WAIT_S: Final[Seconds] = 0.02
MAX_WAIT_S: Final[Seconds] = 0.2
FIRST_WAIT_S: Final[Seconds] = 0.06
"""Until the network is known."""

_KNOWN_PACKETS: Final = 50
_TAKEN_EVERY_S: Final[Seconds] = 0.01  # the sound device asks for so much at a time
_REMEMBERED_S: Final[Seconds] = 10.0
_REMEMBERED_PACKETS: Final = 500
_IN_TIME: Final = 0.98
"""So many of the packets are waited for; the rest costs less when it is concealed."""


class Lateness:
    """Of a packet only its transit is known: arrival less time stamp, which is off by a constant.

    The smallest transit of the last 10 s stands for a packet that nothing held up.
    """

    def __init__(self) -> None:
        self._recent: deque[tuple[Seconds, Seconds]] = deque()
        self._sorted: list[Seconds] = []

    def add(self, transit_s: Seconds, now_s: Seconds) -> None:
        self._recent.append((now_s, transit_s))
        insort(self._sorted, transit_s)
        while len(self._recent) > _REMEMBERED_PACKETS or now_s - self._recent[0][0] > _REMEMBERED_S:
            _, old_s = self._recent.popleft()
            del self._sorted[bisect_left(self._sorted, old_s)]

    @property
    def least_s(self) -> Seconds:
        """The transit of a packet that nothing held up; there must have been one."""
        return self._sorted[0]

    def wait_s(self, more_s: Seconds = 0.0) -> Seconds:
        """How long after the earliest moment sound is to be played, and `more_s` for a reason."""
        number = min(len(self._sorted) - 1, int(_IN_TIME * len(self._sorted)))
        wait_s = self._sorted[number] - self._sorted[0] + _TAKEN_EVERY_S
        if len(self._recent) < _KNOWN_PACKETS:
            wait_s = max(wait_s, FIRST_WAIT_S)
        return min(max(wait_s + more_s, MIN_WAIT_S), MAX_WAIT_S)
