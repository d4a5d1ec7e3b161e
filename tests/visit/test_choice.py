"""A person with several visits chooses one, may go back, and reads at once what changes meanwhile."""

from dataclasses import replace
from datetime import timedelta

import pytest

from kiosk.visit.actions import Action, EndCall, Identify, Join, LeaveVisit, Survey
from kiosk.visit.booking import Booking, BookingChanged, Place
from kiosk.visit.choosing import A_PAGE, on_page
from kiosk.visit.events import (
    CardIdentified,
    CardPresented,
    CardUnreadable,
    Tick,
    Touched,
)
from kiosk.visit.patience import NOTICE_S, REFUSED_S, SOON_S, WELCOME_S
from kiosk.visit.reasons import Ending, Notice, Refusal, Touch
from kiosk.visit.stages import (
    CheckingCard,
    Choice,
    Hint,
    Idle,
    Refused,
    Stage,
    WaitingRoom,
    Welcome,
)
from tests.visit.play import play, wait
from tests.visit.samples import (
    BOOKING,
    CALL,
    CARD,
    HERE,
    LATER,
    OTHER_CARD,
    OTHER_HALL,
    OTHER_PRISON,
    SAM,
    TWO,
    choosing,
    joining,
    waiting,
    welcomed,
)

CANCELLED = replace(BOOKING, cancelled=True)
MOVED = replace(BOOKING, place=OTHER_HALL)
TOGETHER = replace(BOOKING, visitors=("Mum", "Aisha"))
LATEST = replace(LATER, reference="V3", starts_at=LATER.starts_at + timedelta(minutes=60))


def told(booking: Booking) -> BookingChanged:
    return BookingChanged(booking, HERE, TWO)


def welcome_to(stage: Stage) -> Welcome:
    assert isinstance(stage, Welcome)
    return stage


def chosen(place: int = 0) -> Welcome:
    return welcome_to(play(choosing(), (1, Touched(Touch.CHOOSE, str(place)), [])))


def early(by_s: float) -> Welcome:
    """The card was shown so long before the only visit can be joined."""
    at = BOOKING.opens_at - timedelta(seconds=by_s)
    return welcome_to(
        play(
            Idle(),
            (0, CardPresented(CARD), [Identify(CARD, 0)]),
            (0.5, CardIdentified(0, SAM, (BOOKING,), HERE, at), []),
        )
    )


def test_who_has_one_visit_is_welcomed_to_it_and_chooses_nothing() -> None:
    assert welcomed().choice is None


def test_who_has_several_chooses_and_is_welcomed_to_that_one() -> None:
    assert [of.booking for of in choosing().offered] == [BOOKING, LATER]
    assert chosen(0).booking == BOOKING
    assert chosen(1).booking == LATER


@pytest.mark.parametrize("choice", ["", "2", "-1", "00", "V1", "x" * 64])
def test_a_touch_that_names_none_of_them_chooses_nothing(choice: str) -> None:
    assert play(choosing(), (1, Touched(Touch.CHOOSE, choice), [])) == choosing()


def test_a_wrong_choice_is_undone_before_it_is_joined() -> None:
    again = play(chosen(1), (2, Touched(Touch.BACK), []))
    assert isinstance(again, Choice)
    assert again.offered == choosing().offered
    assert welcome_to(play(again, (3, Touched(Touch.CHOOSE, "0"), []))).booking == BOOKING


def test_who_has_asked_to_join_does_not_go_back_before_the_answer() -> None:
    asked = play(chosen(), (2, Touched(Touch.JOIN), [Join("V1", SAM.prisoner_number, CARD, 2)]))
    assert play(asked, (3, Touched(Touch.BACK), [])) == asked


def test_who_has_one_visit_can_not_go_back() -> None:
    assert play(welcomed(), (1, Touched(Touch.BACK), [])) == welcomed()


def test_who_goes_back_gives_back_what_an_earlier_core_may_have_been_granted() -> None:
    again = replace(chosen(), maybe_granted=True)
    stage = play(again, (2, Touched(Touch.BACK), [LeaveVisit("V1", Ending.NOT_WANTED, 0.0)]))
    assert isinstance(stage, Choice)


