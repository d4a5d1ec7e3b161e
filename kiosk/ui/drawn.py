"""Counts what was drawn of a visitor's picture, for the record of the call."""

from kiosk.clock import Seconds
from kiosk.wire.messages import Message, PictureStats, RemoteDrawn

_EVERY_S: Seconds = 1.0


class DrawnPictures:
    """Says when the first picture of a call was on the glass, and once a second how it goes."""

    def __init__(self) -> None:
        self._call: int | None = None
        self._frames = 0
        self._recent = 0
        self._last_at_s: Seconds | None = None
        self._longest_s: Seconds = 0.0
        self._said_at_s: Seconds = 0.0

    def drawn(self, call: int, at_s: Seconds) -> list[Message]:
        """A new picture of `call` was on the glass at `at_s`."""
        first = self._call != call or self._frames == 0
        self._enter(call, at_s)
        self._note_gap(at_s)
        self._last_at_s = at_s
        self._frames += 1
        self._recent += 1
        return [RemoteDrawn(call, at_s)] if first else []

    def tick(self, call: int | None, now_s: Seconds) -> list[Message]:
        """`call` is the one that is to be drawn now, if any."""
        if call is None:
            self._last_at_s = None
            self._said_at_s = now_s
            return []
        self._enter(call, now_s)
        passed_s = now_s - self._said_at_s
        if passed_s < _EVERY_S:
            return []
        self._note_gap(now_s)
        stats = PictureStats(
            call, self._frames, round(self._recent / passed_s, 2), round(self._longest_s * 1e3, 2)
        )
        self._said_at_s = now_s
        self._recent = 0
        self._longest_s = 0.0
        return [stats]

    def _enter(self, call: int, now_s: Seconds) -> None:
        if call == self._call:
            return
        self._call = call
        self._frames = self._recent = 0
        self._last_at_s = None
        self._longest_s = 0.0
        self._said_at_s = now_s

    def _note_gap(self, now_s: Seconds) -> None:
        """A gap that still lasts counts as long as it is."""
        if self._last_at_s is not None:
            self._longest_s = max(self._longest_s, now_s - self._last_at_s)
