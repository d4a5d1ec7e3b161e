"""The decoder of OSDP packets, on published ones and on whatever else a line may carry."""

import sys

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from firmware_bridge.readers.osdp_packet import OsdpDecoder, Packet
from firmware_bridge.readers.reading import (
    BadFrame,
    CardRead,
    CaseSeen,
    FrameError,
    OtherFrame,
    PowerSeen,
    Reading,
)
from kiosk.wire.secret import Secret
from tests.bridge.frames import fed, in_pieces, one_by_one
from tests.bridge.test_wiegand import corporate, halves

PUBLISHED: dict[str, tuple[str, list[Reading]]] = {
    "SIA specification, annex E: COMSET": ("537F0D00046E00802500006E38", [OtherFrame("COMSET")]),
    "SIA specification, annex E: ID": ("53000900046100C066", [OtherFrame("ID")]),
    "libosdp-conformance: POLL": ("530008000460ebaa", [OtherFrame("POLL")]),
    "libosdp-conformance: LSTATR": (
        "53800a00044800010fa1",
        [CaseSeen(is_open=False), PowerSeen(fails=True)],
    ),
    "OSDP.Net, PacketDecodingTest.cs": ("53000D00066A00020202015992", [OtherFrame("BUZ")]),
}
published = pytest.mark.parametrize(("text", "readings"), PUBLISHED.values(), ids=PUBLISHED.keys())

CARD = CardRead("wiegand_26", "identifier", Secret("118-1603"))
BITS = bytes.fromhex("BB032180")


def raw_reply(bits: bytes = BITS, count: int = 26, form: int = 1, **changes: object) -> Packet:
    data = bytes([0, form, *count.to_bytes(2, "little"), *bits])
    return Packet(0, is_reply=True, sequence=1, code=0x50, data=data, **changes)  # type: ignore[arg-type]


@published
class TestEachPublishedPacket:
    def test_says_what_its_source_says(self, text: str, readings: list[Reading]) -> None:
        assert OsdpDecoder().feed(bytes.fromhex(text)) == readings

    def test_is_read_byte_by_byte(self, text: str, readings: list[Reading]) -> None:
        assert fed(OsdpDecoder(), one_by_one(bytes.fromhex(text))) == readings

    def test_is_read_after_the_mark_that_goes_before_it(
        self, text: str, readings: list[Reading]
    ) -> None:
        assert OsdpDecoder().feed(b"\xff" + bytes.fromhex(text)) == readings

    def test_is_read_after_garbage(self, text: str, readings: list[Reading]) -> None:
        found = OsdpDecoder().feed(b"\x00\x01\x53\x00\xff\xff\x00" + bytes.fromhex(text))
        assert found == [BadFrame("noise"), *readings]

    def test_is_read_each_time_it_comes(self, text: str, readings: list[Reading]) -> None:
        assert OsdpDecoder().feed(bytes.fromhex(text) * 3) == readings * 3

    def test_is_read_after_any_part_of_itself(self, text: str, readings: list[Reading]) -> None:
        raw = bytes.fromhex(text)
        for kept_bytes in range(1, len(raw)):
            decoder = OsdpDecoder()
            found = decoder.feed(raw[:kept_bytes] + raw) + decoder.quiet()
            assert isinstance(found[0], BadFrame)
            assert found[1:] == readings

    def test_is_written_as_it_was_read(self, text: str, readings: list[Reading]) -> None:
        raw = bytes.fromhex(text)
        assert Packet.from_bytes(raw).to_bytes() == raw

    def test_is_refused_with_one_wrong_bit(self, text: str, readings: list[Reading]) -> None:
        raw = bytes.fromhex(text)
        for place in range(8 * len(raw)):
            wrong = bytearray(raw)
            wrong[place // 8] ^= 1 << place % 8
            decoder = OsdpDecoder()
            found = decoder.feed(bytes(wrong)) + decoder.quiet()
            assert [type(reading) for reading in found] == [BadFrame]


def test_a_card_in_clear_is_an_identifier() -> None:
    assert OsdpDecoder().feed(raw_reply().to_bytes()) == [CARD]


def test_a_card_with_a_checksum_instead_of_a_crc_is_read() -> None:
    raw = raw_reply(has_crc=False).to_bytes()
    assert sum(raw) % 256 == 0
    assert OsdpDecoder().feed(raw) == [CARD]


@pytest.mark.parametrize(
    ("packet", "expected"),
    [
        (raw_reply(form=0), CARD),
        (raw_reply(bytes.fromhex("3B032180"), form=1), BadFrame("a wrong parity")),
        (
            raw_reply(bytes.fromhex("3B032180"), form=0),
            CardRead("osdp_raw_26", "identifier", Secret("3B032180")),
        ),
        (
            raw_reply(bytes.fromhex("04A1B2C3D4E5F6"), 56, 0),
            CardRead("osdp_raw_56", "identifier", Secret("04A1B2C3D4E5F6")),
        ),
        # A number of which no format is known, whatever the reader calls it.
        (
            raw_reply(bytes.fromhex("04A1B2C3D4E5F6"), 56, 1),
            CardRead("osdp_raw_56", "identifier", Secret("04A1B2C3D4E5F6")),
        ),
        # What fills up the last byte is no part of the card.
        (
            raw_reply(bytes.fromhex("FFFF"), 9, 0),
            CardRead("osdp_raw_9", "identifier", Secret("FF80")),
        ),
        (raw_reply(BITS, 56), BadFrame("a card of the wrong length")),
        (raw_reply(b"", 0), BadFrame("a card of the wrong length")),
        (raw_reply(bytes(129), 1032), BadFrame("a card of the wrong length")),
        (Packet(0, is_reply=True, sequence=1, code=0x50, data=b"\x00\x01"),
         BadFrame("a card of the wrong length")),
        (raw_reply(security=b"\x18", mac=b"1234"), OtherFrame("RAW, encrypted")),
        (raw_reply(security=b"\x16", mac=b"1234"), CARD),
        # The same code in a command is no card.
        (Packet(0, is_reply=False, sequence=1, code=0x50, data=b"\x00" * 8),
         OtherFrame("command 50")),
    ],
)  # fmt: skip
def test_each_packet_with_a_card_says_what_can_be_read_of_it(
    packet: Packet, expected: Reading
) -> None:
    assert OsdpDecoder().feed(packet.to_bytes()) == [expected]


@pytest.mark.parametrize("bits", [34, 35, 37])
def test_a_longer_number_is_facility_and_number_where_the_reader_calls_it_wiegand(
    bits: int,
) -> None:
    row = corporate(118, 1603) if bits == 35 else halves(bits, 118, 1603)
    wrong = row[:-1] + ("0" if row[-1] == "1" else "1")

    def read(row: str, form: int) -> list[Reading]:
        raw = int(row.ljust(40, "0"), 2).to_bytes(5)
        return OsdpDecoder().feed(raw_reply(raw, bits, form).to_bytes())

    assert read(row, 1) == [CardRead(f"wiegand_{bits}", "identifier", Secret("118-1603"))]
    assert read(wrong, 1) == [BadFrame("a wrong parity")]
    raw = f"{int(row.ljust(40, '0'), 2):010X}"
    assert read(row, 0) == [CardRead(f"osdp_raw_{bits}", "identifier", Secret(raw))]


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "53800a00044800010fa2",
        "53800900044800010fa1",
        "54800a00044800010fa1",
    ],
)
def test_what_is_no_packet_is_refused(raw: str) -> None:
    with pytest.raises(FrameError):
        Packet.from_bytes(bytes.fromhex(raw))


