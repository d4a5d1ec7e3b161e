"""Relays: all are asked at once, whichever way they are spoken to, and none that fails is waited for."""

import asyncio
import socket
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from ssl import create_default_context

import pytest
from aioice import Connection, TransportPolicy, turn

from kiosk.call.gate import guard_ports
from kiosk.call.network import NetworkLoop
from kiosk.call.relays import (
    GATHER_S,
    MOST_RELAYS,
    RELAY_S,
    abandon_relays,
    gather_through,
    notice_dead_relays,
    relay_servers,
)
from kiosk.clock import SystemClock
from kiosk.errors import CallError
from kiosk.sandbox.authority import Authority
from kiosk.wire.messages import NO_RELAY, IceServer
from kiosk.wire.secret import Secret
from tests.call.kit import now_s
from tests.call.test_peer import peer_of
from tests.turn import TurnServer, ice_server, turn_server

HOST = "127.0.0.1"
LIFE_S = 5
ALLOCATED_S = 4
SOUND = b"\x80\x6f" + bytes(10)
"""What passes the gate of a port as RTP."""


@pytest.fixture
def relay(tmp_path: Path) -> Iterator[TurnServer]:
    with turn_server(HOST, tmp_path, None) as server:
        yield server


def told(*urls: str, life_s: float = 600) -> IceServer:
    made = ice_server(urls, life_s)
    return IceServer(urls, str(made["username"]), Secret(str(made["credential"])))


async def gathered(*servers: IceServer, only: bool = True) -> Connection:
    guard_ports()
    notice_dead_relays()
    policy = TransportPolicy.RELAY if only else TransportPolicy.ALL
    connection = Connection(ice_controlling=True, transport_policy=policy)
    gather_through(connection, relay_servers(servers), only)
    await connection.gather_candidates()
    return connection


async def test_every_way_to_a_relay_is_asked_at_once_and_the_first_comes_first(
    relay: TurnServer,
) -> None:
    connection = await gathered(told(relay.udp, relay.tcp))
    found = connection.local_candidates
    assert [candidate.type for candidate in found] == ["relay", "relay"]
    assert found[0].priority > found[1].priority
    await connection.close()


async def test_a_relay_that_refuses_is_passed_over_at_once(relay: TurnServer) -> None:
    with socket.socket() as shut:
        shut.bind((HOST, 0))
        port = shut.getsockname()[1]
        began_s = now_s()
        connection = await gathered(
            told(f"turn:{HOST}:{port}?transport=tcp", f"turn:{HOST}:{port}"), told(relay.udp)
        )
        assert now_s() - began_s < GATHER_S + 0.5
    assert len(connection.local_candidates) == 1
    await connection.close()


async def test_a_relay_that_hangs_is_passed_over(relay: TurnServer, tmp_path: Path) -> None:
    with turn_server(HOST, tmp_path, None) as stuck, stuck.paused():
        began_s = now_s()
        connection = await gathered(told(stuck.udp, stuck.tcp), told(relay.udp))
        assert now_s() - began_s < GATHER_S + 0.5
        assert len(connection.local_candidates) == 1
        await connection.close()


async def test_where_no_relay_answers_none_is_waited_for_long(relay: TurnServer) -> None:
    with relay.paused():
        began_s = now_s()
        connection = await gathered(told(relay.udp, relay.tcp))
        assert GATHER_S < now_s() - began_s < RELAY_S + 0.5
        assert connection.local_candidates == []
        await connection.close()


async def test_a_password_that_has_ended_gives_no_relay(relay: TurnServer) -> None:
    began_s = now_s()
    connection = await gathered(told(relay.udp, life_s=-3600))
    assert connection.local_candidates == []
    assert now_s() - began_s < GATHER_S + 0.5
    await connection.close()


@pytest.mark.parametrize(("only", "said"), [(True, NO_RELAY), (False, None)])
async def test_where_only_a_relay_may_be_used_and_none_lets_us_in_that_is_said(
    relay: TurnServer, only: bool, said: str | None
) -> None:
    notice_dead_relays()
    peer = peer_of(told(relay.udp, life_s=-3600), relay_only=only)
    try:
        await peer.offer()
        why = None
    except CallError as error:
        why = str(error)
    finally:
        await peer.close()
    assert why == said