def test_many_are_shown_a_page_at_a_time_and_after_the_last_the_first() -> None:
    others = tuple(replace(LATER, reference=f"W{n}") for n in range(A_PAGE))
    first = choosing(*others)
    assert on_page(first) == (0, 1, 2, 3)
    second = play(first, (1, Touched(Touch.MORE), []))
    assert isinstance(second, Choice)
    assert on_page(second) == (4,)
    assert play(second, (1, Touched(Touch.MORE), [])) == first


def test_where_all_fit_there_is_no_more() -> None:
    assert play(choosing(), (1, Touched(Touch.MORE), [])) == choosing()


def test_nobody_chooses_for_ever() -> None:
    assert play(choosing(), (0.5 + WELCOME_S, Tick(), [Survey()])) == Idle()
    assert play(choosing(), (1, Touched(Touch.DONE), [Survey()])) == Idle()


def test_the_next_card_is_asked_about_and_an_unreadable_one_is_remarked_on() -> None:
    asked = play(choosing(), (1, CardPresented(OTHER_CARD), [Identify(OTHER_CARD, 1)]))
    assert asked == CheckingCard(OTHER_CARD, 1)
    assert play(choosing(), (1, CardPresented(CARD), [])) == choosing()
    remarked = play(choosing(), (1, CardUnreadable(), []))
    assert remarked == replace(choosing(), hint=Hint(Notice.CARD_UNREADABLE, 1 + NOTICE_S))
    assert wait(remarked, 1 + NOTICE_S + 1) == choosing()


def test_who_comes_a_little_early_is_welcomed_and_joins_once_it_opens() -> None:
    stage = early(by_s=60)
    assert stage.opens_at_s == pytest.approx(60.5)
    assert play(stage, (2, Touched(Touch.JOIN), [])) == stage
    play(
        wait(stage, 60.6),
        (61, Touched(Touch.JOIN), [Join("V1", SAM.prisoner_number, CARD, 61)]),
    )


def test_who_waits_for_it_to_open_still_has_their_time_to_join() -> None:
    assert early(by_s=SOON_S).leave_at == pytest.approx(0.5 + SOON_S + WELCOME_S)


def test_a_visit_of_later_today_that_was_chosen_is_not_waited_for() -> None:
    later = chosen(1)
    assert later.opens_at_s == pytest.approx(0.5 + 110 * 60)
    assert later.leave_at == 1 + WELCOME_S
    assert play(later, (2, Touched(Touch.JOIN), [])) == later


def test_a_cancelled_visit_goes_from_the_choice_with_a_sentence() -> None:
    stage = play(choosing(LATER, LATEST), (1, told(CANCELLED), []))
    assert isinstance(stage, Choice)
    assert stage.standing == (1, 2)
    assert stage.hint == Hint(Notice.BOOKING_CANCELLED, 1 + NOTICE_S)
    assert play(stage, (2, Touched(Touch.CHOOSE, "0"), [])) == stage
    assert welcome_to(play(stage, (2, Touched(Touch.CHOOSE, "2"), []))).booking == LATEST


def test_of_two_visits_the_other_one_is_left() -> None:
    stage = welcome_to(play(choosing(), (1, told(CANCELLED), [])))
    assert (stage.booking, stage.choice) == (LATER, None)
    assert stage.hint == Hint(Notice.BOOKING_CANCELLED, 1 + NOTICE_S)


def test_the_last_of_a_page_does_not_leave_it_empty() -> None:
    others = tuple(replace(LATER, reference=f"W{n}") for n in range(A_PAGE))
    second = play(choosing(*others), (1, Touched(Touch.MORE), []))
    gone = replace(others[-1], cancelled=True)
    stage = play(second, (2, told(gone), []))
    assert isinstance(stage, Choice)
    assert on_page(stage) == (0, 1, 2, 3)


def test_the_only_visit_is_cancelled_while_it_is_welcomed() -> None:
    stage = play(welcomed(), (1, told(CANCELLED), []))
    assert stage == Refused(Refusal.BOOKING_CANCELLED, 1 + REFUSED_S)


@pytest.mark.parametrize(
    ("place", "told_place"), [(OTHER_HALL, "Hall B"), (OTHER_PRISON, "LEI")], ids=["hall", "prison"]
)
def test_the_only_visit_moves_elsewhere_while_it_is_welcomed(place: Place, told_place: str) -> None:
    moved = replace(BOOKING, place=place)
    stage = play(welcomed(), (1, told(moved), []))
    assert stage == Refused(Refusal.BOOKING_CHANGED, 1 + REFUSED_S, told_place, TWO)


