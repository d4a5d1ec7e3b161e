"""Somebody who needs help: another language, larger letters, more time, an officer, a moment longer."""

from dataclasses import replace

from kiosk.visit.actions import AskOfficer
from kiosk.visit.asked import OfficerComes, OfficerUnheard
from kiosk.visit.patience import REST_S
from tests.ui.paths.person import Person
from tests.ui.paths.prison import SAM, Holder, booking


def asked(person: Person) -> int:
    return sum(isinstance(errand, AskOfficer) for errand in person.prison.asked)


async def test_who_asks_for_an_officer_reads_that_one_knows_and_then_that_one_comes(
    person: Person,
) -> None:
    person.touches("Ask an officer")
    person.sees("An officer knows.", "Please wait here.")
    assert "Ask an officer" not in person.can_touch()
    person.happens(OfficerComes("R1"))
    person.sees("An officer is coming.")
    assert asked(person) == 1


async def test_an_officer_who_was_asked_on_idle_still_comes_on_the_next_screens(
    person: Person,
) -> None:
    person.is_known(Holder())
    person.touches("Ask an officer")
    person.show_card("A1234BC")
    person.sees("Hello Sam", "An officer knows.")


async def test_who_can_not_be_heard_reads_what_to_do_instead_and_can_ask_again(
    person: Person,
) -> None:
    person.prison.is_silent = True
    person.touches("Ask an officer")
    person.sees("Asking for an officer")
    (errand,) = person.prison.asked
    assert isinstance(errand, AskOfficer)
    person.happens(OfficerUnheard(errand.asked_at))
    person.sees("No answer.", "wave to an officer")
    person.waits(seconds=6)
    person.touches("Ask an officer")
    assert asked(person) == 2


async def test_who_chooses_a_language_is_greeted_in_it_and_the_next_person_is_not(
    person: Person,
) -> None:
    person.is_known(Holder())
    person.touches("Language")
    person.sees("Cymraeg", "Polski")
    person.touches("Polski")
    person.show_card("A1234BC")
    assert person.shows[-1].manner.language == "pl"
    person.waits(minutes=10)
    assert person.shows[-1].manner.language == "en"
    person.sees("Hold your card here")


async def test_who_chooses_a_language_and_goes_away_leaves_the_site_s_own_behind(
    person: Person,
) -> None:
    person.touches("Language")
    person.touches("Polski")
    assert person.shows[-1].manner.language == "pl"
    person.waits(minutes=1)
    person.sees("Hold your card here")


async def test_a_booking_in_a_language_greets_in_it(person: Person) -> None:
    person.is_known(Holder(bookings=(booking(language="pl"),)))
    person.show_card("A1234BC")
    assert person.shows[-1].manner.language == "pl"


async def test_who_needs_large_letters_and_time_gets_both_without_a_touch(person: Person) -> None:
    sam = replace(SAM, access=("large_text", "slow"))
    person.is_known(Holder(person=sam))
    person.show_card("A1234BC")
    assert person.shows[-1].manner.large_text
    person.waits(seconds=90)
    person.sees("Hello Sam")
    person.waits(seconds=40)
    person.sees("Hold your card here")


async def test_what_makes_it_easier_is_switched_by_a_touch_and_stays_for_the_visit(
    person: Person,
) -> None:
    person.is_known(Holder())
    person.touches("Easier to use")
    person.touches("Strong contrast")
    person.touches("For the left hand")
    person.touches("Done")
    person.show_card("A1234BC")
    person.touches("Join")
    manner = person.shows[-1].manner
    assert (manner.high_contrast, manner.left_handed, manner.light) == (True, True, False)


async def test_a_panel_that_is_open_covers_no_welcome_for_longer_than_the_welcome_stands(
    person: Person,
) -> None:
    person.is_known(Holder())
    person.show_card("A1234BC")
    person.touches("Easier to use")
    person.does_not_see("Hello Sam")
    person.waits(minutes=10)
    person.sees("Hold your card here")
    person.does_not_see("Sam", "Done")


async def test_who_reads_slowly_is_asked_in_time_and_stays(person: Person) -> None:
    person.is_known(Holder())
    person.show_card("A1234BC")
    person.waits(seconds=45)
    person.sees("This screen closes in", "Hello Sam")
    person.touches("I am still here")
    person.does_not_see("This screen closes in")
    person.waits(seconds=30)
    person.sees("Hello Sam")


async def test_who_says_again_and_again_that_they_are_still_here_holds_no_terminal_for_ever(
    person: Person,
) -> None:
    person.is_known(Holder())
    person.show_card("A1234BC")
    for _ in range(20):
        person.waits(seconds=20)
        if "I am still here" in person.can_touch():
            person.touches("I am still here")
    person.sees("Hold your card here")


async def test_a_terminal_that_rests_is_woken_by_a_touch_anywhere_and_by_a_card(
    person: Person,
) -> None:
    person.is_known(Holder())
    person.waits(seconds=REST_S + 1)
    assert person.can_touch() == []
    person.sees("Hold your card here")
    person.glass.touch(1000, 700)
    person.waits(seconds=1)
    assert "Ask an officer" in person.can_touch()
    person.waits(seconds=REST_S + 1)
    assert person.can_touch() == []
    person.show_card("A1234BC")
    person.sees("Hello Sam")
