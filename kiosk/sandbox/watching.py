"""An officer's silent look at a social visit: one WebSocket for as long as they watch.

The page says which visit, and answers each `offer`; it is told `offer`, `nothing` while nothing flows, and
`over` when there is no more to watch.
"""

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from typing import Annotated

import msgspec
from aiohttp import WSMsgType, web

from kiosk.clock import Seconds
from kiosk.sandbox.conduct import Conduct, House
from kiosk.sandbox.pages import same_origin
from kiosk.sandbox.records import Booking
from kiosk.sandbox.relay import MediaAway, Relay, View
from kiosk.sandbox.sessions import COOKIE, Sessions

HEARTBEAT_S: Seconds = 2.0
"""A desk that is gone without a word watches no longer than that, and half as long again."""

LOOK_S: Seconds = 0.5
"""How often the right to watch is looked at: the visit may have ended, or the session."""

FIRST_WORD_S: Seconds = 5.0
MAX_MESSAGE_BYTES = 128 * 1024


class Watch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which visit."""

    reference: Annotated[str, msgspec.Meta(max_length=40)]


class ViewAnswer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The answer to the newest offer."""

    sdp: Annotated[str, msgspec.Meta(min_length=1, max_length=65_536)]


class Watching:
    """Shows visits to officers, and tells both sides of each for as long as somebody watches."""

    def __init__(self, house: House, conduct: Conduct, sessions: Sessions) -> None:
        self._house = house
        self._conduct = conduct
        self._sessions = sessions

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/officer/watch", self._socket)]

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        token = request.cookies.get(COOKIE)
        if not self._sessions.holds(token):
            raise web.HTTPUnauthorized
        if not same_origin(request):
            raise web.HTTPForbidden
        socket = web.WebSocketResponse(heartbeat=HEARTBEAT_S, max_msg_size=MAX_MESSAGE_BYTES)
        await socket.prepare(request)
        booking, relay = await self._chosen(socket), self._house.relay
        if booking is not None and relay is not None and self._conduct.may_watch(booking):
            with self._conduct.watched(booking):
                await _Look(socket, relay, booking, self._ways()).last_while(
                    lambda: self._sessions.holds(token) and self._may_watch(booking.reference)
                )
        with contextlib.suppress(ConnectionError):
            await socket.send_json({"type": "over"})
        await socket.close()
        return socket

    def _may_watch(self, reference: str) -> bool:
        """As it is booked now: a visit can become private while somebody watches."""
        booking = self._house.bookings.find(reference)
        return booking is not None and self._conduct.may_watch(booking)

    def _ways(self) -> dict[str, object]:
        settings = self._house.settings
        servers = msgspec.to_builtins(settings.ice_servers)
        return {"ice_servers": servers, "relay_only": settings.relay_only}

    async def _chosen(self, socket: web.WebSocketResponse) -> Booking | None:
        try:
            said = await socket.receive(FIRST_WORD_S)
        except TimeoutError:
            return None
        if said.type is not WSMsgType.TEXT:
            return None
        try:
            reference = msgspec.json.decode(said.data, type=Watch).reference
        except msgspec.DecodeError:
            return None
        return self._house.bookings.find(reference)


class _Look:
    """One page that watches one visit."""

    def __init__(
        self,
        socket: web.WebSocketResponse,
        relay: Relay,
        booking: Booking,
        told: Mapping[str, object],
    ) -> None:
        """`told`: how the page may connect."""
        self._told = told
        self._socket = socket
        self._relay = relay
        self._booking = booking
        self._view: View | None = None

    async def last_while(self, may_go_on: Callable[[], bool]) -> None:
        """Until the page goes, or may not watch any more."""
        bell = self._relay.listen(self._booking.reference)
        reading = asyncio.create_task(self._read())
        reading.add_done_callback(lambda _: bell.set())
        try:
            while may_go_on() and not reading.done():
                if bell.is_set():
                    bell.clear()
                    await self._show()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(bell.wait(), LOOK_S)
        except ConnectionError:
            pass  # the page went away in the middle of a word
        finally:
            self._relay.listen_no_more(self._booking.reference, bell)
            self._drop()
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)

    async def _show(self) -> None:
        """What flows now, in the place of what flowed before."""
        self._drop()
        try:
            self._view = await self._relay.view(self._booking)
        except MediaAway:
            self._view = None
        if self._view is None:
            await self._socket.send_json({"type": "nothing"})
        else:
            offer = {"type": "offer", "sdp": self._view.offer, **self._told}
            await self._socket.send_json(offer)

    async def _read(self) -> None:
        async for message in self._socket:
            try:
                if message.type is not WSMsgType.TEXT:
                    return
                answer = msgspec.json.decode(message.data, type=ViewAnswer)
            except msgspec.DecodeError:
                return
            if self._view is not None:
                with contextlib.suppress(MediaAway):
                    await self._relay.start_view(self._view, answer.sdp)

    def _drop(self) -> None:
        if self._view is not None:
            self._relay.drop_view(self._view)
            self._view = None
