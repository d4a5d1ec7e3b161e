"""The SQLite file in which records wait to be sent; for use by one thread."""

import os
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

_VERSION = 1
_SCHEMA = (
    """CREATE TABLE IF NOT EXISTS waiting (
        number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, record BLOB NOT NULL
    )""",
    "CREATE TABLE IF NOT EXISTS lost (one INTEGER PRIMARY KEY CHECK (one = 1), count INTEGER NOT NULL)",
    "INSERT OR IGNORE INTO lost VALUES (1, 0)",
    f"PRAGMA user_version = {_VERSION}",
)
_CORRUPT = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR)


class Kept(NamedTuple):
    """A record as it was encoded, under its id."""

    id: str
    record: msgspec.Raw


Summary = Callable[[int], Kept]
"""Makes the record which says that so many were lost."""


class AuditStore:
    """At most `limit` records, oldest first; those that found no room are counted.

    The count becomes one record as soon as there is room. Every method raises sqlite3.Error.
    """

    def __init__(self, path: Path, limit: int) -> None:
        _create_private(path)
        self._limit = limit
        self._database = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        try:
            self._prepare()
        except sqlite3.Error:
            self._database.close()
            raise

    def close(self) -> None:
        self._database.close()

    def add(self, records: Sequence[Kept], lost: int, summary: Summary) -> None:
        """Keep all of these, or count them as lost, safely on disk when this returns."""
        self._within(lambda: self._add(records, lost, summary))

    def first(self, count: int) -> list[Kept]:
        """The oldest records."""
        rows = self._database.execute(
            "SELECT id, record FROM waiting ORDER BY number LIMIT ?", (count,)
        )
        return [Kept(id_, msgspec.Raw(record)) for id_, record in rows]

    def forget(self, ids: Iterable[str], summary: Summary) -> None:
        """Remove these, as the service has them."""
        self._within(lambda: self._forget(ids, summary))

    def _prepare(self) -> None:
        found = self._database.execute("PRAGMA quick_check(1)").fetchone()[0]
        version = self._database.execute("PRAGMA user_version").fetchone()[0]
        if found != "ok" or version not in (0, _VERSION):
            raise _corrupt(f"version {version}, {found[:60]}")
        self._database.execute("PRAGMA journal_mode = WAL")
        # A record must survive the power being cut, not only the program; a thread waits for it.
        self._database.execute("PRAGMA synchronous = FULL")
        self._within(lambda: [self._database.execute(line) for line in _SCHEMA])

    def _add(self, records: Sequence[Kept], lost: int, summary: Summary) -> None:
        room = max(0, self._limit - self._size())
        self._insert(records[:room])
        self._count_lost(lost + len(records[room:]))
        self._summarise(summary)

    def _forget(self, ids: Iterable[str], summary: Summary) -> None:
        self._database.executemany("DELETE FROM waiting WHERE id = ?", ((id_,) for id_ in ids))
        self._summarise(summary)

    def _summarise(self, summary: Summary) -> None:
        lost = self._database.execute("SELECT count FROM lost").fetchone()[0]
        if lost and self._size() < self._limit:
            self._insert([summary(lost)])
            self._count_lost(-lost)

    def _insert(self, records: Iterable[Kept]) -> None:
        self._database.executemany(
            "INSERT OR IGNORE INTO waiting (id, record) VALUES (?, ?)",
            ((record.id, bytes(record.record)) for record in records),
        )

    def _count_lost(self, lost: int) -> None:
        if lost:
            self._database.execute("UPDATE lost SET count = count + ?", (lost,))

    def _size(self) -> int:
        return int(self._database.execute("SELECT count(*) FROM waiting").fetchone()[0])

    def _within(self, work: Callable[[], object]) -> None:
        """All of `work`, or none of it."""
        self._database.execute("BEGIN IMMEDIATE")
        try:
            work()
            self._database.execute("COMMIT")
        except BaseException:
            if self._database.in_transaction:
                self._database.execute("ROLLBACK")
            raise


def is_corrupt(error: sqlite3.Error) -> bool:
    """Whether the file itself is unusable, rather than the disk under it."""
    code = getattr(error, "sqlite_errorcode", None)
    return code is not None and code & 0xFF in _CORRUPT


def move_aside(path: Path) -> None:
    """Let a new database begin; the last corrupt one is left to be looked at. Raises OSError."""
    aside = path.with_name(path.name + ".corrupt")
    for suffix in ("-wal", "-shm", ""):
        part = path.with_name(path.name + suffix)
        if part.exists():
            part.replace(aside.with_name(aside.name + suffix))


def _corrupt(text: str) -> sqlite3.DatabaseError:
    error = sqlite3.DatabaseError(text)
    error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
    return error


def _create_private(path: Path) -> None:
    """SQLite would create it for everybody to read; its journals take the file's own mode."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise sqlite3.OperationalError(error.strerror) from error
