"""How long sound waits for what is late."""

import pytest

from kiosk.call.lateness import FIRST_WAIT_S, MAX_WAIT_S, MIN_WAIT_S, Lateness


def lateness(*transits_s: float) -> Lateness:
    """Packets each 20 ms with these transits, again and again, for 5 s."""
    known = Lateness()
    for number in range(250):
        known.add(transits_s[number % len(transits_s)], number * 0.02)
    return known


def test_before_the_network_is_known_sound_waits_a_little_more() -> None:
    known = Lateness()
    known.add(5.0, 0.0)
    assert known.wait_s() == FIRST_WAIT_S


def test_on_a_steady_line_sound_waits_no_longer_than_it_must() -> None:
    assert lateness(-3.0).wait_s() == MIN_WAIT_S


def test_sound_waits_for_nearly_all_packets() -> None:
    assert lateness(1.0, 1.05).wait_s() == pytest.approx(0.06)


def test_sound_does_not_wait_for_a_single_late_packet() -> None:
    assert lateness(*[1.0] * 99, 1.15).wait_s() == MIN_WAIT_S


def test_sound_never_waits_too_long() -> None:
    assert lateness(1.0, 3.0).wait_s() == MAX_WAIT_S
    assert lateness(1.0, 1.15).wait_s(0.12) == MAX_WAIT_S


def test_a_reason_to_wait_is_added() -> None:
    assert lateness(1.0, 1.05).wait_s(0.02) == pytest.approx(0.08)


def test_after_ten_seconds_another_way_is_the_usual_one() -> None:
    known = lateness(1.0)
    for number in range(501):
        known.add(1.3, 5.0 + number * 0.02)
    assert known.least_s == 1.3
    assert known.wait_s() == MIN_WAIT_S


def test_a_stream_of_few_packets_forgets_as_soon() -> None:
    known = lateness(1.0)
    known.add(1.3, 16.0)
    assert known.least_s == 1.3


def test_little_is_remembered() -> None:
    known = Lateness()
    for number in range(5000):
        known.add(number % 7, number * 0.0001)
    assert len(known._recent) == len(known._sorted) <= 500
