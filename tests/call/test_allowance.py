"""What is put up with, by the clock."""

from hypothesis import given
from hypothesis import strategies as st

from kiosk.call.allowance import Allowance


def test_at_once_so_many_are_allowed_and_then_none() -> None:
    allowance = Allowance(10, 3)
    assert [allowance.take(5.0) for _ in range(5)] == [True, True, True, False, False]


def test_with_time_more_are_allowed_but_no_more_than_at_once() -> None:
    allowance = Allowance(10, 3)
    for _ in range(3):
        allowance.take(5.0)
    assert [allowance.take(at) for at in (5.0625, 5.125, 5.1875, 5.25)] == [
        False,
        True,
        False,
        True,
    ]
    assert [allowance.take(100.0) for _ in range(4)] == [True, True, True, False]


@given(
    st.lists(st.floats(0, 2), max_size=200),
    st.integers(1, 50),
    st.integers(1, 50),
)
def test_no_more_than_that_is_ever_allowed(waits: list[float], per_s: int, at_once: int) -> None:
    allowance, now, allowed = Allowance(per_s, at_once), 7.0, 0
    for wait in waits:
        now += wait
        allowed += allowance.take(now)
    assert allowed <= at_once + per_s * (now - 7.0) + 1e-6
