"""How much a line is known to carry: lines of every width, radio, clocks that run apart, and noise."""

import random
from collections import deque
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.call.line_rate import FIRST_BPS, FULL_S, LineRate, Passed

PACKET_BYTES = 1000
ECHO_S = 0.06


@dataclass
class Line:
    """Carries so much, and the rest waits, or is lost when the queue is full."""

    bps: float
    delay_s: float = 0.03
    jitter_s: float = 0.0
    ahead_s: float = 1000.0
    """By how much their clock is ahead of ours..."""
    runs: float = 1.0
    """...and how fast it runs beside it."""
    free_at: float = 0.0

    def carry(
        self, now: float, chance: random.Random, size_bytes: int = PACKET_BYTES
    ) -> Passed | None:
        waits_s = max(0.0, self.free_at - now)
        if waits_s > 0.5:
            return None
        self.free_at = now + waits_s + size_bytes * 8 / self.bps
        came_s = self.free_at + self.delay_s + chance.random() * self.jitter_s
        return Passed(now, (came_s + self.ahead_s) * self.runs, size_bytes)


class Walk:
    """Packets at a rate, reports of those that came each 60 ms."""

    def __init__(self, line: Line, seed: int = 0) -> None:
        self.line, self.rate, self.now = line, LineRate(), 5.0
        self.said_bps = float(FIRST_BPS)
        self._chance = random.Random(seed)
        self._under_way: deque[tuple[float, Passed]] = deque()
        self._echo_at = self.now

    def sends(self, bps: float, for_s: float) -> "Walk":
        until = self.now + for_s
        while self.now < until:
            passed = self.line.carry(self.now, self._chance)
            if passed is not None:
                self._under_way.append((self.line.free_at + 2 * self.line.delay_s, passed))
            self.now += PACKET_BYTES * 8 / bps
            if self.now >= self._echo_at:
                self._echo_at = self.now + ECHO_S
                self._echo()
        return self

    def _echo(self) -> None:
        heard = []
        while self._under_way and self._under_way[0][0] <= self.now:
            heard.append(self._under_way.popleft()[1])
        if heard:
            self.said_bps = self.rate.heard(heard, self.now).bps


@pytest.mark.parametrize("line_bps", [150_000, 300_000, 1_000_000, 3_000_000])
def test_a_line_that_is_too_narrow_is_known_within_a_second(line_bps: int) -> None:
    walk = Walk(Line(line_bps)).sends(line_bps / 2, 3).sends(line_bps * 1.5, 1)
    assert 0.65 * line_bps < walk.said_bps < line_bps


def test_a_line_with_room_is_believed_to_carry_more_than_comes() -> None:
    walk = Walk(Line(10_000_000)).sends(200_000, 5)
    assert walk.said_bps == FIRST_BPS
    assert walk.sends(2_000_000, 5).said_bps > 3_500_000


def test_a_line_that_widens_is_known_to_as_soon_as_its_queue_is_empty() -> None:
    walk = Walk(Line(200_000)).sends(400_000, 1)
    assert walk.said_bps < 200_000
    walk.line.bps = 2_000_000
    assert walk.sends(190_000, 1.5).said_bps > 400_000


@pytest.mark.parametrize("runs", [0.9999, 1.0001])
def test_clocks_may_run_apart(runs: float) -> None:
    walk = Walk(Line(5_000_000, runs=runs))
    for _ in range(300):
        assert walk.sends(300_000, 1).said_bps >= FIRST_BPS


def test_radio_is_no_queue() -> None:
    walk = Walk(Line(5_000_000, jitter_s=0.08))
    for _ in range(60):
        assert walk.sends(400_000, 1).said_bps >= FIRST_BPS


def test_a_single_packet_that_waits_is_no_queue() -> None:
    rate, now = LineRate(), 5.0
    for number in range(200):
        now += 0.02
        late_s = 0.3 if number % 50 == 49 else 0.0
        assert rate.heard([Passed(now, now + 0.03 + late_s, 150)], now + 0.06).bps >= FIRST_BPS


def test_what_is_told_late_and_alone_is_no_queue() -> None:
    rate, now = LineRate(), 5.0
    for number in range(100):
        pause_s, late_s = (0.4, 0.3) if number % 10 == 9 else (0.06, 0.0)
        now += pause_s
        assert rate.heard([Passed(now, now + 0.03 + late_s, 150)], now + 0.06).bps >= FIRST_BPS


def test_a_line_that_is_away_for_a_while_is_no_narrower() -> None:
    rate, now, away_until = LineRate(), 5.0, 0.0
    for number in range(3000):
        now += 0.02
        if number % 300 in (270, 283):  # twice in half a second
            away_until = now + 0.24
        came_s = max(now, away_until + number * 1e-4 % 0.01) + 0.03
        said_bps = rate.heard([Passed(now, came_s, 150)], max(now, away_until) + 0.06).bps
        assert said_bps == FIRST_BPS


def test_few_packets_that_wait_are_no_queue() -> None:
    rate, now = LineRate(), 5.0
    for number in range(400):
        now += 0.12
        late_s = 0.1 if number % 20 >= 16 else 0.0
        assert rate.heard([Passed(now, now + 0.03 + late_s, 150)], now + 0.06).bps == FIRST_BPS


def test_who_sends_little_and_then_much_at_once_still_learns_what_the_line_carries() -> None:
    walk, said_bps = Walk(Line(300_000)).sends(120_000, 5), list[float]()
    for _ in range(20):
        walk.sends(3_000_000, 0.04)
        said_bps += [walk.sends(120_000, 0.1).said_bps for _ in range(15)]
    assert 220_000 < min(said_bps) < 300_000


def test_a_way_that_is_longer_for_good_is_got_used_to() -> None:
    walk = Walk(Line(5_000_000)).sends(300_000, 5)
    walk.line.delay_s += 2 * FULL_S
    fallen = walk.sends(300_000, 2).said_bps
    assert fallen < 300_000
    assert walk.sends(300_000, 25).said_bps > 500_000


moments = st.floats(-1e6, 1e6)


@settings(deadline=None)
@given(
    st.lists(
        st.lists(st.builds(Passed, moments, moments, st.integers(0, 1500)), min_size=1, max_size=9),
        max_size=40,
    )
)
def test_whatever_is_said_to_have_come_the_rate_is_a_rate(heard: list[list[Passed]]) -> None:
    rate, now = LineRate(), 5.0
    for packets in heard:
        now += 0.05
        assert 0 <= rate.heard(packets, now).bps < 1e9
