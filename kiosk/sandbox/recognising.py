"""Operations that recognise a person: identify a card, verify a PIN, list today's bookings."""

import hashlib
import hmac
import secrets
from datetime import UTC, datetime, time, timedelta
from typing import Any

from kiosk.sandbox.conduct import House
from kiosk.sandbox.database import Database
from kiosk.sandbox.instants import Milliseconds, rfc3339, to_ms
from kiosk.sandbox.people import Identified
from kiosk.sandbox.problems import Problem
from kiosk.sandbox.records import Booking, Card, Person, Visit

_NIGHT_MS = 3 * 3600 * 1000
"""Today reaches three hours past midnight both ways, so that an evening's visit is never lost."""


class Recognising:
    """Says who somebody is and what is booked for them."""

    def __init__(self, house: House, database: Database) -> None:
        self._house = house
        self._digest_key = _digest_key(database)

    def identify(self, terminal: str, body: dict[str, Any]) -> dict[str, Any]:
        """The card's holder; bookings only for who needs no PIN."""
        person = self._holder(body)
        shown = self._house.people.identify(person, terminal, self._house.now_ms())
        return self._identification(person, shown, pin_required=person.pin is not None)

    def knows_card(self, body: dict[str, Any]) -> None:
        """Problem for a card that nobody holds. For a line for help: nothing is written."""
        self._holder(body)

    def verify_pin(self, terminal: str, identification: str, pin: str) -> dict[str, Any]:
        """The person with their bookings, if the PIN is theirs."""
        people, at_ms = self._house.people, self._house.now_ms()
        shown = people.identified(identification, terminal, at_ms)
        if shown is None:
            raise Problem(404, "unknown_identification")
        person = people.try_pin(shown, pin)
        if person is not None:
            return self._identification(person, shown, pin_required=False)
        tries_left = people.get(shown.number).tries_left
        if tries_left == 0:
            self._house.desk.note("pin_locked", shown.number)
        raise Problem(403, "pin_wrong", tries_left=tries_left)

    def todays_bookings(self, hall: str) -> dict[str, Any]:
        """Everybody with a booking in this hall today and no PIN, by digest of their cards."""
        prison, span = self._house.settings.prison, today(self._house.now_ms())
        booked: dict[str, list[Booking]] = {}
        for booking in self._house.bookings.in_hall(prison, hall, *span):
            booked.setdefault(booking.number, []).append(booking)
        people = [
            {
                "digest": self._digest(card),
                "person": _person(person),
                "bookings": [self._described(booking) for booking in bookings],
            }
            for person, bookings in (
                (self._house.people.get(number), bookings) for number, bookings in booked.items()
            )
            if person.pin is None
            for card in self._house.people.cards(person.number)
        ]
        return {
            "now": rfc3339(self._house.now_ms()),
            "digest_key": self._digest_key,
            "people": people,
        }

    def _holder(self, body: dict[str, Any]) -> Person:
        credential = body["credential"]
        person = self._house.people.holder(Card(credential["technology"], credential["value"]))
        if person is None:
            raise Problem(404, "unknown_card")
        return person

    def _identification(
        self, person: Person, shown: Identified, *, pin_required: bool
    ) -> dict[str, Any]:
        span = today(self._house.now_ms())
        bookings = [] if pin_required else self._house.bookings.of_person(person.number, *span)
        body: dict[str, Any] = {
            "now": rfc3339(self._house.now_ms()),
            "identification": shown.id,
            "person": _person(person),
            "pin_required": pin_required,
            "bookings": [self._described(booking) for booking in bookings],
        }
        if pin_required:
            body["tries_left"] = person.tries_left
        return body

    def _described(self, booking: Booking) -> dict[str, Any]:
        return described(booking, self._house.visits.of(booking))

    def _digest(self, card: Card) -> str:
        text = f"{card.technology}:{card.value}".encode()
        return hmac.new(bytes.fromhex(self._digest_key), text, hashlib.sha256).hexdigest()


def today(at_ms: Milliseconds) -> tuple[Milliseconds, Milliseconds]:
    """The span of the day of `at_ms`, in UTC."""
    moment = datetime.fromtimestamp(at_ms / 1000, UTC)
    midnight = datetime.combine(moment.date(), time(), UTC)
    return to_ms(midnight) - _NIGHT_MS, to_ms(midnight + timedelta(days=1)) + _NIGHT_MS


def described(booking: Booking, visit: Visit) -> dict[str, Any]:
    """A booking as it stands now, as the contract describes it; visitors' full names stay here."""
    body: dict[str, Any] = {
        "reference": booking.reference,
        "prison": booking.prison,
        "hall": booking.hall,
        "opens_at": rfc3339(booking.opens_at_ms),
        "starts_at": rfc3339(booking.starts_at_ms),
        "ends_at": rfc3339(visit.ends_at_ms(booking)),
        "status": "cancelled" if booking.cancelled else "booked",
        "visitors": visitors(booking),
    }
    if booking.privacy is not None:
        body["privacy"] = booking.privacy
        body["monitoring"] = booking.monitored
    if booking.language is not None:
        body["language"] = booking.language
    return body


def visitors(booking: Booking) -> list[dict[str, str]]:
    return [{"display_name": visitor.display_name} for visitor in booking.visitors]


def _person(person: Person) -> dict[str, Any]:
    body: dict[str, Any] = {"prisoner_number": person.number, "first_name": person.first_name}
    return {**body, "access": list(person.access)} if person.access else body


def _digest_key(database: Database) -> str:
    with database.transaction():
        database.run(
            "INSERT OR IGNORE INTO meta VALUES ('digest_key', ?)", secrets.token_bytes(32).hex()
        )
    return str(database.rows("SELECT value FROM meta WHERE name = 'digest_key'")[0][0])
