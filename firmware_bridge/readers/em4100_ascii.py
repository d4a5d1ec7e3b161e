"""EM4100 cards as 125 kHz readers write them: hexadecimal characters with a checksum.

RDM630 and RDM6300 (data sheets): 02, 10 characters for 5 bytes, 2 for their XOR, 03. ID-12LA and
ID-20LA put 0D 0A before the 03. EM-18 sends the 12 characters alone.
"""

from binascii import Error as NotHexadecimal
from binascii import unhexlify
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import reduce
from operator import xor
from typing import Self

from firmware_bridge.readers.reading import BadFrame, CardRead, FrameError, Reading
from firmware_bridge.readers.settings import Baud, ReaderSettings
from kiosk.wire.secret import Secret

STX = 0x02
ETX = 0x03
_LINE_END = b"\r\n"
_NUMBER_BYTES = 5
_DIGITS = 2 * _NUMBER_BYTES + 2
_LONGEST_BYTES = 1 + _DIGITS + len(_LINE_END) + 1


class Em4100AsciiSettings(ReaderSettings, frozen=True, kw_only=True, tag="em4100_ascii"):
    """An RDM630, RDM6300, ID-12LA or ID-20LA."""

    baud: Baud = 9600


class Em4100BareSettings(ReaderSettings, frozen=True, kw_only=True, tag="em4100_bare"):
    """An EM-18."""

    baud: Baud = 9600


@dataclass(frozen=True, slots=True)
class Em4100Frame:
    """One frame; `number` is the card's 5 bytes: version, then a 32-bit number."""

    number: bytes = field(repr=False)

    @classmethod
    def from_bytes(cls, raw: bytes) -> Self:
        """Read a frame with its 02 and 03. Raises FrameError for anything but one whole frame."""
        if not (raw[:1] == bytes([STX]) and raw[-1:] == bytes([ETX])):
            raise FrameError("a frame without its start or end")
        return cls.from_digits(raw[1:-1].removesuffix(_LINE_END))

    @classmethod
    def from_digits(cls, digits: bytes) -> Self:
        """Read the 12 characters alone. Raises FrameError."""
        if len(digits) != _DIGITS:
            raise FrameError("a frame of the wrong length")
        try:
            *number, checksum = unhexlify(digits)
        except NotHexadecimal:
            # Without its cause, which would be the place to look for what was sent.
            raise FrameError("a frame that is not hexadecimal") from None
        if reduce(xor, number) != checksum:
            raise FrameError("a wrong checksum")
        return cls(bytes(number))

    def to_bytes(self) -> bytes:
        """The frame as an RDM6300 sends it."""
        digits = f"{self.number.hex()}{reduce(xor, self.number):02x}".upper()
        return bytes([STX, *digits.encode("ascii"), ETX])

    def card(self) -> CardRead:
        """The card's number as 10 uppercase hexadecimal characters; it can be copied."""
        return CardRead("em4100", "identifier", Secret(self.number.hex().upper()))


class Em4100Ascii:
    """Frames between 02 and 03; a 02 always begins one, so a good one is found after anything."""

    def __init__(self) -> None:
        self._begun = bytearray()
        self._in_noise = False

    def feed(self, data: bytes) -> list[Reading]:
        """A card or a fault for each frame, and one fault for each stretch of noise."""
        return [reading for byte in data for reading in self._take(byte)]

    def quiet(self) -> list[Reading]:
        self._in_noise = False
        return self._give_up()

    def _take(self, byte: int) -> list[Reading]:
        if byte == STX:
            unfinished = self.quiet()
            self._begun.append(byte)
            return unfinished
        if not self._begun:
            return self._noise()
        self._begun.append(byte)
        if byte == ETX:
            return [self._finish()]
        if len(self._begun) >= _LONGEST_BYTES:
            self._begun.clear()
            self._in_noise = True
            return [BadFrame("a frame that does not end")]
        return []

    def _noise(self) -> list[Reading]:
        if self._in_noise:
            return []
        self._in_noise = True
        return [BadFrame("noise")]

    def _give_up(self) -> list[Reading]:
        if not self._begun:
            return []
        self._begun.clear()
        return [BadFrame("half a frame")]

    def _finish(self) -> Reading:
        raw = bytes(self._begun)
        self._begun.clear()
        return _read(raw, Em4100Frame.from_bytes)


class Em4100Bare:
    """Twelve characters with nothing around them: only silence tells where a frame begins.

    After a fault nothing is believed until the line was silent: a frame is sooner missed than
    misread.
    """

    def __init__(self) -> None:
        self._digits = bytearray()
        self._lost = False

    def feed(self, data: bytes) -> list[Reading]:
        """A card for each twelve characters since a silence, and one fault until the next one."""
        return [reading for byte in data for reading in self._take(byte)]

    def quiet(self) -> list[Reading]:
        unfinished = bool(self._digits)
        self._digits.clear()
        self._lost = False
        return [BadFrame("half a frame")] if unfinished else []

    def _take(self, byte: int) -> list[Reading]:
        if self._lost:
            return []
        self._digits.append(byte)
        if len(self._digits) < _DIGITS:
            return []
        reading = _read(bytes(self._digits), Em4100Frame.from_digits)
        self._digits.clear()
        self._lost = isinstance(reading, BadFrame)
        return [reading]


def _read(raw: bytes, parse: Callable[[bytes], Em4100Frame]) -> Reading:
    try:
        return parse(raw).card()
    except FrameError as error:
        return BadFrame(str(error))
