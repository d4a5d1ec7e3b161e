"""Measures how long the screen's loop is busy in a turn: for as long no touch is seen."""

from typing import Final

from kiosk.clock import Seconds
from kiosk.wire.messages import Message, ScreenStats

SLOW_S: Final[Seconds] = 0.1
"""A person notices a turn that takes longer than this."""

_EVERY_S: Seconds = 1.0


class Turns:
    """Counts frames and slow turns, and says so at most once a second, and only when it drew."""

    def __init__(self) -> None:
        self._frames = 0
        self._slow = 0
        self._longest_s: Seconds = 0.0
        self._told_frames = 0
        self._say_at_s: Seconds = 0.0

    def turned(self, from_s: Seconds, to_s: Seconds, *, drew: bool) -> list[Message]:
        """A turn lasted so long, and maybe put a frame on the glass."""
        self._frames += drew
        self._slow += to_s - from_s > SLOW_S
        self._longest_s = max(self._longest_s, to_s - from_s)
        if self._frames == self._told_frames or to_s < self._say_at_s:
            return []
        stats = ScreenStats(self._frames, self._slow, round(self._longest_s * 1e3, 2))
        self._told_frames, self._longest_s = self._frames, 0.0
        self._say_at_s = to_s + _EVERY_S
        return [stats]
