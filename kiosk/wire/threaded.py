"""The wire for a program whose own thread runs no event loop: kiosk-ui, a test, a bench."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from kiosk.clock import Seconds
from kiosk.wire.aio import WireClient
from kiosk.wire.messages import Message, Program
from kiosk.wire.outbox import Outbox

STOP_S: Seconds = 1.0


@dataclass(frozen=True, slots=True)
class LinkUp:
    """The server is there; what it says from now on is news."""


@dataclass(frozen=True, slots=True)
class LinkDown:
    """The server is gone, and why."""

    reason: str


Received: TypeAlias = Message | LinkUp | LinkDown


class ThreadWireClient:
    """A WireClient in a thread of its own; what it receives waits until it is asked for.

    A reader who falls too far behind loses what waits, and hears LinkDown.
    """

    def __init__(
        self,
        path: Path,
        me: Program,
        server: Program,
        server_uid: int | None,
        *,
        wake: Callable[[], None],
    ) -> None:
        """`wake` is called in the wire's thread when something waits where nothing did."""
        self._client = WireClient(
            path,
            me,
            server,
            server_uid,
            on_up=lambda: self._keep(LinkUp()),
            on_message=self._keep,
            on_down=lambda reason: self._keep(LinkDown(reason)),
        )
        self._wake = wake
        self._lock = threading.Lock()
        self._inbox: Outbox[Received] = Outbox()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = threading.Thread(target=self._work, name="wire", daemon=True)

    def start(self) -> None:
        """Connect from now on; once only."""
        self._loop = asyncio.new_event_loop()
        self._running = self._loop.create_task(self._client.run())
        self._thread.start()

    def stop(self) -> None:
        """Disconnect and end the thread; what was received can still be read."""
        with self._lock:
            if self._loop is not None:
                self._loop.call_soon_threadsafe(self._running.cancel)
        if self._thread.ident is not None:
            self._thread.join(STOP_S)

    def send(self, message: Message) -> None:
        """Send if connected, drop otherwise; never blocks."""
        with self._lock:
            if self._loop is not None:
                # A lambda, because the loop would log the arguments of a callback that fails.
                self._loop.call_soon_threadsafe(lambda: self._client.send(message))

    def receive(self) -> list[Received]:
        """All that has come since the last time, of each state only the newest."""
        with self._lock:
            return list(iter(self._inbox.take, None))

    def _work(self) -> None:
        loop = self._loop
        assert loop is not None
        try:
            with suppress(asyncio.CancelledError):
                loop.run_until_complete(self._running)
        finally:
            with self._lock:
                self._loop = None
                loop.close()

    def _keep(self, item: Received) -> None:
        with self._lock:
            first = not self._inbox
            if not self._inbox.put(item):
                self._inbox.clear()
                self._fall_behind(item)
        if first:
            self._wake()

    def _fall_behind(self, item: Received) -> None:
        if isinstance(item, Message):
            self._client.drop("this program reads too slowly")
        else:
            self._inbox.put(item)
