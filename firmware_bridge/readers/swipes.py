"""Swipes of magnetic stripes out of the bytes of a serial line, each told once its account is known.

Many readers send nothing after the last track. That it was the last one, only silence would tell,
and that only after longer than a reader's longest pause.
"""

from collections.abc import Sequence

from firmware_bridge.readers.framing import Framing, Lines
from firmware_bridge.readers.magstripe import END, STARTS, Track, is_known, is_over
from firmware_bridge.readers.reading import BadFrame

_FRAMING = Framing(ends=b"\x02\x03\r\n", ends_when_silent=True)
"""STX, ETX and CR are switches on the reader: any of them may be there or not."""


class Swipes:
    """Cuts bytes into swipes; what follows in one that was told is swallowed as a part of it."""

    def __init__(self, tracks: Sequence[Track]) -> None:
        """`tracks` may have the account, the first of them rather than the others."""
        self._tracks = tracks
        self._lines = Lines(_FRAMING)
        self._is_told = False

    def feed(self, data: bytes) -> list[str | BadFrame]:
        """The swipes of which `data` has the account or the end, and a fault for what is none."""
        return [found for byte in data for found in self._take(byte)]

    def quiet(self) -> list[str | BadFrame]:
        """The line is silent."""
        return self._unless_told(self._lines.quiet())

    def _take(self, byte: int) -> list[str | BadFrame]:
        found, character = [], chr(byte)
        if character in STARTS and is_over(self._lines.begun, character):
            found += self._unless_told(self._lines.end())
        found += self._unless_told(self._lines.feed(bytes([byte])))
        if character == END and not self._is_told and is_known(self._lines.begun, self._tracks):
            self._is_told = True
            found.append(self._lines.begun)
        return found

    def _unless_told(self, ended: list[str | BadFrame]) -> list[str | BadFrame]:
        """What ended, if anything did; the next swipe is none that was told."""
        if not ended:
            return []
        was_told, self._is_told = self._is_told, False
        return [] if was_told else ended