def test_half_a_packet_is_told_when_the_line_falls_silent() -> None:
    decoder = OsdpDecoder()
    assert decoder.feed(bytes.fromhex("53800a00044800")) == []
    assert decoder.quiet() == [BadFrame("half a packet")]
    assert decoder.quiet() == []


def test_it_tells_of_each_sound_packet() -> None:
    heard: list[Packet] = []
    OsdpDecoder(heard.append).feed(raw_reply().to_bytes() + b"\x53nonsense")
    assert heard == [raw_reply()]


secure = st.sampled_from([b"", b"\x11\x01", b"\x15", b"\x16", b"\x17", b"\x18"])


@st.composite
def packets(draw: st.DrawFn) -> Packet:
    security = draw(secure)
    mac_bytes = 4 if len(security) == 1 else 0
    return Packet(
        address=draw(st.integers(0, 127)),
        is_reply=draw(st.booleans()),
        sequence=draw(st.integers(0, 3)),
        code=draw(st.integers(0, 255)),
        data=draw(st.binary(max_size=64)),
        security=security,
        mac=draw(st.binary(min_size=mac_bytes, max_size=mac_bytes)),
        has_crc=draw(st.booleans()),
    )


@given(packets())
def test_a_packet_read_from_its_own_bytes_is_itself(packet: Packet) -> None:
    assert Packet.from_bytes(packet.to_bytes()) == packet


@given(st.binary(max_size=200), packets(), st.data())
def test_a_good_packet_is_found_after_any_noise_in_any_pieces(
    noise: bytes, packet: Packet, data: st.DataObject
) -> None:
    # A checksum of one byte is right by chance often enough for it to be found within the noise.
    assume(packet.has_crc)
    heard: list[Packet] = []
    decoder = OsdpDecoder(heard.append)
    fed(decoder, data.draw(in_pieces(noise + packet.to_bytes())))
    decoder.quiet()
    assert packet in heard


@given(st.binary(max_size=300), st.data())
def test_pieces_do_not_matter(noise: bytes, data: st.DataObject) -> None:
    whole, cut = OsdpDecoder(), OsdpDecoder()
    assert fed(cut, data.draw(in_pieces(noise))) + cut.quiet() == whole.feed(noise) + whole.quiet()


def test_endless_noise_takes_no_memory() -> None:
    for noise in (b"\x53\x00\xa0\x05\x04" + bytes(9000), b"\x53" * 9000, b"\xff" * 9000):
        decoder = OsdpDecoder()
        for _ in range(20):
            decoder.feed(noise)
        assert sys.getsizeof(decoder._buffer) < 4000


def test_a_packet_never_shows_what_is_in_it() -> None:
    packet = raw_reply()
    assert "\\xbb" not in repr(packet)
    assert "118" not in repr(OsdpDecoder().feed(packet.to_bytes()))
