"""An Elatec TWN4 with the firmware of the Simple Protocol: says nothing unless it is asked."""

from collections.abc import Sequence

from firmware_bridge.readers.reading import BadFrame
from firmware_bridge.readers.twn4 import EM4102, ISO14443A
from firmware_bridge.readers.twn4_frames import Twn4Line, Twn4Scanner
from firmware_bridge.simulators.device import HeldCard
from kiosk.clock import Seconds

UNKNOWN_FUNCTION = b"\x01"
MISSING_PARAMETER = b"\x02"
UNUSED_PARAMETERS = b"\x03"
_USB_CDC = b"\x01"
_EM4102_BYTES = 5


class SimulatedTwn4:
    """Holds EM4102 cards, whose numbers have 5 bytes, and ISO 14443-A ones of 4, 7 or 10."""

    def __init__(self, *, crc: bool = False) -> None:
        self._crc = crc
        self._held = HeldCard([4, _EM4102_BYTES, 7, 10])
        self._scanner = Twn4Scanner(crc=crc)
        self._sends = b""

    def feed(self, data: bytes, now: Seconds) -> None:
        for line in self._scanner.feed(data):
            # What is no request is answered with nothing.
            if not isinstance(line, BadFrame):
                response = Twn4Line(self._answer(line.data, now))
                self._sends += response.to_bytes(crc=self._crc)

    def tick(self, now: Seconds) -> None:
        """It does everything at once."""

    def to_send(self) -> bytes:
        sends, self._sends = self._sends, b""
        return sends

    def next_deadline(self) -> Seconds | None:
        return None

    def obey(self, words: Sequence[str], now: Seconds) -> None:
        self._held.obey(words, now)

    def _answer(self, request: bytes, now: Seconds) -> bytes:
        match list(request):
            case [0x00, 0x05]:
                return b"\x00" + _USB_CDC
            case [0x05, 0x00, longest_bytes]:
                return self._search(longest_bytes, now)
            case [0x05, 0x00]:
                return MISSING_PARAMETER
            case [0x00, 0x05, *_] | [0x05, 0x00, *_]:
                return UNUSED_PARAMETERS
            case _:
                return UNKNOWN_FUNCTION

    def _search(self, longest_bytes: int, now: Seconds) -> bytes:
        card = self._held.at(now)
        if card is None:
            return b"\x00\x00"
        number = card[:longest_bytes]
        kind = EM4102 if len(card) == _EM4102_BYTES else ISO14443A
        return bytes([0, 1, kind, 8 * len(number), len(number)]) + number
