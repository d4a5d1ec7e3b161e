"""The officers' side: log in, watch today's visits over a WebSocket, act on one by a POST.

A POST is safe from other sites: the cookie is SameSite=Strict, the Origin must be ours, and the
body must be JSON, which a form can not send.
"""

import asyncio
import contextlib
import json
from typing import Annotated, Any, TypeAlias

import msgspec
from aiohttp import WSMessage, WSMsgType, web

from kiosk.sandbox.conduct import Conduct, House
from kiosk.sandbox.overview import Overview
from kiosk.sandbox.pages import same_origin
from kiosk.sandbox.rebooking import Rebooking
from kiosk.sandbox.records import Admission, Booking, HeldReason
from kiosk.sandbox.sessions import COOKIE, SESSION_S, Sessions

HEARTBEAT_S = 10.0
_LEAST_S = 0.1
"""Between two overviews: many changes at once are told as one."""

_Text: TypeAlias = Annotated[str, msgspec.Meta(min_length=1, max_length=300)]


class _Act(msgspec.Struct, frozen=True, tag_field="act", forbid_unknown_fields=True):
    pass


class _VisitAct(_Act, frozen=True):
    reference: str


class Admit(_VisitAct, frozen=True, tag="admit"):
    """One visitor was compared with the booking. The name says that both sides mean the same."""

    visitor: Annotated[int, msgspec.Meta(ge=0)]
    full_name: str
    admission: Admission


class HoldIt(_VisitAct, frozen=True, tag="hold"):
    """Stop sound and picture."""

    reason: HeldReason


class Release(_VisitAct, frozen=True, tag="release"):
    """Let them go on."""


class Say(_VisitAct, frozen=True, tag="message"):
    """Show a message to both sides."""

    text: _Text


class Extend(_VisitAct, frozen=True, tag="extend"):
    """Give more time."""

    by_s: Annotated[float, msgspec.Meta(gt=0, le=7200)]


class EndNow(_VisitAct, frozen=True, tag="end"):
    """End it; terminal (None: at none) and first name are what the officer confirmed."""

    terminal: str | None
    first_name: str


class Cancel(_VisitAct, frozen=True, tag="cancel"):
    """The booking is withdrawn; the first name is what the officer confirmed."""

    first_name: str


class Rebook(_VisitAct, frozen=True, tag="rebook"):
    """The booking goes to another hall, or starts and ends so much later; None: as it was.

    `starts_at` is when it was to start as the officer saw it, in ms.
    """

    hall: Annotated[str, msgspec.Meta(min_length=1, max_length=60)] | None = None
    later_s: Annotated[float, msgspec.Meta(ge=-86400, le=86400)] = 0.0
    starts_at: int | None = None


class LetIn(_VisitAct, frozen=True, tag="forget_page"):
    """Let another device use the link: the next one to open it."""


class Seen(_Act, frozen=True, tag="seen"):
    """A notice was looked at."""

    notice: int


class UnlockPin(_Act, frozen=True, tag="unlock_pin"):
    """Give a person their tries again."""

    number: str


class OutOfService(_Act, frozen=True, tag="out_of_service"):
    """Take a terminal out of service, or put it back."""

    terminal: str
    ordered: bool


VisitAct: TypeAlias = Admit | HoldIt | Release | Say | Extend | EndNow | Cancel | Rebook | LetIn
Act: TypeAlias = VisitAct | Seen | UnlockPin | OutOfService


class LogIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The desk's password."""

    password: Annotated[str, msgspec.Meta(max_length=200)]


class Declined(Exception):
    """An act that can not be done; says why, in a word that the page knows."""


