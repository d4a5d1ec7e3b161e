"""Listens for the service's commands in a thread of its own, and comes back whenever it is cut off."""

import asyncio
import logging
import random
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kiosk.clock import Clock, Seconds
from kiosk.core.service.http import Request, Stream, Transport
from kiosk.core.service.leash import Leash
from kiosk.core.service.replies import Command, command
from kiosk.core.service.sse import Sent, SentEvent, SseParser
from kiosk.errors import ServiceError

SILENCE_S: Seconds = 8.0
"""The service pings each 3 s; after this long without a whole line it is gone."""

FIRST_PAUSE_S: Seconds = 0.25
LONGEST_PAUSE_S: Seconds = 5.0
HURRIED_PAUSE_S: Seconds = 0.4
HURRY_S: Seconds = 60.0
"""For so long after `renew` no pause is longer than `HURRIED_PAUSE_S`: two people wait."""

OPEN_S: Seconds = 4.0
"""A service that is there begins its stream within that."""

JOIN_S: Seconds = 1.0
UNHEARD_LIMIT = 256

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Listener:
    """Who is told, on the loop: the link, and each command once, in order, with its id.

    `on_down` comes for every attempt that fails, also before the first `on_up`.
    """

    on_up: Callable[[], None]
    on_down: Callable[[str], None]
    on_command: Callable[[str, Command], None]


class EventsLane:
    """One stream at a time, resumed after the last command."""

    def __init__(
        self, url: str, transport: Transport, clock: Clock, silence_s: Seconds = SILENCE_S
    ) -> None:
        self._request = Request("GET", url, headers={"Accept": "text/event-stream"})
        self._transport = transport
        self._clock = clock
        self._silence_s = silence_s
        self._last_id: str | None = None
        self._listener: Listener | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._up = False
        self._closed = threading.Event()
        self._asked = threading.Event()
        """To begin anew, or to end."""
        self._hurried_until_s: Seconds = 0.0
        self._lock = threading.Lock()
        self._leash: Leash | None = None
        # A flood of commands waits in the service's socket, not in our memory.
        self._room = threading.Semaphore(UNHEARD_LIMIT)
        self._jitter = random.Random()  # noqa: S311 - spreads terminals, guards nothing
        self._thread = threading.Thread(target=self._work, name="service-events", daemon=True)

    def start(self, last_id: str | None, listener: Listener) -> None:
        """Listen from after `last_id`, or from now on. The running loop is told."""
        self._last_id = last_id if last_id is not None and _is_id(last_id) else None
        self._listener = listener
        self._loop = asyncio.get_running_loop()
        self._thread.start()

    def renew(self) -> None:
        """Find out now whether the service can be heard: `on_up` or `on_down` comes soon."""
        self._hurried_until_s = self._clock.monotonic() + HURRY_S
        self._begin_anew("asked for anew")

    def stop(self) -> None:
        """Listen no more; does not wait. Nothing is told after this."""
        self._closed.set()
        self._room.release()
        self._begin_anew("closing")

    def _begin_anew(self, reason: str) -> None:
        self._asked.set()
        with self._lock:
            if self._leash is not None:
                self._leash.cut(reason)

    def join(self) -> None:
        """Wait until the thread has ended, which it does at once after `stop`."""
        if self._thread.ident is not None:
            self._thread.join(JOIN_S)
            if self._thread.is_alive():
                log.error("%s did not end within %s s", self._thread.name, JOIN_S)

    def _work(self) -> None:
        pause_s = FIRST_PAUSE_S
        while not self._closed.is_set():
            self._asked.clear()
            parser = SseParser()
            reason = self._listen(parser)
            if self._closed.is_set() or self._asked.is_set():
                continue
            self._tell_down(reason)
            pause_s = FIRST_PAUSE_S if parser.lines else min(pause_s * 2, self._longest_pause_s())
            self._asked.wait(pause_s * self._jitter.uniform(0.5, 1.0))
        self._transport.close()

    def _longest_pause_s(self) -> Seconds:
        hurried = self._clock.monotonic() < self._hurried_until_s
        return HURRIED_PAUSE_S if hurried else LONGEST_PAUSE_S

    def _listen(self, parser: SseParser) -> str:
        """One stream from beginning to end; the reason why it ended."""
        with Leash(self._clock, min(OPEN_S, self._silence_s)) as leash:
            with self._lock:
                self._leash = leash
            if self._closed.is_set():
                return "closing"
            try:
                with self._transport.stream(self._resumed(), leash) as stream:
                    return self._follow(stream, parser, leash)
            except ServiceError as error:
                return str(error)
            finally:
                with self._lock:
                    self._leash = None

    def _resumed(self) -> Request:
        if self._last_id is None:
            return self._request
        headers = {**self._request.headers, "Last-Event-ID": self._last_id}
        return Request(self._request.method, self._request.url, headers=headers)

    def _follow(self, stream: Stream, parser: SseParser, leash: Leash) -> str:
        if stream.status != 200 or stream.content_type != "text/event-stream":
            return f"answered {stream.status} without a stream of events"
        leash.extend(self._silence_s)
        self._tell_up()
        lines = 0
        while data := stream.read():
            for event in parser.feed(data):
                self._take(event)
                if self._closed.is_set():
                    return "closing"
            if parser.lines > lines:
                lines = parser.lines
                leash.extend(self._silence_s)
        return "the stream ended"

    def _take(self, event: SentEvent) -> None:
        """Tell a new command; whatever can not be told is passed over, and not asked for again."""
        if not _is_id(event.id):
            log.error("event %s has no usable id", _printable(event.name))
            return
        if self._last_id is not None and int(event.id) <= int(self._last_id):
            log.warning("event %s came again or too late: dropped", event.id)
            return
        self._last_id = event.id
        found = _command_of(event)
        if found is not None:
            self._room.acquire()
            self._tell(self._on_command, event.id, found)

    def _on_command(self, id_: str, found: Command) -> None:
        self._room.release()
        assert self._listener is not None
        self._listener.on_command(id_, found)

    def _tell_up(self) -> None:
        self._up = True
        assert self._listener is not None
        self._tell(self._listener.on_up)

    def _tell_down(self, reason: str) -> None:
        if self._up:
            log.warning("the stream of events is down: %s", reason)
        self._up = False
        assert self._listener is not None
        self._tell(self._listener.on_down, reason)

    def _tell(self, what: Callable[..., None], *values: Any) -> None:
        assert self._loop is not None
        try:
            self._loop.call_soon_threadsafe(self._hear, what, values)
        except RuntimeError:
            self._closed.set()  # the loop is closed: nobody listens

    def _hear(self, what: Callable[..., None], values: tuple[Any, ...]) -> None:
        if not self._closed.is_set():
            what(*values)


def _command_of(event: SentEvent) -> Command | None:
    """The command of an event; None, and a line in the log, for one that makes no sense."""
    name = _printable(event.name)
    if not isinstance(event, Sent):
        log.error("event %s is too long: dropped", name)
        return None
    try:
        found = command(event.name, event.data)
    except ServiceError as error:
        log.error("event %s of %d characters is wrong: %s", name, len(event.data), error)
        return None
    if found is None:
        log.info("event %s is not known to this release", name)
    return found


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 18


def _printable(name: str) -> str:
    return name if name.isidentifier() and name.isascii() and len(name) <= 60 else "(unnamed)"
