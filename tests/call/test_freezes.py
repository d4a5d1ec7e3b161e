"""A picture that stands still is counted, one that was never to move is not."""

import pytest

from kiosk.call.freezes import MOST_S, Freezes

FRAME_S = 1 / 30


def moving(freezes: Freezes, since: float, for_s: float) -> float:
    """Pictures without a fault; when the last came."""
    count = round(for_s / FRAME_S)
    for number in range(count + 1):
        freezes.picture(since + number * FRAME_S)
    return since + count * FRAME_S


def test_a_picture_that_moves_is_never_frozen() -> None:
    freezes = Freezes()
    moving(freezes, 0.0, 20.0)
    assert freezes.total_s == 0.0


def test_a_little_unevenness_is_no_freeze() -> None:
    freezes = Freezes()
    for number in range(300):
        freezes.picture(number * FRAME_S + (0.03 if number % 7 == 0 else 0.0))
    assert freezes.total_s == 0.0


def test_a_picture_that_stands_still_is_frozen_until_the_next() -> None:
    freezes = Freezes()
    last = moving(freezes, 0.0, 5.0)
    again = moving(freezes, last + 0.7, 5.0)
    freezes.picture(again + 0.2)
    assert freezes.total_s == pytest.approx(0.7 + 0.2)


def test_at_few_pictures_a_second_a_freeze_is_three_times_the_usual() -> None:
    freezes = Freezes()
    for number in range(20):
        freezes.picture(number * 0.2)
    freezes.picture(19 * 0.2 + 0.59)
    assert freezes.total_s == 0.0
    freezes.picture(19 * 0.2 + 0.59 + 0.7)
    assert freezes.total_s == pytest.approx(0.7)


def test_a_camera_that_is_off_is_no_freeze() -> None:
    freezes = Freezes()
    last = moving(freezes, 0.0, 5.0)
    freezes.picture(last + MOST_S + 0.1)
    assert freezes.total_s == 0.0


def test_what_is_missing_in_a_pause_is_not_counted() -> None:
    freezes = Freezes()
    last = moving(freezes, 0.0, 5.0)
    freezes.pause()
    moving(freezes, last + 3.0, 5.0)
    assert freezes.total_s == 0.0


def test_a_picture_that_comes_later_than_the_sound_after_a_silence_was_frozen_so_long() -> None:
    freezes = Freezes()
    last = moving(freezes, 0.0, 5.0)
    freezes.pause()
    freezes.expect(last + 6.0)
    moving(freezes, last + 6.4, 5.0)
    assert freezes.total_s == pytest.approx(0.4)


def test_a_picture_that_is_back_with_the_sound_was_not_frozen() -> None:
    freezes = Freezes()
    last = moving(freezes, 0.0, 5.0)
    freezes.pause()
    freezes.expect(last + 6.0)
    moving(freezes, last + 6.05, 5.0)
    assert freezes.total_s == 0.0


def test_who_has_shown_nothing_yet_is_not_frozen_when_first_seen() -> None:
    freezes = Freezes()
    freezes.expect(1.0)
    moving(freezes, 3.0, 5.0)
    assert freezes.total_s == 0.0
