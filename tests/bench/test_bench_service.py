"""The bookings by which a service is measured."""

import json

from kiosk.core.contract import Contract
from kiosk.sandbox.recognising import described
from kiosk.sandbox.records import Visit
from tests.bench.bench_service import BOOKINGS, booked, today_ms


def test_each_booking_is_of_another_person_with_another_card_and_within_the_day() -> None:
    midnight_ms = today_ms()
    made = [booked(number, "Hall 0", midnight_ms) for number in range(BOOKINGS)]
    assert len({person.number for person, _, _ in made}) == BOOKINGS
    assert len({card.value for _, card, _ in made}) == BOOKINGS
    assert len({booking.reference for _, _, booking in made}) == BOOKINGS
    for _, _, booking in made:
        assert midnight_ms < booking.opens_at_ms < booking.ends_at_ms < midnight_ms + 86_400_000


def test_a_booking_is_one_that_the_contract_knows() -> None:
    person, _, booking = booked(BOOKINGS - 1, "Hall 0", today_ms())
    contract = Contract()
    operation = contract.operation("GET", "/bookings")
    assert operation is not None
    told = described(booking, Visit(reference=booking.reference, admissions=("admitted",)))
    named = {"prisoner_number": person.number, "first_name": person.first_name}
    people = [{"digest": "0" * 64, "person": named, "bookings": [told]}]
    body = {"now": told["starts_at"], "digest_key": "0" * 64, "people": people}
    headers = {"Content-Type": "application/json", "Cache-Control": "no-store"}
    assert contract.faults_of_reply(operation, 200, headers, json.dumps(body).encode()) == []
