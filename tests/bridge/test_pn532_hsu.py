"""The PN532's frames: published ones, and whatever else a line may carry.

Sources: UM0701-02, NXP's user manual; LPC1343CodeBase, tools/examples/sensors/pn532/
ISO14443A_ID/readme.txt, for the two cards.
"""

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge.readers.pn532_frames import (
    FROM_CHIP,
    TO_CHIP,
    Code,
    Frame,
    Information,
    Pn532Scanner,
    Signal,
)
from firmware_bridge.readers.pn532_hsu import Pn532Hsu
from firmware_bridge.readers.reading import BadFrame, CardRead, FrameError, OtherFrame, Reading
from kiosk.wire.secret import Secret
from tests.bridge.frames import fed, in_pieces, one_by_one
from tests.bridge.pn532 import CARD, UID7, UID10, listed, response

CARDS = {"9EB36E66": "0000ff0cf4d54b0101000408049eb36e66a900"}
CARDS["8A4CB512"] = "0000ff0cf4d54b0101000218048a4cb5122300"
OTHERS = {
    "0000FF00FF00": OtherFrame("ACK"),
    "0000FFFF0000": OtherFrame("NAK"),
    "0000FF01FF7F8100": OtherFrame("ERROR"),
    "0000FF03FDD414011700": OtherFrame("the command 14"),
    "0000FF02FED5151600": OtherFrame("the SAM is configured"),
    "0000FF02FED4022A00": OtherFrame("the command 02"),
    "0000FF06FAD50332010607E800": OtherFrame("its version"),
    "0000FF04FCD44A0100E100": OtherFrame("the command 4A"),
    "0000FF03FDD54B00E000": OtherFrame("no card"),
    "0000FF02FED533F800": OtherFrame("the field is configured"),
}


def card(uid: str) -> CardRead:
    return CardRead("iso14443a_uid", "identifier", Secret(uid))


PUBLISHED: dict[str, Reading] = {
    **{frame: card(uid) for uid, frame in CARDS.items()},
    **OTHERS,
}

published = pytest.mark.parametrize(("raw", "reading"), PUBLISHED.items(), ids=PUBLISHED.keys())
frames = st.builds(
    Information, st.sampled_from([TO_CHIP, FROM_CHIP]), st.binary(min_size=1, max_size=254)
)


@published
class TestEachPublishedFrame:
    def test_is_read_whole(self, raw: str, reading: Reading) -> None:
        assert Pn532Hsu().feed(bytes.fromhex(raw)) == [reading]

    def test_is_read_byte_by_byte(self, raw: str, reading: Reading) -> None:
        assert fed(Pn532Hsu(), one_by_one(bytes.fromhex(raw))) == [reading]

    def test_is_read_after_garbage(self, raw: str, reading: Reading) -> None:
        found = Pn532Hsu().feed(b"garbage\x00\x12" + bytes.fromhex(raw))
        assert found == [BadFrame("noise"), reading]

    def test_is_read_each_time_it_comes(self, raw: str, reading: Reading) -> None:
        assert Pn532Hsu().feed(bytes.fromhex(raw) * 3) == [reading] * 3

    def test_is_read_after_any_part_of_itself(self, raw: str, reading: Reading) -> None:
        whole = bytes.fromhex(raw)
        # The end of a frame, its postamble, means nothing: without it the frame is whole.
        for kept_bytes in range(len(whole) - 1):
            decoder = Pn532Hsu()
            found = decoder.feed(whole[:kept_bytes] + whole) + decoder.quiet()
            assert found[-1] == reading
            # A part of a NAK and the whole of it begin with a NAK.
            assert all(isinstance(bad, BadFrame) or bad == reading for bad in found)


@pytest.mark.parametrize("uid", [CARD, UID7, UID10])
def test_a_number_of_each_length_is_read(uid: str) -> None:
    assert Pn532Hsu().feed(listed(uid)) == [card(uid)]
    # 7.3.5: behind the number of an ISO 14443-4 card stands its ATS.
    assert Pn532Hsu().feed(listed(uid, "067577810280")) == [card(uid)]


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (listed("08A1B2C3"), "a card that has another number each time, and so identifies nobody"),
        (listed("88047BCB"), "a part of a card's number"),
        (listed("04A1B2C3D4"), "a card's number of the wrong length"),
        (listed("04A1B2C3D4").replace(b"\x05\x04", b"\x07\x04"), "a wrong checksum"),
        (
            response(Code.IN_LIST_PASSIVE_TARGET, "01010004080A04"),
            "a card's answer of the wrong length",
        ),
        (listed(CARD, "057577810280"), "a card's answer of the wrong length"),
        (response(Code.IN_LIST_PASSIVE_TARGET, "01"), "a card's number of the wrong length"),
        (b"\x00\x00\xff\x02\xfd\xd5\x15\x16\x00", "a wrong checksum of the length"),
        (b"\x00\x00\xff\xff\xff\x01\x00\xff\x00", "a frame of the extended kind"),
        (
            b"\x00\x00\xff\x02\xfe\x11\x15\xda\x00",
            "a frame that is neither a command nor a response",
        ),
        (b"\x00\x00\xff\x01\xff\xd5\x2b\x00", "a frame of the wrong length"),
    ],
)
def test_what_is_no_card_is_refused_with_a_reason(raw: bytes, reason: str) -> None:
    assert Pn532Hsu().feed(raw) == [BadFrame(reason)]


