"""Frames that others published, with what their sources say of them, and lines that carry them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import msgspec
from hypothesis import strategies as st

from firmware_bridge.readers import READERS
from firmware_bridge.readers.em4100_ascii import Em4100Frame
from firmware_bridge.readers.reading import (
    BadFrame,
    CardRead,
    CaseSeen,
    Decoder,
    OtherFrame,
    PowerSeen,
    Reading,
)
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


def identifier(technology: str, credential: str) -> CardRead:
    return CardRead(technology, "identifier", Secret(credential))


@dataclass(frozen=True)
class Published:
    """What a reader sends, as `source` has it, and what that says beside frames about nothing.

    `is_marked` where a frame is told from anything before it without a silence between the two.
    """

    source: str
    raw: bytes
    says: tuple[Reading, ...]
    settings: Mapping[str, object] = field(default_factory=dict)
    is_marked: bool = False


PUBLISHED: Mapping[str, tuple[Published, ...]] = {
    "em4100_ascii": (
        *(Published(s, rdm6300(d), (card(d),), is_marked=True) for s, d in GOOD.items()),
        *(Published(f"{s}, as ID-12LA", id12la(d), (card(d),)) for s, d in GOOD.items()),
    ),
    "em4100_bare": tuple(Published(source, d, (card(d),)) for source, d in GOOD.items()),
    "line": (
        Published(
            "GS1, the example of EAN-13",
            b"5901234123457\r\n",
            (identifier("barcode", "5901234123457"),),
            {"profile": "barcode", "pattern": r"\d{13}"},
        ),
        Published(
            "MagTek's format, a bank's track 1",
            b"\x02%B5452300551227189^HOGAN/PAUL      ^08043210000000725000000?\r\x03",
            (identifier("magstripe", "5452300551227189"),),
            {"profile": "magstripe"},
        ),
        Published(
            "MagTek, Swipe Readers with RS-232 IntelliHead",
            b";22222222222222222222?+E?\r",
            (identifier("magstripe", "2" * 20),),
            {"profile": "magstripe"},
        ),
        Published(
            "MagTek, the same, a bad track 2 and no CR",
            b"%11111111111111111111?;E?+33333333333333333333?",
            (identifier("magstripe", "1" * 20),),
            {"profile": "magstripe"},
        ),
        Published(
            "Proxmark, help of lf hid sim",
            b"2006ec0c86\r\n",
            (identifier("wiegand_26", "118-1603"),),
            {"profile": "wiegand_hex"},
        ),
        Published(
            "Wiegand-26, facility 21 and card 29644",
            b"00001010101110011110011001\r",
            (identifier("wiegand_26", "21-29644"),),
            {"profile": "wiegand_bits"},
        ),
        Published(
            "Doppelganger Core, format of its log",
            b"2D4A64FB8E\n",
            (identifier("wiegand_35", "2643-163271"),),
            {"profile": "wiegand"},
        ),
    ),
    "pn532_hsu": tuple(
        Published(
            "LPC1343CodeBase, pn532/ISO14443A_ID/readme.txt",
            bytes.fromhex(raw),
            (identifier("iso14443a_uid", uid),),
            is_marked=True,
        )
        for raw, uid in (
            ("0000ff0cf4d54b0101000408049eb36e66a900", "9EB36E66"),
            ("0000ff0cf4d54b0101000218048a4cb5122300", "8A4CB512"),
        )
    ),
    "twn4": (
        Published(
            "Elatec, TWN4 Simple Protocol, SearchTag",
            b"000180200466CF4DC2\r",
            (identifier("iso14443a_uid", "66CF4DC2"),),
        ),
        Published(
            "elaUIDtool, the card whose printed number is 12583124",
            b"00014028053D00C000D4\r",
            (identifier("em4100", "3D00C000D4"),),
        ),
        Published("Elatec, TWN4 Simple Protocol, with CRC", b"000131E1\r", (), {"crc": True}),
    ),
    "osdp": (
        Published(
            "libosdp-conformance, osdpcap test",
            bytes.fromhex("53800a00044800010fa1"),
            (CaseSeen(is_open=False), PowerSeen(fails=True)),
            is_marked=True,
        ),
        Published(
            "libosdp-conformance, README, a card with its CRC",
            bytes.fromhex("53801600075000004b0009a4494aa3274cd52bc00074"),
            (identifier("osdp_raw_75", "09A4494AA3274CD52BC0"),),
            is_marked=True,
        ),
    ),
}
"""For each kind of reader what others published of it."""

_CHECKSUM = (BadFrame("a wrong checksum"),)
REFUSED: Mapping[str, tuple[Published, ...]] = {
    "em4100_ascii": (
        *(Published(s, rdm6300(d), _CHECKSUM, is_marked=True) for s, d in WRONG.items()),
        *(Published(f"{s}, as ID-12LA", id12la(d), _CHECKSUM) for s, d in WRONG.items()),
    ),
    "em4100_bare": tuple(Published(source, d, _CHECKSUM) for source, d in WRONG.items()),
}
"""For each kind of reader what others published as wrong."""

A, B = (card(digits) for digits in list(GOOD.values())[:2])

frames = st.builds(Em4100Frame, st.binary(min_size=5, max_size=5))


def fed(decoder: Decoder, pieces: Iterable[bytes]) -> list[Reading]:
    return [reading for piece in pieces for reading in decoder.feed(piece)]


def decoder_of(kind: str, settings: Mapping[str, object]) -> Decoder:
    """What understands a reader of this kind, set up as these settings say."""
    said = {"kind": kind, "name": "door", "port": "/dev/null", **settings}
    return READERS[kind].decoder(msgspec.convert(said, READERS[kind].settings))


def heard(decoder: Decoder, *pieces: bytes) -> list[Reading]:
    """All that these bytes and the silence after them say, without frames about nothing."""
    readings = [*fed(decoder, pieces), *decoder.quiet()]
    return [reading for reading in readings if not isinstance(reading, OtherFrame)]


def one_by_one(data: bytes) -> list[bytes]:
    return [bytes([byte]) for byte in data]


@st.composite
def in_pieces(draw: st.DrawFn, data: bytes) -> list[bytes]:
    """The same bytes as a line may deliver them."""
    cuts = sorted(draw(st.lists(st.integers(0, len(data)), max_size=8)))
    return [data[a:b] for a, b in zip([0, *cuts], [*cuts, len(data)], strict=True)]
