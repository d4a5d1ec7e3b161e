"""Which packets of a sender came and when, and when it is to be told of them.

A sender of transport-wide congestion control counts all its packets, of whatever stream, and finds
out from what it is told how much the line carries (draft-holmer-rmcat-transport-wide-cc-extensions).
"""

from collections.abc import Iterator
from typing import Final

from kiosk.call.counting import Counting
from kiosk.call.transport_cc import (
    MOST_APART,
    MOST_ARRIVALS,
    TICKS_PER_S,
    Arrival,
    Report,
)
from kiosk.clock import Seconds

LEAST_APART_S: Final[Seconds] = 0.05
MOST_APART_S: Final[Seconds] = 0.25
"""Between reports. Chromium's own, as the next one."""

BYTES_PER_REPORT: Final = 68 * 20
"""So many come for one: reports, of 68 bytes with all their headers, are a twentieth of it."""

REMEMBERED_S: Final[Seconds] = 0.5
"""For how long what was told may be told again, when a packet comes that is before it."""

MAX_REMEMBERED: Final = 2000
"""A browser's best picture has some 300 packets in that time."""


class Arrivals:
    """Of one sender, on all its streams; `now` never goes back."""

    def __init__(self) -> None:
        self._numbers = Counting(16)
        self._ticks: dict[int, int] = {}  # in the order in which they came
        self._newest = self._forgotten = -MOST_APART
        self._from: int | None = None
        self._bytes = 0
        self._told_s: Seconds = float("-inf")
        self._count = 0

    def came(self, number: int, size_bytes: int, at_s: Seconds) -> None:
        """`number` is the 16 bits that the packet holds; it may be known later than it came."""
        counted = self._numbers.of(number)
        if counted in self._ticks or counted <= self._forgotten:
            return
        self._ticks[counted] = round(at_s * TICKS_PER_S)
        self._newest = max(self._newest, counted)
        self._from = counted if self._from is None else min(self._from, counted)
        self._bytes += size_bytes
        if len(self._ticks) > MAX_REMEMBERED:
            self._forget_oldest()

    def next_s(self) -> Seconds | None:
        """When `reports` is to be called next."""
        if self._from is None or self._from > self._newest:
            return None
        many = self._bytes >= BYTES_PER_REPORT
        return self._told_s + (LEAST_APART_S if many else MOST_APART_S)

    def reports(self, now: Seconds) -> list[Report]:
        """What is to be told now."""
        due_s = self.next_s()
        if due_s is None or due_s > now:
            return []
        told = list(self._told())
        self._from = self._newest + 1
        self._told_s, self._bytes = now, 0
        self._forget_before(now - REMEMBERED_S)
        return told

    def _told(self) -> Iterator[Report]:
        assert self._from is not None
        base, arrivals = self._from, list[Arrival]()
        for number in sorted(number for number in self._ticks if number >= self._from):
            arrival = Arrival(number, self._ticks[number])
            if arrivals and not _fits(arrival, base, arrivals):
                yield self._report(base, arrivals)
                base, arrivals = arrivals[-1].number + 1, []
            if number - base >= MOST_APART:
                base = number  # nothing is said of those before, nobody sends so many at once
            arrivals.append(arrival)
        yield self._report(base, arrivals)

    def _report(self, base: int, arrivals: list[Arrival]) -> Report:
        self._count += 1
        return Report(self._count - 1, base, arrivals)

    def _forget_before(self, moment_s: Seconds) -> None:
        ticks = moment_s * TICKS_PER_S
        while self._ticks and next(iter(self._ticks.values())) < ticks:
            self._forget_oldest()

    def _forget_oldest(self) -> None:
        """A packet before it is too late: what came behind it could not be told again."""
        oldest = next(iter(self._ticks))
        del self._ticks[oldest]
        self._forgotten = max(self._forgotten, oldest)


def _fits(arrival: Arrival, base: int, arrivals: list[Arrival]) -> bool:
    """Whether it can be in one report with the ones before it."""
    return (
        len(arrivals) < MOST_ARRIVALS
        and arrival.number - base < MOST_APART
        and -MOST_APART <= arrival.ticks - arrivals[-1].ticks < MOST_APART
    )
