"""The rate of a line and the ladder together: the line is used, and its queue stays short."""

import random
import statistics
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.call.ladder import AGAIN_S, CALM_S, QUIET_BPS, START_BPS, Ladder
from kiosk.call.line_rate import Capacity, LineRate, Passed
from kiosk.call.rungs import RUNGS, rungs_for
from tests.call.test_line_rate import ECHO_S, Line

PICTURE_S = 1 / 30
SOUND_BYTES = 130
VGA = rungs_for(640, 480)
TOP_BPS = VGA[-1].most_bps
laws = settings(max_examples=20, deadline=None)


@dataclass
class Visit:
    """Sound each 20 ms, a picture as large as the ladder says, a report each 60 ms."""

    line: Line
    loss: float = 0.0
    now: float = 5.0
    ladder: Ladder = field(init=False)
    waits_s: list[float] = field(default_factory=list)
    """Of all sound: what it waited for on the line."""
    sent_bps: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.ladder, self._rate = Ladder(VGA, self.now), LineRate()
        self._under_way: list[tuple[float, Passed]] = []
        self._chance = random.Random(1)
        self._picture_at = self._echo_at = self.now

    def goes(self, for_s: float) -> "Visit":
        until = self.now + for_s
        while self.now < until:
            self._leaves(SOUND_BYTES)
            if self.now >= self._picture_at:
                self._picture_at += PICTURE_S
                self._picture()
            if self.now >= self._echo_at:
                self._echo_at += ECHO_S
                self._echo()
            self.now += 0.02
        return self

    def _picture(self) -> None:
        sending = self.ladder.at(self.now)
        self.sent_bps.append(sending.bps if sending else 0)
        if sending is not None:
            size_bytes = round(sending.bps * PICTURE_S / 8)
            self.ladder.encoded(0.003, size_bytes, self.now)
            for size in [1200] * (size_bytes // 1200) + [size_bytes % 1200]:
                self._leaves(size)

    def _leaves(self, size_bytes: int) -> None:
        queue_s = max(0.0, self.line.free_at - self.now)
        if size_bytes == SOUND_BYTES:
            self.waits_s.append(queue_s)
        passed = self.line.carry(self.now, self._chance, size_bytes)
        if passed is not None and self._chance.random() >= self.loss:
            self._under_way.append((self.line.free_at + 2 * self.line.delay_s, passed))

    def _echo(self) -> None:
        heard = [passed for at, passed in self._under_way if at <= self.now]
        self._under_way = [each for each in self._under_way if each[0] > self.now]
        if heard:
            self.ladder.carries(self._rate.heard(heard, self.now), self.now)

    @property
    def picture_bps(self) -> float:
        """Over the last ten seconds."""
        return statistics.fmean(self.sent_bps[-300:])


@pytest.mark.parametrize("line_bps", [250_000, 300_000, 500_000, 1_000_000])
@pytest.mark.parametrize("loss", [0.0, 0.02])
def test_a_narrow_line_is_used_and_sound_hardly_ever_waits(line_bps: int, loss: float) -> None:
    visit = Visit(Line(line_bps), loss).goes(20)
    visit.waits_s.clear()
    visit.goes(60)
    room_bps = line_bps - 55_000
    assert 0.6 * room_bps < statistics.fmean(visit.sent_bps[-1800:]) < room_bps
    waits_s = sorted(visit.waits_s)
    assert waits_s[len(waits_s) * 9 // 10] < 0.1
    assert waits_s[-1] < 0.2


def test_a_clean_line_is_used_to_the_full_within_seconds() -> None:
    assert Visit(Line(5_000_000)).goes(3.2).sent_bps[-1] == TOP_BPS


def test_most_comes_back_soon_after_a_squeeze() -> None:
    visit = Visit(Line(5_000_000)).goes(20)
    visit.line.bps = 200_000
    visit.goes(10)
    assert visit.sent_bps[-1] < 200_000
    visit.line.bps = 5_000_000
    assert visit.goes(10).sent_bps[-1] > 0.9 * TOP_BPS


def test_a_line_too_narrow_for_pictures_is_left_to_the_sound_and_tried_again() -> None:
    visit = Visit(Line(90_000)).goes(30)
    visit.sent_bps.clear()
    visit.goes(30)
    assert statistics.fmean(bps > 0 for bps in visit.sent_bps) < 0.6
    visit.line.bps = 1_000_000
    assert visit.goes(20).sent_bps[-1] > 400_000


def test_a_line_of_60_kbps_carries_the_sound_and_the_picture_is_back_when_it_is_wide() -> None:
    visit = Visit(Line(1_000_000)).goes(20)
    assert visit.sent_bps[-1] > 0
    visit.line.bps = 60_000
    visit.goes(15)
    visit.waits_s.clear()
    visit.sent_bps.clear()
    visit.goes(15)
    assert statistics.fmean(bps > 0 for bps in visit.sent_bps) < 0.5
    assert statistics.median(visit.waits_s) < 0.1
    visit.line.bps = 1_000_000
    assert visit.goes(20).sent_bps[-1] > 400_000


def test_loss_without_a_queue_is_obeyed_too() -> None:
    visit = Visit(Line(5_000_000)).goes(10)
    visit.ladder.reported(0.4, 0.05, visit.now)
    visit.ladder.reported(0.4, 0.05, visit.now)
    visit.ladder.at(visit.now)
    assert visit.goes(0.1).sent_bps[-1] < 0.85 * TOP_BPS


carried = st.lists(st.tuples(st.integers(0, 5_000_000), st.integers(1, 60)), max_size=30)


@laws
@given(carried, st.booleans())
def test_what_the_line_carries_is_never_overrun(
    history: list[tuple[int, int]], lively: bool
) -> None:
    ladder, now = Ladder(RUNGS, 5.0), 5.0
    for line_bps, pictures in history:
        ladder.carries(Capacity(line_bps), now)
        for _ in range(pictures):
            sending = ladder.at(now)
            assert sending is None or sending.bps <= max(line_bps, RUNGS[0].least_bps)
            if sending is not None:
                size_bytes = round(sending.bps * PICTURE_S / 8) if lively else 100
                ladder.encoded(0.002, size_bytes, now)
            now += PICTURE_S


@laws
@given(carried)
def test_a_line_with_room_always_leads_back_to_the_top(history: list[tuple[int, int]]) -> None:
    ladder, now = Ladder(VGA, 5.0), 5.0
    for line_bps, pictures in [*history, (6_000_000, 30 * 40)]:
        for number in range(pictures):
            if number % 3 == 0:
                ladder.carries(Capacity(line_bps), now)
            sending = ladder.at(now)
            if sending is not None:
                ladder.encoded(0.002, round(sending.bps * PICTURE_S / 8), now)
            now += PICTURE_S
    assert sending is not None
    assert sending.bps == TOP_BPS


@pytest.mark.parametrize("more_s", range(0, 24, 3))
def test_a_line_that_was_narrow_for_long_is_tried_often_enough_to_see_it_widen(more_s: int) -> None:
    visit = Visit(Line(300_000)).goes(90 + more_s)
    visit.line.bps = 5_000_000
    assert visit.goes(16).sent_bps[-1] > 0.9 * TOP_BPS


def test_what_a_known_queue_lost_is_not_counted_again() -> None:
    ladder, now = Ladder(VGA, 5.0), 5.0
    ladder.carries(Capacity(250_000), now)
    ladder.reported(0.9, 0.05, now + 0.5)
    ladder.reported(0.9, 0.05, now + 0.9)
    first = ladder.at(now + 0.9)
    ladder.reported(0.9, 0.05, now + AGAIN_S)
    second = ladder.at(now + AGAIN_S)
    assert first is not None
    assert second is not None
    assert first.bps > 150_000
    assert second.bps < 120_000


def test_an_estimate_does_not_count_where_more_is_known() -> None:
    ladder = Ladder(VGA, 5.0)
    ladder.carries(Capacity(900_000), 5.0)
    ladder.estimated(100_000, 5.1)
    sending = ladder.at(5.2)
    assert sending is not None
    assert sending.bps >= START_BPS


def test_a_quiet_picture_does_not_grow_on_what_nobody_tried() -> None:
    ladder, now = Ladder(VGA, 5.0), 5.0
    for _ in range(600):
        ladder.carries(Capacity(5_000_000), now)
        sending = ladder.at(now)
        assert sending is not None
        assert sending.bps <= QUIET_BPS
        ladder.encoded(0.002, 100, now)
        now += PICTURE_S


def test_what_was_too_much_is_not_tried_again_at_once() -> None:
    ladder, now = Ladder(VGA, 5.0), 5.0
    for number in range(round(CALM_S * 30)):
        ladder.carries(Capacity(900_000 if number != 1 else 300_000), now)
        sending = ladder.at(now)
        assert sending is not None
        if number > 1:
            assert sending.bps <= 600_000
        ladder.encoded(0.002, round(sending.bps * PICTURE_S / 8), now)
        now += PICTURE_S


def test_a_line_that_is_about_to_be_full_is_not_filled_further() -> None:
    ladder, now = Ladder(VGA, 5.0), 5.0
    sent_bps = []
    for number in range(90):
        queue_s = 0.05 if number > 30 else 0.0
        ladder.carries(Capacity(5_000_000, queue_s=queue_s), now)
        sending = ladder.at(now)
        assert sending is not None
        sent_bps.append(sending.bps)
        ladder.encoded(0.002, round(sending.bps * PICTURE_S / 8), now)
        now += PICTURE_S
    assert sent_bps[-1] == sent_bps[32] < TOP_BPS
    assert sent_bps[30] > 1.5 * START_BPS


def test_radio_keeps_nobody_from_using_a_line_to_the_full() -> None:
    assert Visit(Line(5_000_000, jitter_s=0.08)).goes(12).sent_bps[-1] == TOP_BPS
