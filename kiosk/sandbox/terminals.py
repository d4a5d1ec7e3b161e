"""Which terminals there are, when each was last heard of, and what it reported."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from kiosk.clock import Clock, Seconds
from kiosk.sandbox.database import Database
from kiosk.sandbox.instants import Milliseconds, now_ms
from kiosk.sandbox.settings import Terminal


class Terminals:
    """The register of terminals. An empty register takes every terminal at its word."""

    def __init__(
        self, database: Database, clock: Clock, register: Sequence[Terminal], silent_s: Seconds
    ) -> None:
        self._database = database
        self._clock = clock
        self._halls = {terminal.id: terminal.hall for terminal in register}
        self._silent_s = silent_s
        self._started_s = clock.monotonic()
        self._heard_s: dict[str, Seconds] = {}
        self._fell_silent_s: dict[str, Seconds] = {}

    def knows(self, terminal: str, hall: str | None) -> bool:
        """Whether this terminal is registered, and in this hall if one is claimed."""
        if not self._halls:
            return True
        return terminal in self._halls and hall in (None, self._halls[terminal])

    def heard(self, terminal: str) -> None:
        if self.is_silent(terminal):
            self._fell_silent_s[terminal] = self._last_heard_s(terminal)
        self._heard_s[terminal] = self._clock.monotonic()

    def is_silent(self, terminal: str) -> bool:
        """Whether nothing came from a terminal for so long that another may take its visit."""
        return self.silent_for_s(terminal) > self._silent_s

    def silent_for_s(self, terminal: str) -> Seconds:
        """For how long nothing has come from a terminal."""
        return self._clock.monotonic() - self._last_heard_s(terminal)

    def silent_since_ms(self, terminal: str) -> Milliseconds | None:
        """When a terminal fell silent, now or the last time; None for one that never did."""
        silent = self.is_silent(terminal)
        since_s = self._last_heard_s(terminal) if silent else self._fell_silent_s.get(terminal)
        if since_s is None:
            return None
        return now_ms(self._clock) - round((self._clock.monotonic() - since_s) * 1000)

    def _last_heard_s(self, terminal: str) -> Seconds:
        return self._heard_s.get(terminal, self._started_s)

    def report(self, terminal: str, heartbeat: Mapping[str, Any]) -> bool:
        """Keep a heartbeat; returns whether the terminal is ordered out of service."""
        self._database.run(
            "INSERT INTO terminals VALUES (?, ?, ?, 0) ON CONFLICT (id)"
            " DO UPDATE SET heard_at_ms = excluded.heard_at_ms, heartbeat = excluded.heartbeat",
            terminal,
            now_ms(self._clock),
            json.dumps(heartbeat),
        )
        rows = self._database.rows("SELECT out_of_service FROM terminals WHERE id = ?", terminal)
        return bool(rows[0][0])

    def order_out_of_service(self, terminal: str, ordered: bool) -> bool:
        """Take a terminal out of service, or put it back; False for one that never reported."""
        rows = self._database.rows("SELECT 1 FROM terminals WHERE id = ?", terminal)
        statement = "UPDATE terminals SET out_of_service = ? WHERE id = ?"
        self._database.run(statement, int(ordered), terminal)
        return bool(rows)

    def hall(self, terminal: str) -> str | None:
        """Where a terminal said that it stands; None for one that never reported."""
        rows = self._database.rows("SELECT heartbeat FROM terminals WHERE id = ?", terminal)
        return str(json.loads(rows[0][0])["hall"]) if rows else None

    def all(self) -> list[dict[str, Any]]:
        """What the officer sees of each terminal."""
        rows = self._database.rows(
            "SELECT id, heard_at_ms, heartbeat, out_of_service FROM terminals ORDER BY id"
        )
        return [
            {
                "id": terminal,
                "heard_at_ms": heard_at_ms,
                "out_of_service": bool(ordered),
                **json.loads(heartbeat),
            }
            for terminal, heard_at_ms, heartbeat, ordered in rows
        ]
