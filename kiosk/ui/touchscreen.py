"""What is told of the touchscreen: at once that it is dead, and that it works when that has lasted."""

from kiosk.clock import Seconds
from kiosk.wire.touchscreen import TouchscreenStatus

STEADY_S: Seconds = 10.0
"""One that comes and goes is a broken one: it works for who touches it, and is told of once."""


class Touchscreen:
    """Taken to work until it is seen not to."""

    def __init__(self) -> None:
        self._up = True
        self._works_since_s: Seconds | None = None

    @property
    def status(self) -> TouchscreenStatus:
        """What there is to tell now."""
        return TouchscreenStatus(self._up)

    def seen(self, works: bool, now_s: Seconds) -> bool:
        """It feels fingers, or does not; whether `status` is another than before."""
        if not works:
            self._works_since_s = None
        elif self._works_since_s is None:
            self._works_since_s = now_s
        since_s = self._works_since_s
        up = since_s is not None and (self._up or now_s >= since_s + STEADY_S)
        news = up is not self._up
        self._up = up
        return news
