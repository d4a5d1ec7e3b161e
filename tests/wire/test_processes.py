"""Peers in processes of their own: killed, restarted, and of another user."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from kiosk.wire.messages import EndCall, Program
from tests.wire import forker
from tests.wire.kit import PATIENCE_S, connecting, hello, serving, stranger

UID = os.getuid()
NOBODY = 65534
ROOT = Path(__file__).parents[2]


@pytest.fixture
def path() -> Iterator[Path]:
    """Where any user may come; a test's own temporary directory is for its user alone."""
    with TemporaryDirectory() as directory:
        Path(directory).chmod(0o755)
        yield Path(directory) / "core.sock"


@asynccontextmanager
async def _server(path: Path) -> AsyncIterator[Process]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.wire.server", str(path)), stdout=PIPE, cwd=ROOT
    )
    assert process.stdout is not None
    async with asyncio.timeout(PATIENCE_S):
        assert await process.stdout.readline() == b"listening\n"
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def test_a_client_finds_a_server_that_was_killed_and_started_again(path: Path) -> None:
    async with connecting(path, retry_s=0.01) as (client, at_call):
        for round_number in (1, 2):
            async with _server(path):
                await at_call.until_nth("up", round_number)
                client.send(EndCall(round_number))
                assert await at_call.until_nth("message", round_number) == (EndCall(round_number),)
            assert path.is_socket(), "a killed server leaves its socket, which the next one takes"
            await at_call.until_nth("down", round_number)


async def test_a_stopped_server_blocks_no_sender_and_is_found_again_when_it_goes_on(
    path: Path,
) -> None:
    async with _server(path) as process, connecting(path, retry_s=0.01) as (client, at_call):
        await at_call.until_nth("up")
        process.send_signal(signal.SIGSTOP)
        for n in range(20_000):
            client.send(EndCall(n))
        assert "queue is full" in (await at_call.until_nth("down"))[0]
        process.send_signal(signal.SIGCONT)
        await at_call.until_nth("up", 2)
        client.send(EndCall(-1))
        await at_call.until(lambda heard: ("message", EndCall(-1)) in heard.all)


def _descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


async def test_killed_peers_leave_no_descriptor_behind_over_200_reconnects(path: Path) -> None:
    roles = {Program.CALL: UID}
    async with serving(path, roles) as (_, at_core):
        await _fork_peers(path, 1)
        await at_core.until_nth("gone")
        before = _descriptors()
        await _fork_peers(path, 200)
        await at_core.until_nth("gone", 201)
        assert _descriptors() == before
        assert len(at_core.of("peer")) == 201


async def _fork_peers(path: Path, count: int) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-I", forker.__file__, str(path), str(count), hello().decode()
    )
    async with asyncio.timeout(60):
        assert await process.wait() == 0


async def test_a_client_leaves_no_descriptor_behind_over_200_reconnects(path: Path) -> None:
    def close_at_once(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(hello("kiosk-core"))
        writer.close()

    other = await asyncio.start_unix_server(close_at_once, path)
    async with connecting(path, retry_s=0.0001) as (_, at_call):
        await at_call.until_nth("down")
        before = _descriptors()
        await at_call.until_nth("down", 201)
        assert _descriptors() <= before + 2, "the connection being made has two ends here"
    other.close()
    await other.wait_closed()


_VISIT = """
import socket, sys
with socket.socket(socket.AF_UNIX) as link:
    link.connect(sys.argv[1])
    link.sendall(sys.argv[2].encode())
    heard = link.makefile("rb").readline()
    print(len(heard), flush=True)
    sys.stdin.read()
"""


@asynccontextmanager
async def _as_nobody(path: Path) -> AsyncIterator[Process]:
    process = await asyncio.create_subprocess_exec(
        *("/usr/bin/python3", "-I", "-c", _VISIT, str(path), hello().decode()),
        stdin=PIPE,
        stdout=PIPE,
        stderr=DEVNULL,
        user=NOBODY,
        group=NOBODY,
        extra_groups=[],
        cwd="/",
    )
    try:
        yield process
    finally:
        await process.communicate(b"")


@pytest.mark.root
async def test_a_user_outside_the_sockets_group_cannot_even_connect(path: Path) -> None:
    async with serving(path, {Program.CALL: NOBODY}) as (_, at_core), _as_nobody(path) as peer:
        out, _ = await peer.communicate()
        assert (out, peer.returncode) == (b"", 1)
    assert at_core.all == []


@pytest.mark.root
async def test_the_wrong_user_is_turned_away(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with serving(path, {Program.CALL: UID}) as (_, at_core):
        path.chmod(0o666)
        async with _as_nobody(path) as peer:
            assert peer.stdout is not None
            assert await peer.stdout.readline() in (b"0\n", b""), "it heard something"
    assert at_core.all == []
    assert f"turned away user {NOBODY}: has no part on this wire" in caplog.text


@pytest.mark.root
async def test_a_user_may_be_only_the_program_it_is_configured_for(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with serving(path, {Program.CALL: UID, Program.UI: NOBODY}) as (_, at_core):
        path.chmod(0o666)
        async with _as_nobody(path) as peer:
            assert peer.stdout is not None
            assert await peer.stdout.readline() in (b"0\n", b""), "it heard something"
    assert at_core.all == []
    assert f"turned away user {NOBODY}: may not be kiosk-call" in caplog.text


@pytest.mark.root
async def test_the_right_user_is_let_in(path: Path) -> None:
    async with serving(path, {Program.CALL: NOBODY}) as (_, at_core):
        path.chmod(0o666)
        async with _as_nobody(path) as peer:
            await at_core.until_nth("peer")
            assert peer.stdout is not None
            assert int(await peer.stdout.readline()) > 0
        assert await at_core.until_nth("gone") == (Program.CALL, "closed by the peer")


async def test_a_client_does_not_speak_to_a_server_of_another_user(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    said = asyncio.Queue[bytes]()

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(hello("kiosk-core"))
        try:
            said.put_nowait(await reader.read())
        except ConnectionError:  # it left without reading our Hello
            said.put_nowait(b"")
        writer.close()

    impostor = await asyncio.start_unix_server(listen, path)
    async with connecting(path, server_uid=UID + 1, retry_s=0.01) as (_, at_call):
        async with asyncio.timeout(PATIENCE_S):
            assert [await said.get() for _ in range(3)] == [b""] * 3
    impostor.close()
    await impostor.wait_closed()
    assert at_call.all == []
    assert caplog.text.count("no connection to kiosk-core: has no part on this wire") == 1


async def test_one_user_cannot_hold_every_connection(path: Path) -> None:
    async with serving(path, {Program.CALL: UID, Program.OBSERVER: UID}) as (_, at_core):
        peers = [stranger(path) for _ in range(17)]
        open_peers = [await peer.__aenter__() for peer in peers]
        assert await open_peers[16].hears_nothing_more() == b""
        open_peers[0].say(hello())
        assert await at_core.until_nth("peer") == (Program.CALL,)
        for peer in peers:
            await peer.__aexit__(None, None, None)
