"""Peers that flood, stall, or do not say what they must: dropped, in bounded memory and time."""

import asyncio
import gc
import os
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kiosk.wire.aio import LINKS_PER_USER, WireServer
from kiosk.wire.codec import MAX_LINE_BYTES, encode
from kiosk.wire.messages import CallStatus, EndCall, OfferReady, Program, Show
from kiosk.wire.screens import RefusedScreen
from tests.wire.kit import PATIENCE_S, Heard, connecting, hello, serving, stranger, until_logged

UID = os.getuid()
ROLES = {Program.CALL: UID, Program.UI: UID}
KIB = 1024


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "core.sock"


@contextmanager
def _grows_at_most(limit_bytes: int) -> Iterator[None]:
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    try:
        yield
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak - before < limit_bytes, f"grew by {peak - before} bytes"


async def _send_until_gone(server: WireServer, at_core: Heard) -> int:
    """How many offers of 4 KiB were sent before the peer was dropped."""
    sent = 0
    while not at_core.of("gone"):
        server.send(Program.CALL, OfferReady(sent, 0, "x" * 4 * KIB))
        sent += 1
        if sent % 50 == 0:
            await asyncio.sleep(0)
        assert sent < 10_000, "the peer is never dropped"
    return sent


async def test_a_peer_that_never_reads_is_dropped_when_its_queue_of_events_is_full(
    path: Path,
) -> None:
    async with serving(path, ROLES) as (server, at_core), stranger(path) as peer:
        peer.stop_reading()
        peer.say(hello())
        await at_core.until_nth("peer")
        with _grows_at_most(3 * 256 * 4 * KIB):
            sent = await _send_until_gone(server, at_core)
        assert 256 < sent < 1000
        assert at_core.of("gone") == [(Program.CALL, "reads too slowly: its queue is full")]


async def test_the_others_hear_all_while_one_peer_does_not_read(path: Path) -> None:
    async with (
        serving(path, ROLES) as (server, at_core),
        connecting(path, Program.UI) as (_, at_ui),
        stranger(path) as peer,
    ):
        peer.stop_reading()
        peer.say(hello())
        await at_core.until_nth("peer", 2)
        for n in range(1000):
            server.send(Program.CALL, EndCall(n))
            if n % 10 == 0:
                server.send(Program.UI, EndCall(n))
        await at_ui.until_nth("message", 100)


def _show(number: int) -> Show:
    return Show(number, "T1", "Hall", RefusedScreen("x" * KIB, None, None))


async def test_states_never_fill_the_queue_of_a_peer_that_does_not_read(path: Path) -> None:
    async with serving(path, ROLES) as (server, at_core), stranger(path) as peer:
        peer.stop_reading()
        peer.say(hello())
        await at_core.until_nth("peer")
        with _grows_at_most(200 * KIB):
            for number in range(5000):
                server.send(Program.CALL, _show(number))
        assert at_core.of("gone") == []
        (link,) = server._all()
        assert link._transport.get_write_buffer_size() < 2 * KIB, "more than one line is kept"
        peer.read_again()
        assert (await peer.line())["type"] == "Hello"
        numbers = [(await peer.line())["number"]]
        while numbers[-1] != 4999:
            numbers.append((await peer.line())["number"])
        assert numbers == sorted(numbers)
        assert len(numbers) < 1000, "old states were kept for the peer"


