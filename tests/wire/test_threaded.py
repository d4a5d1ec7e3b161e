"""The wire in a thread of its own, used from a thread without an event loop."""

import asyncio
import os
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import AsyncExitStack, closing
from pathlib import Path
from typing import Any

import pytest

from kiosk.clock import SystemClock
from kiosk.wire.aio import WireServer
from kiosk.wire.messages import EndCall, PinEntered, Program, Show, Touch, Touched
from kiosk.wire.screens import IdleScreen
from kiosk.wire.secret import Secret
from kiosk.wire.threaded import STOP_S, LinkDown, LinkUp, ThreadWireClient
from tests.wire.kit import PATIENCE_S, Heard, InThread, serving

CLOCK = SystemClock()
ROLES = {program: os.getuid() for program in Program}


class ServerThread:
    """kiosk-core in another thread, so that the test's own has no event loop, as kiosk-ui's."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        self._open = AsyncExitStack()
        self.server: WireServer
        self.heard: Heard

    def start(self) -> None:
        self.server, self.heard = self._do(
            self._open.enter_async_context(serving(self._path, ROLES))
        )

    def send(self, *messages: Any) -> None:
        async def send() -> None:
            for message in messages:
                self.server.send(Program.UI, message)

        self._do(send())

    def until_nth(self, kind: str, count: int = 1) -> tuple[Any, ...]:
        found: tuple[Any, ...] = self._do(self.heard.until_nth(kind, count))
        return found

    def stop(self) -> None:
        self._do(self._open.aclose())

    def end(self) -> None:
        self.stop()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _do(self, work: Any) -> Any:
        future: Future[Any] = asyncio.run_coroutine_threadsafe(work, self._loop)
        return future.result(PATIENCE_S)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "core.sock"


@pytest.fixture
def core(path: Path) -> Iterator[ServerThread]:
    server = ServerThread(path)
    yield server
    server.end()


@pytest.fixture
def screen(path: Path) -> Iterator[InThread]:
    thread = InThread(path)
    thread.client.start()
    yield thread
    thread.client.stop()


def _ignore() -> None:
    pass


def _show(number: int) -> Show:
    return Show(number, "T1", "Hall", IdleScreen())


def test_messages_go_both_ways_without_a_loop_in_this_thread(
    core: ServerThread, screen: InThread
) -> None:
    with pytest.raises(RuntimeError, match="no running event loop"):
        asyncio.get_running_loop()
    core.start()
    assert screen.until(LinkUp) == [LinkUp()]
    core.send(_show(1))
    assert screen.until(_show(1)) == [_show(1)]
    screen.client.send(Touched(1, Touch.JOIN, 1.5))
    screen.client.send(PinEntered(1, Secret("1234")))
    core.until_nth("message", 2)
    assert core.heard.of("message") == [
        (Program.UI, Touched(1, Touch.JOIN, 1.5)),
        (Program.UI, PinEntered(1, Secret("1234"))),
    ]


def test_of_the_shows_that_wait_only_the_newest_is_received(
    core: ServerThread, screen: InThread
) -> None:
    core.start()
    screen.until(LinkUp)
    core.send(*[_show(n) for n in range(1, 101)], EndCall(1))
    core.until_nth("peer")
    got = screen.until(EndCall(1))
    assert got[-1] == EndCall(1)
    assert got.count(_show(100)) == 1


def test_wake_is_called_once_for_all_that_waits(path: Path) -> None:
    woken: list[int] = []
    client = ThreadWireClient(
        path, Program.UI, Program.CORE, None, wake=lambda: woken.append(len(woken))
    )
    for _ in range(3):
        client._keep(EndCall(1))
        client._keep(EndCall(2))
        assert client.receive() == [EndCall(1), EndCall(2)]
    assert woken == [0, 1, 2]


def test_nothing_waits_without_a_wake(path: Path, core: ServerThread) -> None:
    woken = threading.Semaphore(0)
    client = ThreadWireClient(path, Program.UI, Program.CORE, None, wake=woken.release)
    core.start()
    client.start()
    assert woken.acquire(timeout=PATIENCE_S)
    assert client.receive() == [LinkUp()]
    core.send(*[EndCall(n) for n in range(100)])
    assert woken.acquire(timeout=PATIENCE_S)
    got = client.receive()
    while len(got) < 100:
        assert woken.acquire(timeout=PATIENCE_S), "something waited without a wake"
        got += client.receive()
    assert got == [EndCall(n) for n in range(100)]
    client.stop()


def test_a_server_that_goes_and_returns_is_told(core: ServerThread, screen: InThread) -> None:
    core.start()
    screen.until(LinkUp)
    core.stop()
    assert screen.until(LinkDown) == [LinkDown("closed by the peer")]
    core.start()
    assert screen.until(LinkUp) == [LinkUp()]


def test_what_came_before_the_server_went_is_still_received(
    core: ServerThread, screen: InThread
) -> None:
    core.start()
    screen.until(LinkUp)
    core.send(EndCall(1))
    core.stop()
    assert screen.until(LinkDown) == [EndCall(1), LinkDown("closed by the peer")]


def test_a_reader_that_falls_behind_starts_again(core: ServerThread, screen: InThread) -> None:
    core.start()
    core.until_nth("peer")
    for n in range(0, 2000, 50):
        core.send(*[EndCall(n + i) for i in range(50)])
    core.until_nth("gone")
    core.until_nth("peer", 2)
    core.send(EndCall(-1))
    got = screen.until(EndCall(-1))
    assert LinkDown("this program reads too slowly") in got
    assert got[-2:] == [LinkUp(), EndCall(-1)]
    assert len(got) <= 257


def test_what_waits_is_bounded_while_the_server_comes_and_goes(
    path: Path,
) -> None:
    client = InThread(path).client
    for n in range(1000):
        client._keep(LinkUp())
        client._keep(EndCall(n))
        client._keep(LinkDown(str(n)))
    got = client.receive()
    assert len(got) <= 256
    assert got[-2:] == [EndCall(999), LinkDown("999")]


def test_sending_never_blocks_though_the_server_never_reads(path: Path) -> None:
    with closing(socket.socket(socket.AF_UNIX)) as silent:
        silent.bind(str(path))
        silent.listen()
        client = ThreadWireClient(path, Program.UI, Program.CORE, None, wake=_ignore)
        client.start()
        connection, _ = silent.accept()
        with connection:
            connection.sendall(
                b'{"type":"Hello","program":"kiosk-core","protocol":1,"release":""}\n'
            )
            begun_s = CLOCK.monotonic()
            for n in range(5000):
                client.send(Touched(n, Touch.JOIN, 0.0))
            sent_s = CLOCK.monotonic()
            client.stop()
            assert sent_s - begun_s < 1.0
            assert CLOCK.monotonic() - sent_s < STOP_S


def test_what_is_sent_before_start_without_a_server_and_after_stop_is_dropped(
    path: Path, core: ServerThread
) -> None:
    thread = InThread(path)
    thread.client.send(EndCall(1))
    thread.client.start()
    thread.client.send(EndCall(2))
    core.start()
    thread.until(LinkUp)
    thread.client.send(EndCall(3))
    thread.client.stop()
    thread.client.send(EndCall(4))
    core.until_nth("gone")
    assert core.heard.of("message") == [(Program.UI, EndCall(3))]


@pytest.mark.parametrize("state", ["no server", "connected", "silent server"])
def test_stop_ends_the_thread_within_a_second(path: Path, core: ServerThread, state: str) -> None:
    thread = InThread(path)
    silent = socket.socket(socket.AF_UNIX)
    if state == "connected":
        core.start()
    if state == "silent server":
        silent.bind(str(path))
        silent.listen()
    thread.client.start()
    if state == "connected":
        thread.until(LinkUp)
    clock = SystemClock()
    began = clock.monotonic()
    thread.client.stop()
    assert clock.monotonic() - began < STOP_S
    silent.close()
    assert not thread.client._thread.is_alive()
    thread.client.stop()


def test_a_client_that_was_never_started_drops_what_is_sent_and_stops(path: Path) -> None:
    client = ThreadWireClient(path, Program.UI, Program.CORE, None, wake=_ignore)
    client.send(EndCall(1))
    client.stop()
    assert not client._thread.is_alive()
    assert client.receive() == []


def test_any_number_of_threads_may_send(core: ServerThread, screen: InThread) -> None:
    def send_some() -> None:
        for n in range(20):
            screen.client.send(EndCall(n))

    core.start()
    screen.until(LinkUp)
    threads = [threading.Thread(target=send_some) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    core.until_nth("message", 160)
