"""The driver of polled readers, on a script of two questions and an imagined reader."""

import pytest

from firmware_bridge.readers.polling import (
    ANEW_S,
    ANEW_WHEN_AWAY_S,
    GARBLED,
    LATE_S,
    MISSES,
    NOT_YET,
    SILENT,
    TALKS_S,
    Ask,
    Exchange,
    Listen,
    NoAnswer,
    Pause,
    Polling,
    Script,
)
from firmware_bridge.readers.reading import BadFrame, CardRead, OtherFrame, Reading
from kiosk.clock import Seconds
from kiosk.wire.devices import Indication
from kiosk.wire.secret import Secret

WITHIN_S: Seconds = 0.1
POLL_S: Seconds = 0.06
REMOVED_AFTER_S: Seconds = 0.3
SUSPECTS = "`kind` and `baud`"
CARD = CardRead("test", "identifier", Secret("A7"))


class Words:
    """Each word up to a full stop is a frame; `!` damages one."""

    def __init__(self) -> None:
        self._begun = b""

    def feed(self, data: bytes) -> list[str | BadFrame]:
        *ended, self._begun = (self._begun + data).split(b".")
        return [BadFrame("damaged") if b"!" in word else word.decode() for word in ended]

    def quiet(self) -> list[str | BadFrame]:
        begun, self._begun = self._begun, b""
        return [BadFrame("half a word")] if begun else []


def script() -> Script[str]:
    """`wake` until it is awake, then `card?` for ever."""
    yield from _asked("wake", "awake")
    while True:
        if (yield from _asked("card?", "card", "none")) == b"card":
            yield CARD
        yield Pause(POLL_S)


def _asked(question: str, *answers: str) -> Exchange[str]:
    heard = yield Ask(question.encode(), WITHIN_S)
    while heard not in answers:
        if heard is None or heard == "no":
            raise NoAnswer("no answer")
        heard = yield Listen() if isinstance(heard, str) else Ask(b"again", WITHIN_S)
    return str(heard).encode()


def begun() -> Polling[str]:
    """It has asked its first question, at the moment 0."""
    polling = Polling(Words(), script, REMOVED_AFTER_S)
    assert polling.tick(0.0) == []
    return polling


def awake() -> Polling[str]:
    """It has asked for a card, at the moment 0.1."""
    polling = begun()
    assert polling.to_send() == b"wake"
    assert polling.feed(b"awake.", 0.1) == []
    assert polling.to_send() == b"card?"
    return polling


def silence(polling: Polling[str], until_s: Seconds) -> None:
    """Let time pass until then without an answer."""
    while (due_s := polling.next_deadline()) is not None and due_s <= until_s:
        polling.tick(due_s)


def test_it_wants_to_be_called_at_once_and_then_asks() -> None:
    polling = Polling(Words(), script, REMOVED_AFTER_S)
    assert polling.to_send() == b""
    assert polling.next_deadline() == 0.0
    polling.tick(5.0)
    assert polling.to_send() == b"wake"
    assert polling.to_send() == b""
    assert polling.next_deadline() == 5.0 + WITHIN_S


def test_the_next_question_waits_for_the_answer_to_the_one_before() -> None:
    polling = begun()
    polling.to_send()
    polling.tick(0.05)
    assert polling.feed(b"awa", 0.06) == []
    assert polling.to_send() == b""
    polling.feed(b"ke.", 0.07)
    assert polling.to_send() == b"card?"


def test_a_card_is_told_with_the_answer_and_asked_for_again_after_a_pause() -> None:
    polling = awake()
    assert polling.feed(b"card.", 0.12) == [CARD]
    assert polling.to_send() == b""
    assert polling.next_deadline() == 0.12 + POLL_S
    polling.tick(0.12 + POLL_S)
    assert polling.to_send() == b"card?"


def test_what_was_not_asked_for_is_not_heard() -> None:
    polling = awake()
    polling.feed(b"none.", 0.12)
    assert polling.feed(b"card.card", 0.13) == []
    assert polling.to_send() == b""
    polling.tick(0.12 + POLL_S)
    assert polling.feed(b".", 0.19) == [], "the end of what began before the question"
    assert polling.feed(b"card.", 0.2) == [CARD]


def test_a_frame_that_is_no_answer_leaves_the_time_as_it_was() -> None:
    polling = awake()
    due_s = polling.next_deadline()
    polling.feed(b"hello.hello.", 0.15)
    assert polling.next_deadline() == due_s
    assert polling.to_send() == b""


def test_a_frame_that_promises_an_answer_can_give_it_time() -> None:
    def promised() -> Script[str]:
        yield Ask(b"card?", WITHIN_S)
        yield Listen(1.0)

    polling = Polling(Words(), promised, REMOVED_AFTER_S)
    polling.tick(0.0)
    polling.feed(b"soon.", 0.05)
    assert polling.next_deadline() == 1.05
    assert polling.to_send() == b"card?"


def test_a_damaged_answer_is_asked_for_again() -> None:
    polling = awake()
    assert polling.feed(b"ca!d.", 0.15) == []
    assert polling.to_send() == b"again"
    assert polling.next_deadline() == 0.15 + WITHIN_S
    assert polling.feed(b"card.", 0.16) == [CARD]


