"""The way that a connection's packets take out of this terminal, and whether it is still there."""

import socket
from typing import Any

from aioice import Connection
from aioice.turn import TurnTransport

_INNER = "_TurnTransport__inner_protocol"


def is_stranded(ice: Connection) -> bool:
    """Whether the chosen pair sends from an address that this terminal no longer has.

    The kernel says nothing of it to a socket of datagrams: it would be silent for ever.
    """
    chosen = [pair.protocol.transport for pair in ice._nominated.values()]  # noqa: SLF001
    return any(not _is_ours(place) for place in _places(chosen))


def has_moved(ice: Connection) -> bool:
    """Whether it was made with an address that this terminal no longer has."""
    made = [each.transport for each in ice._protocols]  # noqa: SLF001
    return any(not _is_ours(place) for place in _places(made))


def client_of(relay: TurnTransport) -> Any:
    """Aioice's own end of its talk with a relay, below the port that is lent to us."""
    return vars(relay)[_INNER]


def socket_of(transport: Any) -> socket.socket | None:
    """The kernel's socket below a port of ours, or below a relay's."""
    if isinstance(transport, TurnTransport):
        transport = client_of(transport).transport
    found: socket.socket | None = transport.get_extra_info("socket")
    return found


def _places(transports: list[Any]) -> list[tuple[socket.AddressFamily, Any]]:
    sockets = map(socket_of, transports)
    return [
        (each.family, each.getsockname())
        for each in sockets
        if each is not None and each.fileno() >= 0
    ]


def _is_ours(place: tuple[socket.AddressFamily, Any]) -> bool:
    family, (host, _, *scope) = place
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind((host, 0, *scope))
        except OSError:
            return False
    return True
