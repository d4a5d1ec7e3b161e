"""The number of an ISO 14443-A card, whichever reader says it."""

from firmware_bridge.readers.reading import BadFrame, CardRead, Reading
from kiosk.wire.secret import Secret

TECHNOLOGY = "iso14443a_uid"
CASCADE = 0x88
"""ISO 14443-3, 6.5.4: begins a part of a longer number, and so never a whole one of 4 bytes."""

RANDOM = 0x08
"""ISO 14443-3, 6.5.4: begins a number of 4 bytes that the card makes up each time."""


def reading_of(uid: bytes) -> Reading:
    """The card with this number, first byte first as the card sends it; it can be copied."""
    match len(uid), uid[:1]:
        case 4, first if first[0] == RANDOM:
            return BadFrame("a card that has another number each time, and so identifies nobody")
        case 4, first if first[0] == CASCADE:
            return BadFrame("a part of a card's number")
        case ((4 | 7 | 10), _):
            return CardRead(TECHNOLOGY, "identifier", Secret(uid.hex().upper()))
        case _:
            return BadFrame("a card's number of the wrong length")