def test_half_an_answer_counts_as_damaged_when_its_time_is_over() -> None:
    polling = awake()
    polling.feed(b"ca", 0.15)
    assert polling.tick(0.2) == []
    assert polling.to_send() == b"again"
    assert polling.feed(b"card.", 0.21) == [CARD]


def test_an_answer_that_waited_while_the_program_stood_still_is_not_late() -> None:
    polling = awake()
    assert polling.feed(b"card.", 9.0) == [CARD]
    assert polling.fault(9.0) is None


def test_a_card_counts_as_there_while_the_program_stood_still() -> None:
    polling = awake()
    assert polling.feed(b"card.", 0.11) == [CARD]
    assert polling.tick(9.0) == [CARD]
    assert polling.to_send() == b"card?"
    assert polling.tick(19.0) == [CARD], "an answer that did not come says nothing"
    polling.tick(19.0 + ANEW_S)
    assert polling.feed(b"awake.", 29.0) == [CARD], "nor does another one that waited"


def test_a_card_that_was_not_there_at_the_last_answer_is_not_told_after_a_standstill() -> None:
    polling = awake()
    polling.feed(b"card.", 0.11)
    polling.tick(0.11 + POLL_S)
    polling.feed(b"none.", 0.2)
    assert polling.tick(9.0) == []
    polling.feed(b"card.", 9.01)
    assert polling.tick(19.0) == [CARD]
    polling.feed(b"none.", 19.01)
    assert polling.tick(29.0) == []


def test_a_card_that_counts_as_taken_away_is_not_told_after_a_standstill() -> None:
    polling = awake()
    polling.feed(b"card.", 0.11)
    silence(polling, 0.11 + REMOVED_AFTER_S + WITHIN_S)
    assert polling.tick(9.0) == []


def test_a_card_is_not_told_twice_because_the_program_was_a_little_late() -> None:
    polling = awake()
    polling.feed(b"card.", 0.11)
    assert polling.tick(0.11 + POLL_S + LATE_S / 2) == []


def test_endless_talk_does_not_keep_a_question_open() -> None:
    polling = awake()
    for step in range(20):
        polling.feed(b"hello.", 0.11 + step * 0.01)
    assert polling.to_send() == b"wake"


def test_it_begins_anew_when_no_answer_came_or_it_was_a_refusal() -> None:
    for came in (b"", b"no."):
        polling = awake()
        polling.feed(came, 0.2)
        assert polling.to_send() == b""
        assert polling.next_deadline() == 0.2 + ANEW_S
        polling.tick(0.2 + ANEW_S)
        assert polling.to_send() == b"wake"


def test_a_reader_has_not_answered_yet_until_it_has() -> None:
    polling = begun()
    assert polling.fault(0.0) == NOT_YET
    polling.feed(b"awake.", 0.01)
    assert polling.fault(0.01) == NOT_YET
    polling.feed(b"none.", 0.02)
    assert polling.fault(0.02) is None


def test_a_reader_that_never_answers_is_said_to_be_silent() -> None:
    polling = begun()
    last_s = MISSES * WITHIN_S + (MISSES - 1) * ANEW_S
    silence(polling, last_s - 0.01)
    assert polling.fault(last_s) == NOT_YET
    silence(polling, last_s + 0.01)
    assert polling.fault(last_s) == SILENT.format(suspects=SUSPECTS)
    assert polling.next_deadline() == pytest.approx(last_s + ANEW_WHEN_AWAY_S)


def test_a_reader_that_talks_of_something_else_is_said_to_do_so() -> None:
    polling = begun()
    polling.feed(b"hello.hel", 0.01)
    silence(polling, TALKS_S)
    assert polling.fault(TALKS_S) == GARBLED.format(suspects=SUSPECTS)
    silence(polling, TALKS_S + 0.5)
    assert polling.fault(TALKS_S) == SILENT.format(suspects=SUSPECTS)


def test_a_lost_answer_is_no_fault_and_many_in_a_row_are_one_until_it_answers() -> None:
    polling = awake()
    polling.feed(b"none.", 0.11)
    silence(polling, 0.28)
    assert polling.fault(0.28) is None
    silence(polling, 1.0)
    assert polling.fault(1.0) == SILENT.format(suspects=SUSPECTS)
    due_s = polling.next_deadline()
    assert due_s is not None
    polling.tick(due_s)
    polling.feed(b"awake.", due_s)
    assert polling.fault(due_s) == SILENT.format(suspects=SUSPECTS), "no word of anything else yet"
    polling.feed(b"none.", due_s)
    assert polling.fault(due_s) is None


def test_a_frame_that_is_no_card_can_be_told_too() -> None:
    def once() -> Script[str]:
        yield Ask(b"card?", WITHIN_S)
        yield OtherFrame("nothing")
        yield BadFrame("nothing good")
        yield Pause(POLL_S)

    polling = Polling(Words(), once, REMOVED_AFTER_S)
    polling.tick(0.0)
    expected: list[Reading] = [OtherFrame("nothing"), BadFrame("nothing good")]
    assert polling.feed(b"x.", 0.01) == expected


def test_it_has_no_light_and_holds_nothing() -> None:
    polling = awake()
    polling.indicate(Indication.READY)
    polling.close()
    assert polling.to_send() == b""
