"""When a frame is shown: at once, or on a line that loses packets so much later that all are even.

A frame that had to be asked for again comes a round trip late, and all behind it wait for it. Who
shows each as it comes stops and rushes all the time; who is late by as much as the latest of the
last seconds never stops.
"""

from collections import deque
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from kiosk.clock import Seconds

MOST_DELAY_S: Final[Seconds] = 0.4
"""Later than that people talk into each other's words, and would rather see it stop."""

TOLERATED_S: Final[Seconds] = 0.1
"""So late a picture may come against those before it: no freeze by anybody's rule (W3C's
webrtc-stats counts from 150 ms on), and every picture is shown that much sooner."""

MAX_HELD: Final = 30
WINDOW_S: Final[Seconds] = 10.0
"""The latest and the soonest of one to two of these windows count."""

HASTE: Final = 0.1
"""How much faster than life what is shown may be, to be less late."""

_ANOTHER_CLOCK_S: Final[Seconds] = 2.0

Frame = TypeVar("Frame")


@dataclass(slots=True)
class _Extremes:
    """The soonest and the latest of a window, and of the one before it."""

    soonest: tuple[Seconds, Seconds]
    latest: tuple[Seconds, Seconds] = (0.0, 0.0)

    def turn(self) -> None:
        self.soonest = (self.soonest[1], float("inf"))
        self.latest = (self.latest[1], 0.0)


class Playout(Generic[Frame]):
    """Frames in their order, each with the moment at which it is due."""

    def __init__(self) -> None:
        self.delay_s: Seconds = 0.0
        """By how much pictures are shown later than the soonest could be."""
        self.least_delay_s: Seconds = 0.0
        """What `delay_s` is to come to, at the least: slowly, as nobody is to see it."""
        self._held: deque[tuple[Seconds, Frame]] = deque()
        self._extremes: _Extremes | None = None
        self._turned_s: Seconds = 0.0
        self._changed_s: Seconds = 0.0

    def add(self, frame: Frame, taken_s: Seconds, now: Seconds) -> None:
        """A frame that is whole now; `taken_s` is when, on the clock of its sender."""
        self._held.append((self._due_s(taken_s, now), frame))

    def take(self, now: Seconds) -> list[Frame]:
        """What is due, and what is too much."""
        due = []
        while self._held and (self._held[0][0] <= now or len(self._held) > MAX_HELD):
            due.append(self._held.popleft()[1])
        return due

    def next_s(self) -> Seconds | None:
        """When `take` is to be called next."""
        return self._held[0][0] if self._held else None

    def _due_s(self, taken_s: Seconds, now: Seconds) -> Seconds:
        late_s = self._late_s(now - taken_s, now)
        wanted_s = self._wanted_s()
        step_s = HASTE * (now - self._changed_s)
        later_s = min(self.least_delay_s, self.delay_s + step_s)
        self.delay_s = max(wanted_s, later_s, self.delay_s - step_s)
        self._changed_s = now
        return now + max(0.0, self.delay_s - late_s)

    def soonest_s(self, taken_s: Seconds) -> Seconds:
        """When a frame that was taken then could be shown, had nothing held it up."""
        assert self._extremes is not None
        return taken_s + min(self._extremes.soonest)

    def _wanted_s(self) -> Seconds:
        assert self._extremes is not None
        return min(max(0.0, max(self._extremes.latest) - TOLERATED_S), MOST_DELAY_S)

    def _late_s(self, transit_s: Seconds, now: Seconds) -> Seconds:
        """Against the soonest of late; clocks are not the same, so that only differences count."""
        extremes = self._extremes
        if extremes is None or abs(transit_s - min(extremes.soonest)) > _ANOTHER_CLOCK_S:
            extremes = self._extremes = _Extremes((transit_s, transit_s))
            self._turned_s = now
        if now - self._turned_s >= WINDOW_S:
            extremes.turn()
            self._turned_s = now
        extremes.soonest = (extremes.soonest[0], min(extremes.soonest[1], transit_s))
        late_s = transit_s - min(extremes.soonest)
        extremes.latest = (extremes.latest[0], max(extremes.latest[1], late_s))
        return late_s
