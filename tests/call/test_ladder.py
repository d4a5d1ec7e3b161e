"""What our picture is sent as, by scripts of what is heard of the way, and by laws of all scripts."""

import itertools
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.call.ladder import (
    CALM_S,
    FRESH_S,
    MARGIN,
    MOST_CALM_S,
    QUIET_BPS,
    SOUND_BPS,
    SOUND_MOST,
    SPARE,
    START_BPS,
    Ladder,
)
from kiosk.call.rungs import FLUENT_FPS, RUNGS, Rung, Sending, rungs_for

VGA = rungs_for(640, 480)
PICTURE_S = 1 / 30
TOP_BPS = VGA[-1].most_bps
LONGEST_RETURN_S = round(MOST_CALM_S) + 30


@dataclass
class Way:
    """What is between the two sides, for as long as it stays as it is."""

    estimate_bps: int | None = 5_000_000
    lost: float = 0.0
    round_trip_s: float = 0.08
    took_s: float = 0.003
    """The encoder's time for a picture of 640x480."""
    growing: float = 1.0
    used: float = 1.0
    """The share of what may be sent that the picture takes."""


class Walk:
    """A ladder, a picture every 1/30 s, an estimate and a report every second."""

    def __init__(self, rungs: tuple[Rung, ...] = VGA, most_bps: int | None = None) -> None:
        self.now = 100.0
        self.ladder = Ladder(rungs, self.now, most_bps)
        self.sent: list[tuple[float, Sending | None]] = []

    @property
    def last(self) -> Sending | None:
        return self.sent[-1][1]

    @property
    def bps(self) -> int:
        return self.last.bps if self.last else 0

    @property
    def height_px(self) -> int:
        return self.last.rung.height_px if self.last else 0

    def goes(self, way: Way, for_s: float) -> "Walk":
        estimate = float(way.estimate_bps or 0)
        for number in range(round(for_s * 30)):
            if number % 30 == 0:
                if way.estimate_bps is not None:
                    self.ladder.estimated(estimate, self.now)
                    estimate *= way.growing
                self.ladder.reported(way.lost, way.round_trip_s, self.now)
            self.step(way)
        return self

    def step(self, way: Way | None = None) -> None:
        way = way or Way()
        sending = self.ladder.at(self.now)
        self.sent.append((self.now, sending))
        if sending is not None:
            took_s = way.took_s * sending.rung.width_px * sending.rung.height_px / (640 * 480)
            size_bytes = round(way.used * sending.bps * PICTURE_S / 8)
            self.ladder.encoded(took_s, size_bytes, self.now)
        self.now += PICTURE_S

    def reaches(self, bps: int, way: Way, within_s: int) -> bool:
        return any(self.goes(way, 1).bps == bps for _ in range(within_s))


def test_a_call_begins_with_what_a_phone_s_line_carries() -> None:
    walk = Walk()
    walk.step()
    assert (walk.bps, walk.height_px) == (START_BPS, 360)


def test_a_clean_line_is_used_to_the_full_within_seconds() -> None:
    assert Walk().goes(Way(), 8).bps == TOP_BPS


def test_who_hears_nothing_sends_less_and_less() -> None:
    """Our own picture may fill the line on which the other side's reports come."""
    walk = Walk().goes(Way(), 10)
    sent = walk.bps
    for _ in range(30 * 4):
        walk.step()
    assert walk.bps <= sent / 4
    for _ in range(30 * 4):
        walk.step()
    assert walk.last is None


def test_sound_keeps_its_share() -> None:
    walk = Walk().goes(Way(estimate_bps=400_000), 10)
    assert walk.bps <= 400_000 * MARGIN - SOUND_BPS


def test_a_fallen_estimate_is_obeyed_with_the_next_picture() -> None:
    walk = Walk().goes(Way(), 10)
    walk.ladder.estimated(200_000, walk.now)
    walk.step()
    assert walk.bps <= 200_000 * (MARGIN - SOUND_MOST)
    assert walk.height_px == 240


