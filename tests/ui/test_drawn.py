"""What was drawn of a call is counted and told truly."""

import pytest

from kiosk.ui.drawn import DrawnPictures
from kiosk.wire.messages import PictureStats, RemoteDrawn

CALL = 9


def test_the_first_picture_of_each_call_is_told_once() -> None:
    pictures = DrawnPictures()
    assert pictures.drawn(CALL, 10.0) == [RemoteDrawn(CALL, 10.0)]
    assert pictures.drawn(CALL, 10.1) == []
    assert pictures.drawn(CALL + 1, 11.0) == [RemoteDrawn(CALL + 1, 11.0)]


def test_a_second_of_thirty_pictures_is_told_as_such() -> None:
    pictures = DrawnPictures()
    pictures.tick(CALL, 0.0)
    for number in range(1, 31):
        pictures.drawn(CALL, number / 30)
    [stats] = pictures.tick(CALL, 1.0)
    assert isinstance(stats, PictureStats)
    assert (stats.call, stats.frames_drawn, stats.fps) == (CALL, 30, 30.0)
    assert stats.longest_frame_ms == pytest.approx(1000 / 30, abs=0.1)


def test_the_count_goes_on_and_the_rate_begins_anew() -> None:
    pictures = DrawnPictures()
    pictures.tick(CALL, 0.0)
    for at_s in (0.25, 1.0):
        pictures.drawn(CALL, at_s)
    pictures.tick(CALL, 1.0)
    for at_s in (1.25, 1.5, 1.75, 2.0):
        pictures.drawn(CALL, at_s)
    [stats] = pictures.tick(CALL, 2.0)
    assert isinstance(stats, PictureStats)
    assert (stats.frames_drawn, stats.fps, stats.longest_frame_ms) == (6, 4.0, 250.0)


def test_a_picture_that_stands_still_is_a_long_frame() -> None:
    pictures = DrawnPictures()
    pictures.drawn(CALL, 0.0)
    pictures.tick(CALL, 1.0)
    [stats] = pictures.tick(CALL, 3.0)
    assert isinstance(stats, PictureStats)
    assert (stats.fps, stats.longest_frame_ms) == (0.0, 3000.0)


def test_nothing_is_told_within_a_second_or_without_a_call() -> None:
    pictures = DrawnPictures()
    assert pictures.tick(None, 0.0) == []
    pictures.drawn(CALL, 0.2)
    assert pictures.tick(CALL, 0.9) == []
    assert pictures.tick(None, 5.0) == []


def test_a_pause_of_the_call_is_not_a_long_frame() -> None:
    pictures = DrawnPictures()
    pictures.drawn(CALL, 0.0)
    pictures.tick(None, 1.0)
    pictures.drawn(CALL, 60.0)
    [stats] = pictures.tick(CALL, 61.0)
    assert isinstance(stats, PictureStats)
    assert stats.longest_frame_ms == 1000.0
