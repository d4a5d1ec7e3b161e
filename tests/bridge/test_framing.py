"""Lines out of bytes: where they begin and end, whatever else comes."""

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge.readers.framing import Framing, Lines
from firmware_bridge.readers.reading import BadFrame
from tests.bridge.frames import in_pieces

ENDED = Framing(ends=b"\r\n", longest_bytes=8)
FRAMED = Framing(ends=b"\x03", begins=0x02, longest_bytes=8)
SILENT = Framing(ends=b"\r", ends_when_silent=True, longest_bytes=8)
ENDLESS = BadFrame("a line that does not end")


@pytest.mark.parametrize("raw", [b"abc\r", b"abc\n", b"abc\r\n", b"\r\n\nabc\n\r"])
def test_each_end_ends_a_line_and_nothing_between_two_is_no_line(raw: bytes) -> None:
    assert Lines(ENDED).feed(raw) == ["abc"]


def test_a_line_that_silence_cuts_is_half_a_line() -> None:
    lines = Lines(ENDED)
    assert lines.feed(b"abc") == []
    assert lines.quiet() == [BadFrame("half a line")]
    assert lines.quiet() == []
    assert lines.feed(b"def\r") == ["def"]


def test_silence_ends_a_line_where_the_framing_says_so() -> None:
    lines = Lines(SILENT)
    assert lines.feed(b"abc") == []
    assert lines.quiet() == ["abc"]
    assert lines.feed(b"def\r") == ["def"]
    assert lines.quiet() == []


def test_what_begins_a_line_begins_it_anew_whatever_came_before() -> None:
    assert Lines(FRAMED).feed(b"\x02ab\x02abc\x03") == [BadFrame("half a line"), "abc"]
    assert Lines(FRAMED).feed(b"\x02123456789\x02abc\x03") == [ENDLESS, "abc"]


def test_what_is_outside_of_lines_is_noise_and_told_once_until_a_line_or_silence() -> None:
    lines = Lines(FRAMED)
    assert lines.feed(b"xy\x03z\x02abc\x03x") == [BadFrame("noise"), "abc", BadFrame("noise")]
    assert lines.feed(b"y") == []
    assert lines.quiet() == []
    assert lines.feed(b"z") == [BadFrame("noise")]


def test_a_line_that_is_too_long_is_one_fault_and_the_next_one_is_read() -> None:
    assert Lines(ENDED).feed(b"12345678\r") == ["12345678"]
    assert Lines(ENDED).feed(b"123456789" + b"x" * 99 + b"\rabc\r") == [ENDLESS, "abc"]
    assert Lines(ENDED).feed((b"x" * 99 + b"\r") * 2) == [ENDLESS, ENDLESS]
    lines = Lines(ENDED)
    assert lines.feed(b"x" * 99) == [ENDLESS]
    assert lines.quiet() == []
    assert lines.feed(b"abc\r" + b"x" * 99) == ["abc", ENDLESS]


def test_a_line_that_is_no_text_is_a_fault() -> None:
    assert Lines(ENDED).feed(b"\xff\xfe\r\xc3\xa9\r") == [BadFrame("a line that is not text"), "é"]


@pytest.mark.parametrize("framing", [ENDED, FRAMED, SILENT])
@given(st.lists(st.sampled_from([b"\x02", b"\x03", b"\r", b"abc", b"\xff", b"x" * 9])), st.data())
def test_pieces_do_not_matter(framing: Framing, parts: list[bytes], data: st.DataObject) -> None:
    raw = b"".join(parts)
    lines = Lines(framing)
    found = [line for piece in data.draw(in_pieces(raw)) for line in lines.feed(piece)]
    assert found == Lines(framing).feed(raw)


@given(st.binary(max_size=40))
def test_a_line_is_found_after_any_noise_and_its_end(noise: bytes) -> None:
    assert Lines(ENDED).feed(noise + b"\rabc\r")[-1] == "abc"
    assert Lines(FRAMED).feed(noise + b"\x02abc\x03")[-1] == "abc"


def test_endless_noise_takes_no_memory() -> None:
    for framing in (ENDED, FRAMED, SILENT):
        lines = Lines(framing)
        for _ in range(50):
            lines.feed(b"\x02" + b"x" * 9999)
        assert all(sys.getsizeof(value) < 200 for value in vars(lines).values())
