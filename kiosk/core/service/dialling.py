"""Finds the service's addresses and connects to one of them, never for longer than a leash allows."""

import socket
import threading
from typing import Any, TypeAlias

from kiosk.core.service.leash import Leash
from kiosk.errors import ServiceError

_Place: TypeAlias = tuple[socket.AddressFamily, tuple[Any, ...]]

# A firewall forgets a connection that is silent; a peer that lost its power is noticed in 30 s.
_OPTIONS = (
    (socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),
    (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
    (socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 15),
    (socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 5),
    (socket.IPPROTO_TCP, socket.TCP_KEEPCNT, 3),
)


def dial(host: str, port: int, leash: Leash) -> socket.socket:
    """A connection to the first address that answers; raises OSError or ServiceError."""
    places = look_up(host, port, leash)
    failed: OSError | None = None
    for tried, place in enumerate(places):
        try:
            return _connected(place, leash.remaining_s() / (len(places) - tried), leash)
        except OSError as error:
            failed = error
    raise failed or ServiceError("the service's name has no address")


def look_up(host: str, port: int, leash: Leash) -> list[_Place]:
    """The addresses of `host`; raises OSError or ServiceError.

    The system's resolver can not be interrupted, so that a thread of its own waits for it.
    """
    try:
        return _places(host, port, socket.AI_NUMERICHOST)
    except OSError:
        answer: list[list[_Place] | OSError] = []
    threading.Thread(
        target=_ask, args=(host, port, answer, leash.woken), name="resolver", daemon=True
    ).start()
    leash.woken.wait()
    if not answer:
        leash.remaining_s()
        raise ServiceError("the service's name was not found")
    if isinstance(answer[0], OSError):
        raise answer[0]
    return answer[0]


def _ask(
    host: str, port: int, answer: list[list[_Place] | OSError], woken: threading.Event
) -> None:
    try:
        answer.append(_places(host, port, 0))
    except OSError as error:
        answer.append(error)
    finally:
        woken.set()


def _places(host: str, port: int, flags: int) -> list[_Place]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=flags)
    return [(family, place) for family, _, _, _, place in found]


def _connected(place: _Place, limit_s: float, leash: Leash) -> socket.socket:
    family, address = place
    connection = socket.socket(family, socket.SOCK_STREAM)
    try:
        for option in _OPTIONS:
            connection.setsockopt(*option)
        leash.hold(connection)
        connection.settimeout(limit_s)
        connection.connect(address)
    except BaseException:
        connection.close()
        raise
    return connection
