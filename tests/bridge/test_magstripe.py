"""Swipes of magnetic stripes: which track has the account, and what is none."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge.readers.magstripe import Track, account
from firmware_bridge.readers.reading import FrameError

TRACK_1 = "%B5452300551227189^HOGAN/PAUL      ^08043210000000725000000?"
"""Published with MagTek's format; the account is the digits after the B."""
TRACK_2_BAD = "%11111111111111111111?;E?+33333333333333333333?"
TRACK_1_BLANK = ";22222222222222222222?+E?"
"""Both from MagTek, Swipe Readers with RS-232 IntelliHead, technical reference."""


def shown(swipe: str, *tracks: Track) -> str:
    return account(swipe, tracks).credential.reveal()


def test_each_published_swipe_is_read() -> None:
    assert shown(TRACK_1, 2, 1) == "5452300551227189"
    assert shown(TRACK_2_BAD, 1) == "1" * 20
    assert shown(TRACK_2_BAD, 3) == "3" * 20
    assert shown(TRACK_1_BLANK, 2, 1) == "2" * 20


def test_a_bad_track_is_told_where_no_other_may_stand_for_it() -> None:
    with pytest.raises(FrameError, match="a track that could not be read"):
        shown(TRACK_2_BAD, 2)
    assert shown(TRACK_2_BAD, 2, 1) == "1" * 20


def test_the_first_track_of_those_that_were_asked_for_is_taken() -> None:
    swipe = "%B123^X?;456=99?+789?"
    assert [shown(swipe, 2, 1), shown(swipe, 1, 2), shown(swipe, 3)] == ["456", "123", "789"]


def test_the_account_of_a_bank_is_the_same_on_both_tracks() -> None:
    swipe = "%B3779 876543 21001^X?;377987654321001=99?"
    assert shown(swipe, 1) == shown(swipe, 2) == "377987654321001"


def test_a_card_of_no_bank_keeps_its_letters() -> None:
    assert [shown("%A1234BC ?", 1), shown("%BRAVO 1?", 1)] == ["A1234BC", "BRAVO 1"]


@pytest.mark.parametrize(
    ("swipe", "reason"),
    [
        (TRACK_1, "no track with the account"),
        ("", "no track with the account"),
        ("%B123^X", "a swipe that is not tracks"),
        (";123?;456?", "a swipe that is not tracks"),
        (";456?%B123^X?", "a swipe that is not tracks"),
        (";?", "a track without an account"),
        (";=99?", "a track without an account"),
        (";12a4=99?", "a track without an account"),
        (f";{'1' * 65}?", "a track without an account"),
    ],
)
def test_a_swipe_without_an_account_is_refused(swipe: str, reason: str) -> None:
    with pytest.raises(FrameError, match=reason) as refused:
        shown(swipe, 2)
    assert "123" not in str(refused.value)


@given(st.text(alphabet="%;+?=^EB12 ", max_size=40))
def test_any_swipe_is_an_account_or_a_frame_error(swipe: str) -> None:
    with contextlib.suppress(FrameError):
        assert 1 <= len(shown(swipe, 2, 1, 3)) <= 64
