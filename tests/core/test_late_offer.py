"""An offer for a visit that ended meanwhile, at the real service, by all of core's parts."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from kiosk.clock import SystemClock
from kiosk.core.audit import AuditRecord
from kiosk.core.errands import Errands
from kiosk.core.grants import visit_of
from kiosk.core.pocket import Pocket
from kiosk.core.service.client import VisitServiceClient
from kiosk.core.service.clock_offset import ServiceTime
from kiosk.core.service.events import Listener
from kiosk.core.service.outcomes import Ok
from kiosk.core.settings import ServiceSettings, TerminalSettings
from kiosk.core.terminal import Terminal
from kiosk.core.today import Today
from kiosk.sandbox.app import Sandbox
from kiosk.sandbox.instants import now_ms
from kiosk.sandbox.samples import add_samples
from kiosk.sandbox.settings import Settings
from kiosk.visit import events
from kiosk.visit.beside import Standing
from kiosk.visit.reasons import Ending
from kiosk.visit.stages import Goodbye, Line, Stage, Visit, Visitor, WaitingRoom
from kiosk.wire.messages import EndCall, Message, Program, Show
from kiosk.wire.screens import Aftermath, GoodbyeScreen
from tests.core.stages import CARD
from tests.sandbox.officer import at_the_desk

CLOCK = SystemClock()
PASSWORD = "for tests only"
HALL, SAM, SAMS_VISIT = "Hall A", "A1234BC", "v1-sam-mum"
SOON_S = 5.0


@dataclass
class Core:
    """Core without its programs: what it sent and recorded, and `over` once the visit is."""

    client: VisitServiceClient
    time: ServiceTime
    directory: Path
    sent: list[tuple[Program, Message]] = field(default_factory=list)
    records: list[AuditRecord] = field(default_factory=list)
    terminal: Terminal = field(init=False)
    over: asyncio.Event = field(default_factory=asyncio.Event)

    async def granted(self) -> Visit:
        outcome = await self.client.join(SAMS_VISIT, SAM, HALL, "request-1")
        assert isinstance(outcome, Ok)
        return visit_of(outcome.value, CARD, self.time)

    def terminal_at(self, stage: Stage, stack: AsyncExitStack) -> Terminal:
        settings = TerminalSettings("t1", "Terminal 1", "MDI", HALL)
        today = Today(Pocket(self.directory / "today"), CLOCK)
        errands = Errands(
            settings,
            self.client,
            self.time,
            today,
            CLOCK,
            report=self._report,
            note=self._note,
        )
        stack.push_async_callback(errands.close)
        self.terminal = Terminal(
            settings,
            CLOCK,
            Standing(stage),
            send=lambda to, message: self.sent.append((to, message)),
            keep=self._keep,
            record=self.records.append,
            errands=errands,
        )
        stack.callback(self.terminal.stop)
        return self.terminal

    def _report(self, event: events.Event) -> None:
        self.terminal.post(event)

    def _note(self, what: str, detail: str) -> None:
        self.terminal.note(what, detail)

    def _keep(self, standing: Standing) -> None:
        if isinstance(standing.stage, Goodbye):
            self.over.set()


@pytest.fixture
async def stack() -> AsyncIterator[AsyncExitStack]:
    async with AsyncExitStack() as stack:
        yield stack


@pytest.fixture
async def sandbox(tmp_path: Path, stack: AsyncExitStack) -> Sandbox:
    sandbox = Sandbox(Settings(database=tmp_path / "sandbox.db", desk_password=PASSWORD), CLOCK)
    add_samples(sandbox.people, sandbox.bookings, now_ms(CLOCK), 300.0)
    await sandbox.start()
    stack.push_async_callback(sandbox.close)
    return sandbox


@pytest.fixture
async def core(sandbox: Sandbox, tmp_path: Path, stack: AsyncExitStack) -> Core:
    """It does not hear what the service says by itself."""
    time = ServiceTime()
    client = VisitServiceClient(ServiceSettings(sandbox.api_url), "t1", CLOCK, time)
    client.start(None, Listener(lambda: None, lambda _: None, lambda *_: None))
    stack.push_async_callback(client.close)
    return Core(client, time, tmp_path)


async def test_it_is_refused_ends_the_visit_with_words_and_a_record_and_starts_nothing(
    core: Core, sandbox: Sandbox, stack: AsyncExitStack
) -> None:
    visit = await core.granted()
    terminal = core.terminal_at(
        WaitingRoom(visit, Line(attempt=1, call=7), leave_at=CLOCK.monotonic() + 300), stack
    )
    async with at_the_desk(sandbox.officer_url, PASSWORD) as officer:
        await officer.act("end", reference=SAMS_VISIT, terminal="t1", first_name="Sam")
    terminal.post(events.OfferMade(7, 0, "v=0"))
    terminal.post(events.VisitorReady(SAMS_VISIT, Visitor("page1", camera=True, microphone=True)))
    await asyncio.wait_for(core.over.wait(), SOON_S)
    shown = [message for _, message in core.sent if isinstance(message, Show)][-1]
    assert shown.screen == GoodbyeScreen(Ending.ENDED, 0.0, badly=Aftermath())
    last = core.records[-1]
    assert (last.event, last.stage, last.next_stage) == ("OfferFailed", "Connecting", "Goodbye")
    assert (last.visit, last.detail) == (SAMS_VISIT, "ended")
    assert [message for to, message in core.sent if to is Program.CALL] == [EndCall(7)]