class OfficerApi:
    """Speaks with the officers' pages."""

    def __init__(self, house: House, conduct: Conduct, sessions: Sessions) -> None:
        self._house = house
        self._conduct = conduct
        self._rebooking = Rebooking(house, conduct)
        self._overview = Overview(house, conduct)
        self._sessions = sessions

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/officer/login", self._log_in),
            web.post("/officer/logout", self._log_out),
            web.post("/officer/act", self._act),
            web.get("/officer/session", self._session),
            web.get("/officer/socket", self._socket),
        ]

    async def _log_in(self, request: web.Request) -> web.Response:
        said: LogIn = await _body(request, LogIn)
        token = self._sessions.log_in(said.password)
        if token is None:
            return web.json_response({"code": "wrong_password"}, status=403)
        reply = web.Response(status=204)
        reply.set_cookie(
            COOKIE,
            token,
            max_age=int(SESSION_S),
            path="/officer",
            httponly=True,
            samesite="Strict",
            secure=request.secure,
        )
        return reply

    async def _log_out(self, request: web.Request) -> web.Response:
        if not same_origin(request):
            raise web.HTTPForbidden
        self._sessions.log_out(request.cookies.get(COOKIE))
        reply = web.Response(status=204)
        reply.del_cookie(COOKIE, path="/officer")
        return reply

    async def _session(self, request: web.Request) -> web.Response:
        """Whether the page that asks is logged in."""
        return web.json_response({"open": self._sessions.holds(request.cookies.get(COOKIE))})

    async def _act(self, request: web.Request) -> web.Response:
        self._check_session(request)
        act: Act = await _body(request, Act)
        try:
            self._do(act)
        except Declined as error:
            return web.json_response({"code": str(error)}, status=409)
        return web.Response(status=204)

    def _check_session(self, request: web.Request) -> None:
        if not self._sessions.holds(request.cookies.get(COOKIE)):
            raise web.HTTPUnauthorized
        if not same_origin(request):
            raise web.HTTPForbidden

    def _do(self, act: Act) -> None:
        match act:
            case Seen(notice=notice):
                self._seen(notice)
            case UnlockPin(number=number):
                self._house.people.unlock(number)
            case OutOfService(terminal=terminal, ordered=ordered):
                if not self._house.terminals.order_out_of_service(terminal, ordered):
                    raise Declined("unknown_terminal")
                self._house.events.send(terminal, "out_of_service", {"ordered": ordered})
                self._house.desk.changed()
            case _:
                self._do_to_visit(act, self._booking(act.reference))

    def _seen(self, notice: int) -> None:
        """Who asked for an officer at a terminal reads there that one comes."""
        seen = self._house.desk.seen(notice)
        if seen is not None and seen.kind == "officer_call":
            self._house.events.send(seen.subject, "officer_comes", {"request": str(seen.id)})

    def _booking(self, reference: str) -> Booking:
        booking = self._house.bookings.find(reference)
        if booking is None:
            raise Declined("unknown_visit")
        return booking

    def _do_to_visit(self, act: VisitAct, booking: Booking) -> None:
        visit = self._house.visits.of(booking)
        if visit.ended is not None:
            raise Declined("visit_over")
        match act:
            case Admit(visitor=visitor, full_name=full_name, admission=admission):
                self._admit(booking, visitor, full_name, admission)
            case HoldIt(reason=reason):
                self._conduct.hold(booking, reason)
            case Release():
                self._conduct.release(booking)
            case Say(text=text):
                self._conduct.say(booking, text)
            case Extend(by_s=by_s):
                if not self._conduct.extend(booking, by_s):
                    raise Declined("no_more_time")
            case EndNow(terminal=terminal, first_name=first_name):
                person = self._house.people.get(booking.number)
                if (terminal, first_name) != (visit.terminal, person.first_name):
                    raise Declined("not_this_visit")
                self._conduct.end(booking, "officer")
            case Cancel() | Rebook():
                self._rebook(booking, act)
            case LetIn():
                self._house.visits.change(booking, page=None)
                self._house.desk.changed()

    def _rebook(self, booking: Booking, act: Cancel | Rebook) -> None:
        if isinstance(act, Cancel):
            if act.first_name != self._house.people.get(booking.number).first_name:
                raise Declined("not_this_visit")
            self._rebooking.change(booking.reference, cancelled=True)
            return
        if booking.cancelled:
            raise Declined("visit_over")
        if self._house.visits.of(booking).terminal is not None:
            raise Declined("visit_begun")
        if act.starts_at not in (None, booking.starts_at_ms):
            raise Declined("booking_changed")
        self._move(booking, act)

    def _move(self, booking: Booking, act: Rebook) -> None:
        later_ms = int(act.later_s * 1000)
        extended_to_ms = self._house.visits.of(booking).extended_to_ms
        if extended_to_ms is not None:
            self._house.visits.change(booking, extended_to_ms=extended_to_ms + later_ms)
        self._rebooking.change(
            booking.reference,
            hall=act.hall or booking.hall,
            opens_at_ms=booking.opens_at_ms + later_ms,
            starts_at_ms=booking.starts_at_ms + later_ms,
            ends_at_ms=booking.ends_at_ms + later_ms,
        )

    def _admit(self, booking: Booking, visitor: int, full_name: str, admission: Admission) -> None:
        names = [booked.full_name for booked in booking.visitors]
        if visitor >= len(names) or names[visitor] != full_name:
            raise Declined("booking_changed")
        if admission == "admitted" and not booking.visitors[visitor].approved:
            raise Declined("visitor_not_approved")
        self._conduct.admit(booking, visitor, admission)

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        self._check_session(request)
        socket = web.WebSocketResponse(heartbeat=HEARTBEAT_S, max_msg_size=1024)
        await socket.prepare(request)
        bell = self._house.desk.open()
        reader = asyncio.create_task(_until_closed(socket))
        reader.add_done_callback(lambda _: bell.set())
        try:
            await self._keep_telling(socket, bell, request.cookies.get(COOKIE))
        except ConnectionError:
            pass  # the page went away between two changes
        finally:
            self._house.desk.close(bell)
            reader.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await reader
        return socket

    async def _keep_telling(
        self, socket: web.WebSocketResponse, bell: asyncio.Event, token: str | None
    ) -> None:
        while True:
            await bell.wait()
            bell.clear()
            if socket.closed or not self._sessions.holds(token):
                await socket.close()
                return
            await socket.send_str(json.dumps(self._overview.now(), ensure_ascii=False))
            await asyncio.sleep(_LEAST_S)


async def _until_closed(socket: web.WebSocketResponse) -> None:
    """The page has nothing to say here; reading keeps the heartbeat going."""
    message: WSMessage
    async for message in socket:
        if message.type is not WSMsgType.PING:
            await socket.close(code=1008)


async def _body(request: web.Request, kind: Any) -> Any:
    if not same_origin(request):
        raise web.HTTPForbidden
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType
    try:
        return msgspec.json.decode(await request.read(), type=kind)
    except msgspec.DecodeError as error:
        raise web.HTTPBadRequest from error
