"""How loud their sound is follows the steps that a person chose, and never more than a speaker takes."""

import numpy
import pytest

from kiosk.call.opus import Samples
from kiosk.call.sound import BLOCK
from kiosk.call.speaker import SILENCE, louder
from kiosk.call.volume import gain_of


def block(level: int) -> bytes:
    samples: Samples = numpy.full(BLOCK, level, numpy.int16)
    return samples.tobytes()


def test_each_step_is_louder_than_the_one_below_and_the_usual_one_changes_nothing() -> None:
    gains = [gain_of(step) for step in range(1, 6)]
    assert gains == sorted(set(gains))
    assert gain_of(3) == 1.0
    assert gains[0] > 0, "nobody is made silent"
    assert gains[-1] <= 4, "nobody is startled"


@pytest.mark.parametrize("step", [-1000, 0, 6, 1000])
def test_a_step_that_is_none_is_the_nearest_one(step: int) -> None:
    assert gain_of(step) in (gain_of(1), gain_of(5))


def test_a_block_is_made_louder_and_what_is_too_loud_is_clipped() -> None:
    assert louder(block(1000), 2.0) == block(2000)
    assert louder(block(1000), 0.5) == block(500)
    assert louder(block(-30_000), 2.0) == block(-32_768)
    assert louder(block(30_000), 2.0) == block(32_767)


def test_silence_stays_silent_however_loud() -> None:
    assert louder(SILENCE, 2.5) == SILENCE
