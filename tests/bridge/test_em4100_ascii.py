"""The decoders of EM4100 characters, on published frames and on whatever else a line may carry."""

import sys
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge.readers.em4100_ascii import Em4100Ascii, Em4100Bare, Em4100Frame
from firmware_bridge.readers.reading import BadFrame, CardRead, FrameError, Reading
from tests.bridge.frames import (
    GOOD,
    WRONG,
    card,
    fed,
    frames,
    id12la,
    in_pieces,
    one_by_one,
    rdm6300,
)

Frame = Callable[[bytes], bytes]

good = pytest.mark.parametrize("digits", GOOD.values(), ids=GOOD.keys())
wrong = pytest.mark.parametrize("digits", WRONG.values(), ids=WRONG.keys())
framed = pytest.mark.parametrize("frame", [rdm6300, id12la], ids=["RDM6300", "ID-12LA"])


@good
@framed
class TestEachPublishedFrame:
    def test_is_read_whole(self, digits: bytes, frame: Frame) -> None:
        assert Em4100Ascii().feed(frame(digits)) == [card(digits)]

    def test_is_read_byte_by_byte(self, digits: bytes, frame: Frame) -> None:
        assert fed(Em4100Ascii(), one_by_one(frame(digits))) == [card(digits)]

    def test_is_read_after_garbage(self, digits: bytes, frame: Frame) -> None:
        found = Em4100Ascii().feed(b"\x00\xff12\x03\r\n" + frame(digits))
        assert found == [BadFrame("noise"), card(digits)]

    def test_is_read_each_time_it_comes(self, digits: bytes, frame: Frame) -> None:
        assert Em4100Ascii().feed(frame(digits) * 3) == [card(digits)] * 3

    @pytest.mark.parametrize("kept_bytes", range(1, 14))
    def test_is_read_after_a_part_of_itself(
        self, digits: bytes, frame: Frame, kept_bytes: int
    ) -> None:
        found = Em4100Ascii().feed(frame(digits)[:kept_bytes] + frame(digits))
        assert found == [BadFrame("half a frame"), card(digits)]

    def test_is_read_when_its_letters_are_small(self, digits: bytes, frame: Frame) -> None:
        assert Em4100Ascii().feed(frame(digits.lower())) == [card(digits)]


@wrong
@framed
def test_each_frame_published_as_wrong_is_refused(digits: bytes, frame: Frame) -> None:
    assert Em4100Ascii().feed(frame(digits)) == [BadFrame("a wrong checksum")]


@good
def test_each_published_frame_is_read_without_anything_around_it(digits: bytes) -> None:
    assert Em4100Bare().feed(digits) == [card(digits)]
    assert fed(Em4100Bare(), one_by_one(digits)) == [card(digits)]


@wrong
def test_each_frame_published_as_wrong_is_refused_without_anything_around_it(digits: bytes) -> None:
    assert Em4100Bare().feed(digits) == [BadFrame("a wrong checksum")]


def test_the_number_printed_on_a_card_is_the_end_of_its_credential() -> None:
    (found,) = Em4100Bare().feed(GOOD["EM-18, cparkb2c.in"])
    assert isinstance(found, CardRead)
    assert int.from_bytes(bytes.fromhex(found.credential.reveal())[1:]) == 12964329


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"\x0262E3086CED0\x03", "a frame of the wrong length"),
        (b"\x0262E3086CED0G\x03", "a frame that is not hexadecimal"),
        (b"\x0262E3086CED 8\x03", "a frame that is not hexadecimal"),
        (b"\x0262E3086CED08\n\r\x03", "a frame of the wrong length"),
        (b"\x02\x03", "a frame of the wrong length"),
        (b"62E3086CED08\x03", "noise"),
        (b"\x02" + b"0" * 15, "a frame that does not end"),
    ],
)
def test_what_is_no_frame_is_refused_with_a_reason(raw: bytes, reason: str) -> None:
    assert Em4100Ascii().feed(raw) == [BadFrame(reason)]


def test_half_a_frame_is_told_when_the_line_falls_silent() -> None:
    decoder = Em4100Ascii()
    assert decoder.feed(b"\x0262E308") == []
    assert decoder.quiet() == [BadFrame("half a frame")]
    assert decoder.quiet() == []


