"""What a person sees of their own side before a visit: how loud, how bright, and what would help."""

from typing import Any

import numpy
import pytest
from av import VideoFrame

from kiosk.call.own import (
    AT_LEAST_EVERY_S,
    EVERY_S,
    VOICE,
    OwnSide,
    brightness,
    loudness,
    mean_square,
)
from kiosk.wire.own import OwnLevels

FRAME_S = 1 / 30
WIRE_S = 0.01


def tone(amplitude: int) -> Any:
    wave = numpy.sin(numpy.arange(480) * 0.3) * amplitude
    return wave.astype(numpy.int16)


def picture(luma: int) -> VideoFrame:
    frame = VideoFrame(64, 48, "yuv420p")
    for plane in frame.planes:
        plane.update(bytes([luma]) * plane.buffer_size)
    return frame


def after(own: OwnSide, seconds: float, level: float, light: float | None) -> OwnLevels:
    """What is said last when it is so for so long."""
    said, now_s = None, 0.0
    while now_s < seconds:
        now_s += EVERY_S
        said = own.news(7, level, light, now_s) or said
    assert said is not None
    return said


def test_nothing_at_all_is_nothing_and_the_loudest_is_all() -> None:
    assert loudness(mean_square(numpy.zeros(480, numpy.int16))) == 0.0
    assert loudness(mean_square(numpy.full(480, -32768, numpy.int16))) == 1.0


def test_louder_is_more() -> None:
    levels = [loudness(mean_square(tone(amplitude))) for amplitude in (20, 200, 2000, 20_000)]
    assert levels == sorted(levels)
    assert levels[0] > 0
    assert levels[2] > VOICE > levels[0]


def test_a_black_picture_is_dark_and_a_white_one_bright() -> None:
    assert brightness(picture(16)) == 0.0
    assert brightness(picture(235)) == 1.0
    assert 0.4 < brightness(picture(126)) < 0.6


def test_a_bar_follows_a_voice_within_a_tenth_of_a_second() -> None:
    own = OwnSide(0.0)
    assert own.news(7, 0.1, 0.5, EVERY_S) is not None
    spoken = own.news(7, 0.8, 0.5, 2 * EVERY_S)
    assert spoken is not None
    assert spoken.level == pytest.approx(0.8)
    assert EVERY_S + WIRE_S + FRAME_S < 0.1


def test_what_looks_the_same_is_said_only_now_and_then() -> None:
    own = OwnSide(0.0)
    said = [own.news(7, 0.3, 0.5, step * EVERY_S) for step in range(1, 41)]
    assert sum(news is not None for news in said) <= 2.0 / AT_LEAST_EVERY_S + 1


def test_a_microphone_that_gives_nothing_is_told_of() -> None:
    assert after(OwnSide(0.0), 5, 0.0, 0.5).hint == ""
    assert after(OwnSide(0.0), 7, 0.0, 0.5).hint == "silent"


def test_one_that_hears_again_is_not_told_of_any_more() -> None:
    own = OwnSide(0.0)
    after(own, 7, 0.0, 0.5)
    heard = own.news(7, 0.7, 0.5, 8.0)
    assert heard is not None
    assert (heard.hint, heard.heard) == ("", True)


def test_a_room_in_which_nobody_speaks_up_is_asked_to() -> None:
    assert after(OwnSide(0.0), 7, 0.2, 0.5).hint == "quiet"


def test_who_was_heard_once_may_be_quiet() -> None:
    own = OwnSide(0.0)
    own.news(7, 0.7, 0.5, EVERY_S)
    assert after(own, 20, 0.2, 0.5).hint == ""


def test_little_light_is_told_of_and_no_picture_is_not_taken_for_it() -> None:
    own = OwnSide(0.0)
    own.news(7, 0.7, 0.5, EVERY_S)
    assert after(own, 4, 0.6, 0.05).hint == "dark"
    assert after(OwnSide(0.0), 4, 0.6, None).hint == ""
