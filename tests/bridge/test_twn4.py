"""The TWN4: published lines, whatever else a line may carry, and the conversation with the reader.

Sources: Elatec, TWN4 Simple Protocol, document revision 17; H0nz4k/elaUIDtool, tests and changelog,
for the EM4102 card 3D00C000D4 whose printed number is 12583124; an EM4102 card of an Android
terminal's RfidModuleUtil.java.
"""

import sys
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge.readers.polling import GARBLED, NOT_YET, SILENT
from firmware_bridge.readers.reading import BadFrame, CardRead, FrameError, OtherFrame, Reading
from firmware_bridge.readers.twn4 import Twn4, Twn4Settings, converse
from firmware_bridge.readers.twn4_frames import Twn4Line, Twn4Scanner
from firmware_bridge.simulators.twn4 import SimulatedTwn4
from kiosk.wire.devices import CardRemoved, CardUnreadable
from kiosk.wire.secret import Secret
from tests.bridge.frames import fed, in_pieces, one_by_one
from tests.bridge.scenario import WIRES, Scene

SUSPECTS = "`kind`, `baud` and `crc`"


def settings(*, crc: bool = False) -> Twn4Settings:
    return Twn4Settings(name="door", port="/dev/x", crc=crc)


def decoder(*, crc: bool = False) -> Twn4:
    return Twn4(settings(crc=crc))


def card(technology: str, number: str) -> CardRead:
    return CardRead(technology, "identifier", Secret(number))


MIFARE = b"000180200466CF4DC2\r"
EM4102 = b"00014028053D00C000D4\r"
PUBLISHED: dict[bytes, Reading] = {
    b"0001\r": OtherFrame("a response"),
    MIFARE: card("iso14443a_uid", "66CF4DC2"),
    EM4102: card("em4100", "3D00C000D4"),
    b"000140280505400860C0\r": card("em4100", "05400860C0"),
    b"0000\r": OtherFrame("no card"),
}
WITH_CRC: dict[bytes, bytes] = {
    b"000515A7\r": b"\x00\x05",
    b"000131E1\r": b"\x00\x01",
}
"""A request and its response, and what they say."""

published = pytest.mark.parametrize(("raw", "reading"), PUBLISHED.items())
with_crc = pytest.mark.parametrize(("raw", "data"), WITH_CRC.items())
lines = st.builds(Twn4Line, st.binary(min_size=1, max_size=100))


@published
class TestEachPublishedLine:
    def test_is_read_whole(self, raw: bytes, reading: Reading) -> None:
        assert decoder().feed(raw) == [reading]

    def test_is_read_byte_by_byte(self, raw: bytes, reading: Reading) -> None:
        assert fed(decoder(), one_by_one(raw)) == [reading]

    def test_is_read_after_garbage(self, raw: bytes, reading: Reading) -> None:
        assert decoder().feed(b"garbage\r" + raw) == [
            BadFrame("a line that is not hexadecimal"),
            reading,
        ]

    def test_is_read_each_time_it_comes(self, raw: bytes, reading: Reading) -> None:
        assert decoder().feed(raw * 3) == [reading] * 3

    def test_is_read_after_a_part_of_itself_and_silence(self, raw: bytes, reading: Reading) -> None:
        for kept_bytes in range(1, len(raw)):
            reader = decoder()
            reader.feed(raw[:kept_bytes])
            assert reader.quiet() == [BadFrame("half a line")]
            assert reader.feed(raw) == [reading]

    def test_is_read_with_a_line_feed_and_small_letters(self, raw: bytes, reading: Reading) -> None:
        assert decoder().feed(raw.lower() + b"\n") == [reading]


def test_the_number_printed_on_an_em4102_card_is_the_end_of_its_credential() -> None:
    (found,) = decoder().feed(EM4102)
    assert isinstance(found, CardRead)
    assert found.credential.reveal().endswith(f"{12583124:08X}")


@with_crc
class TestEachPublishedLineWithACrc:
    def test_is_read_whole_and_byte_by_byte(self, raw: bytes, data: bytes) -> None:
        assert Twn4Scanner(crc=True).feed(raw) == [Twn4Line(data)]
        assert scanned(one_by_one(raw)) == [Twn4Line(data)]
        assert decoder(crc=True).feed(raw) == [OtherFrame("a response")]

    @given(drawn=st.data())
    def test_is_read_in_any_pieces(self, raw: bytes, data: bytes, drawn: st.DataObject) -> None:
        assert scanned(drawn.draw(in_pieces(raw * 2))) == [Twn4Line(data)] * 2

    def test_is_read_after_garbage(self, raw: bytes, data: bytes) -> None:
        noise = BadFrame("a line that is not hexadecimal")
        assert scanned([b"garbage\r" + raw]) == [noise, Twn4Line(data)]

    def test_is_read_after_a_part_of_itself_and_silence(self, raw: bytes, data: bytes) -> None:
        for kept_bytes in range(1, len(raw)):
            scanner = Twn4Scanner(crc=True)
            scanner.feed(raw[:kept_bytes])
            assert scanner.quiet() == [BadFrame("half a line")]
            assert scanner.feed(raw) == [Twn4Line(data)]


