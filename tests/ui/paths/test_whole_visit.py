"""From the card to the goodbye, as a person walks it."""

from typing import Any

from kiosk.visit.reasons import HeldReason
from kiosk.wire.messages import Adjust, EndCall, Message, Mute, Play
from tests.ui.paths.person import Person
from tests.ui.paths.prison import Holder


def told(person: Person, kind: type[Message]) -> list[Any]:
    """What kiosk-call was told."""
    return [message for message in person.call if isinstance(message, kind)]


def in_visit(person: Person) -> None:
    """Sam and Mum see each other since 14:00."""
    person.is_known(Holder())
    person.show_card("A1234BC")
    person.touches("Join")
    person.waits(minutes=4, seconds=40)
    person.visitor_comes()


async def test_a_whole_visit(person: Person) -> None:
    person.is_known(Holder())
    person.sees("Hold your card here")
    person.show_card("A1234BC")
    person.sees("Hello Sam", "Your visit with Mum is at 14:00")
    person.touches("Join")
    person.sees("Mum", "until your visit starts")
    person.waits(minutes=4, seconds=40)
    person.visitor_comes()
    person.sees("45:00")
    person.touches("Mute")
    assert told(person, Mute) == [Mute(told(person, Mute)[0].call, on=True)]
    person.sees("You are muted. Mum cannot hear you.")
    person.touches("Unmute")
    person.does_not_see("You are muted")
    person.waits(minutes=25)
    person.touches("Leave")
    person.sees("Do you want to leave?")
    person.touches("Yes, leave")
    person.sees("You talked for 25 minutes.")
    assert told(person, EndCall)
    person.waits(minutes=2)
    person.sees("Hold your card here")


async def test_who_hears_badly_makes_it_louder_before_the_visit_and_it_stays_so_until_they_go(
    person: Person,
) -> None:
    person.is_known(Holder())
    person.show_card("A1234BC")
    person.touches("Join")
    person.touches("Hear a tone")
    person.sees("Did you hear a tone?")
    person.touches("No")
    for _ in range(2):
        person.touches("Louder")
        person.sees("Did you hear a tone?")
    assert "Louder" not in person.can_touch()
    person.touches("Yes")
    assert told(person, Play) == [Play("tone_test")] * 3
    person.waits(minutes=4, seconds=40)
    person.visitor_comes()
    person.sees("Mute")
    assert "Louder" not in person.can_touch()
    assert [adjust.volume for adjust in told(person, Adjust)] == [3, 4, 5]
    person.touches("Leave")
    person.touches("Yes, leave")
    assert told(person, Adjust)[-1].volume == 3


async def test_a_visit_ends_when_its_time_is_up(person: Person) -> None:
    in_visit(person)
    person.waits(minutes=44, seconds=30)
    person.sees("0:30")
    person.waits(seconds=31)
    person.sees("You talked for 45 minutes.")


async def test_who_thinks_better_of_leaving_goes_on(person: Person) -> None:
    in_visit(person)
    person.touches("Leave")
    person.touches("No, stay")
    person.does_not_see("Do you want to leave?")
    person.sees("45:00")


async def test_a_visit_that_an_officer_holds_goes_on_where_it_was(person: Person) -> None:
    in_visit(person)
    person.officer_holds(HeldReason.OFFICER)
    person.sees("An officer will speak with you.")
    person.officer_lets_go_on()
    person.does_not_see("paused")


async def test_what_an_officer_writes_is_read(person: Person) -> None:
    in_visit(person)
    person.officer_says("Please move a little closer.")
    person.sees("Please move a little closer.")


async def test_a_visitor_who_is_late_is_waited_for_and_then_it_is_told_what_happens(
    person: Person,
) -> None:
    person.is_known(Holder())
    person.show_card("A1234BC")
    person.touches("Join")
    person.waits(minutes=4.8)
    person.touches("I am still here")
    person.waits(minutes=4.8)
    person.sees("before we stop waiting")
    person.touches("I am still here")
    person.waits(minutes=4.8)
    person.touches("I am still here")
    person.waits(minutes=1)
    person.sees("Your visitor did not come.", "Speak to an officer about another visit.")
    person.does_not_see("You talked")


async def test_who_walks_off_while_waiting_leaves_no_names_and_the_card_opens_the_visit_again(
    person: Person,
) -> None:
    person.is_known(Holder())
    person.show_card("A1234BC")
    person.touches("Join")
    person.visitor_waits_in_lobby()
    person.waits(minutes=4.8)
    person.sees("This screen closes in", "Mum is here")
    person.waits(seconds=15)
    person.sees("You did not join your visit.", "Hold your card here to try again.")
    person.does_not_see("Mum")
    person.show_card("A1234BC")
    person.touches("Join")
    person.visitor_waits_in_lobby()
    person.sees("Mum is here")


async def test_a_visitor_whom_nobody_let_in_yet_is_told_of(person: Person) -> None:
    person.is_known(Holder())
    person.show_card("A1234BC")
    person.touches("Join")
    person.visitor_waits_in_lobby()
    person.sees("officer")
