"""Sound that is shortened or lengthened sounds as it did."""

import numpy
import pytest

from kiosk.call.opus import Samples
from kiosk.call.pace import MIN_PERIOD, lengthened, shortened
from kiosk.call.sound import RATE_HZ

FRAME = RATE_HZ // 50


def tone(hz: float) -> Samples:
    return (8000 * numpy.sin(2 * numpy.pi * hz * numpy.arange(FRAME) / RATE_HZ)).astype(numpy.int16)


def steepest(sound: Samples) -> int:
    return int(numpy.abs(numpy.diff(sound.astype(int))).max())


@pytest.mark.parametrize("hz", [110, 150, 220, 440, 1000])
def test_a_tone_becomes_shorter_or_longer_by_whole_periods_without_a_click(hz: float) -> None:
    sound = tone(hz)
    for changed in (shortened(sound), lengthened(sound)):
        by = abs(len(changed) - len(sound))
        assert MIN_PERIOD <= by <= FRAME // 2
        assert by * hz / RATE_HZ == pytest.approx(round(by * hz / RATE_HZ), abs=0.05)
        assert steepest(changed) <= 1.1 * steepest(sound)
        assert changed[0] == sound[0]
        assert changed[-1] == sound[-1]
    assert len(shortened(sound)) < len(sound) < len(lengthened(sound))


def test_silence_becomes_half_as_long_or_half_as_long_again() -> None:
    silence = numpy.zeros(FRAME, numpy.int16)
    assert len(shortened(silence)) == FRAME // 2
    assert len(lengthened(silence)) == FRAME * 3 // 2


def test_what_repeats_nothing_stays_as_it_is() -> None:
    noise = numpy.random.default_rng(3).integers(-8000, 8000, FRAME).astype(numpy.int16)
    assert shortened(noise) is noise
    assert lengthened(noise) is noise


def test_what_is_too_short_stays_as_it_is() -> None:
    short = tone(440)[: 2 * MIN_PERIOD]
    assert shortened(short) is short