def test_the_size_comes_back_step_by_step_after_a_squeeze() -> None:
    walk = Walk().goes(Way(), 10).goes(Way(estimate_bps=200_000), 10)
    squeezed = len(walk.sent)
    walk.goes(Way(), 20)
    heights = [sending.rung.height_px for _, sending in walk.sent[squeezed:] if sending]
    assert sorted(set(heights)) == [240, 360, 480]
    assert heights == sorted(heights)
    assert walk.bps == TOP_BPS


def test_an_estimate_that_only_creeps_is_not_waited_for() -> None:
    walk = Walk().goes(Way(), 10).goes(Way(estimate_bps=180_000), 10)
    creeping = Way(estimate_bps=180_000, growing=1.08)
    squeezed_at = walk.now
    walk.goes(creeping, 16)
    assert walk.bps >= 0.9 * TOP_BPS
    assert walk.bps > 2 * 180_000 * 1.08 ** (walk.now - squeezed_at)


def test_an_estimate_that_stands_is_never_overrun() -> None:
    walk = Walk().goes(Way(estimate_bps=700_000), 60)
    late = [sending.bps for at, sending in walk.sent if sending and at > 100 + FRESH_S + 1]
    assert max(late) <= 700_000 * MARGIN - SOUND_BPS


def test_an_estimate_of_a_quiet_picture_says_nothing_of_a_lively_one() -> None:
    quiet = Way(estimate_bps=None, used=0.02)
    walk = Walk().goes(quiet, 5)
    assert walk.bps == QUIET_BPS
    for estimate in (14_000, 13_000, 14_000, 15_000, 16_000):
        walk.goes(Way(estimate_bps=estimate, used=0.02), 2)
        assert walk.height_px == 480
    lively_from = len(walk.sent)
    walk.goes(Way(estimate_bps=16_000, growing=1.08), 10)
    assert walk.bps == TOP_BPS
    assert all(sending and sending.bps >= QUIET_BPS for _, sending in walk.sent[lively_from:])


def test_even_a_quiet_picture_is_given_less_when_its_estimate_falls_again_and_again() -> None:
    walk = Walk().goes(Way(used=0.3), 5).goes(Way(growing=0.5, used=0.3), 20)
    assert walk.bps < QUIET_BPS / 2


def test_who_fails_ahead_of_the_estimate_waits_longer_each_time() -> None:
    walk, failures = Walk(), list[float]()
    estimate = 500_000.0
    for _ in range(90):
        walk.ladder.estimated(estimate, walk.now)
        walk.goes(Way(estimate_bps=None), 1)
        estimate += 20_000
        if walk.bps > 800_000:
            failures.append(walk.now)
            estimate = 500_000
    waits = [after - before for before, after in itertools.pairwise(failures)]
    assert len(waits) >= 2
    assert waits == sorted(waits)
    assert waits[-1] > 2 * CALM_S


def test_no_more_is_sent_than_the_other_side_wishes_for() -> None:
    walk = Walk(most_bps=90_000).goes(Way(), 60)
    assert {sending.bps for _, sending in walk.sent if sending} == {90_000}
    assert (walk.last and walk.last.rung) == RUNGS[0]
    assert Walk(most_bps=10**10).goes(Way(), 10).bps == TOP_BPS


def test_who_wishes_for_less_than_the_smallest_picture_gets_none() -> None:
    for most_bps in (0, RUNGS[0].least_bps - 1):
        walk = Walk(most_bps=most_bps).goes(Way(), 30).goes(Way(estimate_bps=None), 30)
        assert not any(sending for _, sending in walk.sent)


def test_below_the_floor_the_picture_stops_and_comes_back_by_itself() -> None:
    walk = Walk().goes(Way(estimate_bps=70_000), 5)
    assert walk.last is None
    walk.goes(Way(estimate_bps=400_000), 10)
    assert walk.last is not None


