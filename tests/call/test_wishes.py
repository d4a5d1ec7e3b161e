"""How much of our picture an answer wishes for: what a browser says, and what nobody should."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.call.wishes import most_picture_bps

SOUND = "m=audio 9 UDP/TLS/RTP/SAVPF 96\r\nc=IN IP4 0.0.0.0\r\na=mid:0\r\n"
PICTURES = "m=video 9 UDP/TLS/RTP/SAVPF 97\r\nc=IN IP4 0.0.0.0\r\n"


def asking(*lines: str) -> str:
    return f"v=0\r\n{SOUND}{PICTURES}" + "".join(f"{line}\r\n" for line in lines) + "a=mid:1\r\n"


def test_an_answer_that_asks_for_nothing_has_no_bound() -> None:
    assert most_picture_bps(asking()) is None
    assert most_picture_bps("") is None


def test_a_bound_without_headers_is_taken_as_it_is() -> None:
    assert most_picture_bps(asking("b=TIAS:90000")) == 90_000
    assert most_picture_bps(asking("b=TIAS:90000").replace("\r\n", "\n")) == 90_000


def test_of_a_bound_with_headers_a_part_is_the_picture_s() -> None:
    assert most_picture_bps(asking("b=AS:512")) == 470_400
    assert most_picture_bps(asking("b=AS:3")) == 0


def test_the_least_of_many_counts() -> None:
    assert most_picture_bps(asking("b=AS:512", "b=TIAS:90000", "b=TIAS:100000")) == 90_000
    assert most_picture_bps(asking(*[f"b=TIAS:{bps}" for bps in range(900, 0, -1)])) == 1


def test_what_is_asked_of_the_sound_or_of_the_whole_is_not_of_the_picture() -> None:
    answer = f"v=0\r\nb=AS:1\r\n{SOUND}b=TIAS:6000\r\n{PICTURES}a=mid:1\r\n"
    assert most_picture_bps(answer) is None
    after = f"v=0\r\n{PICTURES}a=mid:1\r\n{SOUND}b=TIAS:6000\r\n"
    assert most_picture_bps(after) is None


@pytest.mark.parametrize(
    "line",
    ["b=TIAS:-1", "b=TIAS:1" + "0" * 30, "b=TIAS:", "b=TIAS:1e5", "b=TIAS: 9", "b=CT:5", "b=\u0661",
     "b=TIAS:\u0661", "b=X-TIAS:5", " b=TIAS:5", "a=b=TIAS:5"],
)  # fmt: skip
def test_what_is_no_number_of_a_sensible_length_says_nothing(line: str) -> None:
    assert most_picture_bps(asking(line)) is None


@given(st.text(), st.text(), st.integers())
def test_no_answer_is_too_strange(text: str, more: str, number: int) -> None:
    most = most_picture_bps(f"{text}{PICTURES}b=TIAS:{number}\r\nb={more}")
    assert most is None or 0 <= most < 10**10
