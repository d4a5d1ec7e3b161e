"""Relays (TURN): all servers of a visit are asked at once, and one that dies is known at once.

Aioice asks one server only, and waits for an answer that the kernel knows will not come.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from aioice import Candidate, Connection, ice, turn
from aioice.candidate import candidate_priority
from aioice.turn import TurnClientUdpProtocol, TurnTransport
from aiortc.rtcicetransport import parse_stun_turn_uri

from kiosk.call.path import client_of
from kiosk.clock import Seconds
from kiosk.wire.messages import IceServer

MOST_RELAYS: Final = 4
"""Each is a port of a server for as long as the call lasts."""

GATHER_S: Final[Seconds] = 0.5
"""What a STUN or TURN server has not said by then is done without."""

RELAY_S: Final[Seconds] = 2.0
"""Where nothing else may be used, the first relay is waited for so long. It was asked a third time half a
second before (RFC 8489, section 6.2.1): it is asked anew soon enough where it is back only after that."""


@dataclass(frozen=True, slots=True)
class RelayServer:
    """One way to one TURN server (RFC 7065), with its credentials."""

    address: tuple[str, int]
    transport: str
    tls: bool
    username: str | None
    password: str | None


def relay_servers(servers: Sequence[IceServer]) -> list[RelayServer]:
    """Those of `servers` that relay, in their order. Raises ValueError for a URL that is none."""
    return list(_relay_servers(servers))[:MOST_RELAYS]


def _relay_servers(servers: Sequence[IceServer]) -> Iterator[RelayServer]:
    for server in servers:
        for url in server.urls:
            parsed = parse_stun_turn_uri(url)
            if parsed["scheme"] not in ("turn", "turns"):
                continue
            tls, transport = parsed["scheme"] == "turns", parsed["transport"]
            if transport == "tcp" or (transport == "udp" and not tls):
                password = server.credential.reveal() if server.credential else None
                address = (parsed["host"], parsed["port"])
                yield RelayServer(address, transport, tls, server.username, password)


def gather_through(connection: Connection, servers: Sequence[RelayServer], only: bool) -> None:
    """Have a connection gather from all these at once; with `only`, from nothing else."""
    own: Callable[..., Awaitable[list[Candidate]]] = connection.get_component_candidates

    async def gather(component: int, addresses: list[str]) -> list[Candidate]:
        found, relayed = await asyncio.gather(
            own(component, addresses, timeout=GATHER_S),
            _relayed(connection, component, servers, only),
        )
        return [*found, *relayed]

    inside: Any = connection
    inside.get_component_candidates = gather


async def _relayed(
    connection: Connection, component: int, servers: Sequence[RelayServer], only: bool
) -> list[Candidate]:
    asked = [asyncio.create_task(_ask(connection, component, server, only)) for server in servers]
    if not asked:
        return []
    try:
        await _wait(asked, only)
        answered = [task for task in asked if task.done() and task.exception() is None]
        candidates = []
        for number, task in enumerate(asked):
            if task in answered:
                candidate, port = task.result()
                candidate.priority = candidate_priority(component, "relay", 65535 - number)
                connection._protocols.append(port)  # noqa: SLF001
                candidates.append(candidate)
        return candidates
    finally:
        for task in asked:
            task.cancel()


async def _wait(asked: Sequence[asyncio.Task[Any]], only: bool) -> None:
    """For all for a while, and then for the first that says yes, where it is needed."""
    _, waiting = await asyncio.wait(asked, timeout=GATHER_S)
    loop = asyncio.get_running_loop()
    until_s = loop.time() + RELAY_S - GATHER_S
    while only and waiting and not any(task.done() and not task.exception() for task in asked):
        done, waiting = await asyncio.wait(
            waiting, timeout=until_s - loop.time(), return_when=asyncio.FIRST_COMPLETED
        )
        if not done:
            return


async def _ask(
    connection: Connection, component: int, server: RelayServer, hidden: bool
) -> tuple[Candidate, Any]:
    return await ice.relayed_candidate(
        component=component,
        hide_related_address=hidden,
        protocol_factory=lambda: ice.StunProtocol(connection),
        turn_server=server.address,
        turn_username=server.username,
        turn_password=server.password,
        turn_ssl=server.tls,
        turn_transport=server.transport,
    )


def abandon_relays(connection: Connection) -> None:
    """Say no goodbye to a relay over a network that was cut: its answer would be waited for."""
    for port in connection._protocols:  # noqa: SLF001
        if isinstance(port.transport, TurnTransport):
            client_of(port.transport).transport.abort()


class MortalTurnClient(TurnClientUdpProtocol):
    """Ends when the kernel says that nobody listens at the server any more (ICMP, RFC 792)."""

    def error_received(self, error: Exception) -> None:
        if isinstance(error, ConnectionRefusedError):
            self.transport.abort()


def notice_dead_relays() -> None:
    """Have aioice use this client, in the whole program."""
    inside = vars(turn)
    assert "TurnClientUdpProtocol" in inside
    inside["TurnClientUdpProtocol"] = MortalTurnClient
