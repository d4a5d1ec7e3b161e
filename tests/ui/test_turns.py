"""What the screen says of its own turns."""

from kiosk.ui.turns import Turns
from kiosk.wire.messages import ScreenStats


def test_a_turn_over_a_tenth_of_a_second_is_counted_and_the_longest_is_told() -> None:
    turns = Turns()
    assert turns.turned(10.0, 10.02, drew=True) == [ScreenStats(1, 0, 20.0)]
    assert turns.turned(10.1, 10.3, drew=True) == []
    assert turns.turned(10.4, 10.45, drew=True) == []
    assert turns.turned(11.1, 11.11, drew=True) == [ScreenStats(4, 1, 200.0)]
    assert turns.turned(12.2, 12.21, drew=True) == [ScreenStats(5, 1, 10.0)]


def test_a_still_screen_says_nothing() -> None:
    turns = Turns()
    turns.turned(10.0, 10.02, drew=True)
    for second in range(11, 40):
        assert turns.turned(second, second + 0.001, drew=False) == []


def test_a_slow_turn_of_a_still_screen_is_told_with_the_next_frame() -> None:
    turns = Turns()
    turns.turned(10.0, 10.02, drew=True)
    turns.turned(20.0, 21.0, drew=False)
    assert turns.turned(30.0, 30.01, drew=True) == [ScreenStats(2, 1, 1000.0)]
