"""A PN532 at a serial line, as NXP's manual has it (UM0701-02): what a host does wrong, it feels.

It sleeps until it is woken, does little before it was told of its SAM, is silent about a frame
with a wrong checksum, answers an error to what it does not know, and searches for ever unless it
was told how often to try.
"""

from collections.abc import Mapping, Sequence

from firmware_bridge.readers.pn532_frames import (
    FROM_CHIP,
    TO_CHIP,
    Code,
    Frame,
    Information,
    Pn532Scanner,
    Signal,
)
from firmware_bridge.readers.reading import BadFrame
from firmware_bridge.simulators.device import HeldCard
from kiosk.clock import Seconds

_WAKES = b"\x55"
_VERSION = b"\x32\x01\x06\x07"
"""7.2.2: PN532, firmware 1.6, cards of type A and B and ISO 18092."""

_WORKS_S: Seconds = 0.001
_TRY_S: Seconds = 0.005
_FOR_EVER = 0xFF

_TYPE_A_106 = 0x00
_CARDS: Mapping[int, bytes] = {4: b"\x00\x04\x08", 7: b"\x00\x44\x00", 10: b"\x00\x84\x00"}
"""SENS_RES and SEL_RES of Mifare Classic, Mifare Ultralight, and of a card with a long number."""

_MAX_RETRIES = 0x05
_PARAMETERS_BYTES: Mapping[int, int] = {
    0x01: 1,
    0x02: 3,
    0x04: 1,
    _MAX_RETRIES: 3,
    0x0A: 11,
    0x0D: 9,
}
"""Of each item of RFConfiguration (7.3.1)."""


class SimulatedPn532:
    """The chip since it got its power."""

    def __init__(self) -> None:
        self._held = HeldCard(list(_CARDS))
        self._scanner = Pn532Scanner()
        self._awake = False
        self._ready = False
        self._tries = _FOR_EVER
        self._does: tuple[Seconds, Information] | None = None
        self._searches_until_s: Seconds | None = None
        self._response = b""
        self._sends = b""

    def feed(self, data: bytes, now: Seconds) -> None:
        if not self._awake:
            _, woken, data = data.partition(_WAKES)
            self._awake = bool(woken)
        if self._awake:
            for frame in self._scanner.feed(data):
                self._hear(frame, now)

    def tick(self, now: Seconds) -> None:
        if self._does is not None and now >= self._does[0]:
            _, command = self._does
            self._does = None
            self._do(command.data[0], command.data[1:], now)
        self._search(now)

    def to_send(self) -> bytes:
        sends, self._sends = self._sends, b""
        return sends

    def next_deadline(self) -> Seconds | None:
        searches = None if self._searches_until_s == float("inf") else self._searches_until_s
        does = None if self._does is None else self._does[0]
        return min((moment for moment in (searches, does) if moment is not None), default=None)

    def obey(self, words: Sequence[str], now: Seconds) -> None:
        self._held.obey(words, now)
        self._search(now)

    def _hear(self, frame: Frame | BadFrame, now: Seconds) -> None:
        match frame:
            case Information(identifier, _) if identifier == TO_CHIP:
                # 6.2.2: a new command ends the one before.
                self._stop()
                self._sends += Signal.ACK.to_bytes()
                self._does = (now + _WORKS_S, frame)
            case Signal.ACK:
                self._stop()
            case Signal.NAK:
                self._sends += self._response
            case _:
                pass  # 6.2.2: of what it did not receive it says nothing, and the host asks again

    def _stop(self) -> None:
        self._does = self._searches_until_s = None

    def _do(self, code: int, parameters: bytes, now: Seconds) -> None:
        answer = self._answer(code, parameters)
        if answer is not None:
            self._respond(code, answer)
        elif code == Code.IN_LIST_PASSIVE_TARGET and self._begins_search(parameters, now):
            pass  # 7.3.5: nothing is answered before the search has ended
        else:
            self._response = Signal.ERROR.to_bytes()
            self._sends += self._response

    def _answer(self, code: int, parameters: bytes) -> bytes | None:
        match code, list(parameters):
            case Code.GET_FIRMWARE_VERSION, []:
                return _VERSION
            case Code.SAM_CONFIGURATION, [1 | 2 | 3 | 4, *more] if len(more) <= 2:
                self._ready = True
                return b""
            case Code.RF_CONFIGURATION, [item, *values] if self._ready:
                if len(values) != _PARAMETERS_BYTES.get(item):
                    return None
                if item == _MAX_RETRIES:
                    self._tries = values[2]
                return b""
            case _:
                return None

    def _begins_search(self, parameters: bytes, now: Seconds) -> bool:
        match list(parameters):
            case [1 | 2, kind, *_] if self._ready:
                for_ever = self._tries == _FOR_EVER or kind != _TYPE_A_106
                ends_s = now + (1 + self._tries) * _TRY_S
                self._searches_until_s = float("inf") if for_ever else ends_s
                return True
            case _:
                return False

    def _respond(self, code: int, answer: bytes) -> None:
        self._response = Information(FROM_CHIP, bytes([code + 1]) + answer).to_bytes()
        self._sends += self._response

    def _search(self, now: Seconds) -> None:
        if self._searches_until_s is None:
            return
        card = self._held.at(now)
        if card is not None:
            found = b"\x01\x01" + _CARDS[len(card)] + bytes([len(card)]) + card
        elif now >= self._searches_until_s:
            found = b"\x00"
        else:
            return
        self._searches_until_s = None
        self._respond(Code.IN_LIST_PASSIVE_TARGET, found)
