"""Holds the connection of one request and cuts it at the deadline, or when told to."""

import os
import socket
import threading
from collections.abc import Callable
from types import TracebackType

from kiosk.clock import Clock, Seconds
from kiosk.errors import ServiceError

TOO_SLOW = "took too long"


class Leash:
    """The life of one request: `with` it, everything ends at the deadline, whatever the peer does.

    A socket's own time-out begins anew with every byte, so that a peer which sends one byte now and
    then would never be given up. A cut shuts the connection down under the thread that waits on it,
    and works from any thread; the waiting thread then meets the end of the stream or an error.
    """

    def __init__(self, clock: Clock, limit_s: Seconds) -> None:
        self.sent_at_s: Seconds | None = None
        self.woken = threading.Event()
        """Set by a cut, for a wait that is not on the socket."""
        self._clock = clock
        self._deadline_s = clock.monotonic() + limit_s
        self._lock = threading.Lock()
        self._held: socket.socket | None = None
        self._reason: str | None = None
        self._over = False
        self._timer: threading.Timer | None = None

    def __enter__(self) -> "Leash":
        with self._lock:
            self._arm()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._lock:
            self._over = True
            self._disarm()
            self._release()

    @property
    def cut_reason(self) -> str | None:
        """Why it was cut; None while it was not."""
        return self._reason

    def remaining_s(self) -> Seconds:
        """How long there is left; raises ServiceError when there is nothing left."""
        left_s = self._deadline_s - self._clock.monotonic()
        if self._reason is not None or left_s <= 0:
            raise ServiceError(self._reason or TOO_SLOW)
        return left_s

    def extend(self, limit_s: Seconds) -> None:
        """Begin the time anew: something came that is worth waiting for more."""
        with self._lock:
            self._disarm()
            self._deadline_s = self._clock.monotonic() + limit_s
            self._arm()

    def hold(self, connection: socket.socket) -> None:
        """Cut this connection from now on.

        It is held by a descriptor of its own, because wrapping it in TLS takes the first one away.
        Raises ServiceError when the cut has come already.
        """
        with self._lock:
            self._release()
            if self._reason is not None:
                raise ServiceError(self._reason)
            self._held = socket.socket(fileno=os.dup(connection.fileno()))

    def sending(self) -> None:
        """The request leaves now; the connection is up."""
        self.sent_at_s = self._clock.monotonic()

    def cut(self, reason: str) -> None:
        """End the request, whatever it is doing; without effect when it is over."""
        with self._lock:
            if self._over or self._reason is not None:
                return
            self._reason = reason
            self._disarm()
            if self._held is not None:
                _shut_down(self._held)
        self.woken.set()

    def _arm(self) -> None:
        if self._reason is None and not self._over:
            left_s = max(0.0, self._deadline_s - self._clock.monotonic())
            self._timer = threading.Timer(left_s, self.cut, (TOO_SLOW,))
            self._timer.daemon = True
            self._timer.start()

    def _disarm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _release(self) -> None:
        if self._held is not None:
            self._held.close()
            self._held = None


LeashNow = Callable[[], Leash]
"""The leash of the request that a connection is asked to carry now."""


def _shut_down(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # it is not connected any more, which is what was wanted
