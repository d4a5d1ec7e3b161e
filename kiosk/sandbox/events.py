"""The commands for each terminal: kept for an hour, and sent to whoever listens now."""

import asyncio
import json
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass

from kiosk.clock import Clock, Seconds
from kiosk.sandbox.database import Database
from kiosk.sandbox.instants import now_ms

KEPT_MS = 3600 * 1000
QUEUE_LIMIT = 256


@dataclass(frozen=True, slots=True)
class Event:
    """One command for one terminal, numbered in the order of all."""

    id: int
    name: str
    data: str

    def encode(self) -> bytes:
        """As a server-sent event (HTML Standard, 9.2)."""
        return f"id: {self.id}\nevent: {self.name}\ndata: {self.data}\n\n".encode()


class _Listener:
    def __init__(self) -> None:
        self.waiting: asyncio.Queue[Event | None] = asyncio.Queue(QUEUE_LIMIT + 1)

    def give(self, event: Event) -> bool:
        """Whether there was room; a listener that is too slow must come again and resume."""
        if self.waiting.qsize() >= QUEUE_LIMIT:
            return False
        self.waiting.put_nowait(event)
        return True

    def dismiss(self) -> None:
        while not self.waiting.empty():
            self.waiting.get_nowait()
        self.waiting.put_nowait(None)


class Events:
    """Sends commands to terminals. The newest stream of a terminal replaces its older one."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._listeners: dict[str, _Listener] = {}

    def send(self, terminal: str, name: str, data: Mapping[str, object]) -> None:
        """Keep a command, and give it to the terminal if it listens."""
        at_ms = now_ms(self._clock)
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
        statement = "INSERT INTO events (terminal, at_ms, name, data) VALUES (?, ?, ?, ?)"
        event = Event(self._database.run(statement, terminal, at_ms, name, text), name, text)
        self._database.run("DELETE FROM events WHERE at_ms < ?", at_ms - KEPT_MS)
        listener = self._listeners.get(terminal)
        if listener is not None and not listener.give(event):
            self._forget(terminal, listener)

    def pass_on(self, terminal: str, name: str, data: Mapping[str, object]) -> bool:
        """Give a command to the terminal: whether it listens. No copy is kept of what is said."""
        statement = "INSERT INTO events (terminal, at_ms, name, data) VALUES (?, ?, '', '')"
        number = self._database.run(statement, terminal, now_ms(self._clock))
        self._database.run("DELETE FROM events WHERE id = ?", number)  # no number comes twice
        listener = self._listeners.get(terminal)
        event = Event(number, name, json.dumps(data, separators=(",", ":")))
        if listener is None:
            return False
        given = listener.give(event)
        if not given:
            self._forget(terminal, listener)
        return given

    def listens(self, terminal: str) -> bool:
        return terminal in self._listeners

    async def stream(
        self, terminal: str, after: int | None, ping_s: Seconds
    ) -> AsyncGenerator[Event | None, None]:
        """Every event of the terminal after `after` (or from now on); None when a ping is due.

        Ends when the terminal opens another stream, or reads too slowly.
        """
        listener = _Listener()
        older = self._listeners.get(terminal)
        if older is not None:
            older.dismiss()
        self._listeners[terminal] = listener
        missed = [] if after is None else self._since(terminal, after)
        try:
            yield None
            for event in missed:
                yield event
            while True:
                try:
                    waiting = await asyncio.wait_for(listener.waiting.get(), ping_s)
                except TimeoutError:
                    yield None
                    continue
                if waiting is None:
                    return
                yield waiting
        finally:
            self._forget(terminal, listener)

    def close(self) -> None:
        """End every stream."""
        for terminal, listener in list(self._listeners.items()):
            self._forget(terminal, listener)

    def _since(self, terminal: str, after: int) -> list[Event]:
        rows = self._database.rows(
            "SELECT id, name, data FROM events WHERE terminal = ? AND id > ? AND at_ms >= ?"
            " ORDER BY id",
            terminal,
            after,
            now_ms(self._clock) - KEPT_MS,
        )
        return [Event(*row) for row in rows]

    def _forget(self, terminal: str, listener: _Listener) -> None:
        if self._listeners.get(terminal) is listener:
            del self._listeners[terminal]
        listener.dismiss()
