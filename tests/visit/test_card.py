"""From the card to the welcome: who is it, and may they have a visit here and now."""

from dataclasses import replace

import pytest

from kiosk.visit.actions import CheckPin, Identify, Survey
from kiosk.visit.booking import Place
from kiosk.visit.events import (
    CardIdentified,
    CardPresented,
    CardUnreadable,
    Declined,
    PinNeeded,
    PinTyped,
    PinWrong,
    Tick,
    Touched,
)
from kiosk.visit.patience import (
    CARD_CHECK_S,
    NOTICE_S,
    PIN_CHECK_S,
    PIN_S,
    REFUSED_S,
    WELCOME_S,
)
from kiosk.visit.reasons import Ending, Notice, Refusal, Touch
from kiosk.visit.stages import (
    CheckingCard,
    EnterPin,
    Goodbye,
    Hint,
    Idle,
    Refused,
    Stage,
    Welcome,
)
from tests.visit.play import play, wait
from tests.visit.samples import (
    BOOKING,
    CARD,
    HERE,
    IDENTIFICATION,
    LEE,
    OTHER_CARD,
    OTHER_HALL,
    PIN,
    SAM,
    TWO,
    UNTRUSTED,
    entering_pin,
    joining,
    waiting,
    welcomed,
)

KNOWN = CardIdentified(0, SAM, (BOOKING,), HERE, TWO)


def checking() -> CheckingCard:
    stage = play(Idle(), (0, CardPresented(CARD), [Identify(CARD, 0)]))
    assert isinstance(stage, CheckingCard)
    return stage


def test_a_card_that_is_known_leads_to_the_welcome_with_its_booking() -> None:
    assert play(checking(), (0.5, KNOWN, [])) == Welcome(CARD, SAM, BOOKING, 0.5 + WELCOME_S)


@pytest.mark.parametrize(
    "stage",
    [Idle(), CheckingCard(CARD, 0), welcomed(), entering_pin(), Goodbye(Ending.LEFT, 44, 70)],
    ids=lambda stage: type(stage).__name__,
)
def test_a_card_that_the_site_does_not_trust_is_refused_and_nobody_asked(stage: Stage) -> None:
    after = play(stage, (0.5, CardPresented(UNTRUSTED), []))
    assert after == Refused(Refusal.CARD_NOT_TRUSTED, 0.5 + REFUSED_S)


def test_a_card_that_the_site_does_not_trust_disturbs_no_visit() -> None:
    stage = play(waiting(), (5, CardPresented(UNTRUSTED), []))
    assert stage == replace(waiting(), hint=Hint(Notice.OTHER_CARD, 5 + NOTICE_S))


def test_a_card_that_the_reader_could_not_read_leaves_a_remark_for_a_while() -> None:
    remark = Hint(Notice.CARD_UNREADABLE, 1 + NOTICE_S)
    assert play(Idle(), (1, CardUnreadable(), [])) == Idle(remark)
    assert play(Idle(remark), (1 + NOTICE_S, Tick(), [])) == Idle()


def test_a_card_is_read_while_the_remark_about_the_last_one_stands() -> None:
    stage = play(
        Idle(Hint(Notice.CARD_UNREADABLE, 9)), (2, CardPresented(CARD), [Identify(CARD, 2)])
    )
    assert stage == CheckingCard(CARD, 2)


LAST_WORDS = pytest.mark.parametrize(
    "stage",
    [Refused(Refusal.UNKNOWN_CARD, REFUSED_S), Goodbye(Ending.LEFT, 44, REFUSED_S)],
    ids=lambda stage: type(stage).__name__,
)


@LAST_WORDS
def test_who_tries_again_with_a_card_that_can_not_be_read_is_told_so(
    stage: Refused | Goodbye,
) -> None:
    remark = Hint(Notice.CARD_UNREADABLE, 1 + NOTICE_S)
    told = play(stage, (1, CardUnreadable(), []))
    assert told == replace(stage, hint=remark)
    assert play(told, (1 + NOTICE_S, Tick(), [])) == stage
    assert play(told, (2, CardPresented(CARD), [Identify(CARD, 2)])) == CheckingCard(CARD, 2)
    assert play(told, (2, Touched(Touch.DONE), [Survey()])) == Idle()


@LAST_WORDS
def test_last_words_stay_no_longer_for_noise_and_the_remark_stays_on_without_them(
    stage: Refused | Goodbye,
) -> None:
    told = play(stage, (REFUSED_S - 1, CardUnreadable(), []))
    idle = play(told, (REFUSED_S, Tick(), [Survey()]))
    assert idle == Idle(Hint(Notice.CARD_UNREADABLE, REFUSED_S - 1 + NOTICE_S))
    assert play(idle, (REFUSED_S - 1 + NOTICE_S, Tick(), [])) == Idle()