def test_the_welcome_says_what_the_visit_is_now_and_that_it_changed() -> None:
    stage = welcome_to(play(welcomed(), (1, told(TOGETHER), [])))
    assert stage.booking == TOGETHER
    assert stage.hint == Hint(Notice.BOOKING_CHANGED, 1 + NOTICE_S)
    assert stage.leave_at == 1 + WELCOME_S


def test_a_visit_that_is_put_off_a_little_is_waited_for_at_the_welcome() -> None:
    put_off = replace(BOOKING, opens_at=TWO + timedelta(seconds=90))
    stage = welcome_to(play(welcomed(), (1, told(put_off), [])))
    assert stage.opens_at_s == pytest.approx(91)


def test_the_chosen_visit_is_cancelled_and_the_choice_is_there_again() -> None:
    three = play(choosing(LATER, LATEST), (1, Touched(Touch.CHOOSE, "0"), []))
    stage = play(three, (2, told(CANCELLED), []))
    assert isinstance(stage, Choice)
    assert stage.standing == (1, 2)


def test_another_visit_that_is_cancelled_disturbs_nobody_and_is_not_offered_again() -> None:
    gone = replace(LATER, cancelled=True)
    stage = welcome_to(play(chosen(), (2, told(gone), [])))
    assert stage == replace(chosen(), choice=None)


def test_what_is_told_twice_or_of_a_stranger_changes_nothing() -> None:
    assert play(welcomed(), (1, told(BOOKING), [])) == welcomed()
    assert play(welcomed(), (1, told(replace(CANCELLED, reference="V9")), [])) == welcomed()
    assert play(choosing(), (1, told(LATER), [])) == choosing()


def test_what_an_earlier_core_may_have_been_granted_is_given_back_when_it_is_cancelled() -> None:
    again = replace(welcomed(), maybe_granted=True)
    give_back = LeaveVisit("V1", Ending.NOT_WANTED, 0.0)
    assert isinstance(play(again, (1, told(CANCELLED), [give_back])), Refused)
    assert welcome_to(play(again, (1, told(TOGETHER), []))).maybe_granted


def test_a_visit_that_moves_while_it_is_being_joined_is_given_back() -> None:
    give_back = LeaveVisit("V1", Ending.NOT_WANTED, 0.0)
    moved = play(joining(), (1.5, told(MOVED), [give_back]))
    assert moved == Refused(Refusal.BOOKING_CHANGED, 1.5 + REFUSED_S, "Hall B", TWO)
    cancelled = play(joining(), (1.5, told(CANCELLED), [give_back]))
    assert cancelled == Refused(Refusal.BOOKING_CANCELLED, 1.5 + REFUSED_S)


def test_other_visitors_do_not_interrupt_a_join() -> None:
    assert play(joining(), (1.5, told(TOGETHER), [])) == replace(joining(), booking=TOGETHER)


def test_the_waiting_room_says_who_is_expected_now() -> None:
    stage = play(waiting(), (5, told(TOGETHER), []))
    assert isinstance(stage, WaitingRoom)
    assert stage.visit.visitors == ("Mum", "Aisha")
    assert stage.hint == Hint(Notice.BOOKING_CHANGED, 5 + NOTICE_S)
    assert play(waiting(), (5, told(BOOKING), [])) == waiting()


@pytest.mark.parametrize(
    ("booking", "refused"),
    [
        (CANCELLED, Refused(Refusal.BOOKING_CANCELLED, 5 + REFUSED_S)),
        (MOVED, Refused(Refusal.BOOKING_CHANGED, 5 + REFUSED_S, "Hall B", TWO)),
        (
            replace(BOOKING, starts_at=TWO + timedelta(minutes=20)),
            Refused(Refusal.BOOKING_CHANGED, 5 + REFUSED_S, None, TWO + timedelta(minutes=20)),
        ),
    ],
    ids=["cancelled", "another hall", "another time"],
)
def test_what_needs_another_grant_ends_the_wait(booking: Booking, refused: Refused) -> None:
    ended: list[Action] = [EndCall(CALL), LeaveVisit("V1", Ending.NOT_WANTED, 0.0)]
    assert play(waiting(), (5, told(booking), ended)) == refused


def test_another_booking_ends_no_wait() -> None:
    assert play(waiting(), (5, told(replace(CANCELLED, reference="V9")), [])) == waiting()
