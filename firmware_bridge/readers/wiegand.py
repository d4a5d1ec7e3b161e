"""Wiegand numbers: which bits are whose, and the parity that each must have.

The formats are those of the Proxmark client (`wiegand_formats.c`), under the names that it and HID
give them: H10301 (26 bits), H10306 (34), Corporate 1000 (35), H10304 (37).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from firmware_bridge.readers.reading import CardRead, FrameError
from kiosk.wire.secret import Secret

_HID_DIGITS = 10
_HID_BIT = 37
"""Set in what HID's cards send before their number, unless that has 37 bits itself."""

_SHORTEST = 26
_OF_26_BITS = (7, 8)
"""As many digits write 26 bits: of converters that fill up to a half or a whole byte."""


@dataclass(frozen=True, slots=True)
class _Parity:
    """The ones among the bits of `mask` are even in number, or odd."""

    mask: int
    ones: int

    def holds(self, value: int) -> bool:
        return (value & self.mask).bit_count() % 2 == self.ones


@dataclass(frozen=True, slots=True)
class _Format:
    """After the facility's bits come those of the number, then one of parity."""

    facility_bits: int
    number_bits: int
    parities: tuple[_Parity, ...]

    def facility(self, value: int) -> int:
        return value >> (1 + self.number_bits) & (1 << self.facility_bits) - 1

    def number(self, value: int) -> int:
        return value >> 1 & (1 << self.number_bits) - 1


def _halves(bits: int, covered: int) -> tuple[_Parity, ...]:
    """Even over the first `covered` bits, odd over the last."""
    half = (1 << covered) - 1
    return _Parity(half << bits - covered, 0), _Parity(half, 1)


FORMATS: Mapping[int, _Format] = {
    26: _Format(8, 16, _halves(26, 13)),
    34: _Format(16, 16, _halves(34, 17)),
    35: _Format(
        12, 20, (_Parity(0x3B6DB6DB6, 0), _Parity(0x36DB6DB6D, 1), _Parity(0x7FFFFFFFF, 1))
    ),
    # A H10302 has the same 37 bits and no facility: its number is facility * 2**19 + number.
    37: _Format(16, 19, _halves(37, 19)),
}
"""By how many bits there are."""


@dataclass(frozen=True, slots=True, repr=False)
class WiegandCard:
    """A number of `bits` bits as it comes over the wires, first bit highest."""

    bits: int
    value: int

    def read(self) -> CardRead:
        """Facility and number without parity. Raises FrameError where that does not hold."""
        form = FORMATS.get(self.bits)
        if form is None:
            raise FrameError("a Wiegand number of an unknown length")
        if not all(parity.holds(self.value) for parity in form.parities):
            raise FrameError("a wrong parity")
        text = f"{form.facility(self.value)}-{form.number(self.value)}"
        return CardRead(f"wiegand_{self.bits}", "identifier", Secret(text))


def from_bits(text: str) -> WiegandCard:
    """One character a bit. Raises FrameError for any but 0 and 1."""
    if not text or set(text) - set("01"):
        raise FrameError("bits that are not 0 and 1")
    return WiegandCard(len(text), int(text, 2))


def from_hex(text: str) -> WiegandCard:
    """7 or 8 digits for 26 bits, or 10 as HID's cards send them. Raises FrameError for others."""
    if not text or set(text.lower()) - set("0123456789abcdef"):
        raise FrameError("a number that is not hexadecimal")
    value = int(text, 16)
    if len(text) == _HID_DIGITS:
        return _without_header(value)
    if len(text) in _OF_26_BITS and value < 1 << 26:
        return WiegandCard(26, value)
    raise FrameError("a Wiegand number of an unknown length")


def from_either(text: str) -> WiegandCard:
    """Bits, when there are as many as the shortest number has; otherwise hexadecimal digits."""
    is_bits = len(text) >= _SHORTEST and not set(text) - set("01")
    return from_bits(text) if is_bits else from_hex(text)


def _without_header(value: int) -> WiegandCard:
    """HID: bit 37, then a 1 just before the number; a number of 37 bits has neither."""
    if value < 1 << _HID_BIT:
        return WiegandCard(37, value)
    if value >= 1 << _HID_BIT + 1:
        raise FrameError("not what HID's cards begin with")
    rest = value ^ 1 << _HID_BIT
    if not rest:
        raise FrameError("a Wiegand number of an unknown length")
    bits = rest.bit_length() - 1
    return WiegandCard(bits, rest ^ 1 << bits)