def test_a_card_that_can_not_be_read_is_told_at_the_welcome_and_does_not_disturb_a_join() -> None:
    told = play(welcomed(), (3, CardUnreadable(), []))
    assert told == replace(welcomed(), hint=Hint(Notice.CARD_UNREADABLE, 3 + NOTICE_S))
    assert play(told, (3 + NOTICE_S, Tick(), [])) == welcomed()
    assert play(joining(), (3, CardUnreadable(), [])) == joining()


def test_an_unknown_card_is_refused_with_the_reason_of_the_service() -> None:
    stage = play(checking(), (0.5, Declined(0, Refusal.UNKNOWN_CARD), []))
    assert stage == Refused(Refusal.UNKNOWN_CARD, 0.5 + REFUSED_S)


def test_a_refusal_says_where_and_when_the_visit_is() -> None:
    stage = play(checking(), (0.5, Declined(0, Refusal.MOVED, "LEI", TWO), []))
    assert stage == Refused(Refusal.MOVED, 0.5 + REFUSED_S, "LEI", TWO)


def test_a_known_card_without_a_visit_here_is_refused_with_what_helps() -> None:
    there = replace(BOOKING, place=OTHER_HALL)
    stage = play(checking(), (0.5, CardIdentified(0, SAM, (there,), HERE, TWO), []))
    assert stage == Refused(Refusal.WRONG_HALL, 0.5 + REFUSED_S, "Hall B", TWO)


def test_a_service_that_says_nothing_is_not_waited_for_longer_than_the_card_check() -> None:
    stage = play(checking(), (CARD_CHECK_S, Tick(), []))
    assert stage == Refused(Refusal.SERVICE_AWAY, CARD_CHECK_S + REFUSED_S)


def test_the_same_card_again_does_not_ask_twice() -> None:
    assert play(checking(), (1, CardPresented(CARD), [])) == checking()


def test_another_card_while_one_is_checked_asks_for_the_other() -> None:
    stage = play(checking(), (1, CardPresented(OTHER_CARD), [Identify(OTHER_CARD, 1)]))
    assert stage == CheckingCard(OTHER_CARD, 1)


def test_the_answer_about_the_first_card_never_greets_the_holder_of_the_second() -> None:
    stage = play(
        checking(),
        (1, CardPresented(OTHER_CARD), [Identify(OTHER_CARD, 1)]),
        (1.1, KNOWN, []),
        (1.2, Declined(0, Refusal.UNKNOWN_CARD), []),
        (1.3, PinNeeded(0, IDENTIFICATION, 3), []),
        (1.4, PinNeeded(0, IDENTIFICATION, 0), []),
    )
    assert stage == CheckingCard(OTHER_CARD, 1)


def test_a_card_that_needs_a_pin_leads_to_the_pad() -> None:
    stage = play(checking(), (0.5, PinNeeded(0, IDENTIFICATION, 3), []))
    assert stage == EnterPin(CARD, IDENTIFICATION, tries_left=3, leave_at=0.5 + PIN_S)


def test_a_card_whose_pin_is_already_locked_is_refused_at_once() -> None:
    stage = play(checking(), (0.5, PinNeeded(0, IDENTIFICATION, 0), []))
    assert stage == Refused(Refusal.PIN_WRONG, 0.5 + REFUSED_S)


def test_the_right_pin_leads_to_the_welcome() -> None:
    stage = play(
        entering_pin(),
        (5, PinTyped(PIN), [CheckPin(IDENTIFICATION, 5, PIN)]),
        (5.5, CardIdentified(5, SAM, (BOOKING,), HERE, TWO), []),
    )
    assert stage == Welcome(CARD, SAM, BOOKING, 5.5 + WELCOME_S)


def test_a_wrong_pin_is_told_and_may_be_tried_again() -> None:
    stage = play(
        entering_pin(tries_left=3),
        (5, PinTyped("0000"), [CheckPin(IDENTIFICATION, 5, "0000")]),
        (5.5, PinWrong(5, 2), []),
    )
    assert stage == EnterPin(CARD, IDENTIFICATION, 2, leave_at=5.5 + PIN_S, wrong=True)
    again = play(stage, (9, PinTyped(PIN), [CheckPin(IDENTIFICATION, 9, PIN)]))
    assert isinstance(again, EnterPin)
    assert not again.wrong


def test_the_last_wrong_pin_locks_the_card() -> None:
    stage = play(
        entering_pin(tries_left=1),
        (5, PinTyped("0000"), [CheckPin(IDENTIFICATION, 5, "0000")]),
        (5.5, PinWrong(5, 0), []),
    )
    assert stage == Refused(Refusal.PIN_WRONG, 5.5 + REFUSED_S)


def test_a_pin_is_asked_about_once_however_often_it_is_sent() -> None:
    play(
        entering_pin(),
        (5, PinTyped(PIN), [CheckPin(IDENTIFICATION, 5, PIN)]),
        (5.1, PinTyped(PIN), []),
    )


