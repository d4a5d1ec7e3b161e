"""Pictures on a line that loses packets stand still no longer than they may."""

import pytest

from kiosk.call.playout import MOST_DELAY_S
from kiosk.clock import Seconds
from tests.bench.bench_loss import frozen_s
from tests.call.simulated import Call, Course

SEEDS = range(5)
WARM_S = 8.0


def received(course: Course, seed: int) -> Call:
    call = Call(course, seed)
    call.run()
    return call


def standing_s(call: Call) -> Seconds:
    return frozen_s([at for at, _ in call.shown if at >= WARM_S])


@pytest.mark.parametrize(
    ("loss", "round_trip_s", "most_s"), [(0.01, 0.08, 0.5), (0.03, 0.08, 0.5), (0.05, 0.15, 1.0)]
)
@pytest.mark.parametrize("bps", [350_000, 1_000_000, 1_700_000])
def test_pictures_hardly_stand_still_in_forty_seconds(
    loss: float, round_trip_s: Seconds, most_s: Seconds, bps: int
) -> None:
    calls = [received(Course(loss, round_trip_s, bps), seed) for seed in SEEDS]
    assert max(map(standing_s, calls)) <= most_s
    assert max(call.keys for call in calls) <= 4


def test_on_a_line_that_loses_a_tenth_pictures_stand_still_for_two_seconds_at_the_most() -> None:
    assert max(standing_s(received(Course(0.1, 0.15), seed)) for seed in SEEDS) <= 2.0


def test_on_a_good_line_pictures_are_shown_as_they_come() -> None:
    call = received(Course(0.0, 0.08), seed=1)
    assert standing_s(call) == 0
    assert call.keys == 1
    assert call.ages_s(WARM_S) < 0.05


@pytest.mark.parametrize("loss", [0.03, 0.1])
def test_pictures_are_never_much_later_than_people_bear(loss: float) -> None:
    call = received(Course(loss, 0.15), seed=1)
    assert call.ages_s(WARM_S) < 0.15 / 2 + MOST_DELAY_S + 0.03
