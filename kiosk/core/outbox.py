"""Where audit records wait until the service has them: written by a thread, never by the loop."""

import asyncio
import logging
import queue
import sqlite3
import threading
import uuid
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeAlias

import msgspec

from kiosk.clock import Clock, Seconds
from kiosk.core.audit import AuditRecord
from kiosk.core.audit_store import AuditStore, Kept, is_corrupt, move_aside

LIMIT = 100_000
MEMORY_LIMIT = 10_000
BATCH = 100
JOIN_S: Seconds = 1.0
AGAIN_S: Seconds = 5.0
"""How long to leave a disk alone that could not be written to."""

_Work: TypeAlias = Callable[[], None]

log = logging.getLogger(__name__)


class Outbox:
    """Keeps records in the order in which they came, over a crash and a cut of the power.

    While the disk can not be used they are kept in memory, are handed out from there, and are
    written as soon as it can.
    """

    def __init__(self, path: Path, clock: Clock, limit: int = LIMIT) -> None:
        self._path = path
        self._clock = clock
        self._limit = limit
        self._work: queue.SimpleQueue[_Work | None] = queue.SimpleQueue()
        self._store: AuditStore | None = None
        self._unwritten: dict[str, Kept] = {}
        self._lost = 0
        self._again_at_s: Seconds = 0.0
        self._complained = False
        self._arrived_lock = threading.Lock()
        self._arrived: list[Kept] = []
        self._overrun = 0
        self._thread = threading.Thread(target=self._run, name="outbox", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def add(self, record: AuditRecord) -> None:
        """Keep `record`. Neither waits nor raises."""
        with self._arrived_lock:
            if len(self._arrived) >= MEMORY_LIMIT:
                self._overrun += 1
                return
            self._arrived.append(Kept(record.id, msgspec.Raw(msgspec.json.encode(record))))
        self._work.put(self._write)

    async def next_batch(self, count: int = BATCH) -> list[Kept]:
        """The oldest records that the service does not have yet; every earlier `add` is written."""
        loop = asyncio.get_running_loop()
        answered: asyncio.Future[list[Kept]] = loop.create_future()
        self._work.put(lambda: _answer(loop, answered, self._first(count)))
        return await answered

    def forget(self, ids: Sequence[str]) -> None:
        """The service has these. Neither waits nor raises."""
        self._work.put(lambda: self._forget(ids))

    async def close(self) -> None:
        """Write what is left, and end the thread."""
        if self._thread.ident is None:
            return
        self._work.put(None)
        await asyncio.to_thread(self._thread.join, JOIN_S)
        if self._thread.is_alive():
            log.error("the outbox's disk did not answer within %s s", JOIN_S)

    def _run(self) -> None:
        while (work := self._work.get()) is not None:
            work()
        self._write()
        if self._store is not None:
            self._store.close()

    def _write(self) -> None:
        """Put on disk what has arrived, all of it in one transaction."""
        self._collect()
        if not self._unwritten and not self._lost:
            return
        records, lost = list(self._unwritten.values()), self._lost
        if self._on_disk(lambda store: store.add(records, lost, self._summary)):
            for record in records:
                del self._unwritten[record.id]
            self._lost -= lost

    def _collect(self) -> None:
        with self._arrived_lock:
            arrived, self._arrived = self._arrived, []
            self._lost, self._overrun = self._lost + self._overrun, 0
        for record in arrived:
            if len(self._unwritten) < MEMORY_LIMIT:
                self._unwritten[record.id] = record
            else:
                self._lost += 1

    def _first(self, count: int) -> list[Kept]:
        self._write()
        found: list[Kept] = []
        self._on_disk(lambda store: found.extend(store.first(count)))
        return (found + list(self._unwritten.values()))[:count]

    def _forget(self, ids: Sequence[str]) -> None:
        for id_ in ids:
            self._unwritten.pop(id_, None)
        self._on_disk(lambda store: store.forget(ids, self._summary))

    def _on_disk(self, work: Callable[[AuditStore], None]) -> bool:
        """Whether `work` was done; a corrupt file is put aside and a new one begun at once."""
        for _ in range(2):
            if self._clock.monotonic() < self._again_at_s:
                return False
            try:
                if self._store is None:
                    self._store = AuditStore(self._path, self._limit)
                work(self._store)
            except sqlite3.Error as error:
                self._give_up(error)
            else:
                self._complained = False
                return True
        return False

    def _give_up(self, error: sqlite3.Error) -> None:
        if self._store is not None:
            self._store.close()
            self._store = None
        if is_corrupt(error) and self._moved_aside(error):
            return
        self._again_at_s = self._clock.monotonic() + AGAIN_S
        if not self._complained:
            log.error("audit records are kept in memory, %s can not be used: %s", self._path, error)
            self._complained = True

    def _moved_aside(self, error: sqlite3.Error) -> bool:
        try:
            move_aside(self._path)
        except OSError:
            return False
        log.error("%s was corrupt (%s): moved aside, begun anew", self._path, error)
        begun = self._record("OutboxBegunAnew", "the file was corrupt")
        self._unwritten[begun.id] = begun
        return True

    def _summary(self, lost: int) -> Kept:
        return self._record("RecordsLost", f"{lost} records found no room")

    def _record(self, event: str, detail: str) -> Kept:
        record = AuditRecord(str(uuid.uuid4()), self._clock.utc(), event, "", "", detail=detail)
        return Kept(record.id, msgspec.Raw(msgspec.json.encode(record)))


def _answer(
    loop: asyncio.AbstractEventLoop, answered: asyncio.Future[list[Kept]], batch: list[Kept]
) -> None:
    try:
        loop.call_soon_threadsafe(_fulfil, answered, batch)
    except RuntimeError:
        log.debug("nobody waits for the batch any more")


def _fulfil(answered: asyncio.Future[list[Kept]], batch: list[Kept]) -> None:
    if not answered.done():
        answered.set_result(batch)
