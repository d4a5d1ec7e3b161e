"""What is told of a touchscreen that dies, comes back, or comes and goes."""

from itertools import count

from kiosk.ui.touchscreen import STEADY_S, Touchscreen
from kiosk.wire.touchscreen import TouchscreenStatus


def test_a_touchscreen_that_dies_is_told_of_at_once_and_only_once() -> None:
    panel = Touchscreen()
    assert not panel.seen(True, 0)
    assert panel.status == TouchscreenStatus(up=True)
    assert panel.seen(False, 1)
    assert not panel.seen(False, 2)
    assert panel.status == TouchscreenStatus(up=False)


def test_a_touchscreen_is_told_to_work_again_when_that_has_lasted() -> None:
    panel = Touchscreen()
    panel.seen(False, 0)
    assert not panel.seen(True, 1)
    assert not panel.seen(True, STEADY_S)
    assert panel.seen(True, 1 + STEADY_S)
    assert panel.status == TouchscreenStatus(up=True)


def test_a_touchscreen_that_flaps_for_an_hour_is_told_of_once() -> None:
    panel = Touchscreen()
    told = [panel.seen(number % 2 == 0, number / 10) for number, _ in zip(count(), range(36_000))]
    assert told.count(True) == 1
    assert panel.status == TouchscreenStatus(up=False)
