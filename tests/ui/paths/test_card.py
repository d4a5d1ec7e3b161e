"""What becomes of a card: a PIN, a refusal, another card, a person who goes away."""

from dataclasses import replace
from datetime import timedelta

from tests.ui.memory import holders_of
from tests.ui.paths.person import Person
from tests.ui.paths.prison import HERE, SAM, Holder, booking
from tests.ui.samples import START


async def test_a_wrong_pin_may_be_tried_again_and_the_right_one_is_let_in(person: Person) -> None:
    person.is_known(Holder(pin="4071"))
    person.show_card("A1234BC")
    person.sees("Enter your PIN")
    person.types_pin("1111")
    person.sees("You can try 2 more times.")
    person.types_pin("4071")
    person.sees("Hello Sam")


async def test_a_pin_that_is_wrong_too_often_is_refused_and_says_what_to_do(person: Person) -> None:
    person.is_known(Holder(pin="4071"))
    person.show_card("A1234BC")
    for pin in ("1111", "2222", "3333"):
        person.types_pin(pin)
    person.sees("officer")
    person.does_not_see("Enter your PIN", "Sam")


async def test_a_card_that_nobody_knows_is_refused_and_says_what_to_do(person: Person) -> None:
    person.show_card("Z9999ZZ")
    person.sees("officer")
    person.touches("Try again")
    person.sees("Hold your card here")


async def test_who_is_in_the_wrong_hall_reads_where_to_go(person: Person) -> None:
    elsewhere = booking(place=replace(HERE, hall="Hall B"))
    person.is_known(Holder(bookings=(elsewhere,)))
    person.show_card("A1234BC")
    person.sees("Your visit is in another hall.", "Hall B", "14:00")


async def test_who_is_too_early_reads_when_to_come(person: Person) -> None:
    later = START + timedelta(hours=2)
    person.is_known(
        Holder(
            bookings=(
                booking(starts_at=later, opens_at=later, ends_at=later + timedelta(minutes=45)),
            )
        )
    )
    person.show_card("A1234BC")
    person.sees("Come back at 15:57.")
    person.waits(minutes=2 * 60 + 2)
    person.show_card("A1234BC")
    person.sees("You are early. You can join in 3 minutes.")


async def test_who_goes_away_from_the_welcome_leaves_nothing_on_the_screen(person: Person) -> None:
    person.is_known(Holder())
    person.show_card("A1234BC")
    person.sees("Hello Sam")
    person.waits(minutes=5)
    person.sees("Hold your card here")
    person.does_not_see("Sam", "Mum")


async def test_a_booking_without_a_privacy_class_can_not_be_joined(person: Person) -> None:
    person.is_known(Holder(bookings=(booking(privacy=None),)))
    person.show_card("A1234BC")
    person.does_not_see("Hello Sam")
    assert "Join" not in person.can_touch()


async def test_nothing_of_a_person_is_left_in_any_memory_once_they_have_gone(
    person: Person,
) -> None:
    name = "".join(("Zaph", "odine"))
    zaphodine = replace(SAM, first_name=f"{name} ", access=("large_text",))
    person.is_known(Holder(person=zaphodine, bookings=(booking(visitors=(f"{name}'s Mum",)),)))
    del zaphodine
    person.show_card("A1234BC")
    person.touches("Join")
    assert holders_of(name), "the search finds what is there"
    person.touches("Leave")
    person.touches("Yes, leave")
    person.waits(minutes=30)
    person.sees("Hold your card here")
    person.forgets()
    assert holders_of(name) == []