async def test_a_peer_that_sends_100_mb_without_a_newline_is_dropped_at_the_limit(
    path: Path,
) -> None:
    sent_bytes = 0
    async with serving(path, ROLES) as (_, at_core), stranger(path) as peer:
        peer.say(hello())
        await at_core.until_nth("peer")
        with _grows_at_most(4 * MAX_LINE_BYTES):
            chunk = b"x" * 64 * KIB
            with pytest.raises(ConnectionError):
                while sent_bytes < 100_000_000:
                    peer.say(chunk)
                    await peer.writer.drain()
                    sent_bytes += len(chunk)
        assert sent_bytes < 3 * MAX_LINE_BYTES
        reason = (await at_core.until_nth("gone"))[1]
    assert "too long" in reason


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (hello(protocol=99), "speaks another protocol"),
        (hello("kiosk-core"), "may not be kiosk-core"),
        (hello("firmware-bridge"), "may not be firmware-bridge"),
        (b"\x16\x03\x01\x02\x00\x01\n", "a line of 6 bytes is not JSON"),
        (encode(EndCall(1)), "said EndCall before Hello"),
        (b"y" * MAX_LINE_BYTES, "too long"),
        (b"", "closed by the peer"),
        (hello()[:-1], "closed by the peer in a line"),
    ],
    ids=["protocol", "core", "bridge", "garbage", "no hello", "endless", "nothing", "half"],
)
async def test_a_peer_that_begins_wrongly_is_turned_away(
    path: Path, said: bytes, told: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with serving(path, ROLES) as (_, at_core), stranger(path) as peer:
        peer.say(said)
        peer.writer.write_eof()
        assert await peer.hears_nothing_more() == b""
        await until_logged(caplog, "turned away")
    assert at_core.all == []
    assert f"turned away user {UID}: " in caplog.text
    assert told in caplog.text


@pytest.mark.parametrize("said", [b"", hello()[:-1]], ids=["silent", "half a hello"])
async def test_a_peer_that_does_not_say_hello_in_time_is_turned_away(
    path: Path, said: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    async with serving(path, ROLES, hello_s=0.05) as (_, at_core), stranger(path) as peer:
        peer.say(said)
        assert await peer.hears_nothing_more() == b""
    assert at_core.all == []
    assert "did not say Hello within 0.05 s" in caplog.text


async def test_a_peer_that_said_hello_may_be_silent_for_ever(path: Path) -> None:
    async with serving(path, ROLES, hello_s=0.01) as (_, at_core), stranger(path) as peer:
        peer.say(hello())
        await at_core.until_nth("peer")
        elapsed = asyncio.get_running_loop().create_future()
        asyncio.get_running_loop().call_later(0.1, elapsed.set_result, None)
        await elapsed
        assert at_core.of("gone") == []


async def test_a_peer_is_dropped_at_its_first_bad_line(path: Path) -> None:
    async with serving(path, ROLES) as (_, at_core), stranger(path) as peer:
        peer.say(hello() + encode(EndCall(1)))
        await at_core.until_nth("message")
        peer.say(b'{"type":"EndCall"}\n')
        await peer.hears_nothing_more()
        assert await at_core.until_nth("gone") == (
            Program.CALL,
            "EndCall of 18 bytes has a wrong field",
        )


async def test_a_message_that_cannot_be_sent_costs_no_connection(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with serving(path, ROLES) as (server, at_core), connecting(path) as (_, at_call):
        await at_core.until_nth("peer")
        server.send(Program.CALL, OfferReady(1, 0, "x" * MAX_LINE_BYTES))
        server.send(Program.CALL, EndCall(1))
        assert await at_call.until_nth("message") == (EndCall(1),)
        assert at_core.of("gone") == []
    assert "not sent to kiosk-call: OfferReady of" in caplog.text


async def test_a_server_that_never_greets_is_left_and_tried_again(path: Path) -> None:
    came = asyncio.Queue[bytes]()

    async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        came.put_nowait(await reader.read())
        writer.close()

    silent = await asyncio.start_unix_server(say_nothing, path)
    async with connecting(path, retry_s=0.01, hello_s=0.05) as (client, at_call):
        client.send(CallStatus(None, None, None, None))
        async with asyncio.timeout(PATIENCE_S):
            heard = [await came.get() for _ in range(2)]
    silent.close()
    await silent.wait_closed()
    assert all(said.count(b"\n") == 1 and b'"Hello"' in said for said in heard)
    assert at_call.all == []


async def test_a_server_that_is_another_program_is_left(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def wrong(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(hello("firmware-bridge"))
        await reader.read()
        writer.close()

    other = await asyncio.start_unix_server(wrong, path)
    async with connecting(path, retry_s=0.01) as (_, at_call):
        await until_logged(caplog, "may not be firmware-bridge")
    other.close()
    await other.wait_closed()
    assert at_call.all == []


async def test_peers_that_are_turned_away_leave_room_for_one_that_is_not(path: Path) -> None:
    async with serving(path, ROLES) as (_, at_core):
        for _ in range(2 * LINKS_PER_USER):
            async with stranger(path) as peer:
                peer.say(b"noise\n")
                await peer.hears_nothing_more()
        async with stranger(path) as peer:
            peer.say(hello())
            await at_core.until_nth("peer")
