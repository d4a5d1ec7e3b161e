"""A reader that writes a line for each card, once: a stripe, a barcode, a converter from Wiegand."""

from collections.abc import Sequence

from kiosk.clock import Seconds
from kiosk.errors import BridgeError

WORDS = "line TEXT, hold TEXT [SECONDS], take"
"""What may be said to it."""

_END = b"\r\n"


class SimulatedLine:
    """Writes what it is told, whatever that says; its cards are swiped, not held."""

    def __init__(self) -> None:
        self._sends = b""

    def feed(self, data: bytes, now: Seconds) -> None:
        """It hears nothing."""

    def tick(self, now: Seconds) -> None:
        """It does everything at once."""

    def to_send(self) -> bytes:
        sends, self._sends = self._sends, b""
        return sends

    def next_deadline(self) -> Seconds | None:
        return None

    def obey(self, words: Sequence[str], now: Seconds) -> None:
        del now  # whoever holds a card longer writes no more of it
        match words:
            case ["line", *parts] if parts:
                self._sends += " ".join(parts).encode() + _END
            case ["hold", text] | ["hold", text, _]:
                self._sends += text.encode() + _END
            case ["take"]:
                pass
            case _:
                raise BridgeError(f"say one of these: {WORDS}")
