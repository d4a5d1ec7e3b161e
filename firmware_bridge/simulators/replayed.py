"""A device that says again what was captured of one, no sooner than it is asked again."""

from collections.abc import Callable, Sequence

from firmware_bridge.capture import Captured
from kiosk.clock import Seconds
from kiosk.errors import BridgeError


class Replayed:
    """Sends each piece that came from the device as long after the piece before it as it came then.

    A piece that went to the device is waited for: as many bytes must come, whatever they are,
    because what is random in them differs each time. It begins `after_s` from its first tick.
    """

    def __init__(
        self,
        capture: Sequence[Captured],
        speed: float,
        after_s: Seconds,
        on_over: Callable[[], None] = lambda: None,
    ) -> None:
        """`on_over` is called when the last piece was said."""
        self._left = list(reversed(capture))
        self._speed = speed
        self._after_s = after_s
        self._on_over = on_over
        self._clock_s: Seconds = capture[0].at_s if capture else 0.0
        self._since_s: Seconds | None = None
        self._heard_bytes = 0
        self._out = b""

    @property
    def is_over(self) -> bool:
        """Whether everything was said."""
        return not self._left

    def feed(self, data: bytes, now: Seconds) -> None:
        self._heard_bytes += len(data)
        self.tick(now)

    def tick(self, now: Seconds) -> None:
        if self._since_s is None:
            self._since_s = now + self._after_s
        while self._left and self._is_time_for(self._left[-1], now):
            piece = self._left.pop()
            self._since_s = now if piece.direction == ">" else self._due_s(piece)
            self._clock_s = piece.at_s
            if piece.direction == "<":
                self._out += piece.data
            if self.is_over:
                self._on_over()

    def to_send(self) -> bytes:
        data, self._out = self._out, b""
        return data

    def next_deadline(self) -> Seconds | None:
        if not self._left or self._left[-1].direction == ">" or self._since_s is None:
            return None
        return self._due_s(self._left[-1])

    def obey(self, words: Sequence[str], now: Seconds) -> None:  # noqa: ARG002
        raise BridgeError("a recording takes no orders")

    def _is_time_for(self, piece: Captured, now: Seconds) -> bool:
        if piece.direction == "<":
            return now >= self._due_s(piece)
        if self._heard_bytes < len(piece.data):
            return False
        self._heard_bytes -= len(piece.data)
        return True

    def _due_s(self, piece: Captured) -> Seconds:
        assert self._since_s is not None
        return self._since_s + (piece.at_s - self._clock_s) / self._speed
