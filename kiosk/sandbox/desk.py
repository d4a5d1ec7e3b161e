"""What officers must hear of, and a bell for the pages that are open on their desks."""

import asyncio
import json
import uuid
from dataclasses import dataclass
from typing import Literal, TypeAlias

from kiosk.clock import Clock
from kiosk.sandbox.database import Database
from kiosk.sandbox.instants import Milliseconds, now_ms, rfc3339
from kiosk.sandbox.records import Wish

NoticeKind: TypeAlias = (
    Literal["second_holder", "told_prison", "pin_locked", "media_away", "officer_call"] | Wish
)

SERVICE = ""
"""In the place of a terminal, where the service itself puts something on record."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that an officer should look at; `subject` is a visit, a prisoner number or a terminal."""

    id: int
    at_ms: Milliseconds
    kind: NoticeKind
    subject: str


class Desk:
    """The officers' side: notices that stay until seen, and word that something changed."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._bells: set[asyncio.Event] = set()

    def open(self) -> asyncio.Event:
        """A bell that rings at each change, for one open page."""
        bell = asyncio.Event()
        bell.set()
        self._bells.add(bell)
        return bell

    def close(self, bell: asyncio.Event) -> None:
        self._bells.discard(bell)

    def changed(self) -> None:
        for bell in self._bells:
            bell.set()

    def note(self, kind: NoticeKind, subject: str) -> None:
        """Tell the officers; the same thing twice stays one notice, and one record, until it was seen."""
        at_ms = now_ms(self._clock)
        with self._database.transaction():
            again = self._database.rows(
                "SELECT id FROM notices WHERE kind = ? AND subject = ? AND seen = 0", kind, subject
            )
            self._database.run(
                "DELETE FROM notices WHERE kind = ? AND subject = ? AND seen = 0", kind, subject
            )
            self._database.run(
                "INSERT INTO notices (at_ms, kind, subject, seen) VALUES (?, ?, ?, 0)",
                at_ms,
                kind,
                subject,
            )
            if not again:
                self._put_on_record(kind, subject, at_ms)
        self.changed()

    def call(self, terminal: str) -> int:
        """Tell the officers that somebody there asks for one; the notice, the same until it is seen."""
        at_ms = now_ms(self._clock)
        with self._database.transaction():
            standing = self._database.rows(
                "SELECT id FROM notices WHERE kind = 'officer_call' AND subject = ? AND seen = 0",
                terminal,
            )
            if standing:
                return int(standing[0][0])
            notice = self._database.run(
                "INSERT INTO notices (at_ms, kind, subject, seen) VALUES (?, 'officer_call', ?, 0)",
                at_ms,
                terminal,
            )
            self._put_on_record("officer_call", terminal, at_ms)
        self.changed()
        return notice

    def _put_on_record(self, kind: NoticeKind, subject: str, at_ms: Milliseconds) -> None:
        """As terminals put things on record (openapi.yaml, AuditRecord): of a visit, never of a person."""
        record = {"id": str(uuid.uuid4()), "at": rfc3339(at_ms), "event": kind}
        record |= {"stage": "", "next_stage": ""}
        match kind:
            case "pin_locked":
                pass
            case "officer_call":
                record["detail"] = subject
            case _:
                record["visit"] = subject
        self._database.run(
            "INSERT INTO audit VALUES (?, ?, ?, ?)",
            record["id"],
            SERVICE,
            at_ms,
            json.dumps(record),
        )

    def seen(self, notice: int) -> Notice | None:
        """Put it away; None where somebody else had seen it before."""
        with self._database.transaction():
            rows = self._database.rows(
                "SELECT id, at_ms, kind, subject FROM notices WHERE seen = 0 AND id = ?", notice
            )
            self._database.run("UPDATE notices SET seen = 1 WHERE id = ?", notice)
        self.changed()
        return Notice(*rows[0]) if rows else None

    def notices(self) -> list[Notice]:
        """What nobody has marked as seen, newest first."""
        rows = self._database.rows(
            "SELECT id, at_ms, kind, subject FROM notices WHERE seen = 0 ORDER BY id DESC LIMIT 100"
        )
        return [Notice(*row) for row in rows]