def test_a_random_number_of_seven_bytes_does_not_exist() -> None:
    assert Pn532Hsu().feed(listed("08112233445566")) == [card("08112233445566")]


def test_half_a_frame_is_told_when_the_line_falls_silent_and_what_it_hid_is_found() -> None:
    decoder = Pn532Hsu()
    hides = b"\x00\x00\xff\x7f\x81\xd5" + bytes.fromhex(CARDS[CARD])
    assert decoder.feed(hides) == []
    assert decoder.quiet() == [BadFrame("half a frame"), card(CARD)]
    assert decoder.quiet() == []


def test_noise_is_told_once_until_a_frame_came_or_the_line_was_silent() -> None:
    decoder = Pn532Hsu()
    assert decoder.feed(b"noise") == [BadFrame("noise")]
    assert decoder.feed(b"noise") == []
    assert decoder.quiet() == []
    assert decoder.feed(b"noise" + Signal.ACK.to_bytes() + b"noise") == [
        BadFrame("noise"),
        OtherFrame("ACK"),
        BadFrame("noise"),
    ]


def test_a_preamble_is_no_noise_however_long() -> None:
    assert Pn532Hsu().feed(bytes(500) + Signal.ACK.to_bytes() + bytes(500)) == [OtherFrame("ACK")]


@pytest.mark.parametrize(
    "raw", [b"", b"\x00\xff", b"\x00\xff\x03\xfd\xd5\x15\x16", b"\x00\x00\xff"]
)
def test_what_is_not_one_whole_frame_is_refused(raw: bytes) -> None:
    with pytest.raises(FrameError):
        Information.from_bytes(raw)


@given(frames)
def test_a_frame_read_from_its_own_bytes_is_itself(frame: Information) -> None:
    assert Information.from_bytes(frame.to_bytes()[1:-1]) == frame
    expected: list[Frame | BadFrame] = [frame]
    assert Pn532Scanner().feed(frame.to_bytes()) == expected


@given(st.binary(max_size=300), frames, st.data())
def test_a_good_frame_is_found_after_any_noise_in_any_pieces(
    noise: bytes, frame: Information, data: st.DataObject
) -> None:
    scanner = Pn532Scanner()
    found: list[Frame | BadFrame] = []
    for piece in data.draw(in_pieces(noise + frame.to_bytes())):
        found += scanner.feed(piece)
    found += scanner.quiet()
    assert frame in found


@given(st.binary(max_size=600), st.data())
def test_pieces_do_not_matter(noise: bytes, data: st.DataObject) -> None:
    assert fed(Pn532Hsu(), data.draw(in_pieces(noise))) == Pn532Hsu().feed(noise)


@given(frames, st.data())
def test_a_frame_with_one_wrong_bit_is_never_another_one(
    frame: Information, data: st.DataObject
) -> None:
    raw = bytearray(frame.to_bytes())
    place = data.draw(st.integers(2, len(raw) - 2))
    raw[place] ^= 1 << data.draw(st.integers(0, 7))
    scanner = Pn532Scanner()
    found = scanner.feed(bytes(raw)) + scanner.quiet()
    whole = [f for f in found if isinstance(f, Information) and len(f.data) == len(frame.data)]
    assert whole == []


def test_endless_noise_takes_no_memory() -> None:
    scanner = Pn532Scanner()
    for noise in (b"\x00\xff\x7f\x81" + b"0" * 9999, b"\x00" * 9999, b"\xff" * 9999):
        for _ in range(50):
            scanner.feed(noise)
            assert all(sys.getsizeof(value) < 400 for value in vars(scanner).values())


def test_a_reading_never_shows_what_is_on_the_card() -> None:
    raw = bytes.fromhex(CARDS[CARD])
    assert "9EB3" not in repr(Pn532Hsu().feed(raw)).upper()
    assert "B3N" not in repr(Pn532Scanner().feed(raw)).upper()
