"""Packets that did not come: which, since when, and when to ask for them (RFC 4585, generic NACK)."""

import statistics
from collections import deque
from dataclasses import dataclass
from typing import Final

from kiosk.clock import Seconds

MAX_TRIES: Final = 10
MAX_MISSING: Final = 256
"""About a second of a good picture: who lost more is better served by a keyframe."""

FIRST_ROUND_TRIP_S: Final[Seconds] = 0.1
"""Until the first answer; a call within one country takes about that long."""

LEAST_ROUND_TRIP_S: Final[Seconds] = 0.02
MOST_ROUND_TRIP_S: Final[Seconds] = 1.0
_MARGIN_S: Final[Seconds] = 0.01
"""A sender leaves aside what it has answered within its own round trip, so ask a little later."""

REPEAT_S: Final[Seconds] = 0.02
"""Each question is said twice, so far apart: it may be lost, too. The sender, see above, answers
it once; what that costs is nothing beside a round trip."""

MOST_HESITATION_S: Final[Seconds] = 0.03
_EARLY: Final = 1 / 3
_CALMS: Final = 0.9

BURST: Final = 32.0
SHARE: Final = 0.5
"""How many are asked for at once, and then for each that comes. Where more is lost the line is full:
what came again would be in the way of the sound."""

_SAMPLES: Final = 9
_NEVER: Final = float("inf")


@dataclass(slots=True)
class _Gap:
    noticed_s: Seconds
    first_asked_s: Seconds = 0.0
    asked_s: Seconds = 0.0
    tries: int = 0
    repeated: bool = False

    @property
    def is_half_said(self) -> bool:
        return self.tries > 0 and not self.repeated

    def ask(self, now: Seconds) -> None:
        if self.is_half_said:
            self.repeated = True
            return
        self.first_asked_s = self.first_asked_s if self.tries else now
        self.asked_s, self.repeated = now, False
        self.tries += 1


class Missing:
    """Numbers in their order, counted on for ever."""

    def __init__(self) -> None:
        self._gaps: dict[int, _Gap] = {}  # noticed in the order of their numbers
        self._allowed = BURST
        self._round_trips: deque[Seconds] = deque(maxlen=_SAMPLES)
        self.round_trip_s = FIRST_ROUND_TRIP_S
        """From the first question to the packet, as the middle of the last few took."""
        self.hesitation_s: Seconds = 0.0
        """How long a packet is given to come by itself, on a line that changes their order."""

    def __len__(self) -> int:
        return len(self._gaps)

    @property
    def oldest_s(self) -> Seconds | None:
        """Since when the first that is missing has been."""
        return next((gap.noticed_s for gap in self._gaps.values()), None)

    def notice(self, first: int, end: int, now: Seconds) -> None:
        """From `first` up to but without `end`, beyond all that were noticed before."""
        for number in range(first, end):
            self._gaps[number] = _Gap(now)

    def came(self, number: int, now: Seconds) -> None:
        self._allowed = min(self._allowed + SHARE, BURST)
        gap = self._gaps.pop(number, None)
        if gap is None:
            return
        if not gap.tries or now - gap.first_asked_s < self.round_trip_s * _EARLY:
            late_s = min(now - gap.noticed_s, MOST_HESITATION_S)
            self.hesitation_s = max(self.hesitation_s, late_s)
        else:
            self.hesitation_s *= _CALMS
        if gap.tries:
            # Which question was answered nobody can tell. To take a later one would be too short on
            # a slow line, and the next packet asked for too often again, for ever (Karn's problem).
            self._round_trips.append(now - gap.first_asked_s)
            middle = statistics.median(self._round_trips)
            self.round_trip_s = min(max(middle, LEAST_ROUND_TRIP_S), MOST_ROUND_TRIP_S)

    def forget_before(self, number: int) -> None:
        for gone in [known for known in self._gaps if known < number]:
            del self._gaps[gone]

    def forget_all(self) -> None:
        self._gaps.clear()

    def ask(self, now: Seconds) -> list[int]:
        """The numbers to be asked for now, in their order."""
        asked = []
        for number, gap in self._gaps.items():
            if self._due_s(gap) > now:
                continue
            self._allowed -= 0.0 if gap.is_half_said else 1.0
            gap.ask(now)
            asked.append(number)
        return asked

    def next_s(self) -> Seconds | None:
        """When `ask` is to be called next."""
        due_s = min(map(self._due_s, self._gaps.values()), default=_NEVER)
        return None if due_s == _NEVER else due_s

    def _due_s(self, gap: _Gap) -> Seconds:
        if gap.is_half_said:
            return gap.asked_s + REPEAT_S
        if self._allowed < 1:
            return _NEVER  # until another comes
        if not gap.tries:
            return gap.noticed_s + self.hesitation_s
        return gap.asked_s + self.round_trip_s + _MARGIN_S if gap.tries < MAX_TRIES else _NEVER
