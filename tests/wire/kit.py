"""What the tests of the wire share: both ends with a memory, and peers that misbehave."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from kiosk.wire.aio import WireClient, WireServer
from kiosk.wire.messages import PROTOCOL, Message, Program
from kiosk.wire.threaded import LinkDown, LinkUp, ThreadWireClient

PATIENCE_S = 10.0


class Heard:
    """What callbacks were told, in order; `until` waits for something among it."""

    def __init__(self) -> None:
        self.all: list[tuple[Any, ...]] = []
        self._news = asyncio.Event()

    def note(self, *what: Any) -> None:
        self.all.append(what)
        self._news.set()

    def of(self, kind: str) -> list[tuple[Any, ...]]:
        return [what[1:] for what in self.all if what[0] == kind]

    async def until(self, ready: Callable[["Heard"], bool]) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while not ready(self):
                self._news.clear()
                await self._news.wait()

    async def until_nth(self, kind: str, count: int = 1) -> tuple[Any, ...]:
        await self.until(lambda heard: len(heard.of(kind)) >= count)
        return self.of(kind)[count - 1]


@asynccontextmanager
async def serving(
    path: Path, roles: dict[Program, int], **options: Any
) -> AsyncIterator[tuple[WireServer, Heard]]:
    """kiosk-core listening at `path`; what it hears is noted as peer, message and gone."""
    heard = Heard()
    server = WireServer(
        path,
        Program.CORE,
        roles,
        on_peer=lambda who: heard.note("peer", who),
        on_message=lambda who, message: heard.note("message", who, message),
        on_gone=lambda who, reason: heard.note("gone", who, reason),
        **options,
    )
    await server.start()
    try:
        yield server, heard
    finally:
        await server.close()


@asynccontextmanager
async def connecting(
    path: Path, me: Program = Program.CALL, server_uid: int | None = None, **options: Any
) -> AsyncIterator[tuple[WireClient, Heard]]:
    """A client of kiosk-core that runs; what it hears is noted as up, message and down."""
    heard = Heard()
    client = WireClient(
        path,
        me,
        Program.CORE,
        server_uid,
        on_up=lambda: heard.note("up"),
        on_message=lambda message: heard.note("message", message),
        on_down=lambda reason: heard.note("down", reason),
        **options,
    )
    running = asyncio.create_task(client.run())
    try:
        yield client, heard
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


class Stranger:
    """A peer that says exactly what it is told to, right or wrong."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    def say(self, data: bytes) -> None:
        self.writer.write(data)

    def stop_reading(self) -> None:
        self._transport.pause_reading()

    def read_again(self) -> None:
        self._transport.resume_reading()

    @property
    def _transport(self) -> asyncio.Transport:
        assert isinstance(self.writer.transport, asyncio.Transport)
        return self.writer.transport

    async def hears_nothing_more(self) -> bytes:
        """What came until the connection ended."""
        async with asyncio.timeout(PATIENCE_S):
            with suppress(ConnectionError):
                return await self.reader.read()
        return b""

    async def line(self) -> dict[str, Any]:
        async with asyncio.timeout(PATIENCE_S):
            found: dict[str, Any] = json.loads(await self.reader.readline())
        return found


@asynccontextmanager
async def stranger(path: Path) -> AsyncIterator[Stranger]:
    reader, writer = await asyncio.open_unix_connection(str(path), limit=2**20)
    try:
        yield Stranger(reader, writer)
    finally:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


async def until_logged(caplog: pytest.LogCaptureFixture, text: str) -> None:
    """As soon as `text` is in the log; each turn of the loop may bring it."""
    async with asyncio.timeout(PATIENCE_S):
        while text not in caplog.text:
            await asyncio.sleep(0)


def hello(program: str = "kiosk-call", protocol: int = PROTOCOL) -> bytes:
    """A Hello as another implementation would write it."""
    said = {"type": "Hello", "program": program, "protocol": protocol, "release": "x"}
    return json.dumps(said).encode() + b"\n"


class InThread:
    """A ThreadWireClient as kiosk-ui uses it: woken by an event, no loop in this thread."""

    def __init__(self, path: Path, me: Program = Program.UI) -> None:
        self._woken = threading.Event()
        self.client = ThreadWireClient(path, me, Program.CORE, None, wake=self._woken.set)

    def next(self) -> list[Message | LinkUp | LinkDown]:
        """What has come, as soon as something has."""
        assert self._woken.wait(PATIENCE_S), "nothing came"
        self._woken.clear()
        return self.client.receive()

    def until(self, wanted: Message | type) -> list[Message | LinkUp | LinkDown]:
        """All that came up to `wanted`, a message or a kind of item."""
        got: list[Message | LinkUp | LinkDown] = []
        while not any(item == wanted or type(item) is wanted for item in got):
            got += self.next()
        return got
