"""No record is lost to a crash or a bad disk, and none ever makes the loop wait."""

import json
import logging
import sqlite3
import subprocess
import sys
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from kiosk.clock import SystemClock
from kiosk.core import outbox as outbox_module
from kiosk.core.audit import AuditRecord
from kiosk.core.audit_store import Kept
from kiosk.core.contract import Contract
from kiosk.core.outbox import AGAIN_S, Outbox

AT = datetime(2026, 3, 1, 14, 0, tzinfo=UTC)
CLOCK = SystemClock()


class HandClock(SystemClock):
    """The system's, moved on by hand."""

    def __init__(self) -> None:
        self.shift_s = 0.0

    def monotonic(self) -> float:
        return super().monotonic() + self.shift_s


def record(event: str = "CardPresented") -> AuditRecord:
    return AuditRecord(str(uuid.uuid4()), AT, event, "Idle", "CheckingCard")


def read(batch: list[Kept]) -> list[dict[str, Any]]:
    return [json.loads(bytes(kept.record)) for kept in batch]


def ids(batch: list[Kept]) -> list[str]:
    return [kept.id for kept in batch]


Open = Callable[..., Outbox]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "lasting" / "audit.db"


@pytest.fixture
async def open_outbox(path: Path) -> AsyncIterator[Open]:
    """Starts outboxes; all of them are closed in the end."""
    async with AsyncExitStack() as stack:

        def start(limit: int = 1000, clock: SystemClock = CLOCK, at: Path = path) -> Outbox:
            outbox = Outbox(at, clock, limit)
            outbox.start()
            stack.push_async_callback(outbox.close)
            return outbox

        yield start


async def test_records_wait_in_order_until_the_service_has_them(open_outbox: Open) -> None:
    outbox = open_outbox()
    records = [record() for _ in range(150)]
    for each in records:
        outbox.add(each)
    batch = await outbox.next_batch()
    assert ids(batch) == [each.id for each in records[:100]]
    outbox.forget(ids(batch))
    assert ids(await outbox.next_batch()) == [each.id for each in records[100:]]


async def test_a_record_is_handed_out_as_the_contract_has_it(open_outbox: Open) -> None:
    outbox = open_outbox()
    outbox.add(record())
    found = read(await outbox.next_batch())
    assert Contract().faults_of("AuditBatch", {"records": found}) == []
    assert found[0]["at"] == "2026-03-01T14:00:00Z"


async def test_closing_writes_what_waits_and_the_next_run_has_it(open_outbox: Open) -> None:
    outbox = open_outbox()
    records = [record() for _ in range(50)]
    for each in records:
        outbox.add(each)
    await outbox.close()
    assert ids(await open_outbox().next_batch()) == [each.id for each in records]


async def test_the_same_record_is_kept_once(open_outbox: Open) -> None:
    outbox, same = open_outbox(), record()
    for _ in range(3):
        outbox.add(same)
        await outbox.next_batch()
    assert ids(await outbox.next_batch()) == [same.id]


async def test_only_its_owner_may_read_it(open_outbox: Open, path: Path) -> None:
    outbox = open_outbox()
    outbox.add(record())
    await outbox.next_batch()
    files = list(path.parent.iterdir())
    assert {file.name for file in files} >= {"audit.db", "audit.db-wal"}
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    assert path.parent.stat().st_mode & 0o777 == 0o700


async def test_closed_before_its_start_it_has_touched_no_disk(path: Path) -> None:
    await Outbox(path, CLOCK).close()
    assert not path.parent.exists()


WRITER = """
import asyncio, resource, signal, sys
from pathlib import Path
from kiosk.clock import SystemClock
from kiosk.core.outbox import Outbox
from tests.core.test_outbox import record

async def main():
    outbox = Outbox(Path(sys.argv[1]), SystemClock())
    outbox.start()
    while True:
        written = [record() for _ in range(5)]
        for each in written:
            outbox.add(each)
        await outbox.next_batch(1)
        print(*(each.id for each in written), flush=True)

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
limit_bytes = int(sys.argv[2])
resource.setrlimit(resource.RLIMIT_FSIZE, (limit_bytes, limit_bytes))
asyncio.run(main())
"""


