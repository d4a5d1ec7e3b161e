"""Pictures are shown at once on a good line, and evenly on a bad one."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.call.playout import HASTE, MAX_HELD, MOST_DELAY_S, TOLERATED_S, WINDOW_S, Playout

FRAME_S = 1 / 30


class Line:
    """Frames made every 33 ms, that come by so much late."""

    def __init__(self) -> None:
        self.playout = Playout[int]()
        self.made = 0
        self.now = 0.0
        self.shown: list[tuple[float, int]] = []

    def come(self, *late_s: float) -> None:
        for each_s in late_s:
            taken_s = self.made * FRAME_S
            self._show_until(max(self.now, taken_s + each_s))
            self.playout.add(self.made, taken_s + 77.0, self.now)
            self._show_until(self.now)
            self.made += 1

    def stall(self, for_s: float) -> None:
        """One frame is so late, and those behind it come with it."""
        count = int(for_s / FRAME_S)
        self.come(*(for_s - at * FRAME_S for at in range(count + 1)))

    def end(self) -> None:
        self._show_until(float("inf"))

    @property
    def gaps_s(self) -> list[float]:
        moments = [at for at, _ in self.shown]
        return [after - before for before, after in itertools.pairwise(moments)]

    def _show_until(self, now: float) -> None:
        while (next_s := self.playout.next_s()) is not None and next_s <= now:
            self.now = max(self.now, next_s)
            self.shown += [(self.now, frame) for frame in self.playout.take(self.now)]
        self.now = now


def test_on_a_good_line_each_picture_is_shown_when_it_comes() -> None:
    line = Line()
    line.come(*[0.0] * 100)
    assert [at for at, _ in line.shown] == pytest.approx([n * FRAME_S for n in range(100)])
    assert line.playout.delay_s == 0.0


def test_a_little_unevenness_delays_nothing() -> None:
    line = Line()
    line.come(*[0.0, 0.03, 0.01, TOLERATED_S - 0.01] * 50)
    assert line.playout.delay_s == 0.0
    assert line.playout.next_s() is None


def test_after_the_first_packet_that_was_late_no_other_makes_a_gap() -> None:
    line = Line()
    for _ in range(10):
        line.come(*[0.0] * 20)
        line.stall(0.25)
    assert max(line.gaps_s[:40]) > 0.25
    assert max(line.gaps_s[40:]) <= FRAME_S + TOLERATED_S + 0.001
    assert [number for _, number in line.shown] == list(range(len(line.shown)))


def test_the_delay_is_bounded_however_late_a_picture_was() -> None:
    line = Line()
    line.come(*[0.0] * 20)
    line.stall(1.5)
    line.come(*[0.0] * 60)
    assert line.playout.delay_s == MOST_DELAY_S
    line.end()
    late = [at - number * FRAME_S for at, number in line.shown[-30:]]
    assert max(late) <= MOST_DELAY_S + 0.001


def test_when_the_line_is_good_again_so_is_the_delay_and_nothing_jumps() -> None:
    line = Line()
    line.come(*[0.0] * 20)
    line.stall(0.35)
    since = len(line.shown)
    line.come(*[0.0] * round((2 * WINDOW_S + 4) / FRAME_S))
    line.end()
    assert line.playout.delay_s == 0.0
    gaps_s = line.gaps_s[since + 12 :]
    assert min(gaps_s) >= FRAME_S * (1 - 2 * HASTE)
    assert max(gaps_s) <= FRAME_S * 1.01


def test_what_is_to_wait_for_the_sound_comes_to_it_slowly_and_goes_back() -> None:
    line = Line()
    line.come(*[0.0] * 20)
    line.playout.least_delay_s = 0.2
    line.come(*[0.0] * 90)
    assert line.playout.delay_s == 0.2
    line.playout.least_delay_s = 0.0
    line.come(*[0.0] * 90)
    assert line.playout.delay_s == 0.0
    assert max(line.gaps_s) <= FRAME_S * (1 + 2 * HASTE)
    assert min(line.gaps_s) >= FRAME_S * (1 - 2 * HASTE)


def test_clocks_that_run_apart_are_no_delay() -> None:
    playout, held = Playout[int](), 0
    for number in range(20_000):
        now = number * FRAME_S
        playout.add(number, now * 1.0002, now)
        held = max(held, 1 - len(playout.take(now)))
    assert (playout.delay_s, held) == (0.0, 0)


def test_a_sender_that_begins_to_count_anew_is_followed() -> None:
    playout = Playout[str]()
    for at in range(10):
        playout.add("old", 1000.0 + at * FRAME_S, at * FRAME_S)
    playout.take(1.0)
    for taken_s, now in ((5.0, 1.0), (90_000.0, 2.0), (0.0, 3.0)):
        playout.add("new", taken_s, now)
        assert playout.take(now) == ["new"]
    assert playout.delay_s == 0.0


def test_a_flood_waits_no_longer_than_there_is_room_for() -> None:
    line = Line()
    line.come(*[0.0] * 20)
    line.stall(1.0)
    line.playout.take(line.now + MOST_DELAY_S)
    for number in range(3 * MAX_HELD):
        line.playout.add(number, 77.0 + line.made * FRAME_S, line.now)
    assert line.playout.take(line.now) == list(range(2 * MAX_HELD))


FRAMES = st.lists(
    st.tuples(st.floats(0, 0.2), st.floats(-1e6, 1e6) | st.floats(0, 3)), max_size=150
)


@given(FRAMES)
def test_absurd_times_hold_nothing_for_long_and_not_much(frames: list[tuple[float, float]]) -> None:
    playout, now, shown = Playout[int](), 0.0, list[int]()
    for number, (after_s, taken_s) in enumerate(frames):
        now += after_s
        playout.add(number, taken_s, now)
        shown += playout.take(now)
        assert number - len(shown) < MAX_HELD
        next_s = playout.next_s()
        assert next_s is None or next_s <= now + MOST_DELAY_S
    shown += playout.take(now + MOST_DELAY_S)
    assert shown == list(range(len(frames)))
