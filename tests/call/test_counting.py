"""Numbers that begin again at zero are counted on."""

from hypothesis import given
from hypothesis import strategies as st

from kiosk.call.counting import Counting


def test_a_number_that_begins_again_is_counted_on() -> None:
    counting = Counting(16)
    assert [counting.of(n) for n in (65534, 65535, 0, 1)] == [65534, 65535, 65536, 65537]


def test_a_late_number_is_counted_back() -> None:
    counting = Counting(16)
    assert [counting.of(n) for n in (1, 65535, 2)] == [1, -1, 2]


def test_a_late_number_after_the_new_beginning_belongs_to_the_old_round() -> None:
    counting = Counting(16)
    assert [counting.of(n) for n in (65535, 1, 65534, 2)] == [65535, 65537, 65534, 65538]


def test_a_time_of_32_bits_is_counted_on() -> None:
    counting = Counting(32)
    assert [counting.of(n) for n in (2**32 - 3000, 0)] == [2**32 - 3000, 2**32]


@given(first=st.integers(0, 65535), steps=st.lists(st.integers(-32768, 32767)))
def test_steps_below_half_a_round_are_followed(first: int, steps: list[int]) -> None:
    counting, newest = Counting(16), first
    assert counting.of(first) == first
    for step in steps:
        assert counting.of((newest + step) % 65536) == newest + step
        newest = max(newest, newest + step)
