"""What is booked: the part of a prison's booking system that visits need."""

import secrets
from collections.abc import Iterable

import msgspec

from kiosk.sandbox.database import Database
from kiosk.sandbox.instants import Milliseconds
from kiosk.sandbox.records import Booking

_SELECT = "SELECT document FROM bookings"


class Bookings:
    """All bookings. Another process may add and change them in the same file at any time."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, *bookings: Booking) -> None:
        """Add or replace bookings; a booking keeps the link it has."""
        with self._database.transaction():
            for booking in bookings:
                self._store(booking)

    def change(self, reference: str, **fields: object) -> Booking:
        """Change some fields of a booking; KeyError for an unknown one."""
        with self._database.transaction():
            booking = msgspec.structs.replace(self.get(reference), **fields)
            self._store(booking)
        return booking

    def get(self, reference: str) -> Booking:
        found = self.find(reference)
        if found is None:
            raise KeyError(reference)
        return found

    def find(self, reference: str) -> Booking | None:
        rows = self._database.rows(f"{_SELECT} WHERE reference = ?", reference)
        return _decoded(rows)[0] if rows else None

    def link(self, reference: str) -> str:
        """The token of the link that the family was sent."""
        rows = self._database.rows("SELECT link FROM bookings WHERE reference = ?", reference)
        if not rows:
            raise KeyError(reference)
        return str(rows[0][0])

    def of_link(self, link: str) -> Booking | None:
        rows = self._database.rows(f"{_SELECT} WHERE link = ?", link)
        return _decoded(rows)[0] if rows else None

    def of_person(self, number: str, from_ms: Milliseconds, to_ms: Milliseconds) -> list[Booking]:
        """Every booking of a person that touches the span, by start."""
        return _decoded(
            self._database.rows(
                f"{_SELECT} WHERE number = ? AND ends_at_ms > ? AND starts_at_ms < ?"
                " ORDER BY starts_at_ms, reference",
                number,
                from_ms,
                to_ms,
            )
        )

    def between(self, from_ms: Milliseconds, to_ms: Milliseconds) -> list[Booking]:
        """Every booking that touches the span, by start."""
        return _decoded(
            self._database.rows(
                f"{_SELECT} WHERE ends_at_ms > ? AND starts_at_ms < ?"
                " ORDER BY starts_at_ms, reference",
                from_ms,
                to_ms,
            )
        )

    def in_hall(
        self, prison: str, hall: str, from_ms: Milliseconds, to_ms: Milliseconds
    ) -> list[Booking]:
        """Every booking of a hall that touches the span, by start."""
        return _decoded(
            self._database.rows(
                f"{_SELECT} WHERE prison = ? AND hall = ? AND ends_at_ms > ? AND starts_at_ms < ?"
                " ORDER BY starts_at_ms, reference",
                prison,
                hall,
                from_ms,
                to_ms,
            )
        )

    def next_in_hall(self, booking: Booking) -> Booking | None:
        """The first booking of the same hall that begins at or after the end of this one."""
        rows = self._database.each(
            f"{_SELECT} WHERE prison = ? AND hall = ? AND starts_at_ms >= ?"
            " ORDER BY starts_at_ms, reference",
            booking.prison,
            booking.hall,
            booking.ends_at_ms,
        )
        following = (msgspec.json.decode(row[0], type=Booking) for row in rows)
        return next((other for other in following if not other.cancelled), None)

    def next_of_person(self, booking: Booking) -> Booking | None:
        """The person's first booking that begins at or after the end of this one, wherever it is."""
        rows = self._database.each(
            f"{_SELECT} WHERE number = ? AND starts_at_ms >= ? ORDER BY starts_at_ms, reference",
            booking.number,
            booking.ends_at_ms,
        )
        following = (msgspec.json.decode(row[0], type=Booking) for row in rows)
        return next((other for other in following if not other.cancelled), None)

    def _store(self, booking: Booking) -> None:
        self._database.run(
            "INSERT INTO bookings VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (reference) DO UPDATE SET number = excluded.number,"
            " prison = excluded.prison, hall = excluded.hall,"
            " starts_at_ms = excluded.starts_at_ms, ends_at_ms = excluded.ends_at_ms,"
            " document = excluded.document",
            booking.reference,
            booking.number,
            booking.prison,
            booking.hall,
            booking.starts_at_ms,
            booking.ends_at_ms,
            secrets.token_urlsafe(16),
            msgspec.json.encode(booking),
        )


def _decoded(rows: Iterable[tuple[bytes, ...]]) -> list[Booking]:
    return [msgspec.json.decode(row[0], type=Booking) for row in rows]
