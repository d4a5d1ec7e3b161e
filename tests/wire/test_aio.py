"""A server and its clients in one event loop, on real sockets."""

import asyncio
import os
import socket
from pathlib import Path
from typing import Any

import pytest

from kiosk.errors import WireError
from kiosk.wire.aio import WireClient, WireServer
from kiosk.wire.codec import encode
from kiosk.wire.messages import CallStatus, EndCall, Message, Mute, Program, StageEntered
from tests.wire.kit import Heard, connecting, hello, serving, stranger

UID = os.getuid()
ROLES = {Program.CALL: UID, Program.UI: UID, Program.OBSERVER: UID}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "core" / "core.sock"


async def test_messages_go_both_ways_in_order(path: Path) -> None:
    async with serving(path, ROLES) as (server, at_core), connecting(path) as (client, at_call):
        await at_core.until_nth("peer")
        await at_call.until_nth("up")
        for n in range(50):
            server.send(Program.CALL, EndCall(n))
            client.send(Mute(n, True))
        await at_core.until_nth("message", 50)
        await at_call.until_nth("message", 50)
    assert at_call.of("message") == [(EndCall(n),) for n in range(50)]
    assert at_core.of("message") == [(Program.CALL, Mute(n, True)) for n in range(50)]
    assert at_core.all[0] == ("peer", Program.CALL)


async def test_what_is_sent_when_a_peer_is_greeted_is_the_first_it_hears(path: Path) -> None:
    heard = Heard()
    server = WireServer(
        path,
        Program.CORE,
        ROLES,
        on_peer=lambda who: server.send(who, EndCall(7)),
        on_message=heard.note,
        on_gone=heard.note,
    )
    await server.start()
    async with connecting(path) as (_, at_call):
        await at_call.until_nth("message")
        assert at_call.all == [("up",), ("message", EndCall(7))]
    await server.close()


async def test_a_client_answers_from_on_up(path: Path) -> None:
    client = WireClient(
        path,
        Program.CALL,
        Program.CORE,
        UID,
        on_up=lambda: client.send(CallStatus(None, None, None, None)),
        on_message=lambda _: None,
        on_down=lambda _: None,
    )
    async with serving(path, ROLES) as (_, at_core):
        running = asyncio.create_task(client.run())
        assert await at_core.until_nth("message") == (
            Program.CALL,
            CallStatus(None, None, None, None),
        )
        running.cancel()
        await asyncio.wait([running])


async def test_no_start_order_is_needed(path: Path) -> None:
    async with connecting(path, retry_s=0.01) as (_, at_call), serving(path, ROLES):
        await at_call.until_nth("up")


async def test_what_is_sent_while_not_connected_is_dropped(path: Path) -> None:
    async with connecting(path, retry_s=0.01) as (client, at_call):
        client.send(EndCall(1))
        async with serving(path, ROLES) as (server, at_core):
            server.send(Program.CALL, EndCall(2))
            await at_core.until_nth("peer")
            await at_call.until_nth("up")
            client.send(EndCall(3))
            await at_core.until_nth("message")
            server.send(Program.CALL, EndCall(4))
            await at_call.until_nth("message")
    assert at_core.of("message") == [(Program.CALL, EndCall(3))]
    assert at_call.of("message") == [(EndCall(4),)]


async def test_a_client_is_told_that_the_server_went_and_came_back(path: Path) -> None:
    async with connecting(path, retry_s=0.01) as (_, at_call):
        for round_number in range(1, 4):
            async with serving(path, ROLES):
                await at_call.until_nth("up", round_number)
            await at_call.until_nth("down", round_number)
    assert at_call.all == [("up",), ("down", "closed by the peer")] * 3


async def test_a_server_is_told_why_a_peer_is_gone(path: Path) -> None:
    async with serving(path, ROLES) as (_, at_core):
        async with connecting(path) as (_, at_call):
            await at_call.until_nth("up")
        assert await at_core.until_nth("gone") == (Program.CALL, "closed by the peer")


async def test_the_newest_connection_of_a_program_replaces_the_older(path: Path) -> None:
    async with serving(path, ROLES) as (server, at_core), stranger(path) as first:
        first.say(hello())
        await at_core.until_nth("peer")
        async with stranger(path) as second:
            second.say(hello())
            await at_core.until_nth("peer", 2)
            server.send(Program.CALL, EndCall(1))
            assert (await second.line())["type"] == "Hello"
            assert (await second.line())["type"] == "EndCall"
            assert b"EndCall" not in await first.hears_nothing_more()
            assert at_core.all == [
                ("peer", Program.CALL),
                ("gone", Program.CALL, "replaced by a newer connection"),
                ("peer", Program.CALL),
            ]


async def test_there_may_be_several_observers(path: Path) -> None:
    async with (
        serving(path, ROLES) as (server, at_core),
        connecting(path, Program.OBSERVER) as (_, one),
        connecting(path, Program.OBSERVER) as (_, other),
    ):
        await at_core.until_nth("peer", 2)
        server.send(Program.OBSERVER, StageEntered("Idle", 1.0))
        assert await one.until_nth("message") == await other.until_nth("message")
        assert at_core.of("gone") == []


async def test_a_message_goes_to_the_program_it_is_for(path: Path) -> None:
    async with (
        serving(path, ROLES) as (server, at_core),
        connecting(path, Program.UI) as (_, at_ui),
        connecting(path, Program.CALL) as (_, at_call),
    ):
        await at_core.until_nth("peer", 2)
        server.send(Program.UI, EndCall(1))
        server.send(Program.CALL, EndCall(2))
        assert await at_call.until_nth("message") == (EndCall(2),)
        assert await at_ui.until_nth("message") == (EndCall(1),)


