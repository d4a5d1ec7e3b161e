"""Frames that others published, with what their sources say of them, and lines that carry them."""

from collections.abc import Iterable

from hypothesis import strategies as st

from firmware_bridge.readers.em4100_ascii import Em4100Frame
from firmware_bridge.readers.reading import CardRead, Decoder, Reading
from kiosk.wire.secret import Secret

GOOD = {
    "RDM630 data sheet": b"62E3086CED08",
    "Seeed wiki": b"01000734E0D2",
    "python-rdm6300, test_reader.py": b"67003B51C6CB",
    "ID-xxLA data sheet": b"0C000621A58E",
    "EM-18, cparkb2c.in": b"4500C5D1E9B8",
}
WRONG = {
    "python-rdm6300, test_reader.py": b"68003B51C6CB",
    "forum.hobbycomponents.com": b"100026F44426",
}


def rdm6300(digits: bytes) -> bytes:
    return b"\x02" + digits + b"\x03"


def id12la(digits: bytes) -> bytes:
    return b"\x02" + digits + b"\r\n\x03"


def card(digits: bytes) -> CardRead:
    """What the published characters of a good frame stand for."""
    return CardRead("em4100", "identifier", Secret(digits[:10].decode()))


A, B = (card(digits) for digits in list(GOOD.values())[:2])

frames = st.builds(Em4100Frame, st.binary(min_size=5, max_size=5))


def fed(decoder: Decoder, pieces: Iterable[bytes]) -> list[Reading]:
    return [reading for piece in pieces for reading in decoder.feed(piece)]


def one_by_one(data: bytes) -> list[bytes]:
    return [bytes([byte]) for byte in data]


@st.composite
def in_pieces(draw: st.DrawFn, data: bytes) -> list[bytes]:
    """The same bytes as a line may deliver them."""
    cuts = sorted(draw(st.lists(st.integers(0, len(data)), max_size=8)))
    return [data[a:b] for a, b in zip([0, *cuts], [*cuts, len(data)], strict=True)]
