"""A line is read as fast as readers talk, and not as fast as a device can write."""

from firmware_bridge.pace import A_SECOND_BYTES, BURST_BYTES, Pace


def test_what_waited_is_read_at_once() -> None:
    pace = Pace()
    assert pace.pause_s(BURST_BYTES // 2, 5.0) == 0
    assert pace.pause_s(BURST_BYTES // 2, 5.0) == 0
    assert pace.pause_s(1, 5.0) > 0


def test_a_line_of_115200_baud_is_never_paused() -> None:
    pace = Pace()
    assert not any(pace.pause_s(1152, tenth / 10) for tenth in range(600))


def test_who_never_ends_is_read_no_faster_than_the_limit() -> None:
    pace, now, read_bytes = Pace(), 5.0, 0
    while now < 15.0:
        now += pace.pause_s(1024, now)
        read_bytes += 1024
    assert read_bytes <= BURST_BYTES + 10 * A_SECOND_BYTES + 2048
