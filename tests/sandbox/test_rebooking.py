"""An officer changes or cancels a booking, and the terminal that shows it hears so at once."""

from kiosk.sandbox.app import Sandbox
from kiosk.sandbox.samples import SAMPLE_PIN
from tests.sandbox.officer import Officer
from tests.sandbox.terminal import Terminal

SAM, SAMS = "62E3086CED", "v1-sam-mum"
LENA, LENAS = "67003B51C6", "v3-lena-aisha"
RAE = "1000000010"


async def test_a_terminal_hears_of_a_cancelled_booking_of_whom_it_has_greeted(
    terminal: Terminal, officer: Officer
) -> None:
    async with terminal.events() as stream:
        await terminal.identify(SAM)
        await officer.act("cancel", reference=SAMS, first_name="Sam")
        told = (await stream.until("booking_changed")).data["booking"]
        assert (told["reference"], told["status"]) == (SAMS, "cancelled")


async def test_a_terminal_hears_where_and_when_a_visit_is_now(
    terminal: Terminal, officer: Officer
) -> None:
    async with terminal.events() as stream:
        (before,) = (await terminal.identify(SAM)).json["bookings"]
        await officer.act("rebook", reference=SAMS, hall="Hall B", later_s=600.0)
        told = (await stream.until("booking_changed")).data["booking"]
        assert told["hall"] == "Hall B"
        assert told["starts_at"] > before["starts_at"]


async def test_a_terminal_that_greeted_nobody_hears_nothing(
    terminal: Terminal, officer: Officer
) -> None:
    async with terminal.events() as stream:
        await officer.act("rebook", reference=SAMS, hall="Hall B")
        await terminal.identify(SAM)
        await officer.act("rebook", reference=SAMS, hall="Hall C")
        told = (await stream.until("booking_changed")).data["booking"]
        assert told["hall"] == "Hall C", "the first change was no news to anybody"


async def test_who_still_owes_a_pin_is_told_of_no_booking(
    terminal: Terminal, officer: Officer
) -> None:
    async with terminal.events() as stream:
        known = (await terminal.identify(LENA)).json
        await officer.act("rebook", reference=LENAS, hall="Hall B")
        await terminal.verify_pin(known["identification"], SAMPLE_PIN)
        await officer.act("rebook", reference=LENAS, hall="Hall C")
        told = (await stream.until("booking_changed")).data["booking"]
        assert told["hall"] == "Hall C"


async def test_a_visit_that_is_cancelled_while_it_goes_on_is_ended_first(
    terminal: Terminal, officer: Officer
) -> None:
    async with terminal.events() as stream:
        await terminal.identify(SAM)
        assert (await terminal.join(SAMS, "A1234BC")).status == 200
        await officer.act("cancel", reference=SAMS, first_name="Sam")
        assert (await stream.until("end")).data["reason"] == "booking_cancelled"
        await stream.until("booking_changed")


async def test_another_persons_booking_is_not_cancelled_by_mistake(
    terminal: Terminal, officer: Officer
) -> None:
    assert await officer.refused("cancel", reference=SAMS, first_name="Dan") == "not_this_visit"
    (booking,) = (await terminal.identify(SAM)).json["bookings"]
    assert booking["status"] == "booked"


async def test_a_booking_is_not_moved_once_a_terminal_has_the_visit(
    terminal: Terminal, officer: Officer
) -> None:
    await terminal.identify(SAM)
    await terminal.join(SAMS, "A1234BC")
    assert await officer.refused("rebook", reference=SAMS, hall="Hall B") == "visit_begun"


async def test_a_booking_that_was_moved_meanwhile_is_not_moved_again(
    officer: Officer, sandbox: Sandbox
) -> None:
    seen = sandbox.bookings.get(SAMS).starts_at_ms
    await officer.act("rebook", reference=SAMS, later_s=600.0, starts_at=seen)
    again = {"reference": SAMS, "later_s": 600.0, "starts_at": seen}
    assert await officer.refused("rebook", **again) == "booking_changed"
    assert sandbox.bookings.get(SAMS).starts_at_ms == seen + 600_000


async def test_a_booking_that_is_cancelled_is_not_moved(officer: Officer) -> None:
    await officer.act("cancel", reference=SAMS, first_name="Sam")
    assert await officer.refused("rebook", reference=SAMS, hall="Hall B") == "visit_over"


async def test_time_that_was_given_moves_with_the_booking(officer: Officer) -> None:
    async with officer.watching() as overview:
        ends_at = (await overview.visit(SAMS))["ends_at"]
        await officer.act("extend", reference=SAMS, by_s=60.0)
        await officer.act("rebook", reference=SAMS, later_s=600.0)
        await overview.visit(SAMS, ends_at=ends_at + 660_000)


async def test_one_sample_person_may_choose(terminal: Terminal) -> None:
    bookings = (await terminal.identify(RAE)).json["bookings"]
    assert [booking["visitors"][0]["display_name"] for booking in bookings] == ["Mum", "Aisha"]
    assert bookings[0]["monitoring"] == "possible"
