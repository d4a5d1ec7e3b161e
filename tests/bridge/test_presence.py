"""A held card is one presentation; noise is told seldom, and never of a card that is read."""

import itertools
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge.presence import (
    UNREADABLE_AFTER_S,
    UNREADABLE_EVERY_S,
    Presence,
)
from firmware_bridge.readers.reading import BadFrame, CardRead
from kiosk.clock import Seconds
from kiosk.wire.devices import CardPresented, CardRemoved, CardUnreadable
from kiosk.wire.messages import Message
from tests.bridge.frames import A, B

REMOVED_AFTER_S = 0.25
"""With the moments of the scripts in 64ths of a second, so that none is a rounding error away."""

NOISE = BadFrame("noise")
GONE = CardRemoved("door")

Script = Sequence[tuple[Seconds, CardRead | BadFrame]]


def presented(card: CardRead, at_s: Seconds) -> CardPresented:
    return CardPresented("door", card.technology, card.assurance, card.credential, at_s)


def play(script: Script, until_s: Seconds = 1000.0) -> list[tuple[Seconds, Message]]:
    """Readings at their moments, and `tick` when it is due between them, as the program does it."""
    presence = Presence("door", REMOVED_AFTER_S)
    said: list[tuple[Seconds, Message]] = []
    for at_s, reading in [*script, (until_s, None)]:
        while (due_s := presence.next_deadline()) is not None and due_s < at_s:
            said += [(due_s, message) for message in presence.tick(due_s)]
        if reading is not None:
            said += [(at_s, message) for message in presence.hear(reading, at_s, at_s)]
    return said


def repeated(
    reading: CardRead | BadFrame, from_s: Seconds, times: int
) -> list[tuple[Seconds, CardRead | BadFrame]]:
    return [(round(from_s + 0.06 * n, 2), reading) for n in range(times)]


def test_a_held_card_is_presented_once_and_removed_once() -> None:
    said = play(repeated(A, 0, 17))
    assert said == [(0, presented(A, 0)), (pytest.approx(0.96 + REMOVED_AFTER_S), GONE)]


def test_a_card_that_was_away_for_a_moment_was_not_away() -> None:
    said = play([(0, A), (0.24, A), (0.48, A)])
    assert [message for _, message in said] == [presented(A, 0), GONE]


def test_a_card_that_comes_back_after_its_removal_is_presented_again() -> None:
    said = play([(0, A), (0.5, A)])
    assert [message for _, message in said] == [presented(A, 0), GONE, presented(A, 0.5), GONE]


def test_another_card_is_presented_at_once() -> None:
    said = play([(0, A), (0.06, B)])
    assert [message for _, message in said] == [presented(A, 0), presented(B, 0.06), GONE]


def test_two_cards_read_in_turn_are_two_presentations() -> None:
    script = [(round(0.06 * n, 2), (A, B)[n % 2]) for n in range(100)]
    assert [message for _, message in play(script)] == [presented(A, 0), presented(B, 0.06), GONE]


def test_a_misread_amid_a_held_card_is_not_told_and_does_not_end_it() -> None:
    script = [*repeated(A, 0, 3), (0.18, NOISE), *repeated(A, 0.24, 3)]
    assert [message for _, message in play(script)] == [presented(A, 0), GONE]


def test_a_misread_just_before_a_card_is_read_is_not_told() -> None:
    assert [message for _, message in play([(0, NOISE), (0.06, A)])] == [presented(A, 0.06), GONE]


def test_a_card_that_is_never_read_is_told_as_unreadable() -> None:
    assert play([(0, NOISE)]) == [(UNREADABLE_AFTER_S, CardUnreadable("door", "noise"))]


def test_a_damaged_card_after_a_good_one_is_told_when_the_good_one_is_gone() -> None:
    said = [message for _, message in play([(0, A), *repeated(NOISE, 0.06, 9)])]
    assert said == [presented(A, 0), GONE, CardUnreadable("door", "noise")]


def test_lasting_noise_is_told_once_a_second() -> None:
    said = play(repeated(NOISE, 0, 100))
    assert [message for _, message in said] == [CardUnreadable("door", "noise")] * 5


def test_a_reader_that_is_gone_takes_its_card_with_it() -> None:
    presence = Presence("door", REMOVED_AFTER_S)
    presence.hear(A, 0, 0)
    assert presence.lost() == [GONE]
    assert presence.lost() == []


def test_a_reader_that_is_gone_is_not_said_to_be_unreadable() -> None:
    presence = Presence("door", REMOVED_AFTER_S)
    presence.hear(NOISE, 0, 0)
    presence.lost()
    assert presence.next_deadline() is None
    assert presence.tick(9) == []


def test_a_card_found_in_the_buffer_of_a_program_that_was_stopped_was_there_all_along() -> None:
    presence = Presence("door", REMOVED_AFTER_S)
    presence.hear(A, 0, 0)
    assert presence.hear(A, 5, 5) == []
    assert presence.tick(5) == []


scripts = st.lists(st.tuples(st.integers(1, 48), st.sampled_from([A, B, NOISE])), max_size=60).map(
    lambda steps: [(sum(d for d, _ in steps[: n + 1]) / 64, r) for n, (_, r) in enumerate(steps)]
)


@given(scripts)
def test_a_card_is_presented_when_it_was_not_there_and_only_then(script: Script) -> None:
    expected: list[tuple[Seconds, Message]] = []
    last_s: dict[CardRead | BadFrame, Seconds] = {}
    for at_s, reading in script:
        if isinstance(reading, CardRead):
            if at_s - last_s.get(reading, float("-inf")) > REMOVED_AFTER_S:
                expected.append((at_s, presented(reading, at_s)))
            last_s[reading] = at_s
    assert [said for said in play(script) if isinstance(said[1], CardPresented)] == expected


@given(scripts)
def test_the_field_is_empty_exactly_when_no_card_was_read_for_a_while(script: Script) -> None:
    reads = [at_s for at_s, reading in script if isinstance(reading, CardRead)]
    following = [*reads[1:], float("inf")]
    expected = [
        at_s + REMOVED_AFTER_S
        for at_s, next_s in zip(reads, following, strict=bool(reads))
        if next_s - at_s > REMOVED_AFTER_S
    ]
    assert [at_s for at_s, message in play(script) if message == GONE] == expected


@given(scripts)
def test_unreadable_is_never_told_of_a_card_that_is_read_nor_more_than_once_a_second(
    script: Script,
) -> None:
    told = [at_s for at_s, message in play(script) if isinstance(message, CardUnreadable)]
    reads = [at_s for at_s, reading in script if isinstance(reading, CardRead)]
    faults = [at_s for at_s, reading in script if reading == NOISE]
    assert all(b - a >= UNREADABLE_EVERY_S for a, b in itertools.pairwise(told))
    for at_s in told:
        assert any(abs(at_s - UNREADABLE_AFTER_S - fault_s) < 1e-9 for fault_s in faults)
        assert not any(at_s - REMOVED_AFTER_S < read_s < at_s for read_s in reads)


@given(scripts)
def test_nothing_is_said_before_it_is_due(script: Script) -> None:
    presence = Presence("door", REMOVED_AFTER_S)
    for at_s, reading in script:
        presence.hear(reading, at_s, at_s)
        due_s = presence.next_deadline()
        if due_s is None:
            assert presence.tick(float("inf")) == []
        elif due_s > at_s:
            assert presence.tick((at_s + due_s) / 2) == []
