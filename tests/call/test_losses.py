"""What share of our packets was lost: no verdict on a few of them, and no more than the truth."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.call.losses import ENOUGH, Losses


def test_one_of_three_packets_says_nothing() -> None:
    losses = Losses()
    assert losses.report(100, 0) is None
    assert losses.report(103, 1) is None


def test_many_short_reports_together_say_what_one_long_report_says() -> None:
    losses = Losses()
    losses.report(100, 7)
    shares = [losses.report(100 + number, 7 + number // 10) for number in range(1, 21)]
    assert shares == [None] * 19 + [0.1]


def test_a_report_is_counted_once() -> None:
    losses = Losses()
    losses.report(100, 0)
    assert losses.report(140, 20) == 0.5
    assert losses.report(140, 20) is None
    assert losses.report(180, 20) == 0.0


def test_what_came_late_is_no_loss() -> None:
    losses = Losses()
    losses.report(100, 5)
    assert losses.report(100 + ENOUGH, 3) == 0.0


def test_a_report_that_goes_back_or_leaps_begins_anew() -> None:
    losses = Losses()
    losses.report(50_000, 0)
    assert losses.report(10, 0) is None
    assert losses.report(50_000, 5000) is None
    assert losses.report(50_000 + ENOUGH, 5000) == 0.0


@pytest.mark.parametrize("number", [200, 65_536 + 200])
def test_what_is_to_be_forgotten_is_told_neither_alone_nor_with_what_follows(number: int) -> None:
    losses = Losses()
    losses.report(number - 100, 0)
    losses.forget(number % 65_536)
    assert losses.report(number - 60, 30) is None
    assert losses.report(number + 10, 100) is None
    assert losses.report(number + 50, 110) == 0.25


@given(
    st.lists(st.tuples(st.integers(0, 2**32 - 1), st.integers(-(2**23), 2**23 - 1)), max_size=30)
)
def test_whatever_is_reported_the_share_is_one(reports: list[tuple[int, int]]) -> None:
    losses = Losses()
    for highest, lost in reports:
        share = losses.report(highest, lost)
        assert share is None or 0.0 <= share <= 1.0


@given(st.lists(st.booleans(), min_size=ENOUGH, max_size=400), st.integers(1, 10))
def test_what_is_told_adds_up_to_what_was_lost(lost: list[bool], every: int) -> None:
    losses, told, counted = Losses(), 0.0, 0
    losses.report(0, 0)
    before = 0
    for at in range(every, len(lost) + 1, every):
        share = losses.report(at, sum(lost[:at]))
        if share is not None:
            told += share * (at - before)
            before, counted = at, sum(lost[:at])
    assert abs(told - counted) < 1e-6
