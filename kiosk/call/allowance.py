"""How much of something is put up with: so much in a second, and so much at once."""

from kiosk.clock import Seconds


class Allowance:
    """Asked before each; `now` never goes back."""

    def __init__(self, per_s: float, at_once: int) -> None:
        self._per_s = per_s
        self._at_once = at_once
        self._left = float(at_once)
        self._at: Seconds | None = None

    def take(self, now: Seconds) -> bool:
        """Whether one more is allowed."""
        passed_s = 0.0 if self._at is None else now - self._at
        self._at = now
        self._left = min(self._left + passed_s * self._per_s, self._at_once)
        if self._left < 1:
            return False
        self._left -= 1
        return True
