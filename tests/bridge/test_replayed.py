"""A captured device speaks again: at its pace, and only when it is asked as it was asked then."""

from firmware_bridge.capture import Captured
from firmware_bridge.simulators.replayed import Replayed

TALKS = [Captured(2.0, "<", b"one"), Captured(2.5, "<", b"two")]
ANSWERS = [Captured(0.0, ">", b"ask"), Captured(0.1, "<", b"yes")]


def said(device: Replayed, now: float) -> bytes:
    device.tick(now)
    return device.to_send()


def test_pieces_come_as_far_apart_as_they_came() -> None:
    device = Replayed(TALKS, speed=1.0, after_s=1.0)
    assert said(device, 10.0) == b""
    assert device.next_deadline() == 11.0
    assert said(device, 11.0) == b"one"
    assert device.next_deadline() == 11.5
    assert said(device, 11.4) == b""
    assert not device.is_over
    assert said(device, 11.5) == b"two"
    assert device.is_over
    assert device.next_deadline() is None


def test_twice_the_speed_is_half_the_time() -> None:
    device = Replayed(TALKS, speed=2.0, after_s=0.0)
    assert said(device, 10.0) == b"one"
    assert device.next_deadline() == 10.25


def test_who_wakes_late_catches_up() -> None:
    device = Replayed(TALKS, speed=1.0, after_s=0.0)
    device.tick(10.0)
    assert said(device, 99.0) == b"onetwo"


def test_a_device_that_was_asked_waits_until_it_is_asked_again() -> None:
    device = Replayed(ANSWERS, speed=1.0, after_s=0.0)
    assert said(device, 10.0) == b""
    assert device.next_deadline() is None
    device.feed(b"as", 20.0)
    assert said(device, 30.0) == b""
    device.feed(b"k", 40.0)
    assert device.next_deadline() == 40.1
    assert said(device, 40.1) == b"yes"
    assert device.is_over


def test_an_empty_capture_is_over_at_once() -> None:
    assert Replayed([], speed=1.0, after_s=0.0).is_over
