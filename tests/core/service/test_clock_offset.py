"""The law of time: the service's moments on our clock, off by half the round trip at most."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.core.service.clock_offset import DRIFT, RESOLUTION_S, ServiceTime
from kiosk.errors import ServiceError

EPOCH = datetime(2026, 3, 1, 14, 0, 0, tzinfo=UTC)
ROUNDING_S = 2e-6  # of datetime, which counts microseconds

seconds = st.floats(0.0, 30.0)
trips = st.lists(
    st.tuples(st.floats(0.0, 7200.0), seconds, seconds), min_size=1, max_size=20
)  # how long after the last, there, and back


def service_clock(at_s: float) -> datetime:
    """A service whose clock is right, and whose day began 1000 s before ours."""
    return EPOCH + timedelta(seconds=at_s + 1000.0)


def asked(trips: list[tuple[float, float, float]]) -> tuple[ServiceTime, list[float], float]:
    """What is known after these requests, their round trips, and when the last one ended."""
    time, at_s, whole_s = ServiceTime(), 5000.0, []
    for pause_s, there_s, back_s in trips:
        sent_at_s = at_s + pause_s
        at_s = sent_at_s + there_s + back_s
        time.sample(service_clock(sent_at_s + there_s), sent_at_s, at_s)
        whole_s.append(there_s + back_s)
    return time, whole_s, at_s


@given(trips, st.floats(0.0, 7200.0))
def test_a_moment_is_off_by_half_the_round_trip_at_most(
    trips: list[tuple[float, float, float]], later_s: float
) -> None:
    time, _, at_s = asked(trips)
    true_s = at_s + later_s
    uncertainty_s = time.uncertainty_s(at_s)
    assert uncertainty_s is not None
    error_s = abs(time.to_monotonic(service_clock(true_s)) - true_s)
    assert error_s <= uncertainty_s + ROUNDING_S


@given(trips)
def test_the_request_with_the_smallest_round_trip_counts(
    trips: list[tuple[float, float, float]],
) -> None:
    """All but for what two clocks may drift meanwhile: old samples give way to new ones."""
    time, whole_s, at_s = asked(trips)
    uncertainty_s = time.uncertainty_s(at_s)
    assert uncertainty_s is not None
    assert uncertainty_s <= min(whole_s) / 2 + DRIFT * (at_s - 5000.0) + ROUNDING_S


@given(trips, st.floats(-7200.0, 7200.0))
def test_there_and_back_is_the_same_moment(
    trips: list[tuple[float, float, float]], later_s: float
) -> None:
    time, _, at_s = asked(trips)
    moment = time.utc(at_s + later_s)
    assert moment is not None
    assert abs(time.to_monotonic(moment) - (at_s + later_s)) <= ROUNDING_S


def test_a_quick_request_is_believed_rather_than_a_slow_one_after_it() -> None:
    time = ServiceTime()
    time.sample(EPOCH, 100.0, 100.01)
    time.sample(EPOCH + timedelta(seconds=3.9), 101.0, 105.0)
    assert time.to_monotonic(EPOCH) == pytest.approx(100.005)


def test_an_old_sample_gives_way_to_a_fresh_one() -> None:
    time = ServiceTime()
    time.sample(EPOCH, 100.0, 100.01)
    day_s = 24 * 3600.0
    drifted = EPOCH + timedelta(seconds=day_s + 2.0)  # 23 parts in a million
    time.sample(drifted, 100.0 + day_s, 100.2 + day_s)
    assert time.to_monotonic(drifted) == pytest.approx(100.1 + day_s)


def test_a_service_whose_clock_is_set_is_believed_at_once() -> None:
    time = ServiceTime()
    time.sample(EPOCH, 100.0, 100.002)
    time.sample(EPOCH + timedelta(seconds=3600), 110.0, 110.3)
    assert time.to_monotonic(EPOCH + timedelta(seconds=3600)) == pytest.approx(110.15)


def test_whole_milliseconds_do_not_count_as_a_clock_that_was_set() -> None:
    time = ServiceTime()
    time.sample(EPOCH, 100.0, 100.0001)
    late = EPOCH + timedelta(seconds=1.0 - RESOLUTION_S * 0.9)
    time.sample(late, 101.0, 101.004)
    assert time.to_monotonic(EPOCH) == pytest.approx(100.00005, abs=1e-5)


def test_offsets_other_than_utc_are_understood() -> None:
    time = ServiceTime()
    time.sample(datetime.fromisoformat("2026-03-01T16:00:00+02:00"), 100.0, 100.0)
    assert time.to_monotonic(EPOCH) == 100.0
    assert time.utc(100.0) == EPOCH


def test_nothing_is_known_before_the_service_told_its_time() -> None:
    time = ServiceTime()
    assert time.utc(0.0) is None
    assert time.uncertainty_s(0.0) is None
    with pytest.raises(ServiceError):
        time.to_monotonic(EPOCH)
