"""For how long their picture has stood still though it was to move (W3C webrtc-stats, freezeCount).

A picture that comes later than three times the usual after the one before it, and 150 ms more than
the usual, ends a freeze.
"""

from collections import deque
from typing import Final

from kiosk.clock import Seconds

_USUAL_OF: Final = 30
_TIMES: Final = 3.0
_MORE_S: Final[Seconds] = 0.15

MOST_S: Final[Seconds] = 5.0
"""Who shows nothing for longer has turned the camera off, or there is sound only: no freeze."""


class Freezes:
    """Of one call; `now` never goes back."""

    def __init__(self) -> None:
        self.total_s: Seconds = 0.0
        self._gaps: deque[Seconds] = deque(maxlen=_USUAL_OF)
        self._last: Seconds | None = None

    def picture(self, now: Seconds) -> None:
        """One more is shown."""
        last, self._last = self._last, now
        if last is None:
            return
        gap_s = now - last
        if self._is_freeze(gap_s):
            self.total_s += gap_s
        elif gap_s <= MOST_S:
            self._gaps.append(gap_s)

    def pause(self) -> None:
        """No picture is expected for a while, or what is missing is counted elsewhere."""
        self._last = None

    def expect(self, now: Seconds) -> None:
        """After a pause a picture is due from now on: sound may be back before it."""
        if self._gaps:
            self._last = now

    def _is_freeze(self, gap_s: Seconds) -> bool:
        if not self._gaps or gap_s > MOST_S:
            return False
        usual_s = sum(self._gaps) / len(self._gaps)
        return gap_s >= max(_TIMES * usual_s, usual_s + _MORE_S)
