"""The wire in an asyncio program: one that listens, and one that connects and keeps trying."""

import asyncio
import logging
from collections.abc import Callable, Collection, Mapping
from itertools import chain
from pathlib import Path

from kiosk.clock import Seconds
from kiosk.wire.link import HELLO_S, Link
from kiosk.wire.messages import Message, Program
from kiosk.wire.sockets import listen

log = logging.getLogger(__name__)

LINKS_PER_USER = 16
"""So that one user cannot hold every descriptor of the program that listens."""

SLOWEST_RETRY_S: Seconds = 1.0


class WireServer:
    """Listens on one socket for the programs that its configuration names.

    A second connection of the same program replaces the first, except for observers.
    """

    def __init__(
        self,
        path: Path,
        me: Program,
        roles: Mapping[Program, int],
        *,
        on_peer: Callable[[Program], None],
        on_message: Callable[[Program, Message], None],
        on_gone: Callable[[Program, str], None],
        hello_s: Seconds = HELLO_S,
    ) -> None:
        """`roles` says which user may be which program; no callback comes after `close`."""
        self._path = path
        self._me = me
        self._roles = roles
        self._on_peer = on_peer
        self._on_message = on_message
        self._on_gone = on_gone
        self._hello_s = hello_s
        self._strangers: set[Link] = set()
        self._peers: dict[Program, list[Link]] = {}
        self._closed = False
        self._server: asyncio.Server | None = None
        self._inode = 0

    async def start(self) -> None:
        """Listen from now on. Raises WireError when the place is taken or cannot be had."""
        socket = listen(self._path)
        self._inode = self._path.stat().st_ino
        loop = asyncio.get_running_loop()
        self._server = await loop.create_unix_server(self._new_link, sock=socket)

    async def close(self) -> None:
        """Stop listening, disconnect everybody and remove the socket."""
        if self._server is None:
            return
        self._closed = True
        self._remove_socket()
        self._server.close()
        for link in self._all():
            await link.close()
        await self._server.wait_closed()

    def send(self, to: Program, message: Message) -> None:
        """Send to every connection of `to`; never blocks, and nobody there is no fault."""
        for link in tuple(self._peers.get(to, ())):
            link.send(message)

    def _new_link(self) -> Link:
        return Link(
            self._me,
            self._admit,
            on_up=self._up,
            on_message=self._heard,
            on_lost=self._lost,
            speaks_first=False,
            hello_s=self._hello_s,
        )

    def _all(self) -> list[Link]:
        return [*self._strangers, *chain.from_iterable(self._peers.values())]

    def _admit(self, link: Link) -> Collection[Program]:
        of_user = sum(other.uid == link.uid for other in self._all())
        self._strangers.add(link)
        if self._closed or of_user >= LINKS_PER_USER:
            return ()
        return {program for program, uid in self._roles.items() if uid == link.uid}

    def _up(self, link: Link) -> None:
        program = link.peer
        assert program is not None
        self._strangers.discard(link)
        links = self._peers.setdefault(program, [])
        if program is not Program.OBSERVER:
            for older in tuple(links):
                older.drop("replaced by a newer connection")
                self._gone(older)
        links.append(link)
        log.info("%s is here", program)
        self._on_peer(program)

    def _heard(self, link: Link, message: Message) -> None:
        assert link.peer is not None
        self._on_message(link.peer, message)

    def _lost(self, link: Link) -> None:
        if link in self._strangers:
            self._strangers.discard(link)
            log.warning("turned away user %d: %s", link.uid, link.reason)
        elif link.peer is not None and link in self._peers[link.peer]:
            self._gone(link)

    def _gone(self, link: Link) -> None:
        assert link.peer is not None
        self._peers[link.peer].remove(link)
        log.info("%s is gone: %s", link.peer, link.reason)
        self._on_gone(link.peer, link.reason)

    def _remove_socket(self) -> None:
        """Unless another server has taken the place meanwhile."""
        try:
            if self._path.stat().st_ino == self._inode:
                self._path.unlink()
        except FileNotFoundError:
            pass


class WireClient:
    """Connects to one program and tries again for ever, so that programs need no start order."""

    def __init__(
        self,
        path: Path,
        me: Program,
        server: Program,
        server_uid: int | None,
        *,
        on_up: Callable[[], None],
        on_message: Callable[[Message], None],
        on_down: Callable[[str], None],
        on_refused: Callable[[str], None] = lambda _: None,
        retry_s: Seconds = 0.1,
        hello_s: Seconds = HELLO_S,
    ) -> None:
        """`server_uid` is the user that `server` must run as; None takes any.

        `on_refused` is told why, each time that a server which is there is not to be talked to.
        """
        self._path = path
        self._me = me
        self._server = server
        self._server_uid = server_uid
        self._on_up = on_up
        self._on_message = on_message
        self._on_down = on_down
        self._on_refused = on_refused
        self._retry_s = retry_s
        self._hello_s = hello_s
        self._link: Link | None = None
        self._complaint = ""

    async def run(self) -> None:
        """Stay connected until cancelled; raises what a callback raised."""
        wait_s = self._retry_s
        while True:
            if await self._once():
                wait_s = self._retry_s
            await asyncio.sleep(wait_s)
            wait_s = min(wait_s * 2, SLOWEST_RETRY_S)

    def send(self, message: Message) -> None:
        """Send if connected, drop otherwise; never blocks."""
        if self._link is not None:
            self._link.send(message)

    def drop(self, reason: str) -> None:
        """Disconnect and connect anew; `on_down` comes between."""
        if self._link is not None:
            self._link.drop(reason)

    async def _once(self) -> bool:
        """Connect and stay until the connection is lost; whether the server was heard."""
        loop = asyncio.get_running_loop()
        try:
            _, link = await loop.create_unix_connection(self._new_link, str(self._path))
        except OSError as error:
            self._complain(reason := error.strerror or type(error).__name__)
            if isinstance(error, PermissionError):
                self._on_refused(reason)
            return False
        try:
            await link.lost.wait()
        finally:
            await link.close()
        if link.fault is not None:
            raise link.fault
        if link.peer is None:
            self._on_refused(link.reason)
        return link.peer is not None

    def _new_link(self) -> Link:
        return Link(
            self._me,
            self._admit,
            on_up=self._up,
            on_message=lambda _, message: self._on_message(message),
            on_lost=self._lost,
            speaks_first=True,
            hello_s=self._hello_s,
        )

    def _admit(self, link: Link) -> Collection[Program]:
        return (self._server,) if self._server_uid in (None, link.uid) else ()

    def _up(self, link: Link) -> None:
        self._link = link
        self._complaint = ""
        log.info("connected to %s", self._server)
        self._on_up()

    def _lost(self, link: Link) -> None:
        if self._link is link:
            self._link = None
            log.info("lost %s: %s", self._server, link.reason)
            self._on_down(link.reason)
        else:
            self._complain(link.reason)

    def _complain(self, reason: str) -> None:
        """Say once why there is no connection, however often it is tried."""
        if reason != self._complaint:
            self._complaint = reason
            log.warning("no connection to %s: %s", self._server, reason)
