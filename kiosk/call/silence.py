"""Whether anything still comes from the other side, by what the connections have received."""

from enum import Enum
from typing import Final

from kiosk.clock import Seconds

SILENT_S: Final[Seconds] = 2.5
"""A browser that is held or muted still reports at least every second."""

QUIET_S: Final[Seconds] = 0.5
"""Sound comes more often: from then on it is worth to find out why there is none."""

LOOK_S: Final[Seconds] = 0.25
"""How often to look: a silence is known to have begun that exactly."""

STEADY: Final = 3
"""A line that had something new at so many looks in a row is not quiet by itself."""


class Line(Enum):
    """What is new about the line."""

    SAME = "same"
    QUIET = "quiet"
    SILENT = "silent"
    BACK = "back"
    """After a pause that was too short to be a silence, on a line that makes none by itself."""
    HEARD = "heard"


class Silence:
    """Told every `LOOK_S` what has been received in all; `now` never goes back."""

    def __init__(self, now: Seconds) -> None:
        self._received = 0
        self._row = 0
        self._quiet = False
        self.came_at = now
        """When something came last."""
        self.since: Seconds | None = None
        """When the present silence began."""

    def look(self, received: int, now: Seconds) -> Line:
        if received != self._received:
            back = self._quiet and self._row >= STEADY
            heard, self.since = self.since is not None, None
            self._row = 1 if self._quiet else self._row + 1
            self._received, self.came_at, self._quiet = received, now, False
            return Line.HEARD if heard else Line.BACK if back else Line.SAME
        if self.since is None and now - self.came_at >= SILENT_S:
            self.since = self.came_at
            return Line.SILENT
        if not self._quiet and now - self.came_at >= QUIET_S:
            self._quiet = True
            return Line.QUIET
        return Line.SAME
