"""Decides which picture may be seen now: of this call, in time, and fresh."""

from enum import Enum, auto
from pathlib import Path
from typing import Final

from kiosk.clock import Seconds
from kiosk.ui.elements import Picture
from kiosk.wire.frames import Frame, FrameReader

STALE_S: Final = 1.5
"""Without a new picture for this long, the old one is taken away."""


class Blank(Enum):
    """There is nothing to be seen."""

    BLANK = auto()


class Feed:
    """The pictures of one frame file that a Picture element may show."""

    def __init__(self, path: Path) -> None:
        self._reader = FrameReader(path)
        self._call: int | None = None
        self._until_s: Seconds = 0.0
        self._newest = 0
        self._fresh_until_s: Seconds | None = None

    def follow(self, picture: Picture) -> None:
        """Show this call until its end from now on."""
        if picture.call != self._call:
            self._newest = 0
            self._fresh_until_s = None
        self._call = picture.call
        self._until_s = picture.until_s

    def poll(self, now_s: Seconds) -> Frame | Blank | None:
        """A picture to draw now, Blank when there may be none, None when nothing is new.

        The frame's bytes are good until the next poll.
        """
        if self._call is None or now_s >= self._until_s:
            return Blank.BLANK
        frame = self._reader.newest(self._call, self._newest)
        if frame is not None:
            self._newest = frame.number
            fresh_until_s = frame.stamp_ns / 1e9 + STALE_S
            if now_s < fresh_until_s:
                self._fresh_until_s = fresh_until_s
                return frame
        stale = self._fresh_until_s is None or now_s >= self._fresh_until_s
        return Blank.BLANK if stale else None

    def close(self) -> None:
        """Let go of the file and of the copy of its last picture."""
        self._reader.close()
