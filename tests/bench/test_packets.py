"""What light callers send and count."""

import pytest

from tests.bench.packets import SOUND_TYPE, Source, Tally, is_rtp, sent_ns


def sent_in(seconds: float) -> list[bytes]:
    return list(Source(ssrc=7, begun_s=0.0).due(seconds, sent_ns=123))


def numbers(kind: int, packets: list[bytes]) -> list[int]:
    return [int.from_bytes(each[2:4]) for each in packets if each[1] & 0x7F == kind]


def test_a_second_of_a_call_is_as_large_as_a_real_one() -> None:
    packets = sent_in(0.999)
    sounds = [each for each in packets if each[1] & 0x7F == SOUND_TYPE]
    assert len(sounds) == 50
    assert sum(len(each) - 20 for each in packets if each not in sounds) * 8 == 1_200_000


def test_only_what_is_due_is_sent_and_only_once() -> None:
    source = Source(ssrc=7, begun_s=10.0)
    assert list(source.due(9.9, 0)) == []
    assert numbers(SOUND_TYPE, list(source.due(10.03, 0))) == [0, 1]
    assert numbers(SOUND_TYPE, list(source.due(10.05, 0))) == [2]


def test_all_packets_of_a_connection_are_numbered_in_one_row() -> None:
    places = [int.from_bytes(each[17:19]) for each in sent_in(0.1)]
    assert places == list(range(len(places)))


def test_a_sound_says_when_it_was_sent() -> None:
    sound = next(each for each in sent_in(0.0) if each[1] & 0x7F == SOUND_TYPE)
    assert sent_ns(sound) == 123


@pytest.mark.parametrize(
    ("came", "expected"),
    [
        ([5, 6, 7], 3),
        ([5, 7], 3),
        ([7, 5, 6], 1),
        ([0xFFFE, 0xFFFF, 0, 1], 4),
        ([0xFFFE, 1], 4),
        ([], 0),
    ],
)
def test_by_their_numbers_it_is_known_how_many_packets_there_were(
    came: list[int], expected: int
) -> None:
    tally = Tally()
    for sequence in came:
        tally.count(sequence)
    assert (tally.came, tally.expected) == (len(came), expected)


def test_what_is_lost_between_two_looks_counts_for_the_second() -> None:
    tally = Tally()
    tally.count(1)
    tally.begin_anew()
    tally.count(4)
    assert (tally.came, tally.expected) == (1, 3)


def test_neither_reports_nor_handshakes_nor_checks_are_counted() -> None:
    packet = sent_in(0.0)[0]
    assert is_rtp(packet)
    for first, second in ((128, 200), (20, 254), (0, 1)):
        assert not is_rtp(bytes([first, second]) + packet[2:])
