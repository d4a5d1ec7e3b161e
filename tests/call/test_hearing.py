"""Sound through a bad network, as it comes out at the speaker's end."""

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.call.hearing import Hearing
from kiosk.call.jitter import MAX_PACKETS, Packet
from kiosk.call.lateness import MAX_WAIT_S
from kiosk.call.sound import BLOCK, RATE_HZ
from tests.call.spoken import AUDIBLE, FRAME, SOURCE, Network, heard, packets, voice

FOR_S = 12
SENT = packets(voice(FOR_S))


def test_on_a_clean_line_all_is_heard_and_soon() -> None:
    played = heard(SENT, Network(), FOR_S)
    assert played.gaps_s() == 0
    assert played.longest_delay_s(since_s=2) < 0.045


@pytest.mark.parametrize("loss", [0.01, 0.03, 0.05, 0.1])
@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5])
def test_losses_are_not_heard_as_gaps_and_delay_nothing(loss: float, seed: int) -> None:
    played = heard(SENT, Network(loss, seed=seed), FOR_S)
    assert played.gaps_s() <= (0.05 if loss > 0.03 else 0.0)
    assert played.longest_delay_s(since_s=2) < 0.08


def test_after_one_lost_packet_the_delay_is_what_it_was() -> None:
    network = Network(fate=lambda number, transit_s: None if number == 200 else transit_s)
    played = heard(SENT, network, FOR_S)
    assert played.gaps_s() == 0
    assert played.longest_delay_s(since_s=4) < played.longest_delay_s(2, 4) + 0.03


