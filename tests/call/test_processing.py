"""What is sent is the voice: without the echo of a room, without noise, loud enough."""

import numpy
import pytest

from kiosk.call.processing import Processing
from kiosk.call.settings import Audio
from kiosk.call.sound import RATE_HZ
from tests.call.echoes import (
    DEVICES_S,
    FAMILY,
    FULL_SCALE,
    PLAYED,
    PRISONER,
    SAID,
    clipped,
    echo_in,
    for_s,
    level_db,
    likeness,
    processed,
    reduction_db,
    rushing,
    samples,
    speech,
)

THEIRS = for_s(speech(FAMILY), 12) * PLAYED
OURS = for_s(speech(PRISONER, "en+f3"), 12) * SAID


@pytest.mark.parametrize("seed", range(1, 6))
def test_the_echo_of_a_room_is_taken_away(seed: int) -> None:
    echo = echo_in(seed, THEIRS)
    sent = processed(echo, THEIRS)
    assert reduction_db(echo, sent, 1, 5) > 18
    assert reduction_db(echo, sent, 5) > 25


@pytest.mark.parametrize("seed", range(1, 6))
def test_the_echo_stays_away_though_all_that_is_sent_is_raised(seed: int) -> None:
    echo = echo_in(seed, THEIRS)
    sent = processed(echo, THEIRS, Processing(Audio()))
    assert reduction_db(echo, sent, 1, 5) > 12
    assert reduction_db(echo, sent, 5) > 20


def test_the_echo_stays_away_after_a_quiet_voice_was_raised() -> None:
    quiet, echo = OURS * 0.2, echo_in(1, THEIRS)
    sent = processed(
        numpy.concatenate([quiet, echo]),
        numpy.concatenate([numpy.zeros_like(quiet), THEIRS]),
        Processing(Audio()),
    )
    assert reduction_db(quiet, sent, 5, 12) < -9
    assert reduction_db(echo, sent[len(quiet) :], 5) > 20


def test_without_a_canceller_the_echo_is_sent() -> None:
    echo = echo_in(1, THEIRS)
    sent = processed(echo, THEIRS, Processing(Audio(echo_cancellation=False, gain_control=False)))
    assert abs(reduction_db(echo, sent, 5)) < 3


def test_an_echo_is_taken_away_though_the_loudspeaker_clips() -> None:
    echo = echo_in(1, clipped(THEIRS, at=0.15))
    assert reduction_db(echo, processed(echo, THEIRS), 5) > 20


def test_an_echo_that_comes_later_all_at_once_is_taken_away_again() -> None:
    late = echo_in(1, THEIRS)
    later = echo_in(2, THEIRS, DEVICES_S + 0.08)
    change = 5 * RATE_HZ
    echo = numpy.concatenate([late[:change], later[change:]])
    assert reduction_db(echo, processed(echo, THEIRS), 8) > 20


def test_who_speaks_alone_is_sent_as_they_are() -> None:
    sent = processed(OURS, numpy.zeros_like(OURS))
    assert abs(reduction_db(OURS, sent, 1)) < 1
    assert likeness(OURS, sent, 1, 11) > 0.9


def test_who_speaks_while_the_other_side_does_is_heard() -> None:
    echo = echo_in(1, THEIRS)
    sent = processed(OURS + echo, THEIRS)
    assert likeness(OURS, sent, 5, 11) > 0.6
    assert reduction_db(OURS, sent, 5) < 8


def test_with_the_handset_lifted_no_voice_is_taken_for_an_echo_and_nothing_breaks_off() -> None:
    echo = echo_in(1, THEIRS)
    echo[4 * RATE_HZ : 8 * RATE_HZ] *= 0.02  # the earpiece is heard a little, too
    sent = processed(OURS + echo, THEIRS, lifted=(4, 8))
    assert likeness(OURS, sent, 4.5, 8) > 0.9
    assert abs(reduction_db(OURS, sent, 4.5, 8)) < 1
    blocks = [level_db(sent, at / 20, (at + 1) / 20) for at in range(76, 84)]
    said = [level_db(OURS, at / 20, (at + 1) / 20) for at in range(76, 84)]
    assert min(blocks) > min(said) - 20


def test_the_echo_is_taken_away_at_once_when_the_handset_is_hung_up() -> None:
    echo = echo_in(1, THEIRS)
    quiet = echo.copy()
    quiet[6 * RATE_HZ : 8 * RATE_HZ] *= 0.02
    sent = processed(quiet, THEIRS, lifted=(6, 8))
    assert reduction_db(echo, sent, 8.1, 9) > 20


def test_noise_goes_down_and_the_voice_stays() -> None:
    noise, quiet = rushing(len(OURS), 1, -50), numpy.zeros_like(OURS)
    with_noise = Processing(Audio(noise_suppression=False, gain_control=False))
    as_it_is = processed(noise, quiet, with_noise)
    assert reduction_db(as_it_is, processed(noise, quiet), 3) > 4
    assert likeness(OURS, processed(OURS + noise, quiet), 3, 11) > 0.9


def test_a_quiet_voice_is_sent_louder_and_a_loud_one_does_not_clip() -> None:
    quiet = numpy.zeros_like(OURS)
    faint = OURS * 0.2
    gain_db = -reduction_db(faint, processed(faint, quiet, Processing(Audio())), 5)
    assert 9 < gain_db < 13
    loud = processed(OURS * 3.5, quiet, Processing(Audio()))
    assert numpy.abs(loud).max() < FULL_SCALE - 1


def test_nothing_of_one_call_is_left_in_the_next() -> None:
    processing = Processing(Audio())
    processed(OURS + echo_in(1, THEIRS), THEIRS, processing)
    processing.forget()
    again = processed(echo_in(2, THEIRS), THEIRS, processing)
    assert numpy.array_equal(again, processed(echo_in(2, THEIRS), THEIRS, Processing(Audio())))


def test_with_everything_turned_off_sound_stays_as_it_was_heard() -> None:
    raw = Processing(Audio(echo_cancellation=False, noise_suppression=False, gain_control=False))
    assert numpy.array_equal(processed(OURS, THEIRS, raw), samples(OURS))
    raw.forget()
