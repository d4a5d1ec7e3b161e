"""What did not come is asked for, again each round trip, and not for ever."""

import pytest

from kiosk.call.missing import (
    BURST,
    FIRST_ROUND_TRIP_S,
    LEAST_ROUND_TRIP_S,
    MAX_TRIES,
    MOST_HESITATION_S,
    REPEAT_S,
    SHARE,
    Missing,
)


def test_what_is_missing_is_asked_for_at_once_twice_and_then_each_round_trip() -> None:
    """Twice, because a question may be lost like any packet."""
    missing = Missing()
    missing.notice(5, 8, 1.0)
    assert missing.ask(1.0) == [5, 6, 7]
    assert missing.next_s() == 1.0 + REPEAT_S
    assert missing.ask(1.0 + REPEAT_S) == [5, 6, 7]
    assert missing.ask(1.0 + FIRST_ROUND_TRIP_S) == []
    again_s = missing.next_s()
    assert again_s is not None
    assert again_s == pytest.approx(1.0 + FIRST_ROUND_TRIP_S, abs=0.02)
    assert missing.ask(again_s) == [5, 6, 7]
    assert missing.next_s() == again_s + REPEAT_S


def test_what_came_is_not_asked_for() -> None:
    missing = Missing()
    missing.notice(5, 8, 1.0)
    missing.came(6, 1.0)
    assert missing.ask(1.0) == [5, 7]
    missing.came(5, 1.1)
    missing.came(7, 1.1)
    assert missing.next_s() is None
    assert missing.ask(9.0) == []


def test_nobody_is_asked_more_often_than_it_helps() -> None:
    missing, asked = Missing(), 0
    missing.notice(5, 6, 0.0)
    while (next_s := missing.next_s()) is not None:
        asked += len(missing.ask(next_s))
    assert asked == 2 * MAX_TRIES
    assert missing.oldest_s == 0.0


def test_where_most_is_lost_only_a_share_of_what_comes_is_asked_for() -> None:
    missing, questions = Missing(), 0
    rounds = 100
    for number in range(0, 10 * rounds, 10):  # nine of ten do not come
        now = number / 100
        missing.notice(number, number + 9, now)
        missing.came(number + 9, now)
        questions += sum(1 for _ in missing.ask(now))
        questions += sum(1 for _ in missing.ask(now + REPEAT_S))
    assert questions == 2 * int(BURST + SHARE * (rounds - 1))


def test_what_was_not_asked_for_waits_until_something_comes() -> None:
    missing = Missing()
    missing.notice(0, 100, 1.0)
    first = missing.ask(1.0)
    assert first == missing.ask(1.0 + REPEAT_S) == list(range(round(BURST)))
    assert missing.next_s() is None
    missing.came(99, 1.1)
    missing.came(98, 1.1)
    assert missing.ask(1.1) == [len(first)]


def test_the_round_trip_is_the_middle_of_what_single_questions_took() -> None:
    missing = Missing()
    for number, took_s in enumerate((0.2, 0.21, 3.0, 0.19, 0.2)):
        missing.notice(number, number + 1, number)
        missing.ask(number + 0.5)
        missing.came(number, number + 0.5 + took_s)
    assert missing.round_trip_s == pytest.approx(0.2)


def lose(missing: Missing, number: int, took_s: float) -> int:
    """How many questions there were until the answer to the first one came."""
    missing.notice(number, number + 1, number)
    asked = 0
    while (next_s := missing.next_s()) is not None and next_s < number + took_s:
        asked += len(missing.ask(next_s))
    missing.came(number, number + took_s)
    return asked


def test_a_line_slower_than_was_believed_is_not_asked_too_often_for_ever() -> None:
    """Though each of the first answers comes after a second question."""
    missing = Missing()
    took_s = 2.5 * FIRST_ROUND_TRIP_S
    assert lose(missing, 1, took_s) > 2
    assert missing.round_trip_s == pytest.approx(took_s)
    assert lose(missing, 2, took_s) == 2


def test_a_line_that_becomes_slower_is_soon_known_to_be() -> None:
    missing = Missing()
    for number in range(9):
        lose(missing, number, 0.1)
    asked = [lose(missing, number, 0.3) for number in range(9, 18)]
    assert asked[0] > 2
    assert asked[-1] == 2
    assert missing.round_trip_s == pytest.approx(0.3)


def test_a_round_trip_is_never_taken_for_nothing() -> None:
    missing = Missing()
    missing.notice(1, 2, 0.0)
    missing.ask(0.0)
    missing.came(1, 0.0001)
    assert missing.round_trip_s == LEAST_ROUND_TRIP_S


def test_on_a_line_that_changes_the_order_packets_are_given_time_to_come_by_themselves() -> None:
    missing = Missing()
    missing.notice(1, 2, 0.0)
    missing.ask(0.0)
    missing.came(1, 0.012)
    assert missing.hesitation_s == pytest.approx(0.012)
    missing.notice(2, 3, 1.0)
    assert missing.ask(1.0) == []
    assert missing.next_s() == pytest.approx(1.012)


def test_the_time_given_is_bounded_and_passes_when_packets_are_really_lost() -> None:
    missing = Missing()
    missing.hesitation_s = 0.01
    missing.notice(1, 2, 0.0)
    missing.came(1, 5.0)
    assert missing.hesitation_s == MOST_HESITATION_S
    for number in range(2, 40):
        missing.notice(number, number + 1, number)
        missing.ask(number + 0.5)
        missing.came(number, number + 0.6)
    assert missing.hesitation_s < 0.001


def test_what_nobody_needs_any_more_is_forgotten() -> None:
    missing = Missing()
    missing.notice(1, 5, 0.0)
    missing.notice(8, 9, 1.0)
    missing.forget_before(5)
    assert (len(missing), missing.oldest_s) == (1, 1.0)
    missing.forget_all()
    assert (len(missing), missing.oldest_s, missing.next_s()) == (0, None, None)
