"""Which booking may be joined here and now, and the most helpful reason when there is none."""

from dataclasses import replace
from datetime import timedelta

import pytest

from kiosk.visit.booking import Booking, NotNow, Place, Privacy, choose
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


def test_the_booking_that_is_open_here_is_chosen() -> None:
    assert choose((BOOKING,), HERE, TWO) == BOOKING


def test_a_booking_opens_at_its_first_and_closes_at_its_last_moment() -> None:
    just_before = BOOKING.opens_at - timedelta(microseconds=1)
    just_over = BOOKING.ends_at - timedelta(microseconds=1)
    assert choose((BOOKING,), HERE, BOOKING.opens_at) == BOOKING
    assert choose((BOOKING,), HERE, just_before) == NotNow(Refusal.TOO_EARLY, at=BOOKING.opens_at)
    assert choose((BOOKING,), HERE, just_over) == BOOKING
    assert choose((BOOKING,), HERE, BOOKING.ends_at) == NotNow(Refusal.TOO_LATE, at=BOOKING.ends_at)


@pytest.mark.parametrize("privacy", list(Privacy))
def test_every_privacy_class_may_be_joined(privacy: Privacy) -> None:
    booking = replace(BOOKING, privacy=privacy)
    assert choose((booking,), HERE, TWO) == booking


def test_nobody_booked_is_no_booking() -> None:
    assert choose((), HERE, TWO) == NotNow(Refusal.NO_BOOKING)


def test_a_person_who_is_early_hears_from_when_they_may_join() -> None:
    assert choose((LATER,), HERE, TWO) == NotNow(Refusal.TOO_EARLY, at=LATER.opens_at)


def test_a_person_who_is_late_hears_when_the_visit_ended() -> None:
    assert choose((EARLIER,), HERE, TWO) == NotNow(Refusal.TOO_LATE, at=EARLIER.ends_at)


def test_a_person_who_missed_two_visits_hears_of_the_last() -> None:
    first = moved(BOOKING, -4 * HOUR)
    assert choose((EARLIER, first), HERE, TWO) == NotNow(Refusal.TOO_LATE, at=EARLIER.ends_at)


def test_a_person_in_the_wrong_hall_hears_the_right_one() -> None:
    assert choose((THERE,), HERE, TWO) == NotNow(Refusal.WRONG_HALL, "Hall B", TWO)


def test_a_person_in_the_wrong_prison_hears_the_right_one() -> None:
    assert choose((IN_LEICESTER,), HERE, TWO) == NotNow(Refusal.WRONG_PRISON, "LEI", TWO)


def test_a_hall_of_the_same_name_in_another_prison_is_not_here() -> None:
    here = Place("LEI", HERE.hall)
    assert choose((BOOKING,), here, TWO) == NotNow(Refusal.WRONG_PRISON, "MDI", TWO)


def test_a_booking_without_a_privacy_class_can_not_be_joined() -> None:
    assert choose((WITHOUT_CLASS,), HERE, TWO) == NotNow(Refusal.NO_PRIVACY_CLASS)


def test_a_booking_without_a_class_does_not_hide_one_that_may_be_joined() -> None:
    without = moved(WITHOUT_CLASS, -5 * MINUTE)
    assert choose((without, BOOKING), HERE, TWO) == BOOKING


def test_a_cancelled_booking_is_told_as_such_when_there_is_no_other() -> None:
    assert choose((CANCELLED,), HERE, TWO) == NotNow(Refusal.BOOKING_CANCELLED)


def test_a_cancelled_booking_does_not_hide_another() -> None:
    assert choose((CANCELLED, BOOKING), HERE, TWO) == BOOKING
    assert choose((CANCELLED, LATER), HERE, TWO) == NotNow(Refusal.TOO_EARLY, at=LATER.opens_at)
    assert choose((CANCELLED, EARLIER), HERE, TWO) == NotNow(Refusal.TOO_LATE, at=EARLIER.ends_at)


def test_of_two_open_visits_here_the_one_that_began_first_is_chosen() -> None:
    second = moved(BOOKING, 5 * MINUTE)
    assert choose((second, BOOKING), HERE, TWO) == BOOKING


def test_an_open_visit_here_comes_before_an_open_visit_elsewhere() -> None:
    there = moved(THERE, -5 * MINUTE)
    assert choose((there, BOOKING), HERE, TWO) == BOOKING


def test_a_visit_that_runs_elsewhere_comes_before_one_that_is_later_here() -> None:
    assert choose((LATER, THERE), HERE, TWO) == NotNow(Refusal.WRONG_HALL, "Hall B", TWO)


def test_a_visit_that_is_later_here_comes_before_one_that_is_sooner_elsewhere() -> None:
    sooner_there = moved(THERE, HOUR)
    assert choose((sooner_there, LATER), HERE, TWO) == NotNow(Refusal.TOO_EARLY, at=LATER.opens_at)


def test_of_two_later_visits_here_the_sooner_is_told() -> None:
    latest = moved(BOOKING, 4 * HOUR)
    assert choose((latest, LATER), HERE, TWO) == NotNow(Refusal.TOO_EARLY, at=LATER.opens_at)


def test_of_two_later_visits_elsewhere_the_sooner_is_told() -> None:
    sooner, latest = moved(THERE, HOUR), moved(IN_LEICESTER, 2 * HOUR)
    assert choose((latest, sooner), HERE, TWO) == NotNow(
        Refusal.WRONG_HALL, "Hall B", sooner.starts_at
    )


def test_a_visit_that_comes_is_told_before_one_that_was_missed() -> None:
    assert choose((EARLIER, LATER), HERE, TWO) == NotNow(Refusal.TOO_EARLY, at=LATER.opens_at)
