"""What core does beside a visit: heartbeats, handing over records, keeping today's bookings at hand."""

import asyncio
import logging
from collections.abc import Sequence

from kiosk import RELEASE
from kiosk.clock import Seconds
from kiosk.core.audit import stage_told
from kiosk.core.audit_store import Kept
from kiosk.core.outbox import Outbox
from kiosk.core.service.client import VisitServiceClient
from kiosk.core.service.outcomes import Ok, Problem
from kiosk.core.service.replies import HeartbeatReply
from kiosk.core.settings import TerminalSettings
from kiosk.core.terminal import Terminal
from kiosk.core.today import Today

HEARTBEAT_S: Seconds = 30.0
BOOKINGS_S: Seconds = 300.0
WEAK_S: Seconds = 5.0
"""How often the service is asked while a visit's connection is weak: is it on our side?"""

TOGETHER_S: Seconds = 1.0
"""Records of one moment are handed over together, and not while a person waits for an answer."""

AGAIN_S: Seconds = 10.0
"""After a failure, so that a service that comes back is not run over by its terminals."""

_REFUSED = (400, 413, 422)
"""Statuses that say that the records themselves are wrong: they will not be right later."""

log = logging.getLogger(__name__)


class Chores:
    """Four loops on the background lane; none of them ever holds up a visit."""

    def __init__(
        self,
        settings: TerminalSettings,
        client: VisitServiceClient,
        outbox: Outbox,
        today: Today,
        terminal: Terminal,
    ) -> None:
        self._settings = settings
        self._client = client
        self._outbox = outbox
        self._today = today
        self._terminal = terminal
        self._heartbeat_due = asyncio.Event()
        self._audit_due = asyncio.Event()

    def heartbeat_now(self) -> None:
        """The service wants to hear from us, or has settings for us."""
        self._heartbeat_due.set()

    def audit_waits(self) -> None:
        """There is a record to hand over."""
        self._audit_due.set()

    async def run(self) -> None:
        """Until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._heartbeats())
            group.create_task(self._weak_lines())
            group.create_task(self._bookings())
            group.create_task(self._audits())

    async def _heartbeats(self) -> None:
        while True:
            orders = self._terminal.condition.orders
            outcome = await self._client.heartbeat(
                RELEASE,
                self._settings.hall,
                stage_told(self._terminal.stage),
                self._terminal.condition.faults(),
            )
            if isinstance(outcome, Ok):
                self._heard(outcome, orders)
            else:
                self._terminal.service_took(None)
            await _set_or_after(
                self._heartbeat_due, HEARTBEAT_S if isinstance(outcome, Ok) else AGAIN_S
            )

    def _heard(self, outcome: Ok[HeartbeatReply], orders: int) -> None:
        self._terminal.service_took(outcome.got_at_s - outcome.sent_at_s)
        self._terminal.service_clock(outcome.value.now)
        if outcome.value.out_of_service is not None:
            self._ordered_out(outcome.value.out_of_service, orders)

    async def _weak_lines(self) -> None:
        while True:
            await self._terminal.condition.weak_line.wait()
            self._heartbeat_due.set()
            await asyncio.sleep(WEAK_S)

    def _ordered_out(self, out: bool, orders: int) -> None:
        """A heartbeat may have been answered before an order that overtook the answer: ask again."""
        if orders == self._terminal.condition.orders:
            self._terminal.ordered_out(out)
        else:
            self._heartbeat_due.set()

    async def _bookings(self) -> None:
        while True:
            outcome = await self._client.todays_bookings(self._settings.hall)
            if isinstance(outcome, Ok):
                self._today.keep(outcome.value)
            await asyncio.sleep(BOOKINGS_S if isinstance(outcome, Ok) else AGAIN_S)

    async def _audits(self) -> None:
        """Hand over what waits, also from before we were started; what the service keeps, we forget."""
        while True:
            while batch := await self._outbox.next_batch():
                if not await self._hand_over(batch):
                    await asyncio.sleep(AGAIN_S)
            await self._audit_due.wait()
            await asyncio.sleep(TOGETHER_S)
            self._audit_due.clear()

    async def _hand_over(self, batch: Sequence[Kept]) -> bool:
        """Whether the outbox got shorter; one record that is refused does not hold up the others."""
        outcome = await self._client.audit([kept.record for kept in batch])
        match outcome:
            case Ok(reply, _, _):
                accepted = {kept.id for kept in batch}.intersection(map(str.lower, reply.accepted))
                self._outbox.forget(sorted(accepted))
                return bool(accepted)
            case Problem(status=status) if status in _REFUSED and len(batch) > 1:
                return any([await self._hand_over([kept]) for kept in batch])
            case Problem(status=status, code=code) if status in _REFUSED:
                log.error("the service refuses an audit record (%s); it is dropped", code)
                self._outbox.forget([batch[0].id])
                return True
            case _:
                return False


async def _set_or_after(event: asyncio.Event, seconds: Seconds) -> None:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return
    event.clear()
