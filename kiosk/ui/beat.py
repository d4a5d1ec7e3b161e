"""When a still screen is drawn again: without a window system, some displays stay black until it is.

Each drawing of the whole screen costs a processor without a GPU more than all else of a second. So
it is done as often as a display may have buffers, and then, for a display that was away, seldom.
"""

from typing import Final

from kiosk.clock import Seconds

_BUFFERS: Final = 3
_SOON_S: Final[Seconds] = 1.0
_SELDOM_S: Final[Seconds] = 5.0


class Beat:
    """Counts from the last change of what is to be seen."""

    def __init__(self, now_s: Seconds) -> None:
        self.changed(now_s)

    def changed(self, now_s: Seconds) -> None:
        """Something else is drawn now."""
        self._soon = _BUFFERS
        self._at_s = now_s + _SOON_S

    def is_due(self, now_s: Seconds) -> bool:
        """Whether to draw the same again; once for each time."""
        if now_s < self._at_s:
            return False
        self._soon = max(0, self._soon - 1)
        self._at_s = now_s + (_SOON_S if self._soon else _SELDOM_S)
        return True
