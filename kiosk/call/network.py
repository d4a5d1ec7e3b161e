"""An event loop that knows every network socket it opened, so that all can be cut at one instant."""

import asyncio
import os
import ssl
from typing import Any

from kiosk.call.stamps import StampedDatagrams
from kiosk.clock import Clock, Seconds


class NetworkLoop(asyncio.SelectorEventLoop):
    """Only sockets of the network count, not those of the wire."""

    def __init__(self, clock: Clock, trust: ssl.SSLContext | None = None) -> None:
        """`trust` says who may certify a server, if not the system."""
        super().__init__()
        self._clock = clock
        self._trust = trust
        self.came_s: Seconds | None = None
        """When the datagram came that is read just now; None while something else is done."""
        self._open: list[asyncio.BaseTransport] = []
        self._cuts = 0
        self._nowhere = os.open(os.devnull, os.O_RDWR | os.O_CLOEXEC)

    def cut(self) -> "Remains":
        """No packet leaves or comes in on any socket opened so far, from now on.

        The kernel's socket is gone when this returns, whatever a library still wants to say to
        the other side: each descriptor leads nowhere. What is left of them is for `Remains.clear`.
        """
        self._cuts += 1
        remains, self._open = Remains(self._open), []
        for transport in remains.transports:
            socket = transport.get_extra_info("socket")
            if socket is not None and socket.fileno() >= 0:
                os.dup2(self._nowhere, socket.fileno(), inheritable=False)
        return remains

    async def create_datagram_endpoint(self, *given: Any, **named: Any) -> Any:
        """As asyncio's; raises ConnectionAbortedError when a cut came between."""
        cuts = self._cuts
        return self._keep(cuts, await super().create_datagram_endpoint(*given, **named))

    async def create_connection(self, *given: Any, **named: Any) -> Any:
        """As asyncio's; raises ConnectionAbortedError when a cut came between."""
        cuts = self._cuts
        if named.get("ssl") is True and self._trust is not None:
            named["ssl"] = self._trust
        return self._keep(cuts, await super().create_connection(*given, **named))

    def _make_datagram_transport(self, *given: Any) -> Any:
        """Called by asyncio for each socket of datagrams."""
        return StampedDatagrams(self._clock, self, *given)

    def close(self) -> None:
        if not self.is_closed():
            os.close(self._nowhere)
        super().close()

    def _keep(self, cuts: int, opened: Any) -> Any:
        transport: asyncio.WriteTransport = opened[0]
        if cuts != self._cuts:
            transport.abort()
            raise ConnectionAbortedError("the network was cut")
        self._open = [known for known in self._open if not known.is_closing()]
        self._open.append(transport)
        return opened


class Remains:
    """Transports whose sockets were cut, to be closed when there is time."""

    def __init__(self, transports: list[asyncio.BaseTransport]) -> None:
        self.transports = transports

    def clear(self) -> None:
        """Close their descriptors."""
        for transport in self.transports:
            transport.abort()  # type: ignore[attr-defined] # datagrams and streams have it both
        self.transports = []