def test_an_answer_about_an_earlier_pin_is_not_taken_for_the_newer_one() -> None:
    stage = play(
        entering_pin(),
        (5, PinTyped("0000"), [CheckPin(IDENTIFICATION, 5, "0000")]),
        (5.5, PinWrong(5, 2), []),
        (6, PinTyped("1111"), [CheckPin(IDENTIFICATION, 6, "1111")]),
        (6.1, PinWrong(5, 0), []),
        (6.2, CardIdentified(5, SAM, (BOOKING,), HERE, TWO), []),
        (6.3, Declined(5, Refusal.SERVICE_AWAY), []),
    )
    assert isinstance(stage, EnterPin)
    assert stage.asked_at == 6
    assert stage.tries_left == 2


def test_a_right_pin_without_a_visit_today_is_refused_with_the_reason() -> None:
    stage = play(
        entering_pin(),
        (5, PinTyped(PIN), [CheckPin(IDENTIFICATION, 5, PIN)]),
        (5.5, CardIdentified(5, SAM, (), HERE, TWO), []),
    )
    assert stage == Refused(Refusal.NO_BOOKING, 5.5 + REFUSED_S)


def test_the_service_may_refuse_instead_of_judging_the_pin() -> None:
    stage = play(
        entering_pin(),
        (5, PinTyped(PIN), [CheckPin(IDENTIFICATION, 5, PIN)]),
        (5.5, Declined(5, Refusal.NOT_ALLOWED, "Hall B", TWO), []),
    )
    assert stage == Refused(Refusal.NOT_ALLOWED, 5.5 + REFUSED_S, "Hall B", TWO)


def test_a_pin_that_nobody_judges_is_told_and_not_waited_for() -> None:
    stage = play(
        entering_pin(),
        (5, PinTyped(PIN), [CheckPin(IDENTIFICATION, 5, PIN)]),
        (5 + PIN_CHECK_S, Tick(), []),
    )
    assert stage == Refused(Refusal.SERVICE_AWAY, 5 + PIN_CHECK_S + REFUSED_S)


def test_a_pad_that_nobody_uses_makes_room_for_the_next() -> None:
    assert play(entering_pin(), (0.5 + PIN_S, Tick(), [Survey()])) == Idle()


def test_a_person_may_walk_away_from_the_pad() -> None:
    assert play(entering_pin(), (5, Touched(Touch.DONE), [Survey()])) == Idle()


def test_another_card_at_the_pad_asks_for_the_other() -> None:
    stage = play(entering_pin(), (5, CardPresented(OTHER_CARD), [Identify(OTHER_CARD, 5)]))
    assert stage == CheckingCard(OTHER_CARD, 5)


def test_their_own_card_at_the_pad_changes_nothing() -> None:
    assert play(entering_pin(), (5, CardPresented(CARD), [])) == entering_pin()


def test_a_pin_is_in_no_stage_and_in_no_repr() -> None:
    event, action = PinTyped(PIN), CheckPin(IDENTIFICATION, 5, PIN)
    stage = play(entering_pin(), (5, event, [action]))
    assert PIN not in repr(stage) + repr(event) + repr(action)


def test_a_card_number_and_a_name_are_in_no_repr() -> None:
    shown = [CARD, CardPresented(CARD), Identify(CARD, 0), KNOWN, checking(), entering_pin()]
    everything = repr([*shown, welcomed(), waiting()])
    assert not [word for word in (CARD.value, SAM.first_name, "Mum") if word in everything]


def test_a_welcome_that_nobody_answers_makes_room_for_the_next() -> None:
    assert play(welcomed(), (0.5 + WELCOME_S, Tick(), [Survey()])) == Idle()


def test_a_person_may_walk_away_from_the_welcome() -> None:
    assert play(welcomed(), (3, Touched(Touch.DONE), [Survey()])) == Idle()


def test_another_person_may_show_their_card_at_the_welcome() -> None:
    stage = play(
        welcomed(),
        (3, CardPresented(OTHER_CARD), [Identify(OTHER_CARD, 3)]),
        (3.5, CardIdentified(3, LEE, (BOOKING,), HERE, TWO), []),
    )
    assert stage == Welcome(OTHER_CARD, LEE, BOOKING, 3.5 + WELCOME_S)


def test_their_own_card_at_the_welcome_changes_nothing() -> None:
    assert play(welcomed(), (3, CardPresented(CARD), [])) == welcomed()


def test_a_refusal_stands_for_a_while_and_then_makes_room() -> None:
    refused = Refused(Refusal.NO_BOOKING, REFUSED_S)
    assert wait(refused, REFUSED_S) == refused
    assert play(refused, (REFUSED_S, Tick(), [Survey()])) == Idle()


def test_a_refusal_can_be_put_away_or_makes_room_for_the_next_card() -> None:
    refused = Refused(Refusal.WRONG_HALL, REFUSED_S, place=Place("MDI", "Hall B").hall)
    assert play(refused, (1, Touched(Touch.DONE), [Survey()])) == Idle()
    stage = play(refused, (1, CardPresented(OTHER_CARD), [Identify(OTHER_CARD, 1)]))
    assert stage == CheckingCard(OTHER_CARD, 1)