def scanned(pieces: Iterable[bytes]) -> list[Twn4Line | BadFrame]:
    scanner = Twn4Scanner(crc=True)
    return [line for piece in pieces for line in scanner.feed(piece)]


@with_crc
def test_the_published_crc_is_computed_checked_and_taken_off(raw: bytes, data: bytes) -> None:
    line = Twn4Line(data)
    assert line.to_bytes(crc=True) == raw
    assert Twn4Line.from_bytes(raw, crc=True) == line
    with pytest.raises(FrameError, match="a wrong CRC"):
        Twn4Line.from_bytes(raw.replace(b"1", b"2"), crc=True)


@pytest.mark.parametrize(
    ("raw", "reading"),
    [
        (b"000180380704112233445566\r", card("iso14443a_uid", "04112233445566")),
        (b"0001804004041122334455667788\r", BadFrame("a card's number of the wrong length")),
        (b"000180380404112233\r", BadFrame("a card's number of the wrong length")),
        (b"000180200408A1B2C3\r", BadFrame(
            "a card that has another number each time, and so identifies nobody")),
        (b"000180\r", BadFrame("a card's number of the wrong length")),
        (b"0001400000\r", BadFrame("a card's number of the wrong length")),
        (b"0001824008E00401501234ABCD\r", card("twn4_82", "E00401501234ABCD")),
        (b"0001491A042006EC40\r", card("twn4_49", "2006EC40-26")),
        (b"000140200405400860\r", card("twn4_40", "05400860")),
        (b"01\r", OtherFrame("unknown function")),
        (b"02\r", OtherFrame("missing parameter")),
        (b"03\r", OtherFrame("unused parameters")),
        (b"04\r", OtherFrame("invalid function")),
        (b"05\r", OtherFrame("parser error")),
        (b"77\r", OtherFrame("an error")),
        (b"00\r", OtherFrame("a response")),
        (b"\r", BadFrame("an empty line")),
        (b"000\r", BadFrame("a line that is not hexadecimal")),
        (b"0" * 600 + b"\r", BadFrame("a line that is too long")),
    ],
)  # fmt: skip
def test_each_other_line_is_told_for_what_it_is(raw: bytes, reading: Reading) -> None:
    assert decoder().feed(raw) == [reading]


def test_a_line_without_its_end_is_none() -> None:
    with pytest.raises(FrameError):
        Twn4Line.from_bytes(b"0001", crc=False)


@given(lines, st.booleans())
def test_a_line_read_from_its_own_bytes_is_itself(line: Twn4Line, crc: bool) -> None:
    assert Twn4Line.from_bytes(line.to_bytes(crc=crc), crc=crc) == line


@given(st.binary(max_size=700), lines, st.booleans(), st.data())
def test_a_good_line_is_found_after_any_noise_and_an_end_in_any_pieces(
    noise: bytes, line: Twn4Line, crc: bool, data: st.DataObject
) -> None:
    scanner = Twn4Scanner(crc=crc)
    found: list[Twn4Line | BadFrame] = []
    for piece in data.draw(in_pieces(noise + b"\r" + line.to_bytes(crc=crc))):
        found += scanner.feed(piece)
    assert found[-1] == line


@given(st.binary(max_size=700), st.booleans(), st.data())
def test_pieces_do_not_matter(noise: bytes, crc: bool, data: st.DataObject) -> None:
    pieces = data.draw(in_pieces(noise))
    assert fed(decoder(crc=crc), pieces) == decoder(crc=crc).feed(noise)


@given(lines, st.data())
def test_a_line_with_a_wrong_bit_is_never_another_one_where_there_is_a_crc(
    line: Twn4Line, data: st.DataObject
) -> None:
    raw = bytearray(line.to_bytes(crc=True))
    raw[data.draw(st.integers(0, len(raw) - 2))] ^= 1 << data.draw(st.integers(0, 7))
    found = Twn4Scanner(crc=True).feed(bytes(raw))
    # The one bit that does no harm is the one between capital and small letters.
    assert all(isinstance(other, BadFrame) or other == line for other in found)