def start_writer(
    path: Path, *, disk_bytes: int = -1, user: int | None = None
) -> subprocess.Popen[str]:
    """A program that prints the ids of records which are written; no file grows past `disk_bytes`."""
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, path, str(disk_bytes)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        user=user,
    )


async def test_a_core_that_is_killed_while_it_writes_loses_nothing_written(
    open_outbox: Open, path: Path
) -> None:
    written: list[str] = []
    for _ in range(3):
        writer = start_writer(path)
        assert writer.stdout is not None
        for _ in range(20):
            written += writer.stdout.readline().split()
        writer.kill()
        rest, errors = writer.communicate()
        written += [id_ for id_ in rest.split() if len(id_) == 36]
        assert errors == ""
    kept = ids(await open_outbox().next_batch(100_000))
    assert len(kept) == len(set(kept))
    assert set(written) <= set(kept)
    assert len(written) >= 300


async def test_adding_does_not_wait_for_the_disk(open_outbox: Open, path: Path) -> None:
    outbox = open_outbox()
    outbox.add(record())
    await outbox.next_batch()
    with sqlite3.connect(path) as locked:
        locked.execute("BEGIN EXCLUSIVE")
        begun_s = CLOCK.monotonic()
        for _ in range(500):
            outbox.add(record())
        outbox.forget([])
        assert CLOCK.monotonic() - begun_s < 0.5
        locked.rollback()
    locked.close()
    assert len(await outbox.next_batch(1000)) == 501


async def test_when_it_is_full_the_oldest_stay_and_the_rest_is_counted(
    open_outbox: Open,
) -> None:
    outbox = open_outbox(limit=10)
    records = [record() for _ in range(25)]
    for each in records:
        outbox.add(each)
    first = await outbox.next_batch()
    assert ids(first) == [each.id for each in records[:10]]
    outbox.forget(ids(first)[:4])
    *rest, summary = await outbox.next_batch()
    assert ids(rest) == ids(first)[4:]
    found = json.loads(bytes(summary.record))
    assert (found["event"], found["detail"]) == ("RecordsLost", "15 records found no room")
    assert Contract().faults_of("AuditRecord", found) == []


async def test_what_was_lost_is_counted_once_and_over_a_restart(open_outbox: Open) -> None:
    outbox = open_outbox(limit=2)
    records = [record() for _ in range(5)]
    for each in records:
        outbox.add(each)
    await outbox.close()
    again = open_outbox(limit=2)
    again.forget([each.id for each in records])
    found = await again.next_batch()
    assert [each["detail"] for each in read(found)] == ["3 records found no room"]
    again.forget(ids(found))
    again.add(record())
    assert [each["event"] for each in read(await again.next_batch())] == ["CardPresented"]


GARBAGE = b"this is no database " * 500


@pytest.mark.parametrize("left", ["garbage", "half", "other", "later"])
async def test_a_file_that_is_corrupt_is_put_aside_and_a_new_one_begun(
    open_outbox: Open, path: Path, left: str, caplog: pytest.LogCaptureFixture
) -> None:
    path.parent.mkdir()
    spoil(path, left)
    size_bytes = path.stat().st_size
    outbox = open_outbox()
    first, second = record(), record()
    outbox.add(first)
    outbox.add(second)
    batch = read(await outbox.next_batch())
    assert {first.id, second.id} <= {each["id"] for each in batch}
    assert "OutboxBegunAnew" in [each["event"] for each in batch]
    assert path.with_name("audit.db.corrupt").stat().st_size >= size_bytes
    assert "moved aside" in caplog.text
    await outbox.close()
    assert len(await open_outbox().next_batch()) == 3


def spoil(path: Path, how: str) -> None:
    if how == "garbage":
        path.write_bytes(GARBAGE)
        return
    with sqlite3.connect(path) as database:
        if how == "later":
            database.execute("PRAGMA user_version = 99")
        database.execute("CREATE TABLE waiting (something TEXT)")
        database.executemany("INSERT INTO waiting VALUES (?)", [("x" * 3000,)] * 20)
    database.close()
    if how == "half":
        path.write_bytes(path.read_bytes()[:30_000])


