"""Several visits on one day: a person chooses, chooses again, and bookings change before their eyes."""

from dataclasses import replace
from datetime import timedelta

from kiosk.visit.booking import Booking, BookingChanged
from kiosk.visit.choosing import A_PAGE
from tests.ui.paths.person import Person
from tests.ui.paths.prison import HERE, Holder, booking
from tests.ui.samples import START, UTC_NOW

HOUR = timedelta(hours=1)
MUM = booking()
AISHA = booking(
    "V2",
    opens_at=START + 2 * HOUR - timedelta(minutes=10),
    starts_at=START + 2 * HOUR,
    ends_at=START + 3 * HOUR,
    visitors=("Aisha",),
)


def changed(what: Booking) -> BookingChanged:
    return BookingChanged(what, HERE, UTC_NOW)


def with_both(person: Person) -> None:
    person.is_known(Holder(bookings=(MUM, AISHA)))
    person.show_card("A1234BC")


async def test_who_has_two_visits_chooses_one_and_joins_it(person: Person) -> None:
    with_both(person)
    person.sees("Which visit do you want?", "14:00", "Mum", "16:00", "Aisha", "Opens at 15:50")
    person.chooses("Mum")
    person.sees("Your visit with Mum is at 14:00.")
    person.touches("Join")
    person.sees("Waiting for Mum")


async def test_a_wrong_choice_is_undone(person: Person) -> None:
    with_both(person)
    person.chooses("Aisha")
    person.sees("You can join from 15:50.")
    person.touches("Choose again")
    person.chooses("Mum")
    person.sees("Your visit with Mum is at 14:00.")


async def test_more_than_fit_are_on_the_next_page(person: Person) -> None:
    later = [replace(AISHA, reference=f"W{n}", visitors=(f"Jo{n}",)) for n in range(A_PAGE)]
    person.is_known(Holder(bookings=(MUM, *later)))
    person.show_card("A1234BC")
    person.does_not_see(f"Jo{A_PAGE - 1}")
    person.touches("Other visits")
    person.sees(f"Jo{A_PAGE - 1}")
    person.touches("Other visits")
    person.sees("Mum")


async def test_a_visit_that_is_cancelled_while_it_can_be_chosen_goes(person: Person) -> None:
    with_both(person)
    person.happens(changed(replace(MUM, cancelled=True)))
    person.sees("A visit was cancelled.", "Your visit with Aisha is at 16:00.")
    person.does_not_see("Mum")


async def test_the_visit_that_is_welcomed_is_cancelled(person: Person) -> None:
    person.is_known(Holder())
    person.show_card("A1234BC")
    person.happens(changed(replace(MUM, cancelled=True)))
    person.sees("Your visit was cancelled.")
    person.does_not_see("Mum", "Join")


async def test_the_visit_that_is_welcomed_has_other_visitors_now(person: Person) -> None:
    person.is_known(Holder())
    person.show_card("A1234BC")
    person.happens(changed(replace(MUM, visitors=("Mum", "Aisha"))))
    person.sees("Your visit was changed.", "Your visit with Mum and Aisha is at 14:00.")
    person.touches("Join")


async def test_the_visit_that_is_waited_for_moves_to_another_hall(person: Person) -> None:
    person.is_known(Holder())
    person.show_card("A1234BC")
    person.touches("Join")
    person.happens(changed(replace(MUM, place=replace(HERE, hall="Hall B"))))
    person.sees("Your visit was changed.", "Hall B")


async def test_who_is_a_little_early_waits_and_joins(person: Person) -> None:
    soon = replace(MUM, opens_at=UTC_NOW + timedelta(seconds=100))
    person.is_known(Holder(bookings=(soon,)))
    person.show_card("A1234BC")
    person.sees("You are early.")
    assert "Join" not in person.can_touch()
    person.waits(seconds=105)
    person.touches("Join")
    person.sees("Waiting for Mum")


async def test_a_person_tries_the_loudspeaker_while_they_wait(person: Person) -> None:
    person.is_known(Holder())
    person.show_card("A1234BC")
    person.touches("Join")
    person.sees("If they are late, we wait until")
    person.touches("Hear a tone")
    person.sees("Did you hear a tone?")
    person.touches("No")
    person.sees("If you hear nothing, tell an officer.")
