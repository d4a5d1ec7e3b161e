"""When a datagram came, as the kernel has it: this program may read it much later.

Who is told of arrivals would take our own delays for the line's, and send us less and less.
"""

import socket
import struct
from asyncio import selector_events
from typing import Any, Final

from kiosk.clock import Clock, Seconds

MOST_LATE_S: Final[Seconds] = 2.0
"""Of what was sent to us, the kernel keeps less than that; beyond it a clock was set."""

_SO_TIMESTAMPNS: Final = 35  # <asm-generic/socket.h>, which Python does not have
_TIMESPEC: Final = struct.Struct("@qq")
_NS: Final = 1e-9


class Stamped(bytes):
    """What came, and when."""

    came_s: Seconds

    @classmethod
    def at(cls, came_s: Seconds, data: bytes) -> "Stamped":
        stamped = cls(data)
        stamped.came_s = came_s
        return stamped


class StampedDatagrams(selector_events._SelectorDatagramTransport):  # type: ignore[name-defined, misc]  # noqa: SLF001
    """As asyncio's; `came_s` of its loop is the datagram's time while a protocol is told of it."""

    def __init__(self, clock: Clock, loop: Any, sock: socket.socket, *rest: Any) -> None:
        super().__init__(loop, sock, *rest)
        self._clock = clock
        sock.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)

    def _read_ready(self) -> None:
        """Called by asyncio, whose own way this is, but for the stamp."""
        if self._conn_lost:
            return
        try:
            data, said, _, address = self._sock.recvmsg(
                self.max_size, socket.CMSG_SPACE(_TIMESPEC.size)
            )
        except (BlockingIOError, InterruptedError):
            return
        except OSError as error:
            self._protocol.error_received(error)
            return
        self._loop.came_s = self._came_s(said)
        try:
            self._protocol.datagram_received(data, address)
        finally:
            self._loop.came_s = None

    def _came_s(self, said: list[tuple[int, int, bytes]]) -> Seconds:
        """On the monotonic clock; the kernel's stamps are of the wall clock."""
        now_s = self._clock.monotonic()
        for level, kind, value in said:
            if (level, kind) == (socket.SOL_SOCKET, _SO_TIMESTAMPNS):
                s, ns = _TIMESPEC.unpack(value)
                late_s = self._clock.utc().timestamp() - s - ns * _NS
                return now_s - late_s if 0 < late_s < MOST_LATE_S else now_s
        return now_s
