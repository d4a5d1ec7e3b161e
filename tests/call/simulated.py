"""A line that loses packets, a browser that sends pictures over it, and how we receive them.

All in a time of its own: forty seconds take a few hundredths, and are the same with each run.
"""

import heapq
import itertools
import random
import statistics
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from kiosk.call.assembly import Assembly, Piece
from kiosk.call.playout import Playout
from kiosk.clock import Seconds
from tests.call.streams import KEY, OTHER, REST, TICKS

FPS = 30
CLOCK_HZ = FPS * TICKS
PACKET_BYTES = 1150
KEY_SIZE = 4.0
"""Of a keyframe, against another."""

BETWEEN_KEYS_S: Seconds = 0.3
JITTER_S: Seconds = 0.005


@dataclass(frozen=True)
class Course:
    """What the line does, and how much is sent."""

    loss: float
    round_trip_s: Seconds
    bps: int = 1_000_000
    lasts_s: Seconds = 48.0


@dataclass
class Call:
    """One sender and one receiver; run it once."""

    course: Course
    seed: int
    shown: list[tuple[Seconds, Seconds]] = field(default_factory=list)
    """Of each picture: when it was shown, and when it was made."""
    keys: int = 0
    _now: Seconds = 0.0
    _free_s: dict[str, Seconds] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)
        self._due: list[tuple[Seconds, int, Callable[..., None], tuple[Any, ...]]] = []
        self._order = itertools.count()
        self._sent: list[Piece] = []
        self._again_s: dict[int, Seconds] = {}
        self._key_s: Seconds | None = None
        self._wants_key = True
        self._assembly, self._playout = Assembly(), Playout[int]()
        self._timer_s: Seconds | None = None

    def run(self) -> None:
        self._at(0.0, self._send, 0)
        while self._due and self._due[0][0] <= self.course.lasts_s:
            self._now, _, work, given = heapq.heappop(self._due)
            work(*given)

    def ages_s(self, from_s: Seconds) -> Seconds:
        """How old pictures were when they were shown, in the middle."""
        return statistics.median(at - made for at, made in self.shown if at >= from_s)

    def _at(self, at_s: Seconds, work: Callable[..., None], *given: Any) -> None:
        heapq.heappush(self._due, (at_s, next(self._order), work, given))

    def _over_line(self, way: str, work: Callable[..., None], *given: Any) -> None:
        lost, jitter = self._chance.random(), self._chance.random()
        if lost >= self.course.loss:
            at_s = self._now + self.course.round_trip_s / 2 + jitter * JITTER_S
            at_s = self._free_s[way] = max(at_s, self._free_s.get(way, 0.0))
            self._at(at_s, work, *given)

    # the browser

    def _send(self, frame: int) -> None:
        key, self._wants_key = self._wants_key, False
        if key:
            self.keys += 1
            self._key_s = self._now
        mean = self.course.bps / 8 / FPS / PACKET_BYTES * (KEY_SIZE if key else 1)
        count = max(1, round(mean * self._chance.uniform(0.7, 1.3)))
        for at in range(count):
            part = REST if at else KEY if key else OTHER
            data = bytes(PACKET_BYTES)
            piece = Piece(len(self._sent), frame * TICKS, at == count - 1, part, data)
            self._sent.append(piece)
            self._over_line("to us", self._take, piece)
        self._at((frame + 1) / FPS, self._send, frame + 1)

    def _send_again(self, lost: list[int], key: bool) -> None:
        """Each but once in a round trip; keyframes not too often."""
        for number in lost:
            if self._now - self._again_s.get(number, -1.0) >= self.course.round_trip_s:
                self._again_s[number] = self._now
                self._over_line("to us", self._take, self._sent[number])
        if key and self._key_s is not None and self._now - self._key_s > BETWEEN_KEYS_S:
            self._wants_key = True

    # the terminal, as kiosk.call.reception has it

    def _take(self, piece: Piece) -> None:
        for frame in self._assembly.add(piece, self._now):
            self._playout.add(frame.time, frame.time / CLOCK_HZ, self._now)
        self._act()

    def _wake(self, timer_s: Seconds) -> None:
        if timer_s == self._timer_s:
            self._act()

    def _act(self) -> None:
        for time in self._playout.take(self._now):
            self.shown.append((self._now, time / CLOCK_HZ))
        lost = self._assembly.missing.ask(self._now)
        key = self._assembly.ask_for_key(self._now)
        if lost or key:
            self._over_line("to them", self._send_again, lost, key)
        moments = (
            self._playout.next_s(),
            self._assembly.missing.next_s(),
            self._assembly.key_s(),
        )
        self._timer_s = min((each for each in moments if each is not None), default=None)
        if self._timer_s is not None:
            self._timer_s = max(self._timer_s, self._now)
            self._at(self._timer_s, self._wake, self._timer_s)
