"""The one SQLite file: its tables, and a connection that other processes may write beside."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_TABLES = """
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS people (number TEXT PRIMARY KEY, document BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS cards (
  technology TEXT NOT NULL, value TEXT NOT NULL, number TEXT NOT NULL REFERENCES people(number),
  PRIMARY KEY (technology, value)) STRICT;
CREATE INDEX IF NOT EXISTS cards_by_person ON cards (number);
CREATE TABLE IF NOT EXISTS identifications (
  id TEXT PRIMARY KEY, number TEXT NOT NULL, terminal TEXT NOT NULL, at_ms INTEGER NOT NULL,
  proven INTEGER NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS identifications_by_time ON identifications (at_ms);
CREATE INDEX IF NOT EXISTS identifications_by_person ON identifications (number, terminal);
CREATE TABLE IF NOT EXISTS bookings (
  reference TEXT PRIMARY KEY, number TEXT NOT NULL REFERENCES people(number),
  prison TEXT NOT NULL, hall TEXT NOT NULL, starts_at_ms INTEGER NOT NULL,
  ends_at_ms INTEGER NOT NULL, link TEXT NOT NULL UNIQUE, document BLOB NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS bookings_by_person ON bookings (number, starts_at_ms);
CREATE INDEX IF NOT EXISTS bookings_by_end ON bookings (ends_at_ms);
CREATE INDEX IF NOT EXISTS bookings_by_hall
  ON bookings (prison, hall, starts_at_ms, ends_at_ms);
CREATE TABLE IF NOT EXISTS visits (
  reference TEXT PRIMARY KEY REFERENCES bookings(reference), ended INTEGER NOT NULL,
  document BLOB NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS visits_going_on ON visits (ended) WHERE ended = 0;
CREATE TABLE IF NOT EXISTS joins (
  terminal TEXT NOT NULL, request TEXT NOT NULL, reference TEXT NOT NULL, refused BLOB NOT NULL,
  at_ms INTEGER NOT NULL, PRIMARY KEY (terminal, request)) STRICT;
CREATE INDEX IF NOT EXISTS joins_by_time ON joins (at_ms);
CREATE TABLE IF NOT EXISTS events (
  id INTEGER PRIMARY KEY AUTOINCREMENT, terminal TEXT NOT NULL, at_ms INTEGER NOT NULL,
  name TEXT NOT NULL, data TEXT NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS events_by_terminal ON events (terminal, id);
CREATE INDEX IF NOT EXISTS events_by_time ON events (at_ms);
CREATE TABLE IF NOT EXISTS audit (
  id TEXT PRIMARY KEY, terminal TEXT NOT NULL, kept_at_ms INTEGER NOT NULL,
  record TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS terminals (
  id TEXT PRIMARY KEY, heard_at_ms INTEGER NOT NULL, heartbeat TEXT NOT NULL,
  out_of_service INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS notices (
  id INTEGER PRIMARY KEY AUTOINCREMENT, at_ms INTEGER NOT NULL, kind TEXT NOT NULL,
  subject TEXT NOT NULL, seen INTEGER NOT NULL) STRICT;
"""


class Database:
    """A connection used by one thread. Statements take well under a millisecond, so the service
    runs them on its event loop; another process may change bookings in the same file meanwhile.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._connection = sqlite3.connect(path, isolation_level=None, timeout=5.0)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        self._connection.execute("PRAGMA foreign_keys = ON")
        self._connection.executescript(_TABLES)

    def close(self) -> None:
        self._connection.close()

    def rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        return self._connection.execute(statement, values).fetchall()

    def each(self, statement: str, *values: object) -> Iterator[tuple[Any, ...]]:
        """One row after the other, for who may need no more than the first."""
        return self._connection.execute(statement, values)

    def run(self, statement: str, *values: object) -> int:
        """Write; returns the id of the row that was added."""
        return self._connection.execute(statement, values).lastrowid or 0

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing, with the file locked for writing from the first statement on."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")