async def test_half_a_line_at_disconnect_is_not_heard(path: Path) -> None:
    async with serving(path, ROLES) as (_, at_core):
        async with stranger(path) as peer:
            peer.say(hello() + encode(EndCall(1)) + encode(EndCall(2))[:-1])
            await at_core.until_nth("message")
        reason = (await at_core.until_nth("gone"))[1]
    assert at_core.of("message") == [(Program.CALL, EndCall(1))]
    assert reason == f"closed by the peer in a line, after {len(encode(EndCall(2))) - 1} bytes"


async def test_closing_disconnects_everybody_and_calls_nobody_back(path: Path) -> None:
    async with serving(path, ROLES) as (server, at_core), stranger(path) as peer:
        peer.say(hello())
        await at_core.until_nth("peer")
        await server.close()
        assert (await peer.hears_nothing_more()).count(b"\n") == 1
        assert at_core.all == [("peer", Program.CALL)]
        assert not path.exists()


async def test_a_cancelled_client_is_disconnected_and_calls_nobody_back(path: Path) -> None:
    async with serving(path, ROLES) as (_, at_core):
        async with connecting(path) as (client, at_call):
            await at_call.until_nth("up")
        await at_core.until_nth("gone")
        client.send(EndCall(1))
    assert at_call.all == [("up",)]


async def test_a_second_server_does_not_take_the_place(path: Path) -> None:
    async with serving(path, ROLES), connecting(path) as (_, at_call):
        await at_call.until_nth("up")
        with pytest.raises(WireError, match="another program does"):
            async with serving(path, ROLES):
                pass
        assert path.is_socket()
        assert at_call.of("down") == []


async def test_a_closing_server_leaves_its_successors_socket(path: Path) -> None:
    async with serving(path, ROLES) as (first, _):
        path.unlink()
        async with serving(path, ROLES):
            await first.close()
            async with connecting(path) as (_, at_call):
                await at_call.until_nth("up")


async def test_attempts_to_connect_grow_apart_up_to_a_second(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []

    async def wait(delay_s: float) -> None:
        waits.append(delay_s)
        if len(waits) == 6:
            raise asyncio.CancelledError

    monkeypatch.setattr(asyncio, "sleep", wait)
    client = WireClient(
        path, Program.CALL, Program.CORE, UID, on_up=_ignore, on_message=_ignore, on_down=_ignore
    )
    with pytest.raises(asyncio.CancelledError):
        await client.run()
    assert waits == [0.1, 0.2, 0.4, 0.8, 1.0, 1.0]


async def test_a_client_gets_in_when_a_full_queue_of_connections_empties(path: Path) -> None:
    path.parent.mkdir()
    with socket.socket(socket.AF_UNIX) as busy, socket.socket(socket.AF_UNIX) as first:
        busy.bind(str(path))
        busy.listen(0)
        first.connect(str(path))
        async with connecting(path, retry_s=0.01) as (_, at_call):
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.2):
                    await at_call.until_nth("up")
            busy.close()
            path.unlink()
            async with serving(path, ROLES):
                await at_call.until_nth("up")
        assert at_call.all[0] == ("up",)


async def test_nothing_is_heard_of_a_connection_that_was_dropped(path: Path) -> None:
    path.parent.mkdir()
    heard = Heard()

    def hear_and_drop(message: Message) -> None:
        heard.note("message", message)
        client.drop("enough")

    client = WireClient(
        path,
        Program.CALL,
        Program.CORE,
        UID,
        on_up=lambda: heard.note("up"),
        on_message=hear_and_drop,
        on_down=lambda reason: heard.note("down", reason),
    )

    def say_five(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(hello("kiosk-core") + encode(EndCall(1)) * 5)
        writer.close()

    listener = await asyncio.start_unix_server(say_five, path)
    running = asyncio.create_task(client.run())
    await heard.until_nth("down")
    running.cancel()
    await asyncio.wait([running])
    listener.close()
    await listener.wait_closed()
    assert heard.all[:3] == [("up",), ("message", EndCall(1)), ("down", "enough")]


def _ignore(*_: object) -> None:
    pass


async def test_what_a_clients_callback_raises_ends_it(path: Path) -> None:
    def broken(_: object) -> None:
        raise LookupError("a mistake in the program")

    said: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: said.append(context))
    client = WireClient(
        path, Program.CALL, Program.CORE, UID, on_up=_ignore, on_message=broken, on_down=_ignore
    )
    async with serving(path, ROLES) as (server, at_core):
        running = asyncio.create_task(client.run())
        await at_core.until_nth("peer")
        server.send(Program.CALL, EndCall(1))
        async with asyncio.timeout(5):
            with pytest.raises(LookupError):
                await running
    assert len(said) == 1


async def test_what_a_servers_callback_raises_reaches_the_loop_and_drops_the_peer(
    path: Path,
) -> None:
    def broken(*_: object) -> None:
        raise ValueError("a mistake in the program")

    said: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: said.append(context))
    heard = Heard()
    server = WireServer(
        path,
        Program.CORE,
        ROLES,
        on_peer=lambda who: heard.note("peer", who),
        on_message=broken,
        on_gone=lambda who, reason: heard.note("gone", who, reason),
    )
    await server.start()
    async with stranger(path) as peer:
        peer.say(hello() + encode(EndCall(1)))
        await peer.hears_nothing_more()
        assert await heard.until_nth("gone") == (Program.CALL, "broke: ValueError")
    await server.close()
    assert isinstance(said[0]["exception"], ValueError)
