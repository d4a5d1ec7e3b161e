"""Operations by which terminals report: audit records and heartbeats."""

import json
from typing import Any

from kiosk.sandbox.conduct import House
from kiosk.sandbox.database import Database
from kiosk.sandbox.instants import rfc3339


class Auditing:
    """Keeps what terminals report."""

    def __init__(self, house: House, database: Database) -> None:
        self._house = house
        self._database = database

    def keep(self, terminal: str, records: list[dict[str, Any]]) -> list[str]:
        """The ids of all records, each kept once however often it is sent."""
        at_ms = self._house.now_ms()
        with self._database.transaction():
            for record in records:
                self._database.run(
                    "INSERT OR IGNORE INTO audit VALUES (?, ?, ?, ?)",
                    record["id"].lower(),
                    terminal,
                    at_ms,
                    json.dumps(record),
                )
        return list(dict.fromkeys(record["id"] for record in records))

    def records(self, terminal: str) -> list[dict[str, Any]]:
        """What a terminal reported, in the order in which it was kept."""
        rows = self._database.rows(
            "SELECT record FROM audit WHERE terminal = ? ORDER BY rowid", terminal
        )
        return [json.loads(row[0]) for row in rows]

    def heartbeat(self, terminal: str, body: dict[str, Any]) -> dict[str, Any]:
        """The time, and whether the terminal is ordered out of service."""
        ordered = self._house.terminals.report(terminal, body)
        self._house.desk.changed()
        return {"now": rfc3339(self._house.now_ms()), "out_of_service": ordered}
