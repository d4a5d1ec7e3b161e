"""Who holds which card, where they are, and whether a PIN is theirs."""

import hashlib
import secrets
from dataclasses import dataclass

import msgspec

from kiosk.sandbox.database import Database
from kiosk.sandbox.instants import Milliseconds
from kiosk.sandbox.records import Card, Person

_IDENTIFIED_FOR_MS = 30 * 60 * 1000


@dataclass(frozen=True, slots=True)
class Identified:
    """A card shown at a terminal: whose it is, and whether they proved it by PIN."""

    id: str
    number: str
    terminal: str
    proven: bool


class People:
    """The prison's people. Changes made by another process are seen at the next question."""

    def __init__(self, database: Database, pin_tries: int) -> None:
        self._database = database
        self._pin_tries = pin_tries

    def add(self, person: Person, *cards: Card, pin: str | None = None) -> None:
        """Add or replace a person with their cards."""
        if pin is not None:
            person = msgspec.structs.replace(person, pin=_hashed(pin), tries_left=self._pin_tries)
        with self._database.transaction():
            self._store(person)
            for card in cards:
                self._database.run(
                    "INSERT OR REPLACE INTO cards VALUES (?, ?, ?)",
                    card.technology,
                    card.value,
                    person.number,
                )

    def change(self, number: str, **fields: object) -> Person:
        """Change some fields of a person; KeyError for a stranger."""
        with self._database.transaction():
            person = msgspec.structs.replace(self.get(number), **fields)
            self._store(person)
        return person

    def get(self, number: str) -> Person:
        rows = self._database.rows("SELECT document FROM people WHERE number = ?", number)
        if not rows:
            raise KeyError(number)
        return msgspec.json.decode(rows[0][0], type=Person)

    def holder(self, card: Card) -> Person | None:
        """Whose card this is."""
        rows = self._database.rows(
            "SELECT number FROM cards WHERE technology = ? AND value = ?",
            card.technology,
            card.value,
        )
        return self.get(rows[0][0]) if rows else None

    def cards(self, number: str) -> list[Card]:
        rows = self._database.rows("SELECT technology, value FROM cards WHERE number = ?", number)
        return [Card(*row) for row in rows]

    def identify(self, person: Person, terminal: str, at_ms: Milliseconds) -> Identified:
        """Remember that this person's card was shown at this terminal."""
        shown = Identified(secrets.token_urlsafe(16), person.number, terminal, False)
        with self._database.transaction():
            self._database.run(
                "DELETE FROM identifications WHERE at_ms < ?", at_ms - _IDENTIFIED_FOR_MS
            )
            self._database.run(
                "INSERT INTO identifications VALUES (?, ?, ?, ?, 0)",
                shown.id,
                shown.number,
                terminal,
                at_ms,
            )
        return shown

    def identified(
        self, identification: str, terminal: str, at_ms: Milliseconds
    ) -> Identified | None:
        """The card that was shown at this terminal not long ago under this id."""
        rows = self._database.rows(
            "SELECT id, number, terminal, proven FROM identifications"
            " WHERE id = ? AND terminal = ? AND at_ms >= ?",
            identification,
            terminal,
            at_ms - _IDENTIFIED_FOR_MS,
        )
        if not rows:
            return None
        id_, number, shown_at, proven = rows[0]
        return Identified(id_, number, shown_at, bool(proven))

    def shown_at(self, number: str, at_ms: Milliseconds, *, proven: bool) -> list[str]:
        """The terminals at which this person's card was shown not long ago, and `proven` by PIN."""
        rows = self._database.rows(
            "SELECT DISTINCT terminal FROM identifications"
            " WHERE number = ? AND at_ms >= ? AND proven >= ? ORDER BY terminal",
            number,
            at_ms - _IDENTIFIED_FOR_MS,
            int(proven),
        )
        return [row[0] for row in rows]

    def proved(self, number: str, terminal: str, at_ms: Milliseconds) -> bool:
        """Whether this person typed their PIN at this terminal not long ago."""
        return bool(
            self._database.rows(
                "SELECT 1 FROM identifications"
                " WHERE number = ? AND terminal = ? AND proven = 1 AND at_ms >= ?",
                number,
                terminal,
                at_ms - _IDENTIFIED_FOR_MS,
            )
        )

    def try_pin(self, shown: Identified, pin: str) -> Person | None:
        """The person, if the PIN is theirs and tries were left; a wrong one costs a try."""
        with self._database.transaction():
            person = self.get(shown.number)
            if person.pin is None or person.tries_left == 0:
                return None
            if not _is_hash_of(person.pin, pin):
                self._store(msgspec.structs.replace(person, tries_left=person.tries_left - 1))
                return None
            self._store(msgspec.structs.replace(person, tries_left=self._pin_tries))
            self._database.run("UPDATE identifications SET proven = 1 WHERE id = ?", shown.id)
            return person

    def unlock(self, number: str) -> None:
        """Give a person whose PIN is locked all their tries again."""
        self.change(number, tries_left=self._pin_tries)

    def _store(self, person: Person) -> None:
        self._database.run(
            "INSERT INTO people VALUES (?, ?)"
            " ON CONFLICT (number) DO UPDATE SET document = excluded.document",
            person.number,
            msgspec.json.encode(person),
        )


def _hashed(pin: str) -> str:
    salt = secrets.token_bytes(16)
    return f"{salt.hex()}:{_stretch(pin, salt).hex()}"


def _is_hash_of(stored: str, pin: str) -> bool:
    salt, _, expected = stored.partition(":")
    found = _stretch(pin, bytes.fromhex(salt))
    return secrets.compare_digest(found, bytes.fromhex(expected))


def _stretch(pin: str, salt: bytes) -> bytes:
    return hashlib.scrypt(pin.encode(), salt=salt, n=2**12, r=8, p=1)
