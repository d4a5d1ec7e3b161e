"""What the service does costs no more because much else is in its database."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kiosk.sandbox.app import Sandbox
from kiosk.sandbox.database import Database
from kiosk.sandbox.overview import Overview
from kiosk.sandbox.people import People
from kiosk.sandbox.recognising import Recognising
from kiosk.sandbox.records import Card, Person
from kiosk.sandbox.samples import HALL, PRISON, booking_now
from kiosk.sandbox.settings import Settings
from kiosk.sandbox.visits import Visits
from tests.sandbox.conftest import ShiftedClock

MANY = 400
STEPS_A_ROW = 5
"""How many instructions SQLite's machine takes at least for a row that it looks at."""


@pytest.fixture
def service(tmp_path: Path, clock: ShiftedClock) -> Iterator[Sandbox]:
    service = Sandbox(Settings(database=tmp_path / "sandbox.db", desk_password="-"), clock)
    yield service
    service._database.close()


def number_of(each: int) -> str:
    return f"A{each:04}BC"


def book(service: Sandbox, numbers: range, hall: str) -> None:
    """One person for each number, and one visit, one after the other."""
    for each in numbers:
        person = Person(number=number_of(each), first_name="Sam", prison=PRISON)
        service.people.add(person, Card("em4100", f"{each:010X}"))
        at_ms = service.house.now_ms() + each
        booking = booking_now(f"v{each}", person.number, at_ms, 0.001)
        service.bookings.add(booking)
        service.bookings.change(booking.reference, hall=hall)


def instructions(database: Database, work: Callable[[], object]) -> int:
    """How much SQLite's machine does for it: the same on every computer."""
    seen = 0

    def count() -> int:
        nonlocal seen
        seen += 1
        return 0

    database._connection.set_progress_handler(count, 1)
    try:
        work()
    finally:
        database._connection.set_progress_handler(None, 1)
    return seen


def test_todays_bookings_of_a_hall_cost_the_same_however_many_others_have(
    service: Sandbox,
) -> None:
    recognising = Recognising(service.house, service._database)
    book(service, range(5), HALL)

    def ask() -> None:
        assert len(recognising.todays_bookings(HALL)["people"]) == 5

    before = instructions(service._database, ask)
    book(service, range(5, MANY), "Hall B")
    assert instructions(service._database, ask) < before + MANY * STEPS_A_ROW / 10


def test_what_an_officer_sees_costs_twice_as_much_for_twice_the_bookings(service: Sandbox) -> None:
    overview = Overview(service.house, service._conduct)
    book(service, range(MANY // 2), HALL)
    before = instructions(service._database, overview.now)
    book(service, range(MANY // 2, MANY), HALL)
    assert instructions(service._database, overview.now) < 2.5 * before


def test_who_showed_a_card_before_makes_no_card_dearer(service: Sandbox) -> None:
    people, at_ms = People(service._database, 3), service.house.now_ms()
    book(service, range(1), HALL)
    person = people.get(number_of(0))

    def show() -> None:
        people.identify(person, "t1", at_ms)
        people.proved(person.number, "t1", at_ms)

    show()
    before = instructions(service._database, show)
    for each in range(MANY):
        people.identify(person, f"t{each + 2}", at_ms)
    assert instructions(service._database, show) < before + MANY * STEPS_A_ROW / 10


@pytest.mark.parametrize("what", ["command", "join"])
def test_what_was_kept_before_makes_nothing_dearer(service: Sandbox, what: str) -> None:
    visits, number = Visits(service._database), 0

    def keep() -> None:
        nonlocal number
        number += 1
        if what == "command":
            service.house.events.send("t1", "release", {"visit": "v1"})
        else:
            visits.remember_join("t1", f"{number}", "v1", b"", service.house.now_ms())

    keep()
    before = instructions(service._database, keep)
    for _ in range(MANY):
        keep()
    assert instructions(service._database, keep) < before + MANY * STEPS_A_ROW / 10