def test_noise_is_told_once_until_the_line_was_silent() -> None:
    decoder = Em4100Ascii()
    assert decoder.feed(b"noise") == [BadFrame("noise")]
    assert decoder.feed(b"noise") == []
    assert decoder.quiet() == []
    assert decoder.feed(b"noise") == [BadFrame("noise")]


def test_bare_characters_are_not_believed_after_a_fault_until_the_line_was_silent() -> None:
    decoder = Em4100Bare()
    digits = GOOD["Seeed wiki"]
    assert decoder.feed(b"0" + digits) == [BadFrame("a wrong checksum")]
    assert decoder.feed(digits[1:] + digits) == []
    assert decoder.quiet() == []
    assert decoder.feed(digits) == [card(digits)]


def test_half_a_frame_of_bare_characters_is_forgotten_when_the_line_falls_silent() -> None:
    decoder = Em4100Bare()
    assert decoder.feed(b"01000734") == []
    assert decoder.quiet() == [BadFrame("half a frame")]
    assert decoder.feed(GOOD["Seeed wiki"]) == [card(GOOD["Seeed wiki"])]


@given(frames)
def test_a_frame_read_from_its_own_bytes_is_itself(frame: Em4100Frame) -> None:
    assert Em4100Frame.from_bytes(frame.to_bytes()) == frame
    assert frame.card().credential.reveal() == frame.number.hex().upper()


@given(st.binary(max_size=200), frames, st.data())
def test_a_good_frame_is_found_after_any_noise_in_any_pieces(
    noise: bytes, frame: Em4100Frame, data: st.DataObject
) -> None:
    pieces = data.draw(in_pieces(noise + frame.to_bytes()))
    assert fed(Em4100Ascii(), pieces)[-1] == frame.card()


@given(st.binary(max_size=200), frames, st.data())
def test_a_good_frame_of_bare_characters_is_found_after_any_noise_and_silence(
    noise: bytes, frame: Em4100Frame, data: st.DataObject
) -> None:
    decoder = Em4100Bare()
    fed(decoder, data.draw(in_pieces(noise)))
    decoder.quiet()
    assert decoder.feed(frame.to_bytes()[1:-1]) == [frame.card()]


@given(st.binary(max_size=300), st.data())
def test_pieces_do_not_matter(noise: bytes, data: st.DataObject) -> None:
    for decoder in (Em4100Ascii, Em4100Bare):
        assert fed(decoder(), data.draw(in_pieces(noise))) == decoder().feed(noise)


@given(frames, st.integers(1, 12), st.integers(0, 7))
def test_a_frame_with_one_wrong_bit_is_never_another_card(
    frame: Em4100Frame, place: int, bit: int
) -> None:
    raw = bytearray(frame.to_bytes())
    raw[place] ^= 1 << bit
    cards = [found for found in Em4100Ascii().feed(bytes(raw)) if isinstance(found, CardRead)]
    # The one bit that does no harm is the one between capital and small letters.
    assert all(found == frame.card() for found in cards)


def test_endless_noise_takes_no_memory() -> None:
    for decoder, noise in ((Em4100Ascii(), b"\x02" + b"0" * 9999), (Em4100Bare(), b"0" * 9999)):
        for _ in range(50):
            decoder.feed(noise)
        assert all(sys.getsizeof(value) < 200 for value in vars(decoder).values())


def test_a_fault_never_quotes_what_was_sent() -> None:
    with pytest.raises(FrameError) as raised:
        Em4100Frame.from_bytes(b"\x0262E3086CEDXX\x03")
    assert "62E3" not in repr(raised.value)
    assert raised.value.__cause__ is None
    assert raised.value.__suppress_context__


def test_a_reading_never_shows_what_is_on_the_card() -> None:
    found: list[Reading] = Em4100Ascii().feed(rdm6300(GOOD["Seeed wiki"]))
    assert "0734E0" not in repr(found)
    assert "0734E0" not in repr(Em4100Frame.from_digits(GOOD["Seeed wiki"]))
    assert "\\x07" not in repr(Em4100Frame.from_digits(GOOD["Seeed wiki"]))
