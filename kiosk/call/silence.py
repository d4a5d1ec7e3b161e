"""Whether anything still comes from the other side, by what the connections have received."""

from enum import Enum
from typing import Final

from kiosk.clock import Seconds

SILENT_S: Final[Seconds] = 2.5
"""A browser that is held or muted still reports at least every second."""

LOOK_S: Final[Seconds] = 0.25
"""How often to look: a silence is known to have begun that exactly."""


class Line(Enum):
    """What is new about the line."""

    SAME = "same"
    SILENT = "silent"
    HEARD = "heard"


class Silence:
    """Told every `LOOK_S` what has been received in all; `now` never goes back."""

    def __init__(self, now: Seconds) -> None:
        self._received = 0
        self._came_at = now
        self.since: Seconds | None = None
        """When the present silence began."""

    def look(self, received: int, now: Seconds) -> Line:
        if received != self._received:
            self._received, self._came_at = received, now
            heard, self.since = self.since is not None, None
            return Line.HEARD if heard else Line.SAME
        if self.since is None and now - self._came_at >= SILENT_S:
            self.since = self._came_at
            return Line.SILENT
        return Line.SAME
