"""A weak line is called weak after a while, and well after a longer one."""

from dataclasses import replace

import pytest

from kiosk.call.quality import WEAK_AFTER, WELL_AFTER, Counted, Quality


def after(
    quality: Quality, seconds: int, *, lost: int = 0, trip_s: float | None = 0.05, **more: int
) -> bool:
    """Whether it is weak after so many seconds of 100 packets each way, of which some are lost."""
    for _ in range(seconds):
        before = quality._before
        counted = replace(before, came=before.came + 100 - lost, came_lost=before.came_lost + lost)
        counted = replace(counted, sent=before.sent + 100)
        for name, each in more.items():
            counted = replace(counted, **{name: getattr(before, name) + each})
        quality.second(counted, trip_s)
    return quality.weak


def weak() -> Quality:
    quality = Quality()
    assert after(quality, WEAK_AFTER, lost=10)
    return quality


def test_a_line_that_loses_nothing_is_well() -> None:
    assert not after(Quality(), 60)


def test_a_little_loss_is_borne_for_ever() -> None:
    assert not after(Quality(), 600, lost=4)


def test_much_loss_makes_it_weak_but_not_at_once() -> None:
    quality = Quality()
    assert not after(quality, WEAK_AFTER - 1, lost=10)
    assert after(quality, 1, lost=10)


def test_what_of_ours_is_lost_counts_as_much() -> None:
    assert after(Quality(), WEAK_AFTER, sent_lost=10)


def test_a_long_way_makes_it_weak() -> None:
    assert after(Quality(), WEAK_AFTER, trip_s=0.7)


def test_a_picture_that_freezes_each_second_makes_it_weak() -> None:
    assert after(Quality(), WEAK_AFTER, frozen_s=1)


def test_single_bad_seconds_are_not_added_up() -> None:
    quality = Quality()
    for _ in range(10):
        assert not after(quality, WEAK_AFTER - 1, lost=50)
        assert not after(quality, 1)


def test_it_is_well_again_after_a_good_while() -> None:
    quality = weak()
    assert after(quality, WELL_AFTER - 1)
    assert not after(quality, 1)


@pytest.mark.parametrize(("lost", "trip_s"), [(3, 0.05), (0, 0.5)])
def test_who_is_weak_stays_weak_while_it_is_neither_good_nor_bad(lost: int, trip_s: float) -> None:
    assert after(weak(), 60, lost=lost, trip_s=trip_s)
    assert not after(Quality(), 60, lost=lost, trip_s=trip_s)


def test_what_was_late_and_came_is_no_loss() -> None:
    quality = Quality()
    quality.second(Counted(came=100, came_lost=10), None)
    for second in range(2, 60):
        quality.second(Counted(came=100 * second, came_lost=10 - second % 3), None)
    assert not quality.weak


def test_who_is_held_loses_nothing() -> None:
    quality = Quality()
    for _ in range(60):
        quality.second(Counted(came=100, sent=100), None)
    assert not quality.weak
