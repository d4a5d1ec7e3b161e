"""The cards of an OSDP reader: bits as its coil read them, in the one form that each has."""

from typing import Literal

from firmware_bridge.readers.reading import CardRead, FrameError
from firmware_bridge.readers.wiegand import FORMATS, WiegandCard
from kiosk.wire.secret import Secret

RAW_FORMAT = 0
WIEGAND_FORMAT = 1
"""The reader vouches for parity at both ends; with 0 it says nothing of what the bits mean."""

_USUAL_BITS = 26
"""Hardly anything else has as many, so that sound parity is enough to tell."""

_MOST_BITS = 1024
"""As many as fit a credential's 256 characters."""


def bits_of(data: bytes, bits: int) -> int:
    """The number that the first `bits` bits of `data` are. Raises FrameError."""
    if not 0 < bits <= _MOST_BITS or len(data) != (bits + 7) // 8:
        raise FrameError("a card of the wrong length")
    return int.from_bytes(data) >> -bits % 8


def card_of(
    bits: int, value: int, assurance: Literal["identifier", "secure_channel"], *, is_wiegand: bool
) -> CardRead:
    """What the reader calls Wiegand, and 26 bits with sound parity, are facility and number.

    Any others, and lengths of which no format is known, are hexadecimal: from the first bit on,
    filled up to whole bytes with 0. Raises FrameError where the reader vouches for a parity that
    does not hold.
    """
    if bits == _USUAL_BITS or (is_wiegand and bits in FORMATS):
        try:
            card = WiegandCard(bits, value).read()
            return CardRead(card.technology, assurance, card.credential)
        except FrameError:
            if is_wiegand:
                raise
    text = (value << -bits % 8).to_bytes((bits + 7) // 8).hex().upper()
    return CardRead(f"osdp_raw_{bits}", assurance, Secret(text))
