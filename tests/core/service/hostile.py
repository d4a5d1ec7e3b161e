"""A server on a plain socket that does to its client whatever a test wants."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

JSON = "application/json"
PROBLEM = "application/problem+json"


@dataclass(frozen=True)
class Asked:
    """One request as it came."""

    line: str
    headers: dict[str, str]
    body: bytes


class Peer:
    """The server's side of one connection."""

    def __init__(self, connection: socket.socket, closing: threading.Event) -> None:
        self._connection = connection
        self._closing = closing
        self._file = connection.makefile("rb")

    def asked(self) -> Asked | None:
        """The next request; None when the client hung up."""
        line = self._file.readline().decode().strip()
        if not line:
            return None
        headers = {}
        while header := self._file.readline().decode().strip():
            name, _, value = header.partition(":")
            headers[name.lower()] = value.strip()
        return Asked(line, headers, self._file.read(int(headers.get("content-length", 0))))

    def send(self, data: bytes) -> None:
        self._connection.sendall(data)

    def drip(self, data: bytes, every_s: float) -> None:
        """One byte after the other, for as long as the client bears it."""
        for byte in data:
            self.send(bytes([byte]))
            if self._closing.wait(every_s):
                return

    def flood(self, chunk: bytes, times: int) -> None:
        for _ in range(times):
            self.send(chunk)

    def wait(self) -> None:
        """Say nothing until the client hangs up."""
        self._file.read()

    def reset(self) -> None:
        """Break the connection off with a RST."""
        self._connection.setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00"
        )
        self.close()

    def close(self) -> None:
        self._file.close()
        self._connection.close()


Behaviour = Callable[[Peer, Asked], None]


@dataclass
class Hostile:
    """A listening server; `asked` holds every request, `connections` counts those made.

    Streams of events are left open and not counted, unless the behaviour is about `events`.
    """

    behave: Behaviour
    tls: ssl.SSLContext | None = None
    events: bool = False
    asked: list[Asked] = field(default_factory=list)
    connections: int = 0
    gone: threading.Event = field(default_factory=threading.Event)
    """Set whenever a client has hung up."""

    def __post_init__(self) -> None:
        self._closing = threading.Event()
        self._open: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", 0))

    @property
    def port(self) -> int:
        return int(self._listener.getsockname()[1])

    @property
    def url(self) -> str:
        return f"{'https' if self.tls else 'http'}://localhost:{self.port}"

    def start(self) -> None:
        self._run(self._accept)

    def close(self) -> None:
        self._closing.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in list(self._open):
            _quietly(partial(connection.shutdown, socket.SHUT_RDWR))
        for thread in self._threads:
            thread.join(5)
            assert not thread.is_alive()

    def _accept(self) -> None:
        while True:
            connection, _ = self._listener.accept()
            self.connections += 1
            self._run(partial(self._serve, connection))

    def _serve(self, connection: socket.socket) -> None:
        self._open.add(connection)
        raw = connection
        if self._closing.is_set():
            connection.shutdown(socket.SHUT_RDWR)
        try:
            if self.tls is not None:
                connection = self.tls.wrap_socket(connection, server_side=True)
                self._open.add(connection)
            peer = Peer(connection, self._closing)
            while (asked := peer.asked()) is not None:
                self._answer(peer, asked)
            peer.close()
        finally:
            self._open -= {raw, connection}
            raw.close()
            connection.close()
            self.gone.set()

    def _answer(self, peer: Peer, asked: Asked) -> None:
        if self.events or " /terminal/v1/events " not in asked.line:
            self.asked.append(asked)
            self.behave(peer, asked)
        else:
            peer.send(head(200, "text/event-stream"))
            peer.wait()

    def _run(self, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=lambda: _quietly(work), daemon=True)
        self._threads.append(thread)
        thread.start()


def _quietly(work: Callable[[], None]) -> None:
    try:
        work()
    except (OSError, ValueError):
        return  # the other side hung up, which is what these tests are about


@contextmanager
def hostile(
    behave: Behaviour, tls: ssl.SSLContext | None = None, *, events: bool = False
) -> Iterator[Hostile]:
    server = Hostile(behave, tls, events)
    server.start()
    try:
        yield server
    finally:
        server.close()


def head(status: int = 200, content_type: str = JSON, *more: str) -> bytes:
    lines = (f"HTTP/1.1 {status} Whatever", f"Content-Type: {content_type}", *more, "", "")
    return "\r\n".join(lines).encode()


def whole(body: bytes, status: int = 200, content_type: str = JSON, *more: str) -> bytes:
    """A reply that keeps to HTTP."""
    return head(status, content_type, f"Content-Length: {len(body)}", *more) + body


def always(reply: bytes) -> Behaviour:
    def behave(peer: Peer, _: Asked) -> None:
        peer.send(reply)

    return behave


def once(reply: bytes) -> Behaviour:
    """The reply, and then the end of the connection."""

    def behave(peer: Peer, _: Asked) -> None:
        peer.send(reply)
        peer.close()

    return behave


def in_turn(*behaviours: Behaviour) -> Behaviour:
    """The first request meets the first behaviour; the last behaviour stays."""
    waiting = list(behaviours)

    def behave(peer: Peer, asked: Asked) -> None:
        now = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        now(peer, asked)

    return behave
