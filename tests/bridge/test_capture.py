"""Captures: what was written is read again, and what is no capture is named by its line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge.capture import HEADER, Captured, CaptureError, line_of, read_capture

pieces = st.builds(
    Captured,
    st.integers(0, 10**10).map(lambda micros: micros / 1e6),
    st.sampled_from(["<", ">"]),
    st.binary(min_size=1, max_size=40),
)


@given(st.lists(pieces, max_size=8).map(lambda some: sorted(some, key=lambda piece: piece.at_s)))
def test_what_is_written_is_read_again(captured: list[Captured]) -> None:
    assert list(read_capture([HEADER, *map(line_of, captured)])) == captured


def test_remarks_and_empty_lines_say_nothing() -> None:
    text = ["# a remark", "", "  0.5 < 02 0D # the start", "1 > 0A0B"]
    assert list(read_capture(text)) == [
        Captured(0.5, "<", b"\x02\x0d"),
        Captured(1.0, ">", b"\x0a\x0b"),
    ]


@pytest.mark.parametrize(
    "line",
    ["soon < 02", "1.0 < 0", "1.0 < xy", "1.0 02 03", "1.0 <", "1.0 = 02", "nan < 02", "inf > 02"],
)
def test_a_line_that_is_wrong_is_named(line: str) -> None:
    with pytest.raises(CaptureError, match="line 2"):
        list(read_capture(["0.5 < 02", line]))


def test_a_capture_does_not_go_back_in_time() -> None:
    with pytest.raises(CaptureError, match="line 2: it goes back in time"):
        list(read_capture(["2.0 < 02", "1.0 < 02"]))


@given(st.text(max_size=60))
def test_any_other_text_is_refused_or_read(text: str) -> None:
    try:
        found = list(read_capture([text]))
    except CaptureError:
        found = []
    assert all(piece.data for piece in found)