def test_endless_noise_takes_no_memory() -> None:
    scanner = Twn4Scanner(crc=False)
    for _ in range(50):
        scanner.feed(b"0" * 9999)
    assert all(sys.getsizeof(value) < 800 for value in vars(scanner).values())


def test_a_reading_never_shows_what_is_on_the_card() -> None:
    assert "66CF" not in repr(decoder().feed(MIFARE))
    assert "fM" not in repr(Twn4Line.from_bytes(MIFARE, crc=False))
    with pytest.raises(FrameError) as raised:
        Twn4Line.from_bytes(b"66CF4DC2XX\r", crc=False)
    assert "66CF" not in repr(raised.value)
    assert raised.value.__suppress_context__


def scene(wire: str = "whole", *, crc: bool = False, theirs: bool | None = None) -> Scene:
    device = SimulatedTwn4(crc=crc if theirs is None else theirs)
    ours = settings(crc=crc)
    return Scene(converse(ours), device, WIRES[wire], ours.removed_after_s)


@pytest.mark.parametrize("crc", [False, True], ids=["no CRC", "CRC"])
def test_it_greets_the_reader_and_then_searches_about_every_sixty_milliseconds(crc: bool) -> None:
    door = scene(crc=crc)
    assert door.fault == NOT_YET
    door.run(1.0)
    assert door.fault is None
    search = Twn4Line(bytes.fromhex("050010")).to_bytes(crc=crc)
    assert door.sent[0] == b"\r" + (b"000515A7\r" if crc else b"0005\r")
    assert set(door.sent[1:]) == {search}
    assert 12 <= len(door.sent) - 1 <= 17


@pytest.mark.parametrize(
    ("number", "technology"), [("66CF4DC2", "iso14443a_uid"), ("3D00C000D4", "em4100")]
)
@pytest.mark.parametrize("wire", WIRES)
def test_a_card_is_presented_once_and_then_removed(wire: str, number: str, technology: str) -> None:
    door = scene(wire, crc=True)
    door.run(1.0)
    door.do("hold", number, "1.5")
    said = door.run(4.0)
    assert door.presented() == [number]
    assert getattr(said[0], "technology", None) == technology
    assert said[1:] == [CardRemoved("door")]
    assert door.fault is None


class Damaging(SimulatedTwn4):
    """Its next answer with a card is damaged on the line."""

    damaged = False

    def to_send(self) -> bytes:
        sends = super().to_send()
        if self.damaged or not sends.startswith(b"000180"):
            return sends
        self.damaged = True
        return sends.replace(b"CF", b"C?")


def test_a_damaged_answer_is_asked_for_again_at_once() -> None:
    door = scene()
    door.device = reader = Damaging()
    door.run(0.5)
    door.do("hold", "66CF4DC2")
    door.run(0.1)
    assert reader.damaged
    assert door.presented() == ["66CF4DC2"]


def test_a_reader_that_was_unpowered_is_used_again() -> None:
    door = scene()
    door.run(0.5)
    device, door.device = door.device, None
    door.run(4.0)
    assert door.fault == SILENT.format(suspects=SUSPECTS)
    door.device = device
    door.do("hold", "66CF4DC2")
    door.run(1.5)
    assert door.fault is None
    assert door.presented() == ["66CF4DC2"]


def test_a_crc_that_only_the_reader_has_is_silence_and_one_that_only_we_have_is_nonsense() -> None:
    theirs = scene(crc=False, theirs=True)
    theirs.run(4.0)
    assert theirs.fault == SILENT.format(suspects=SUSPECTS)
    ours = scene(crc=True, theirs=False)
    ours.run(4.0)
    assert ours.fault == GARBLED.format(suspects=SUSPECTS)


def test_what_stood_in_the_readers_buffer_does_no_harm() -> None:
    door = scene()
    assert door.device is not None
    door.device.feed(b"0500", 0.0)
    door.run(0.1)
    assert door.fault is None


def test_an_identity_that_changes_each_time_is_unreadable() -> None:
    door = scene()
    door.run(0.5)
    door.do("hold", "08A1B2C3", "0.5")
    reason = "a card that has another number each time, and so identifies nobody"
    assert door.run(1.0) == [CardUnreadable("door", reason)]


@given(st.lists(st.binary(max_size=64), max_size=20))
def test_no_answer_makes_it_stumble(answers: list[bytes]) -> None:
    door = scene()
    for answer in answers:
        door.conversation.feed(answer, door.now)
        door.run(0.05)
    door.run(2.0)
    assert door.fault is None
