"""One connection in an event loop: the conversation's bytes, its outbox and its end."""

import asyncio
import logging
from collections.abc import Callable, Collection, Iterator

from kiosk.clock import Seconds
from kiosk.errors import WireError
from kiosk.wire.codec import encode
from kiosk.wire.conversation import Conversation
from kiosk.wire.messages import Hello, Message, Program
from kiosk.wire.outbox import Outbox
from kiosk.wire.sockets import peer_uid

log = logging.getLogger(__name__)

TOO_SLOW = "reads too slowly: its queue is full"
NO_PART = "has no part on this wire"
NO_HELLO = "did not say Hello within {:g} s"

HELLO_S: Seconds = 5.0
"""How long a peer may take to say Hello."""

ALONE_S: Seconds = 10.0
"""A call goes on without kiosk-core for so long, and then without sound until core is back; the
screen, which misses core as early, says so by itself."""


class Link(asyncio.Protocol):
    """Hands on what a peer says from its Hello on, and queues what it is slow to read."""

    def __init__(
        self,
        me: Program,
        allow: Callable[["Link"], Collection[Program]],
        *,
        on_up: Callable[["Link"], None],
        on_message: Callable[["Link", Message], None],
        on_lost: Callable[["Link"], None],
        speaks_first: bool,
        hello_s: Seconds,
    ) -> None:
        """`allow` says which programs the link's `uid` may be; `on_lost` is called last, once."""
        self._me = me
        self._allow = allow
        self._on_up = on_up
        self._on_message = on_message
        self._on_lost = on_lost
        self._speaks_first = speaks_first
        self._hello_s = hello_s
        self._outbox: Outbox[Message] = Outbox()
        self._blocked = False
        self._quiet = False
        self.uid = -1
        self.reason = ""
        self.fault: Exception | None = None
        self.lost = asyncio.Event()

    @property
    def peer(self) -> Program | None:
        """Who is at the other end, once both sides have said Hello."""
        return self._talk.peer

    def send(self, message: Message) -> None:
        """Queue `message` and write what the peer takes; never blocks."""
        if self.reason or self.peer is None:
            return
        if self._outbox.put(message):
            self._write()
        else:
            self.drop(TOO_SLOW)

    def drop(self, reason: str) -> None:
        """Disconnect now, whatever waits; `on_lost` follows from the event loop."""
        if not self.reason:
            self.reason = reason
            self._outbox.clear()
            self._transport.abort()

    async def close(self) -> None:
        """Disconnect without `on_lost`, and return when it is done."""
        self._quiet = True
        self.drop("closed by this program")
        await self.lost.wait()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        # Nothing is buffered beyond one line, so that states are superseded and not kept.
        transport.set_write_buffer_limits(0)
        self.uid = peer_uid(transport.get_extra_info("socket"))
        allowed = self._allow(self)
        self._talk = Conversation(self._me, allowed)
        self._patience = asyncio.get_running_loop().call_later(
            self._hello_s, self.drop, NO_HELLO.format(self._hello_s)
        )
        if not allowed:
            self.drop(NO_PART)
        elif self._speaks_first:
            transport.write(self._talk.hello())

    def data_received(self, data: bytes) -> None:
        messages = self._talk.receive(data)
        while not self.reason and (message := self._next(messages)) is not None:
            if isinstance(message, Hello):
                self._greeted()
            else:
                self._on_message(self, message)

    def connection_lost(self, exc: Exception | None) -> None:
        self._patience.cancel()
        if not isinstance(exc, OSError):  # a peer that is killed may show as one
            self.fault = exc
        self.reason = self.reason or self._end()
        self.lost.set()
        if not self._quiet:
            self._on_lost(self)

    def pause_writing(self) -> None:
        self._blocked = True

    def resume_writing(self) -> None:
        self._blocked = False
        self._write()

    def _next(self, messages: Iterator[Message]) -> Message | None:
        try:
            return next(messages, None)
        except WireError as error:
            self.drop(str(error))
            return None

    def _greeted(self) -> None:
        self._patience.cancel()
        if not self._speaks_first:
            self._transport.write(self._talk.hello())
        self._on_up(self)

    def _write(self) -> None:
        while not self._blocked and (message := self._outbox.take()) is not None:
            try:
                line = encode(message)
            except WireError as error:
                log.error("not sent to %s: %s", self.peer, error)
                continue
            self._transport.write(line)

    def _end(self) -> str:
        if self.fault is not None:
            return f"broke: {type(self.fault).__name__}"
        if unfinished := self._talk.unfinished_bytes:
            return f"closed by the peer in a line, after {unfinished} bytes"
        return "closed by the peer"
