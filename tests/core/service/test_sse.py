"""Server-sent events out of bytes, as WHATWG HTML 9.2.6 has them, however the bytes are cut up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.core.service.sse import MAX_LINE_BYTES, Sent, SentEvent, SseParser, TooLong


def parse(data: bytes) -> list[SentEvent]:
    return SseParser().feed(data)


def parse_in_pieces(data: bytes, size_bytes: int) -> list[SentEvent]:
    parser = SseParser()
    return [
        event
        for start in range(0, len(data), size_bytes)
        for event in parser.feed(data[start : start + size_bytes])
    ]


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
def test_lines_end_in_any_of_three_ways(end: str) -> None:
    stream = ["id: 7", "event: hold", 'data: {"visit": "v1"}', "", "data: more", ""]
    data = (end.join(stream) + end).encode()
    expected = [Sent("7", "hold", '{"visit": "v1"}'), Sent("7", "message", "more")]
    assert parse(data) == expected
    assert parse_in_pieces(data, 1) == expected
    assert parse_in_pieces(data, 2) == expected


def test_an_event_is_told_at_once_and_not_with_the_next_byte() -> None:
    parser = SseParser()
    assert parser.feed(b"data: a\r\n\r") == [Sent("", "message", "a")]
    assert parser.feed(b"\ndata: b\r\r") == [Sent("", "message", "b")]
    assert parser.feed(b"data: c\n\n") == [Sent("", "message", "c")]


@pytest.mark.parametrize(
    ("stream", "expected"),
    [
        # the examples of the standard
        (b"data: YHOO\ndata: +2\ndata: 10\n\n", [Sent("", "message", "YHOO\n+2\n10")]),
        (
            b": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n",
            [
                Sent("1", "message", "first event"),
                Sent("", "message", "second event"),
                Sent("", "message", " third event"),
            ],
        ),
        (b"data\n\ndata\ndata\n\ndata:", [Sent("", "message", ""), Sent("", "message", "\n")]),
        (b"data:test\n\ndata: test\n\n", [Sent("", "message", "test")] * 2),
        # the rest
        (b"\xef\xbb\xbfdata: a\n\n", [Sent("", "message", "a")]),
        (b"\n\xef\xbb\xbfdata: a\n\n", []),
        (b"event: hold\n\ndata: a\n\n", [Sent("", "message", "a")]),
        (b"id: 1\0\ndata: a\n\n", [Sent("", "message", "a")]),
        (b"retry: 1\ndata: a\n\n", [Sent("", "message", "a")]),
        (b"unknown: 1\nDATA: b\ndata: a\n\n", [Sent("", "message", "a")]),
        (b"data: \xff\xfe\n\n", [Sent("", "message", "\ufffd\ufffd")]),
        (b"data: a", []),
        (b"data: a\n", []),
        (b": ping\n\n: ping\n\n", []),
        (b"data: a:b: c\n\n", [Sent("", "message", "a:b: c")]),
    ],
)
def test_the_stream_is_read_as_the_standard_has_it(
    stream: bytes, expected: list[SentEvent]
) -> None:
    assert parse(stream) == expected
    assert parse_in_pieces(stream, 1) == expected


def test_a_line_of_just_the_limit_is_taken_and_one_byte_more_is_not() -> None:
    room = MAX_LINE_BYTES - len(b"data: ")
    assert parse(b"data: " + b"x" * room + b"\n\n") == [Sent("", "message", "x" * room)]
    assert parse(b"id: 3\nevent: end\ndata: " + b"x" * (room + 1) + b"\n\n") == [
        TooLong("3", "end")
    ]


def test_many_lines_of_one_event_are_limited_too() -> None:
    data = b"id: 3\n" + b"data: xxxxxxxxxx\n" * 10_000 + b"\n"
    assert parse(data) == [TooLong("3", "message")]


def test_after_an_event_that_is_too_long_the_stream_goes_on() -> None:
    parser = SseParser()
    assert parser.feed(b"data: " + b"x" * 1_000_000) == []
    assert parser.feed(b"x" * 1_000_000 + b"\n\n") == [TooLong("", "message")]
    assert parser.feed(b"id: 4\ndata: a\n\n") == [Sent("4", "message", "a")]


def test_a_comment_that_is_too_long_spoils_nothing() -> None:
    assert parse(b"data: a\n:" + b"x" * 1_000_000 + b"\n\n") == [Sent("", "message", "a")]


def test_a_line_without_end_fills_no_memory() -> None:
    parser = SseParser()
    for _ in range(1000):
        assert parser.feed(b"x" * 65_536) == []
    assert len(parser._line) <= MAX_LINE_BYTES
    assert parser.lines == 0


def test_comments_count_as_a_sign_of_life() -> None:
    parser = SseParser()
    parser.feed(b": ping\n\n: pi")
    assert parser.lines == 2


@given(
    st.lists(
        st.sampled_from(
            [b"data: a", b"id: 1", b"event: hold", b": x", b"\n", b"\r", b"\r\n", b"\xff"]
        )
    ),
    st.integers(1, 9),
)
def test_it_does_not_matter_how_the_bytes_are_cut_up(parts: list[bytes], size_bytes: int) -> None:
    data = b"".join(parts)
    assert parse_in_pieces(data, size_bytes) == parse(data)


@given(st.binary(max_size=300))
def test_noise_never_raises(noise: bytes) -> None:
    parse(noise)
