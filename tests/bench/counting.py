"""Stands between a terminal and its service, and counts what is asked."""

import asyncio
import re
import ssl
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

_CHUNK_BYTES: Final = 65_536
_REQUEST: Final = re.compile(rb"([A-Z]+) /terminal/v1/(\S+) HTTP/1\.1\r\n")
_OWN: Final = (
    (re.compile(r"\?.*"), ""),
    (re.compile(r"(?<=visits/)[^/]+"), "-"),
    (re.compile(r"(?<=media/)\d+(/.+)?"), lambda found: "-/-" if found[1] else "-"),
)


@dataclass(frozen=True, slots=True)
class Upstream:
    """The service, and who the terminal is to it."""

    port: int
    directory: Path

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        tls = ssl.create_default_context(cafile=self.directory / "authority.pem")
        tls.load_cert_chain(self.directory / "terminal.pem", self.directory / "terminal.key")
        return await asyncio.open_connection("127.0.0.1", self.port, ssl=tls)


@dataclass
class Counting:
    """How often each operation was asked for, by method and path. Without `upstream` it hangs up."""

    url: str = ""
    upstream: Upstream | None = None
    asked: Counter[str] = field(default_factory=Counter)

    def look(self, chunk: bytes) -> None:
        """A request begins at the beginning of a chunk: one waits for the reply to the other."""
        found = _REQUEST.match(chunk)
        if found is not None:
            self.asked[operation_of(found[1].decode(), found[2].decode())] += 1


def operation_of(method: str, path: str) -> str:
    """Without what is of one visit alone."""
    for own, instead in _OWN:
        path = own.sub(instead, path)
    return f"{method} {path}"


@asynccontextmanager
async def counting() -> AsyncIterator[Counting]:
    """Listens in the clear."""
    found, tasks = Counting(), set[asyncio.Task[None]]()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        if found.upstream is None:
            writer.close()
            return
        with suppress(OSError, asyncio.CancelledError):
            theirs, ours = await found.upstream.connect()
            await asyncio.gather(
                _carry(reader, ours, found.look), _carry(theirs, writer, lambda _: None)
            )

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    found.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield found
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _carry(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, look: Callable[[bytes], None]
) -> None:
    try:
        while chunk := await reader.read(_CHUNK_BYTES):
            look(chunk)
            writer.write(chunk)
            await writer.drain()
    finally:
        writer.close()
