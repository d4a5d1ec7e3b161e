"""An RDM6300 or an EM-18: repeats the number of the card that is held to it, and hears nothing."""

from collections.abc import Sequence

from firmware_bridge.readers.em4100_ascii import Em4100Frame
from firmware_bridge.simulators.device import HeldCard
from kiosk.clock import Seconds

REPEAT_S: Seconds = 0.065


class SimulatedRdm6300:
    """Sends only while a card is there; an EM-18, which is `bare`, without 02 and 03."""

    def __init__(self, *, bare: bool = False) -> None:
        self._bare = bare
        self._held = HeldCard([5])
        self._next_s: Seconds | None = None
        self._sends = b""

    def feed(self, data: bytes, now: Seconds) -> None:
        """Its RX leads nowhere."""

    def tick(self, now: Seconds) -> None:
        if self._next_s is None or now < self._next_s:
            return
        card = self._held.at(now)
        self._next_s = None if card is None else now + REPEAT_S
        if card is not None:
            frame = Em4100Frame(card).to_bytes()
            self._sends = frame[1:-1] if self._bare else frame

    def to_send(self) -> bytes:
        sends, self._sends = self._sends, b""
        return sends

    def next_deadline(self) -> Seconds | None:
        return self._next_s

    def obey(self, words: Sequence[str], now: Seconds) -> None:
        self._held.obey(words, now)
        if self._next_s is None:
            self._next_s = now
