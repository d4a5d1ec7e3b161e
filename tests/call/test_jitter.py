"""The jitter buffer, step by step. Packets are of 20 ms and named by their number."""

import pytest

from kiosk.call.jitter import (
    MAX_PACKETS,
    Conceal,
    JitterBuffer,
    Pace,
    Packet,
    Play,
    Recover,
    Silence,
    Step,
)
from kiosk.call.lateness import FIRST_WAIT_S

FRAME = 960
START = (1 << 32) - 3 * FRAME
"""The fourth packet has wrapped."""

BEGUN_S = 10.0 + FIRST_WAIT_S + 0.001


def packet(number: int, recovers: bool = True) -> Packet:
    return Packet((START + number * FRAME) % (1 << 32), FRAME, b"%d" % number, recovers)


def plays(number: int) -> Play:
    return Play(b"%d" % number)


def holding(*numbers: int, recovers: bool = True) -> JitterBuffer:
    """All of them came when they were due, from 10 s on."""
    buffer = JitterBuffer()
    for number in numbers:
        buffer.put(packet(number, recovers), 10.0 + number * 0.02)
    return buffer


def played(buffer: JitterBuffer, count: int, from_s: float = BEGUN_S) -> list[Step]:
    return [buffer.next(from_s + number * 0.02) for number in range(count)]


def test_sound_begins_when_the_first_packet_has_waited() -> None:
    buffer = holding(0, 1, 2)
    assert buffer.next(10.0 + FIRST_WAIT_S - 0.001) == Silence()
    assert played(buffer, 3) == [plays(0), plays(1), plays(2)]


def test_order_is_restored_and_what_comes_twice_is_played_once() -> None:
    assert played(holding(0, 2, 1, 1, 3, 0), 4) == [plays(n) for n in range(4)]


def test_what_was_lost_is_recovered_from_the_next() -> None:
    assert played(holding(0, 2, 3), 4) == [plays(0), Recover(b"2", FRAME), plays(2), plays(3)]


def test_what_the_next_does_not_hold_is_concealed() -> None:
    steps = played(holding(0, 2, 3, recovers=False), 4)
    assert steps == [plays(0), Conceal(FRAME), plays(2), plays(3)]


def test_of_several_lost_only_the_last_is_recovered() -> None:
    steps = played(holding(0, 4, 5), 5)
    assert steps == [plays(0), Conceal(FRAME), Conceal(FRAME), Recover(b"4", FRAME), plays(4)]


def test_what_is_late_but_not_too_late_is_played_whole_and_the_delay_grows() -> None:
    buffer = holding(0)
    assert played(buffer, 3) == [plays(0), Conceal(FRAME), Conceal(FRAME)]
    before_s = BEGUN_S + 0.06
    for number in (1, 2, 3):
        buffer.put(packet(number), before_s)
    assert played(buffer, 3, before_s) == [plays(1), plays(2), plays(3)]
    assert buffer.delay_s(before_s + 0.06) == pytest.approx(FIRST_WAIT_S + 0.04, abs=0.01)


def test_what_was_concealed_meanwhile_is_not_concealed_again() -> None:
    buffer = holding(0)
    assert played(buffer, 3) == [plays(0), Conceal(FRAME), Conceal(FRAME)]
    buffer.put(packet(3), BEGUN_S + 0.06)
    assert played(buffer, 1, BEGUN_S + 0.06) == [plays(3)]


def test_what_comes_after_its_time_is_left_out() -> None:
    buffer = holding(0, 2, 3)
    assert played(buffer, 2) == [plays(0), Recover(b"2", FRAME)]
    buffer.put(packet(1), BEGUN_S + 0.04)
    assert played(buffer, 2, BEGUN_S + 0.04) == [plays(2), plays(3)]


def test_who_is_far_behind_leaves_out_what_waits() -> None:
    buffer = holding(*range(60))
    first = buffer.next(11.2)
    assert isinstance(first, Play)
    assert int(first.data) > 50
    assert buffer.delay_s(11.2) < 0.1


def test_a_loss_makes_recovery_expected_for_a_while() -> None:
    buffer = holding(0, 2, 3)
    before_s = buffer.wait_s
    played(buffer, 4)
    assert buffer.wait_s == pytest.approx(before_s + 0.02)
    buffer.put(packet(4), 10.08)
    buffer.next(BEGUN_S + 21)
    assert buffer.wait_s == before_s


def go_on(buffer: JitterBuffer, since: int, until: int, later_s: float = 0.0) -> None:
    """Packets that come each 20 ms, and something to play as often."""
    for number in range(since, until):
        now_s = 10.0 + number * 0.02 + later_s
        buffer.put(packet(number), now_s)
        buffer.next(now_s)


def steadily(count: int) -> JitterBuffer:
    buffer = JitterBuffer()
    go_on(buffer, 0, count)
    return buffer


def test_sound_is_shortened_or_lengthened_until_it_waits_as_long_as_it_should() -> None:
    buffer = steadily(100)  # which first waits for 60 ms, and then for 20 ms
    assert buffer.pace() is Pace.SHORTEN
    buffer.paced(-2 * FRAME)
    assert buffer.pace() is Pace.KEEP
    buffer.paced(-FRAME)
    assert buffer.pace() is Pace.LENGTHEN


def test_pace_is_not_judged_by_a_moment() -> None:
    assert steadily(20).pace() is Pace.KEEP


def test_nothing_is_hurried_while_nothing_waits() -> None:
    buffer = steadily(100)
    played(buffer, 15, from_s=12.0)
    go_on(buffer, 100, 140, later_s=0.3)
    assert buffer.delay_s(10.0 + 140 * 0.02 + 0.3) > buffer.wait_s + 0.05
    assert buffer.pace() is Pace.KEEP


def test_a_time_stamp_is_expected_where_the_stream_is() -> None:
    buffer = holding(0, 1, 2)
    assert buffer.expects(packet(3).timestamp, 10.06)
    assert buffer.expects(packet(500).timestamp, 20.0)
    assert not buffer.expects(packet(500).timestamp, 10.06)
    assert not buffer.expects((START - 200 * FRAME) % (1 << 32), 10.06)
    assert JitterBuffer().expects(12345, 0.0)


def test_no_more_is_kept_than_can_be_played() -> None:
    buffer = holding(*range(500))
    assert len(buffer._packets) == MAX_PACKETS
    assert b"499" in {kept.data for kept in buffer._packets.values()}
