"""Numbers of RTP, which begin again at zero, counted on (RFC 3550, appendix A.1)."""

from typing import Final


class Counting:
    """Of all numbers that end in the given bits, the nearest to the newest so far."""

    def __init__(self, bits: int) -> None:
        self._span: Final = 1 << bits
        self._newest: int | None = None

    def of(self, number: int) -> int:
        """May be below zero, for what was sent before the first that came."""
        if self._newest is None:
            self._newest = number
        ahead = (number - self._newest) % self._span
        if ahead >= self._span // 2:
            return self._newest + ahead - self._span
        self._newest += ahead
        return self._newest
