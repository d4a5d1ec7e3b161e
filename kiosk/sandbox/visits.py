"""What became of each booking, kept so that a service that was started again goes on with it."""

import hashlib
import secrets

import msgspec

from kiosk.sandbox.database import Database
from kiosk.sandbox.instants import Milliseconds
from kiosk.sandbox.records import Admission, Booking, Visit

_JOINS_KEPT_MS = 24 * 3600 * 1000


class Visits:
    """The visits, one for each booking."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, booking: Booking) -> Visit:
        rows = self._database.rows(
            "SELECT document FROM visits WHERE reference = ?", booking.reference
        )
        if rows:
            kept = msgspec.json.decode(rows[0][0], type=Visit)
            if len(kept.admissions) == len(booking.visitors):
                return kept
            return msgspec.structs.replace(kept, admissions=_first_admissions(booking))
        return Visit(reference=booking.reference, admissions=_first_admissions(booking))

    def change(self, booking: Booking, **fields: object) -> Visit:
        with self._database.transaction():
            return self.keep(msgspec.structs.replace(self.of(booking), **fields))

    def keep(self, visit: Visit) -> Visit:
        """In the place of what was kept of it before."""
        self._database.run(
            "INSERT INTO visits VALUES (?, ?, ?) ON CONFLICT (reference)"
            " DO UPDATE SET ended = excluded.ended, document = excluded.document",
            visit.reference,
            int(visit.ended is not None),
            msgspec.json.encode(visit),
        )
        return visit

    def going_on(self) -> list[Visit]:
        """Every visit that somebody has touched and nobody has ended."""
        rows = self._database.rows("SELECT document FROM visits WHERE ended = 0")
        return [msgspec.json.decode(row[0], type=Visit) for row in rows]

    def held_by(self, terminal: str) -> list[Visit]:
        return [visit for visit in self.going_on() if visit.terminal == terminal]

    def claim_page(self, booking: Booking, secret: str | None) -> str | None:
        """The secret of the one browser that may use the link: a new one for the first, None for
        any other that does not show it.
        """
        visit = self.of(booking)
        if visit.page is None:
            fresh = secrets.token_urlsafe(24)
            self.change(booking, page=_digest(fresh))
            return fresh
        if secret is not None and secrets.compare_digest(_digest(secret), visit.page):
            return secret
        return None

    def remember_join(
        self, terminal: str, request: str, reference: str, refused: bytes, at_ms: Milliseconds
    ) -> None:
        """Keep what a join was answered; `refused` is empty for a granted one."""
        self._database.run("DELETE FROM joins WHERE at_ms < ?", at_ms - _JOINS_KEPT_MS)
        self._database.run(
            "INSERT INTO joins VALUES (?, ?, ?, ?, ?)", terminal, request, reference, refused, at_ms
        )

    def remembered_join(self, terminal: str, request: str) -> tuple[str, bytes] | None:
        """The reference and the refusal of an earlier join of the same request."""
        rows = self._database.rows(
            "SELECT reference, refused FROM joins WHERE terminal = ? AND request = ?",
            terminal,
            request,
        )
        return (rows[0][0], rows[0][1]) if rows else None


def _first_admissions(booking: Booking) -> tuple[Admission, ...]:
    return ("admitted" if booking.admitted_at_once else "waiting",) * len(booking.visitors)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
