"""A lane to the visit service: one thread and one session, which carry one call after the other."""

import asyncio
import logging
import queue
import random
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from kiosk.clock import Clock, Seconds
from kiosk.core.service.http import ContractBroken, Reply, Request, Transport, Unreachable
from kiosk.core.service.leash import TOO_SLOW, Leash
from kiosk.core.service.outcomes import Away, Fault, Outcome

T = TypeVar("T")

FIRST_PAUSE_S: Seconds = 0.2
LONGEST_PAUSE_S: Seconds = 0.8
JOIN_S: Seconds = 1.0
LIMIT = 64

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Call(Generic[T]):
    """What to ask, how to read the reply, and for how long to try.

    `patience_s` begins when the call is submitted and covers every attempt; no single one takes
    longer than `attempt_s`. Without `again` a request that may have arrived is not sent again.
    """

    name: str
    request: Request
    read: Callable[[Reply], Outcome[T]]
    patience_s: Seconds
    attempt_s: Seconds
    again: bool = True
    untold: bool = False
    """No line of a log says that it was asked."""


class Ticket:
    """A call in a lane, for whoever submitted it."""

    def __init__(
        self, call: Call[Any], on_done: Callable[[Any], None], deadline_s: Seconds
    ) -> None:
        self.call = call
        self.on_done = on_done
        self.deadline_s = deadline_s
        self.given_up = threading.Event()
        self._lock = threading.Lock()
        self._leash: Leash | None = None

    def cancel(self) -> None:
        """Drop the call, in the queue or under way; from any thread. It is not heard of again."""
        self.given_up.set()
        with self._lock:
            if self._leash is not None:
                self._leash.cut("given up")

    def go_on(self, leash: Leash | None) -> None:
        """What carries the call now."""
        with self._lock:
            self._leash = leash
        if leash is not None and self.given_up.is_set():
            leash.cut("given up")


class Lane:
    """Carries calls in order; what comes of each is told on the loop that started the lane."""

    def __init__(self, name: str, transport: Transport, clock: Clock, limit: int = LIMIT) -> None:
        self._transport = transport
        self._clock = clock
        self._loop: asyncio.AbstractEventLoop | None = None
        self._waiting: queue.Queue[Ticket | None] = queue.Queue()
        self._limit = limit
        self._current: Ticket | None = None
        self._closed = threading.Event()
        self._stale = threading.Event()
        self._jitter = random.Random()  # noqa: S311 - spreads terminals, guards nothing
        self._thread = threading.Thread(target=self._work, name=f"service-{name}", daemon=True)

    def start(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._thread.start()

    def submit(self, call: Call[T], on_done: Callable[[Outcome[T]], None]) -> Ticket:
        """Carry out `call` when its turn comes; `on_done` gets the outcome unless it is cancelled."""
        ticket = Ticket(call, on_done, self._clock.monotonic() + call.patience_s)
        if self._closed.is_set() or self._waiting.qsize() >= self._limit:
            self._tell(ticket, Away("too much is waiting to be asked", was_sent=False))
        else:
            self._waiting.put(ticket)
        return ticket

    def renew(self) -> None:
        """The next request goes over a new connection: the one that is kept may lead nowhere."""
        self._stale.set()

    def stop(self) -> None:
        """Drop every call, the one under way included; does not wait."""
        self._closed.set()
        self._waiting.put(None)
        current = self._current
        if current is not None:
            current.cancel()

    def join(self) -> None:
        """Wait until the thread has ended, which it does at once after `stop`."""
        if self._thread.ident is not None:
            self._thread.join(JOIN_S)
            if self._thread.is_alive():
                log.error("%s did not end within %s s", self._thread.name, JOIN_S)

    def _work(self) -> None:
        while (ticket := self._waiting.get()) is not None and not self._closed.is_set():
            self._current = ticket
            if not self._closed.is_set():
                self._tell(ticket, self._outcome(ticket))
            self._current = None
        self._transport.close()

    def _outcome(self, ticket: Ticket) -> Outcome[Any]:
        """The first outcome that is worth telling, or the last that patience allowed."""
        pause_s = FIRST_PAUSE_S
        while True:
            outcome = self._attempt(ticket)
            if not isinstance(outcome, Away) or (outcome.was_sent and not ticket.call.again):
                return outcome
            wait_s = pause_s * self._jitter.uniform(0.5, 1.0)
            if self._clock.monotonic() + wait_s >= ticket.deadline_s:
                return outcome
            if ticket.given_up.wait(wait_s):
                return outcome
            pause_s = min(pause_s * 2, LONGEST_PAUSE_S)

    def _attempt(self, ticket: Ticket) -> Outcome[Any]:
        left_s = ticket.deadline_s - self._clock.monotonic()
        if ticket.given_up.is_set() or left_s <= 0:
            return Away(TOO_SLOW, was_sent=False)
        call = ticket.call
        if self._stale.is_set():
            self._stale.clear()
            self._transport.forget()
        with Leash(self._clock, min(left_s, call.attempt_s)) as leash:
            ticket.go_on(leash)
            try:
                return call.read(self._transport.exchange(call.request, leash))
            except Unreachable as error:
                return Away(str(error), was_sent=leash.sent_at_s is not None)
            except ContractBroken as error:
                return Fault(str(error))
            finally:
                ticket.go_on(None)

    def _tell(self, ticket: Ticket, outcome: Outcome[Any]) -> None:
        if ticket.given_up.is_set():
            return
        if isinstance(outcome, Away | Fault) and not ticket.call.untold:
            log.warning("%s: %s", ticket.call.name, outcome.reason)
        assert self._loop is not None
        try:
            self._loop.call_soon_threadsafe(_done, ticket, outcome)
        except RuntimeError:
            log.debug("nobody is there to hear of an answer")


def _done(ticket: Ticket, outcome: Outcome[Any]) -> None:
    if not ticket.given_up.is_set():
        ticket.on_done(outcome)
