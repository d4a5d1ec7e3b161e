"""Cutting every socket at one instant."""

import asyncio
import socket
from collections.abc import Iterator

import pytest

from kiosk.call.network import NetworkLoop
from tests.call.kit import CLOCK


class Nothing(asyncio.DatagramProtocol):
    """Counts what comes, and keeps what was wrong."""

    def __init__(self) -> None:
        self.received = 0
        self.wrong: list[Exception] = []

    def datagram_received(self, data: bytes, addr: object) -> None:
        self.received += 1

    def error_received(self, exc: Exception) -> None:
        self.wrong.append(exc)


@pytest.fixture
def loop() -> Iterator[NetworkLoop]:
    loop = NetworkLoop(CLOCK)
    yield loop
    loop.close()


@pytest.fixture
def other() -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        other.settimeout(0.2)
        yield other


def test_no_packet_leaves_after_a_cut_whoever_sends(
    loop: NetworkLoop, other: socket.socket
) -> None:
    async def work() -> None:
        transport, protocol = await loop.create_datagram_endpoint(
            Nothing, local_addr=("127.0.0.1", 0)
        )
        transport.sendto(b"before", other.getsockname())
        assert other.recv(100) == b"before"
        remains = loop.cut()
        transport.sendto(b"after", other.getsockname())
        with pytest.raises(TimeoutError):
            other.recv(100)
        assert protocol.wrong
        remains.clear()

    loop.run_until_complete(work())


def test_no_packet_comes_in_after_a_cut(loop: NetworkLoop, other: socket.socket) -> None:
    async def work() -> None:
        transport, protocol = await loop.create_datagram_endpoint(
            Nothing, local_addr=("127.0.0.1", 0)
        )
        address = transport.get_extra_info("sockname")
        other.sendto(b"waits in the kernel", address)
        remains = loop.cut()
        await asyncio.sleep(0.05)
        assert protocol.received == 0
        remains.clear()

    loop.run_until_complete(work())


def test_streams_are_cut_too(loop: NetworkLoop) -> None:
    """A relay may be reached over TCP."""

    async def work(server: socket.socket) -> None:
        connecting = loop.create_connection(asyncio.Protocol, *server.getsockname())
        transport, _ = await connecting
        accepted, _ = server.accept()
        with accepted:
            accepted.settimeout(0.2)
            remains = loop.cut()
            assert accepted.recv(100) == b""
            transport.write(b"after")
            remains.clear()

    with socket.create_server(("127.0.0.1", 0)) as server:
        loop.run_until_complete(work(server))


def test_a_socket_that_was_being_opened_during_a_cut_is_not_to_be_had(loop: NetworkLoop) -> None:
    async def work() -> None:
        opening = asyncio.ensure_future(
            loop.create_datagram_endpoint(Nothing, local_addr=("127.0.0.1", 0))
        )
        await asyncio.sleep(0)
        loop.cut()
        with pytest.raises(ConnectionAbortedError):
            await opening

    loop.run_until_complete(work())


def test_what_is_opened_after_a_cut_works(loop: NetworkLoop, other: socket.socket) -> None:
    async def work() -> None:
        loop.cut()
        transport, _ = await loop.create_datagram_endpoint(Nothing, local_addr=("127.0.0.1", 0))
        transport.sendto(b"new", other.getsockname())
        assert other.recv(100) == b"new"
        transport.close()

    loop.run_until_complete(work())


def test_the_wire_is_no_network(loop: NetworkLoop) -> None:
    async def work() -> None:
        ours, theirs = socket.socketpair()
        theirs.setblocking(False)
        with theirs:
            transport, _ = await loop.create_unix_connection(asyncio.Protocol, sock=ours)
            loop.cut()
            transport.write(b"still here")
            assert await loop.sock_recv(theirs, 100) == b"still here"
            transport.close()

    loop.run_until_complete(work())


def test_descriptors_are_given_back(loop: NetworkLoop) -> None:
    async def work() -> None:
        numbers = set()
        for _ in range(20):
            transport, _ = await loop.create_datagram_endpoint(Nothing, local_addr=("127.0.0.1", 0))
            numbers.add(transport.get_extra_info("socket").fileno())
            loop.cut().clear()
            await asyncio.sleep(0)
        assert len(numbers) <= 2

    loop.run_until_complete(work())
