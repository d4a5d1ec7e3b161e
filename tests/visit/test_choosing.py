"""Which bookings may be joined here and now, and the most helpful reason when there is none."""

from dataclasses import replace
from datetime import timedelta

import pytest

from kiosk.visit.booking import Booking, NotNow, Place, Privacy, on_offer
from kiosk.visit.patience import SOON_S
from kiosk.visit.reasons import Refusal
from tests.visit.samples import BOOKING, HERE, OTHER_HALL, OTHER_PRISON, TWO

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def moved(booking: Booking, by: timedelta, reference: str = "V2") -> Booking:
    return replace(
        booking,
        reference=reference,
        opens_at=booking.opens_at + by,
        starts_at=booking.starts_at + by,
        ends_at=booking.ends_at + by,
    )


LATER = moved(BOOKING, 2 * HOUR)
EARLIER = moved(BOOKING, -2 * HOUR)
THERE = replace(BOOKING, reference="V3", place=OTHER_HALL)
IN_LEICESTER = replace(BOOKING, reference="V4", place=OTHER_PRISON)
CANCELLED = replace(BOOKING, reference="V5", cancelled=True)
WITHOUT_CLASS = replace(BOOKING, reference="V6", privacy=None)
SOON = timedelta(seconds=SOON_S)


def test_the_booking_that_is_open_here_is_chosen() -> None:
    assert on_offer((BOOKING,), HERE, TWO) == (BOOKING,)


def test_a_booking_opens_at_its_first_and_closes_at_its_last_moment() -> None:
    long_before = BOOKING.opens_at - timedelta(seconds=SOON_S, microseconds=1)
    just_over = BOOKING.ends_at - timedelta(microseconds=1)
    assert on_offer((BOOKING,), HERE, BOOKING.opens_at) == (BOOKING,)
    assert on_offer((BOOKING,), HERE, long_before) == NotNow(
        Refusal.TOO_EARLY, at=BOOKING.opens_at - SOON
    )
    assert on_offer((BOOKING,), HERE, just_over) == (BOOKING,)
    assert on_offer((BOOKING,), HERE, BOOKING.ends_at) == NotNow(
        Refusal.TOO_LATE, at=BOOKING.ends_at
    )


@pytest.mark.parametrize("privacy", list(Privacy))
def test_every_privacy_class_may_be_joined(privacy: Privacy) -> None:
    booking = replace(BOOKING, privacy=privacy)
    assert on_offer((booking,), HERE, TWO) == (booking,)


def test_nobody_booked_is_no_booking() -> None:
    assert on_offer((), HERE, TWO) == NotNow(Refusal.NO_BOOKING)


def test_a_person_who_is_early_hears_from_when_they_may_join() -> None:
    assert on_offer((LATER,), HERE, TWO) == NotNow(Refusal.TOO_EARLY, at=LATER.opens_at - SOON)


@pytest.mark.parametrize("odd_s", [0, 0.001, 1, 30, 59.999])
def test_who_comes_back_when_they_were_told_to_is_let_in(odd_s: float) -> None:
    booking = moved(BOOKING, 2 * HOUR + timedelta(seconds=odd_s))
    told = on_offer((booking,), HERE, TWO)
    assert isinstance(told, NotNow)
    assert told.at is not None
    assert (told.at.second, told.at.microsecond) == (0, 0), "seconds are not said"
    assert on_offer((booking,), HERE, told.at) == (booking,)
    assert told.at < booking.opens_at - SOON + timedelta(minutes=1)


def test_a_person_who_is_late_hears_when_the_visit_ended() -> None:
    assert on_offer((EARLIER,), HERE, TWO) == NotNow(Refusal.TOO_LATE, at=EARLIER.ends_at)


def test_a_person_who_missed_two_visits_hears_of_the_last() -> None:
    first = moved(BOOKING, -4 * HOUR)
    assert on_offer((EARLIER, first), HERE, TWO) == NotNow(Refusal.TOO_LATE, at=EARLIER.ends_at)


def test_a_person_in_the_wrong_hall_hears_the_right_one() -> None:
    assert on_offer((THERE,), HERE, TWO) == NotNow(Refusal.WRONG_HALL, "Hall B", TWO)


def test_a_person_in_the_wrong_prison_hears_the_right_one() -> None:
    assert on_offer((IN_LEICESTER,), HERE, TWO) == NotNow(Refusal.WRONG_PRISON, "LEI", TWO)