async def test_a_password_that_ends_in_a_call_ends_nothing_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the relay gave is asked for again and again, and so is the way to the other side."""
    often = partial(turn.create_turn_endpoint, channel_refresh_time=ALLOCATED_S // 2)
    monkeypatch.setattr(turn, "create_turn_endpoint", often)
    with turn_server(HOST, tmp_path, None, ALLOCATED_S) as relay:
        ends_s = now_s() + LIFE_S
        ours, theirs = [await gathered(told(relay.udp, life_s=LIFE_S)) for _ in range(2)]
        theirs.ice_controlling = False
        await connect(ours, theirs)
        assert now_s() < ends_s
        while now_s() < ends_s + 2 * ALLOCATED_S:
            await ours.send(SOUND)
            assert await asyncio.wait_for(theirs.recv(), 1.0) == SOUND
            await asyncio.sleep(0.2)
        assert (await gathered(told(relay.udp, life_s=LIFE_S - 60))).local_candidates == []
        await asyncio.gather(ours.close(), theirs.close())


async def connect(ours: Connection, theirs: Connection) -> None:
    for to, of in ((ours, theirs), (theirs, ours)):
        to.remote_username, to.remote_password = of.local_username, of.local_password
        for candidate in of.local_candidates:
            await to.add_remote_candidate(candidate)
        await to.add_remote_candidate(None)
    await asyncio.gather(ours.connect(), theirs.connect())


async def test_a_candidate_of_a_relay_says_nothing_of_where_we_are(relay: TurnServer) -> None:
    connection = await gathered(told(relay.udp))
    (candidate,) = connection.local_candidates
    assert (candidate.related_address, candidate.related_port) == ("0.0.0.0", 9)
    await connection.close()


@pytest.mark.parametrize("way", ["udp", "tcp"])
async def test_a_relay_that_dies_is_known_to_be_dead(relay: TurnServer, way: str) -> None:
    connection = await gathered(told(getattr(relay, way)))
    (port,) = connection._protocols
    inner = vars(port.transport)["_TurnTransport__inner_protocol"]
    relay.kill()
    died_s = now_s()
    async with asyncio.timeout(3):
        while not inner.transport.is_closing():
            port.transport.sendto(b"\x80", (HOST, 9))
            await asyncio.sleep(0.02)  # as packets of sound are sent
    assert now_s() - died_s < 1.0


@pytest.mark.parametrize("way", ["udp", "tcp"])
async def test_no_goodbye_to_a_relay_is_waited_for(relay: TurnServer, way: str) -> None:
    connection = await gathered(told(getattr(relay, way)))
    with relay.paused():
        abandon_relays(connection)
        began_s = now_s()
        await connection.close()
        assert now_s() - began_s < 0.5


def test_no_more_relays_are_asked_than_a_call_needs() -> None:
    many = told(*(f"turn:r{number}.example" for number in range(9)))
    assert len(relay_servers([many])) == MOST_RELAYS


def test_a_server_that_only_tells_addresses_is_no_relay() -> None:
    assert relay_servers([IceServer(("stun:s.example",), None, None)]) == []


def test_what_can_not_be_spoken_is_left_out() -> None:
    assert relay_servers([told("turns:r.example?transport=udp")]) == []


def test_an_address_that_is_none_is_an_error() -> None:
    with pytest.raises(ValueError, match="malformed"):
        relay_servers([told("turn:")])


def test_a_relay_is_spoken_to_over_tls_by_the_sites_authority(tmp_path: Path) -> None:
    authority = Authority(SystemClock())
    identity = authority.service(HOST).write(tmp_path, "relay")
    (tmp_path / "ca.pem").write_bytes(authority.certificate)

    async def candidates(url: str) -> int:
        connection = await gathered(told(url))
        found = len(connection.local_candidates)
        await connection.close()
        return found

    with turn_server(HOST, tmp_path, identity) as relay:
        for trust, found in ((create_default_context(cafile=tmp_path / "ca.pem"), 1), (None, 0)):
            with asyncio.Runner(loop_factory=partial(NetworkLoop, SystemClock(), trust)) as runner:
                assert runner.run(candidates(relay.tls)) == found
