"""When a datagram came is what the kernel says, however late it is read."""

import asyncio
import socket
from contextlib import suppress

import pytest

from kiosk.call.network import NetworkLoop
from kiosk.call.stamps import MOST_LATE_S
from kiosk.clock import Seconds
from tests.call.ahead import Ahead
from tests.call.kit import CLOCK, PATIENCE_S, now_s

LATE_S = 0.5


class Reader(asyncio.DatagramProtocol):
    """Keeps when the first came, and can not use it."""

    def __init__(self) -> None:
        self.came_s: asyncio.Future[Seconds | None] = asyncio.Future()

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self.came_s.set_result(_loop().came_s)
        raise ValueError


def _loop() -> NetworkLoop:
    loop = asyncio.get_running_loop()
    assert isinstance(loop, NetworkLoop)
    return loop


async def _read() -> tuple[Seconds | None, Seconds | None]:
    loop = _loop()
    loop.set_exception_handler(lambda *_: None)
    transport, reader = await loop.create_datagram_endpoint(Reader, local_addr=("127.0.0.1", 0))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.sendto(b"hello", transport.get_extra_info("sockname"))
    try:
        return await reader.came_s, loop.came_s
    finally:
        transport.close()


def read(ahead_s: Seconds) -> tuple[Seconds | None, Seconds | None]:
    """When a datagram came, for who is told of it and for all others, with such a clock."""
    with asyncio.Runner(loop_factory=lambda: NetworkLoop(Ahead(ahead_s))) as runner:
        return runner.run(_read())


def test_a_datagram_came_when_the_kernel_had_it() -> None:
    before_s = now_s()
    came_s, _ = read(LATE_S)
    assert came_s is not None
    assert before_s - LATE_S < came_s < now_s() - LATE_S


@pytest.mark.parametrize("ahead_s", [-LATE_S, MOST_LATE_S + 1, 1e9])
def test_a_datagram_came_just_now_when_a_clock_was_set(ahead_s: Seconds) -> None:
    before_s = now_s()
    came_s, _ = read(ahead_s)
    assert came_s is not None
    assert before_s < came_s < now_s()


def test_nothing_else_has_the_time_of_a_datagram() -> None:
    _, other_s = read(LATE_S)
    assert other_s is None


class Refused(asyncio.DatagramProtocol):
    """Waits for an error, and takes nothing."""

    def __init__(self) -> None:
        self.wrong: asyncio.Future[Exception] = asyncio.Future()

    def error_received(self, exc: Exception) -> None:
        self.wrong.set_result(exc)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        raise AssertionError


def test_what_goes_wrong_with_reading_is_told() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as gone:
        gone.bind(("127.0.0.1", 0))
        address = gone.getsockname()

    async def ask() -> Exception:
        transport, refused = await _loop().create_datagram_endpoint(Refused, remote_addr=address)
        transport.sendto(b"hello")
        try:
            async with asyncio.timeout(PATIENCE_S):
                wrong: Exception = await refused.wrong
                return wrong
        finally:
            transport.close()

    with asyncio.Runner(loop_factory=lambda: NetworkLoop(CLOCK)) as runner:
        wrong = runner.run(ask())
    assert isinstance(wrong, ConnectionRefusedError)


def test_nothing_is_read_after_the_end() -> None:
    async def end() -> bool:
        transport, reader = await _loop().create_datagram_endpoint(
            Reader, local_addr=("127.0.0.1", 0)
        )
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
            other.sendto(b"hello", transport.get_extra_info("sockname"))
        transport.abort()
        with suppress(ValueError):
            transport._read_ready()
        came: bool = reader.came_s.done()
        return came

    with asyncio.Runner(loop_factory=lambda: NetworkLoop(CLOCK)) as runner:
        assert not runner.run(end())
