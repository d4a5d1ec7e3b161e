"""Whether a line is weak: a person is told when it is for a while, and not of each bad moment."""

from dataclasses import dataclass
from typing import Final

from kiosk.clock import Seconds

WEAK_LOSS: Final = 0.05
WELL_LOSS: Final = 0.02
"""Of the packets of a second, either way. Up to 2 % nobody sees or hears of it."""

WEAK_TRIP_S: Final[Seconds] = 0.6
WELL_TRIP_S: Final[Seconds] = 0.4
"""Two who talk begin to interrupt each other between them (ITU-T G.114, both ways)."""

WEAK_AFTER: Final = 3
WELL_AFTER: Final = 8
"""Seconds in a row."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What a call has counted since it began; both ways each."""

    came: int = 0
    came_lost: int = 0
    sent: int = 0
    sent_lost: int = 0
    frozen_s: Seconds = 0.0


class Quality:
    """Told once a second."""

    def __init__(self) -> None:
        self.weak = False
        self._before = Counted()
        self._row = 0
        """So many seconds in a row speak against what `weak` says."""

    def second(self, counted: Counted, round_trip_s: Seconds | None) -> None:
        """One more has passed."""
        before, self._before = self._before, counted
        lost = counted.sent_lost - before.sent_lost
        loss = max(
            _share(counted.came_lost - before.came_lost, counted.came - before.came),
            _share(lost, counted.sent - before.sent - lost),
        )
        froze = counted.frozen_s > before.frozen_s
        trip_s = round_trip_s or 0.0
        bad = froze or loss > WEAK_LOSS or trip_s > WEAK_TRIP_S
        well = not froze and loss < WELL_LOSS and trip_s < WELL_TRIP_S
        self._row = self._row + 1 if (well if self.weak else bad) else 0
        if self._row >= (WELL_AFTER if self.weak else WEAK_AFTER):
            self.weak, self._row = not self.weak, 0


def _share(lost: int, others: int) -> float:
    """Less may be lost than a second ago: what was late has come."""
    return lost / (lost + max(0, others)) if lost > 0 else 0.0