async def test_a_file_that_becomes_corrupt_is_put_aside(
    open_outbox: Open, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    outbox = open_outbox()
    for _ in range(200):
        outbox.add(record())
    await outbox.next_batch()
    with sqlite3.connect(path) as spoiling:
        spoiling.execute("PRAGMA writable_schema = 1")
        spoiling.execute("UPDATE sqlite_master SET rootpage = 9999 WHERE name = 'waiting'")
        spoiling.execute("PRAGMA schema_version = 77")
    spoiling.close()
    late = record()
    outbox.add(late)
    assert late.id in ids(await outbox.next_batch(1000))
    outbox.add(record())
    await outbox.next_batch()
    assert path.with_name("audit.db.corrupt").exists()
    assert caplog.text.count("moved aside") == 1


async def test_without_a_disk_records_are_handed_out_from_memory_and_written_later(
    open_outbox: Open, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path.parent.write_text("in the way")
    clock = HandClock()
    outbox = open_outbox(clock=clock)
    records = [record() for _ in range(5)]
    for each in records:
        outbox.add(each)
    batch = await outbox.next_batch()
    assert ids(batch) == [each.id for each in records]
    outbox.forget(ids(batch)[:2])
    assert ids(await outbox.next_batch()) == ids(batch)[2:]
    assert caplog.text.count("kept in memory") == 1

    path.parent.unlink()
    clock.shift_s += AGAIN_S
    assert ids(await outbox.next_batch()) == ids(batch)[2:]
    await outbox.close()
    assert ids(await open_outbox().next_batch()) == ids(batch)[2:]


async def test_a_disk_that_fails_again_is_told_again_and_not_each_time(
    open_outbox: Open, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    clock = HandClock()
    path.parent.write_text("in the way")
    outbox = open_outbox(clock=clock)
    for _ in range(5):
        outbox.add(record())
        await outbox.next_batch()
        clock.shift_s += AGAIN_S
    assert caplog.text.count("kept in memory") == 1


async def test_memory_is_bounded_too_and_what_finds_no_room_is_counted(
    open_outbox: Open, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox_module, "MEMORY_LIMIT", 20)
    clock = HandClock()
    path.parent.write_text("in the way")
    outbox = open_outbox(clock=clock)
    records = [record() for _ in range(50)]
    for each in records:
        outbox.add(each)
        await outbox.next_batch()
    assert ids(await outbox.next_batch()) == [each.id for each in records[:20]]
    path.parent.unlink()
    clock.shift_s += AGAIN_S
    *_, summary = read(await outbox.next_batch())
    assert summary["detail"] == "30 records found no room"


async def test_a_full_disk_keeps_records_in_memory(open_outbox: Open, path: Path) -> None:
    writer = start_writer(path, disk_bytes=100_000)
    assert writer.stdout is not None
    written = [id_ for _ in range(400) for id_ in writer.stdout.readline().split()]
    writer.kill()
    _, errors = writer.communicate()
    assert len(written) == 2000
    assert "kept in memory" in errors
    kept = ids(await open_outbox().next_batch(10_000))
    assert 0 < len(kept) < 2000
    assert kept == written[: len(kept)]


@pytest.mark.root
async def test_a_disk_that_may_only_be_read_keeps_records_in_memory(path: Path) -> None:
    path.parent.mkdir()
    for parent in path.parents[:3]:
        parent.chmod(0o755)
    sqlite3.connect(path).close()
    writer = start_writer(path, user=65534)
    assert writer.stdout is not None
    lines = [writer.stdout.readline() for _ in range(20)]
    writer.kill()
    _, errors = writer.communicate()
    assert all(len(line.split()) == 5 for line in lines), errors
    assert errors.count("kept in memory") == 1


async def test_no_record_is_logged(
    open_outbox: Open, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    path.parent.mkdir()
    path.write_bytes(GARBAGE)
    outbox = open_outbox()
    outbox.add(record("SecretEvent"))
    await outbox.next_batch()
    assert caplog.text
    assert "SecretEvent" not in caplog.text
