"""What a simulated device is, and the card that is held to it."""

from collections.abc import Sequence
from typing import Protocol

from kiosk.clock import Seconds
from kiosk.errors import BridgeError


class SimulatedDevice(Protocol):
    """A device from plugged in to unplugged, without I/O; time is passed in and never goes back."""

    def feed(self, data: bytes, now: Seconds) -> None:
        """The host sent `data`."""

    def tick(self, now: Seconds) -> None:
        """It is `now`."""

    def to_send(self) -> bytes:
        """Take what the device sends."""

    def next_deadline(self) -> Seconds | None:
        """When `tick` is next to be called; None while nothing is due."""

    def obey(self, words: Sequence[str], now: Seconds) -> None:
        """Somebody does something at the device; raises BridgeError when it knows no such thing."""


class HeldCard:
    """The one card that is held to a reader, or none."""

    def __init__(self, sizes_bytes: Sequence[int]) -> None:
        """`sizes_bytes` are those of the numbers that its cards have."""
        self._sizes_bytes = sizes_bytes
        self._card: bytes | None = None
        self._until_s: Seconds = 0.0

    def obey(self, words: Sequence[str], now: Seconds) -> None:
        """`hold HEX [SECONDS]` or `take`. Raises BridgeError."""
        match words:
            case ["hold", number]:
                self._hold(number, float("inf"))
            case ["hold", number, for_s]:
                self._hold(number, now + _seconds(for_s))
            case ["take"]:
                self._card = None
            case _:
                raise BridgeError("say `hold HEX [SECONDS]` or `take`")

    def at(self, now: Seconds) -> bytes | None:
        """The card that is there."""
        if now >= self._until_s:
            self._card = None
        return self._card

    def _hold(self, number: str, until_s: Seconds) -> None:
        try:
            card = bytes.fromhex(number)
        except ValueError:
            raise BridgeError("a card's number is hexadecimal") from None
        if len(card) not in self._sizes_bytes:
            sizes = ", ".join(map(str, self._sizes_bytes))
            raise BridgeError(f"a card's number has {len(card)} bytes, here it has {sizes}")
        self._card, self._until_s = card, until_s


def _seconds(text: str) -> Seconds:
    try:
        return float(text)
    except ValueError:
        raise BridgeError(f"{text} is no number of seconds") from None
