"""Finds the service's addresses and connects to one of them, never for longer than a leash allows."""

import os
import select
import socket
import threading
from collections.abc import Sequence
from typing import Any, Final, TypeAlias

from kiosk.clock import Seconds
from kiosk.core.service.leash import Leash
from kiosk.errors import ServiceError

_Place: TypeAlias = tuple[socket.AddressFamily, tuple[Any, ...]]

AGAIN_S: Final[Seconds] = 0.7
"""Who is not connected by then is dialled once more, beside the first try: a SYN that met a dead
network is sent again by the kernel only 1, 3 and 7 s later (RFC 6298), too late for a visit."""

MOST_DIALS: Final = 6
"""At the same time; the oldest gives way. The slowest of lines has 4 s to answer."""

_LOOK_S: Final[Seconds] = 0.05
"""How late a cut is noticed."""

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
    if not places:
        raise ServiceError("the service's name has no address")
    dials = _Dials(places)
    try:
        connection = dials.first(leash)
        leash.hold(connection)
        connection.settimeout(leash.remaining_s())
    except BaseException:
        dials.close()
        raise
    return connection


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


class _Dials:
    """Connections that are being made, in the order in which they were begun."""

    def __init__(self, places: Sequence[_Place]) -> None:
        self._places = places
        self._begun = 0
        self._open: dict[int, socket.socket] = {}
        self._poll = select.poll()
        self._failed: OSError | None = None

    def first(self, leash: Leash) -> socket.socket:
        """The first that comes about; no other is left. Raises OSError when every address failed."""
        due_s = leash.remaining_s()
        while True:
            if not self._open or leash.remaining_s() <= due_s:
                if self._failed and not self._open and self._begun >= len(self._places):
                    raise self._failed
                self._begin()
                due_s = leash.remaining_s() - AGAIN_S
            for descriptor, _ in self._poll.poll(_LOOK_S * 1000):
                if (connection := self._outcome(descriptor)) is not None:
                    self.close()
                    return connection

    def close(self) -> None:
        for descriptor in list(self._open):
            self._take(descriptor).close()

    def _begin(self) -> None:
        family, address = self._places[self._begun % len(self._places)]
        self._begun += 1
        connection = socket.socket(family, socket.SOCK_STREAM)
        for option in _OPTIONS:
            connection.setsockopt(*option)
        connection.setblocking(False)
        try:
            connection.connect(address)
        except BlockingIOError:
            pass
        except OSError as error:
            connection.close()
            self._failed = error
            return
        if len(self._open) >= MOST_DIALS:
            self._take(next(iter(self._open))).close()
        self._open[connection.fileno()] = connection
        self._poll.register(connection, select.POLLOUT)

    def _outcome(self, descriptor: int) -> socket.socket | None:
        connection = self._take(descriptor)
        if (number := connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)) == 0:
            return connection
        connection.close()
        self._failed = OSError(number, os.strerror(number))
        return None

    def _take(self, descriptor: int) -> socket.socket:
        self._poll.unregister(descriptor)
        return self._open.pop(descriptor)
