"""How much the line to the other side carries, by when each of our packets left and came.

A packet that takes longer than the quickest of late waited in a queue. What comes out at the other
end while there is a queue is what the line carries; while there is none it carries more than that.
"""

import itertools
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from kiosk.clock import Seconds

FIRST_BPS: Final = 1_200_000
"""Believed until something speaks against it."""

FULL_S: Final[Seconds] = 0.06
LATEST_S: Final[Seconds] = 0.15
LATEST: Final = 3
"""What the quickest of the latest packets waited, of so many reports at the least; radio, or a busy
phone, makes some wait."""

KEPT: Final = 0.9
"""Of what comes out of a queue, less a share for each second of it, so that it empties..."""

LEAST_KEPT: Final = 0.6

AGAIN_S: Final[Seconds] = 0.5
"""...before it is looked at again: it is news of what was sent before."""

AHEAD: Final = 2.0
AHEAD_BPS: Final = 50_000
"""So much more than what comes is believed in while there is no queue."""

QUICKEST_S: Final[Seconds] = 10.0
"""How long the quickest is remembered, or twice that: ways change, and clocks run apart."""

RATE_S: Final[Seconds] = 0.5
QUEUED: Final = 6
_LEAST_S: Final[Seconds] = 0.1


@dataclass(frozen=True, slots=True)
class Passed:
    """A packet that came: by our clock when it left, by theirs when it came."""

    left_s: Seconds
    came_s: Seconds
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Capacity:
    """What a line carries of all that we send.

    `full_bps`: what it carried when there was a queue last; 0 before there was one. `queue_s`: what now
    waits in it.
    """

    bps: float
    full_bps: float = 0.0
    queue_s: Seconds = 0.0


class LineRate:
    """Told of packets as they are known to have come; `now` never goes back."""

    def __init__(self) -> None:
        self._bps = float(FIRST_BPS)
        self._filled_bps = 0.0
        self._came: deque[Passed] = deque()
        self._latest: deque[tuple[Seconds, Seconds]] = deque()
        self._first_s: Seconds | None = None
        self._quickest_s = self._quickest_before_s = float("inf")
        self._since: Seconds | None = None
        self._look_at: Seconds = float("-inf")

    def heard(self, packets: Sequence[Passed], now: Seconds) -> Capacity:
        """What is known of the line, these packets considered; at least one."""
        queue_s = self._queue_s(packets, now)
        carried_bps = self._carried_bps(packets)
        if queue_s > FULL_S:
            if now >= self._look_at and (full_bps := self._full_bps()) is not None:
                self._look_at = now + AGAIN_S
                self._filled_bps = full_bps
                self._bps = full_bps * max(KEPT - queue_s, LEAST_KEPT)
        else:
            self._bps = max(self._bps, carried_bps * AHEAD + AHEAD_BPS)
        return Capacity(self._bps, self._filled_bps, queue_s)

    def _queue_s(self, packets: Sequence[Passed], now: Seconds) -> Seconds:
        self._latest.append((now, min(packet.came_s - packet.left_s for packet in packets)))
        while len(self._latest) > LATEST and now - self._latest[0][0] > LATEST_S:
            self._latest.popleft()
        took_s = min(took_s for _, took_s in self._latest)
        if self._since is None or now - self._since > QUICKEST_S:
            self._since = now
            self._quickest_before_s, self._quickest_s = self._quickest_s, took_s
        self._quickest_s = min(self._quickest_s, took_s)
        return took_s - self._least_s

    @property
    def _least_s(self) -> Seconds:
        return min(self._quickest_s, self._quickest_before_s)

    def _full_bps(self) -> float | None:
        """What came out of the queue, for as long as there is one: all that the line carries.

        Without the longest pause: radio, and a busy machine, are away for a while, and what waited
        meanwhile comes at once. None while that is too little to go by.
        """
        waited_s = FULL_S / 2 + self._least_s
        queued = [packet for packet in self._came if packet.came_s - packet.left_s > waited_s]
        if len(queued) < QUEUED:
            return None
        passed = [
            (later.came_s - earlier.came_s, later.size_bytes)
            for earlier, later in itertools.pairwise(queued)
        ]
        passed.remove(max(passed))
        over_s = sum(apart_s for apart_s, _ in passed)
        return sum(size for _, size in passed) * 8 / over_s if over_s >= _LEAST_S else None

    def _carried_bps(self, packets: Sequence[Passed]) -> float:
        """In the half second before the last of them came."""
        self._came.extend(packets)
        newest_s = max(packet.came_s for packet in packets)
        if self._first_s is None:
            self._first_s = min(packet.came_s for packet in packets)
        while newest_s - self._came[0].came_s > RATE_S:
            self._came.popleft()
        over_s = max(_LEAST_S, min(RATE_S, newest_s - self._first_s))
        return sum(packet.size_bytes for packet in self._came) * 8 / over_s