def test_a_hall_of_the_same_name_in_another_prison_is_not_here() -> None:
    here = Place("LEI", HERE.hall)
    assert on_offer((BOOKING,), here, TWO) == NotNow(Refusal.WRONG_PRISON, "MDI", TWO)


def test_a_booking_without_a_privacy_class_can_not_be_joined() -> None:
    assert on_offer((WITHOUT_CLASS,), HERE, TWO) == NotNow(Refusal.NO_PRIVACY_CLASS)


def test_a_booking_without_a_class_does_not_hide_one_that_may_be_joined() -> None:
    without = moved(WITHOUT_CLASS, -5 * MINUTE)
    assert on_offer((without, BOOKING), HERE, TWO) == (BOOKING,)


def test_a_cancelled_booking_is_told_as_such_when_there_is_no_other() -> None:
    assert on_offer((CANCELLED,), HERE, TWO) == NotNow(Refusal.BOOKING_CANCELLED)


def test_a_cancelled_booking_does_not_hide_another() -> None:
    assert on_offer((CANCELLED, BOOKING), HERE, TWO) == (BOOKING,)
    assert on_offer((CANCELLED, LATER), HERE, TWO) == NotNow(
        Refusal.TOO_EARLY, at=LATER.opens_at - SOON
    )
    assert on_offer((CANCELLED, EARLIER), HERE, TWO) == NotNow(Refusal.TOO_LATE, at=EARLIER.ends_at)


def test_two_open_visits_here_are_offered_in_the_order_in_which_they_begin() -> None:
    second = moved(BOOKING, 5 * MINUTE)
    assert on_offer((second, BOOKING), HERE, TWO) == (BOOKING, second)


def test_those_of_later_today_here_are_offered_beside_the_one_that_is_open() -> None:
    latest = moved(BOOKING, 4 * HOUR)
    there = moved(THERE, HOUR)
    assert on_offer((latest, there, BOOKING, LATER), HERE, TWO) == (BOOKING, LATER, latest)


def test_what_was_missed_or_cancelled_is_not_offered_beside_what_is_open() -> None:
    assert on_offer((CANCELLED, EARLIER, BOOKING), HERE, TWO) == (BOOKING,)
    no_class = replace(LATER, privacy=None)
    assert on_offer((no_class, BOOKING), HERE, TWO) == (BOOKING,)


def test_a_visit_that_opens_soon_is_offered_already() -> None:
    soon = BOOKING.opens_at - timedelta(seconds=SOON_S)
    assert on_offer((BOOKING,), HERE, soon) == (BOOKING,)


def test_a_visit_that_runs_elsewhere_comes_before_one_that_opens_here_soon() -> None:
    soon = moved(BOOKING, 11 * MINUTE)
    assert on_offer((soon, THERE), HERE, TWO) == NotNow(Refusal.WRONG_HALL, "Hall B", TWO)


def test_an_open_visit_here_comes_before_an_open_visit_elsewhere() -> None:
    there = moved(THERE, -5 * MINUTE)
    assert on_offer((there, BOOKING), HERE, TWO) == (BOOKING,)


def test_a_visit_that_runs_elsewhere_comes_before_one_that_is_later_here() -> None:
    assert on_offer((LATER, THERE), HERE, TWO) == NotNow(Refusal.WRONG_HALL, "Hall B", TWO)


def test_a_visit_that_is_later_here_comes_before_one_that_is_sooner_elsewhere() -> None:
    sooner_there = moved(THERE, HOUR)
    assert on_offer((sooner_there, LATER), HERE, TWO) == NotNow(
        Refusal.TOO_EARLY, at=LATER.opens_at - SOON
    )


def test_of_two_later_visits_here_the_sooner_is_told() -> None:
    latest = moved(BOOKING, 4 * HOUR)
    assert on_offer((latest, LATER), HERE, TWO) == NotNow(
        Refusal.TOO_EARLY, at=LATER.opens_at - SOON
    )


def test_of_two_later_visits_elsewhere_the_sooner_is_told() -> None:
    sooner, latest = moved(THERE, HOUR), moved(IN_LEICESTER, 2 * HOUR)
    assert on_offer((latest, sooner), HERE, TWO) == NotNow(
        Refusal.WRONG_HALL, "Hall B", sooner.starts_at
    )


def test_a_visit_that_comes_is_told_before_one_that_was_missed() -> None:
    assert on_offer((EARLIER, LATER), HERE, TWO) == NotNow(
        Refusal.TOO_EARLY, at=LATER.opens_at - SOON
    )