def test_trouble_that_is_over_soon_leaves_the_smallest_picture() -> None:
    walk = Walk().goes(Way(), 10)
    for estimate in (170_000, 90_000, 60_000):
        walk.ladder.estimated(estimate, walk.now)
        walk.goes(Way(estimate_bps=None, lost=0.8), 0.5)
        assert walk.bps == RUNGS[0].least_bps or estimate == 170_000
    for _ in range(4):
        walk.goes(Way(estimate_bps=None, lost=0.8), 1)
    assert walk.last is None


def test_a_stopped_picture_is_tried_again_though_its_last_estimate_is_repeated() -> None:
    walk = Walk().goes(Way(estimate_bps=40_000), 3)
    stopped = len(walk.sent)
    walk.goes(Way(estimate_bps=40_000), 60)
    sends = [sending for _, sending in walk.sent[stopped:]]
    tried = sum(sending is not None for sending in sends)
    assert 0 < tried < len(sends) / 2
    assert max(sending.bps for sending in sends if sending) <= 3 * RUNGS[0].least_bps


def test_a_stopped_picture_is_tried_again_when_nobody_estimates_any_more() -> None:
    walk = Walk().goes(Way(estimate_bps=50_000), 5)
    assert walk.last is None
    for _ in range(30 * 12):
        walk.step()
    assert walk.last is not None
    assert walk.bps <= 2 * RUNGS[0].least_bps


def test_where_most_is_lost_what_is_left_is_all_that_is_sent() -> None:
    walk = Walk().goes(Way(), 10)
    for _ in range(3):
        walk.ladder.reported(0.9, 0.6, walk.now)
        walk.step()
    assert walk.bps <= 0.1 * TOP_BPS


def test_heavy_loss_cuts_and_the_little_of_a_radio_does_not() -> None:
    assert Walk().goes(Way(lost=0.05), 20).bps == TOP_BPS
    walk = Walk().goes(Way(), 10).goes(Way(lost=0.4), 6)
    assert walk.bps < TOP_BPS / 3


def test_a_growing_queue_cuts_where_nobody_estimates() -> None:
    walk = Walk().goes(Way(estimate_bps=None), 10)
    assert walk.bps == TOP_BPS
    walk.goes(Way(estimate_bps=None, round_trip_s=0.9), 3)
    assert walk.bps < TOP_BPS * 0.7


def test_a_way_that_is_longer_for_good_is_got_used_to() -> None:
    walk = Walk().goes(Way(estimate_bps=None), 10)
    walk.goes(Way(estimate_bps=None, round_trip_s=0.9), 60)
    assert walk.bps == TOP_BPS


def test_an_encoder_that_can_not_keep_up_gets_smaller_pictures() -> None:
    walk = Walk().goes(Way(took_s=0.030), 5)
    assert walk.height_px == 360
    assert walk.goes(Way(took_s=0.018), 20).height_px == 360
    assert walk.goes(Way(took_s=0.003), 20).height_px == 480


def test_an_encoder_that_is_quick_again_is_not_believed_at_once() -> None:
    walk, slow, quick = Walk(), Way(took_s=0.030), Way(took_s=0.001)
    walk.goes(Way(), 6)
    while walk.height_px == 480:
        walk.step(slow)
    lowered_at = walk.now
    while walk.height_px < 480:
        walk.step(quick)
        walk.ladder.reported(0, 0.08, walk.now)
    assert walk.now - lowered_at >= CALM_S - PICTURE_S


@pytest.mark.parametrize(
    ("size_px", "top_px"),
    [((320, 240), (320, 240)), ((640, 360), (640, 480)), ((1280, 720), (1280, 720))],
)
def test_no_rung_is_larger_than_the_camera(
    size_px: tuple[int, int], top_px: tuple[int, int]
) -> None:
    top = rungs_for(*size_px)[-1]
    assert (top.width_px, top.height_px) == top_px


def test_every_rung_is_in_reach_of_the_one_below() -> None:
    for below, above in itertools.pairwise(RUNGS):
        assert below.least_bps < above.least_bps <= 1.7 * below.least_bps
        assert above.work >= below.work
        assert above.least_bps * SPARE <= below.most_bps


