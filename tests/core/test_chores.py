"""Records reach the service in the end, all but a bad one; a heartbeat brings news, never old news."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from aiohttp import web

from kiosk.clock import SystemClock
from kiosk.core.audit import AuditRecord
from kiosk.core.chores import Chores
from kiosk.core.outbox import Outbox
from kiosk.core.pocket import Pocket
from kiosk.core.service.client import VisitServiceClient
from kiosk.core.service.clock_offset import ServiceTime
from kiosk.core.service.events import Listener
from kiosk.core.settings import ServiceSettings, TerminalSettings
from kiosk.core.terminal import SLOW_S, Terminal
from kiosk.core.today import Today
from kiosk.visit.events import CallMeasured
from kiosk.visit.reasons import OutOfOrder
from kiosk.visit.stages import InVisit, OutOfService, Stage
from tests.core.desk import LIVE_LONG, Desk

PATIENCE_S = 10.0
ORDERED = "ordered out of service"


@dataclass
class Ledger:
    """A service that keeps audit records, but refuses a batch in which one is called `Bad`."""

    kept: dict[str, str] = field(default_factory=dict)
    news: asyncio.Event = field(default_factory=asyncio.Event)
    asked: int = 0

    async def audit(self, request: web.Request) -> web.Response:
        records = json.loads(await request.read())["records"]
        self.asked += 1
        if any(record["event"] == "Bad" for record in records):
            body = json.dumps({"code": "bad_request"})
            return web.Response(status=400, body=body, content_type="application/problem+json")
        self.kept |= {record["id"]: record["event"] for record in records}
        self.news.set()
        return web.json_response({"accepted": [record["id"] for record in records]})

    async def has(self, *events: str) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while sorted(self.kept.values()) != sorted(events):
                self.news.clear()
                await self.news.wait()


@dataclass
class Heart:
    """A service that answers a heartbeat when it is told whether the terminal is out of service."""

    asked: asyncio.Queue[None] = field(default_factory=asyncio.Queue)
    answers: asyncio.Queue[bool] = field(default_factory=asyncio.Queue)

    async def beat(self, _: web.Request) -> web.Response:
        self.asked.put_nowait(None)
        out = await self.answers.get()
        return web.json_response({"now": "2026-03-01T14:00:00.000Z", "out_of_service": out})

    async def is_asked(self) -> None:
        async with asyncio.timeout(PATIENCE_S):
            await self.asked.get()


@dataclass
class AtWork:
    """Chores that are being done, and the terminal beside them."""

    chores: Chores
    outbox: Outbox
    terminal: Terminal
    records: list[AuditRecord]
    """What the terminal put on record."""

    def later(self, event: str) -> None:
        self.outbox.add(record(event))
        self.chores.audit_waits()


def record(event: str) -> AuditRecord:
    return AuditRecord(str(uuid4()), datetime(2026, 3, 1, tzinfo=UTC), event, "Idle", "Idle")


@asynccontextmanager
async def doing_chores(
    tmp_path: Path,
    ledger: Ledger,
    *before: str,
    heart: Heart | None = None,
    stage: Stage | None = None,
) -> AsyncIterator[AtWork]:
    """Chores beside a terminal, with records in the outbox from an earlier run."""
    application = web.Application()
    application.router.add_post("/terminal/v1/audit", ledger.audit)
    if heart is not None:
        application.router.add_post("/terminal/v1/heartbeat", heart.beat)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    clock = SystemClock()
    outbox = Outbox(tmp_path / "audit.db", clock)
    outbox.start()
    for event in before:
        outbox.add(record(event))
    desk = Desk(stage or OutOfService(OutOfOrder.STARTING))
    client = VisitServiceClient(ServiceSettings(url), "T1", clock, ServiceTime())
    client.start(None, Listener(lambda: None, lambda _: None, lambda _, __: None))
    work = Chores(
        TerminalSettings("T1", "Terminal 1", "MDI", "Hall A"),
        client,
        outbox,
        Today(Pocket(tmp_path / "today"), clock),
        desk.terminal,
    )
    running = asyncio.create_task(work.run())
    try:
        yield AtWork(work, outbox, desk.terminal, desk.records)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await client.close()
        await outbox.close()
        await runner.cleanup()


async def test_records_of_an_earlier_run_are_handed_over_at_once(tmp_path: Path) -> None:
    ledger = Ledger()
    async with doing_chores(tmp_path, ledger, "Before"):
        await ledger.has("Before")


async def test_a_later_record_is_handed_over_when_it_comes(tmp_path: Path) -> None:
    ledger = Ledger()
    async with doing_chores(tmp_path, ledger, "Before") as at_work:
        await ledger.has("Before")
        at_work.later("After")
        await ledger.has("Before", "After")


async def test_records_of_one_moment_are_handed_over_together(tmp_path: Path) -> None:
    ledger = Ledger()
    async with doing_chores(tmp_path, ledger, "Before") as at_work:
        await ledger.has("Before")
        for event in (moment := ("One", "Two", "Three", "Four", "Five", "Six")):
            at_work.later(event)
            await asyncio.sleep(0.05)
        await ledger.has("Before", *moment)
    assert ledger.asked <= 3  # the first may go with what was there before


async def test_a_record_that_is_refused_for_good_does_not_hold_up_the_others(
    tmp_path: Path,
) -> None:
    ledger = Ledger()
    async with doing_chores(tmp_path, ledger, "One", "Bad", "Two") as at_work:
        await ledger.has("One", "Two")
        at_work.later("Three")
        await ledger.has("One", "Two", "Three")


async def test_a_heartbeat_takes_the_terminal_out_of_service_and_puts_it_back(
    tmp_path: Path,
) -> None:
    heart = Heart()
    async with doing_chores(tmp_path, Ledger(), heart=heart) as at_work:
        for out in (True, False):
            await heart.is_asked()
            heart.answers.put_nowait(out)
            at_work.chores.heartbeat_now()
            await heart.is_asked()
            assert (ORDERED in at_work.terminal.condition.faults()) is out
            heart.answers.put_nowait(out)
            at_work.chores.heartbeat_now()


async def test_while_a_connection_is_weak_the_service_is_asked_whether_it_is_ours(
    tmp_path: Path,
) -> None:
    heart = Heart()
    async with doing_chores(tmp_path, Ledger(), heart=heart, stage=LIVE_LONG) as at_work:
        await heart.is_asked()
        heart.answers.put_nowait(False)
        at_work.terminal.post(CallMeasured(LIVE_LONG.line.call, 0.0, weak=True))
        await heart.is_asked()
        assert side(at_work.terminal) == "unknown"
        await asyncio.sleep(SLOW_S + 0.1)  # as a service that can hardly be reached
        heart.answers.put_nowait(False)
        await heart.is_asked()
        assert side(at_work.terminal) == "here"
        heart.answers.put_nowait(False)
        await heart.is_asked()
        assert side(at_work.terminal) == "unknown"


def side(terminal: Terminal) -> str | None:
    assert isinstance(terminal.stage, InVisit)
    return terminal.stage.line.weak_side


async def test_a_heartbeat_that_an_order_has_overtaken_does_not_undo_it_and_is_asked_again(
    tmp_path: Path,
) -> None:
    heart = Heart()
    async with doing_chores(tmp_path, Ledger(), heart=heart) as at_work:
        await heart.is_asked()
        at_work.terminal.ordered_out(True)
        heart.answers.put_nowait(False)
        await heart.is_asked()
        assert ORDERED in at_work.terminal.condition.faults()
        heart.answers.put_nowait(False)
        at_work.chores.heartbeat_now()
        await heart.is_asked()
        assert ORDERED not in at_work.terminal.condition.faults()


async def test_a_heartbeat_tells_whether_the_clocks_of_service_and_terminal_agree(
    tmp_path: Path,
) -> None:
    heart = Heart()
    async with doing_chores(tmp_path, Ledger(), heart=heart) as at_work:
        await heart.is_asked()
        heart.answers.put_nowait(False)  # with a time that is long past
        at_work.chores.heartbeat_now()
        await heart.is_asked()
        assert [each.event for each in at_work.records] == ["ClocksApart"]