def test_a_lost_packet_is_recovered_from_the_next() -> None:
    """Not merely concealed: in the middle of silence a syllable is lost that nothing announces."""
    sound = voice(3)
    sound[: RATE_HZ * 2] //= 100
    syllable = slice(RATE_HZ, RATE_HZ + 2 * FRAME)
    sound[syllable] *= 100
    lost = RATE_HZ // FRAME
    network = Network(fate=lambda number, transit_s: None if number == lost else transit_s)
    played = heard(packets(sound), network, 2).sound[RATE_HZ : RATE_HZ + RATE_HZ // 4]
    concealed = [
        Packet(p.timestamp, p.samples, p.data, holds_previous=False) for p in packets(sound)
    ]
    without = heard(concealed, network, 2).sound[RATE_HZ : RATE_HZ + RATE_HZ // 4]
    energy = [numpy.square(part.astype(float)).sum() for part in (played, without)]
    assert energy[0] > 1.4 * energy[1]


def test_packets_that_come_in_any_order_are_heard_in_theirs() -> None:
    def swapped(number: int, transit_s: float) -> float:
        return transit_s + (0.03 if number % 2 else 0.0)

    played = heard(SENT, Network(fate=swapped), FOR_S)
    assert played.gaps_s() == 0
    assert played.longest_delay_s(since_s=3) < 0.09


def test_the_delay_grows_with_jitter_and_no_further_than_it_must() -> None:
    delays = [
        heard(SENT, Network(jitter_s=jitter_s), FOR_S).longest_delay_s(since_s=4)
        for jitter_s in (0.002, 0.06, 0.12, 0.4)
    ]
    assert delays == sorted(delays)
    assert 0.06 < delays[1] < 0.1
    assert delays[3] < MAX_WAIT_S + 0.2


@pytest.mark.parametrize("stalled_s", [0.1, 0.3, 0.6, 0.9, 3.0])
def test_after_a_stall_of_the_network_the_delay_comes_back(stalled_s: float) -> None:
    def stall(number: int, transit_s: float) -> float:
        return max(transit_s, 3.0 + stalled_s - number * 0.02 if number >= 150 else 0.0)

    sent = packets(voice(20))
    played = heard(sent, Network(fate=stall), 20)
    assert played.longest_delay_s(since_s=5.0 + stalled_s) <= MAX_WAIT_S + 0.05
    assert played.longest_delay_s(since_s=15.5 + stalled_s) < 0.06
    assert played.gaps_s() <= max(0.0, stalled_s - 0.2)


def test_a_way_that_becomes_longer_costs_its_length_and_no_sound_later() -> None:
    network = Network(fate=lambda n, transit_s: transit_s + (0.3 if n > 150 else 0.0))
    played = heard(packets(voice(20)), network, 20)
    assert played.gaps_s(since_s=3.5) == 0
    assert played.longest_delay_s(since_s=16) < 0.06


def test_sound_that_is_to_wait_for_pictures_does_and_is_soon_again_with_no_gap() -> None:
    played = heard(
        packets(voice(20)), Network(), 20, lambda now_s: 0.25 if 5 <= now_s < 11 else 0.0
    )
    assert played.longest_delay_s(2, 5) < 0.05
    assert min(played.delays_s[900:1100]) > 0.23
    assert played.longest_delay_s(9, 11) < 0.28
    assert played.longest_delay_s(17) < 0.05
    assert played.gaps_s() == 0


def test_a_stream_that_ends_fades_into_silence() -> None:
    played = heard(SENT[:150], Network(), 6)
    assert numpy.abs(played.sound[round(3.1 * RATE_HZ) :][:480]).max() > AUDIBLE
    assert not played.sound[round(3.6 * RATE_HZ) :].any()
    assert played.delays_s[-1] == 0


def test_another_source_is_heard_once_the_first_is_silent() -> None:
    hearing = Hearing()
    for number, packet in enumerate(SENT[:50]):
        hearing.put(SOURCE, packet, number * 0.02)
        hearing.put(SOURCE + 1 + number, packet, number * 0.02)
        hearing.take(number * 0.02)
        hearing.take(number * 0.02 + 0.01)
    assert hearing._source == SOURCE
    loudest = 0
    for number, packet in enumerate(SENT[:50]):
        hearing.put(99, packet, 1.2 + number * 0.02)
        for tick in (0.0, 0.01):
            block = hearing.take(1.2 + number * 0.02 + tick)
            loudest = max(loudest, int(block.max()))
    assert hearing._source == 99
    assert loudest > AUDIBLE


@pytest.mark.parametrize("by", [1_234_567_890, -1_234_567_890])
def test_time_stamps_that_jump_begin_a_new_stream(by: int) -> None:
    hearing = Hearing()
    blocks = []
    for number, packet in enumerate(SENT[:200]):
        now_s = number * 0.02
        jumped = packet.timestamp + (0 if number < 100 else by)
        moved = Packet(jumped % (1 << 32), packet.samples, packet.data, packet.holds_previous)
        hearing.put(SOURCE, moved, now_s)
        blocks += [hearing.take(now_s), hearing.take(now_s + 0.01)]
    loud = [numpy.abs(block.astype(int)).max() > AUDIBLE for block in blocks]
    assert all(loud[20:195])
    assert all(loud[220:])


PUTS = st.tuples(
    st.sampled_from([SOURCE, SOURCE, SOURCE, 8, 9]),
    st.one_of(st.integers(0, 60).map(lambda n: n * FRAME), st.integers(0, (1 << 32) - 1)),
    st.one_of(st.binary(min_size=1, max_size=20), st.sampled_from([p.data for p in SENT[:60]])),
    st.sampled_from([120, 480, 960, 5760]),
    st.booleans(),
)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.one_of(PUTS, st.floats(0.0, 3.0, exclude_min=True)), min_size=20, max_size=400),
)
def test_whatever_comes_a_block_is_played_and_little_is_kept(
    events: list[tuple[int, int, bytes, int, bool] | float],
) -> None:
    hearing, now_s = Hearing(), 10.0
    for event in events:
        if isinstance(event, float):
            now_s += event
            assert len(hearing.take(now_s)) == BLOCK
        else:
            source, timestamp, data, samples, recoverable = event
            hearing.put(source, Packet(timestamp, samples, data, recoverable), now_s)
        assert len(hearing._buffer._packets) <= MAX_PACKETS
        assert len(hearing._sound) <= 6 * FRAME * 2