ways = st.builds(
    Way,
    estimate_bps=st.one_of(st.none(), st.integers(0, 10_000_000)),
    lost=st.floats(0, 1),
    round_trip_s=st.floats(0, 3),
    took_s=st.floats(0, 0.2),
    growing=st.sampled_from([0.5, 0.9, 1.0, 1.08, 2.0]),
)
histories = st.lists(st.tuples(ways, st.integers(1, 8)), max_size=6)
rung_sets = st.sampled_from([rungs_for(320, 240), VGA, RUNGS])
laws = settings(max_examples=40, deadline=None)


def walked(rungs: tuple[Rung, ...], history: list[tuple[Way, int]]) -> Walk:
    walk = Walk(rungs)
    for way, for_s in history:
        walk.goes(way, for_s)
    return walk


@laws
@given(rung_sets, histories)
def test_every_rate_belongs_to_its_rung(
    rungs: tuple[Rung, ...], history: list[tuple[Way, int]]
) -> None:
    for _, sending in walked(rungs, history).sent:
        if sending is not None:
            assert sending.rung in rungs
            assert sending.rung.least_bps <= sending.bps + 1 <= sending.rung.most_bps + 1


@laws
@given(rung_sets, histories, st.integers(0, 3_000_000))
def test_no_wish_is_overrun_ever(
    rungs: tuple[Rung, ...], history: list[tuple[Way, int]], most_bps: int
) -> None:
    walk = Walk(rungs, most_bps)
    for way, for_s in history:
        walk.goes(way, for_s)
    assert all(sending.bps <= most_bps for _, sending in walk.sent if sending)


@laws
@given(rung_sets, histories, st.integers(0, 5_000_000))
def test_no_estimate_is_overrun_for_long(
    rungs: tuple[Rung, ...], history: list[tuple[Way, int]], estimate_bps: int
) -> None:
    walk = walked(rungs, history)
    allowed_bps = estimate_bps * MARGIN - min(SOUND_BPS, estimate_bps * SOUND_MOST)
    standing = Way(estimate_bps=estimate_bps)
    over_s = 0
    for _ in range(12):
        over_s = over_s + 1 if walk.goes(standing, 1).bps > allowed_bps + 1 else 0
        assert over_s <= FRESH_S + 1


@laws
@given(rung_sets, histories)
def test_no_rung_is_left_upwards_sooner_than_a_calm_spell_after_it_was_reached_downwards(
    rungs: tuple[Rung, ...], history: list[tuple[Way, int]]
) -> None:
    lowered_at = float("-inf")
    before = rungs[0]
    for at, sending in walked(rungs, history).sent:
        if sending is None:
            lowered_at, before = at, rungs[0]
            continue
        if rungs.index(sending.rung) < rungs.index(before):
            lowered_at = at
        elif rungs.index(sending.rung) > rungs.index(before) and at > 100.0:
            assert at - lowered_at >= CALM_S - 1e-6
        before = sending.rung


@laws
@given(rung_sets, histories, st.sampled_from([None, 6_000_000]))
def test_a_clean_line_always_leads_back_to_the_top(
    rungs: tuple[Rung, ...], history: list[tuple[Way, int]], estimate_bps: int | None
) -> None:
    walk = walked(rungs, history)
    clean = Way(estimate_bps=estimate_bps, round_trip_s=0.05)
    if estimate_bps is None:
        walk.ladder.estimated(6_000_000, walk.now)
    assert walk.reaches(rungs[-1].most_bps, clean, LONGEST_RETURN_S)
    assert walk.goes(clean, 10).bps == rungs[-1].most_bps


def test_where_people_sign_no_picture_comes_seldom_and_small_goes_before_seldom() -> None:
    for rung in RUNGS:
        fluent = rung.fluent
        assert fluent.fps >= FLUENT_FPS
        assert (fluent.least_bps, fluent.most_bps) == (rung.least_bps, rung.most_bps)
        assert fluent == rung or fluent.height_px < rung.height_px
        assert fluent.work <= 1.2 * rung.work, "the encoder has about as much to do"
        assert fluent.width_px * 3 == fluent.height_px * 4 or fluent == rung, "nothing is cut off"
