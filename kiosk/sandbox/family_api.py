"""The family's side: word that a link was opened, and one WebSocket for each page load until the end.

The page says hello with the link's token, then `ready`, `who`, `answer`, `phrase`, `ping` or `end`. It
is told `welcome`, `state`, `offer`, `hangup`, `message`, `phrase`, what became of what it `said`,
`monitoring`, `pong`, `superseded`, `ended` or `refused`; and where a media server is between the two,
to `publish`, that its offer is `published`, and to come `again`.
"""

import asyncio
import json
import logging
from typing import Annotated, TypeAlias

import msgspec
from aiohttp import WSMsgType, web

from kiosk.sandbox.conduct import Conduct, House
from kiosk.sandbox.lobby import Page
from kiosk.sandbox.pages import same_origin
from kiosk.sandbox.phrases import PHRASES
from kiosk.sandbox.records import Booking, EndReason

_log = logging.getLogger(__name__)

MAX_MESSAGE_BYTES = 128 * 1024
HELLO_S = 5.0
HEARTBEAT_S = 5.0
PHRASE_EACH_S = 1.0
GOING_AWAY = 1001
SAID_GOODBYE = 1000

_Id: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{1,64}\Z")]


class _Said(msgspec.Struct, frozen=True, tag_field="type", forbid_unknown_fields=True):
    pass


class Hello(_Said, frozen=True, tag="hello"):
    """The first message: which link, and the secret of the browser that opened it first."""

    link: Annotated[str, msgspec.Meta(max_length=100)]
    join_id: _Id
    secret: Annotated[str, msgspec.Meta(max_length=100)] | None = None


class Ready(_Said, frozen=True, tag="ready"):
    """The visitor finished the check and sits in the waiting room."""

    camera: bool
    microphone: bool


class Who(_Said, frozen=True, tag="who"):
    """What the visitor writes to the officer about who is there."""

    text: Annotated[str, msgspec.Meta(max_length=300)]


class AnswerSaid(_Said, frozen=True, tag="answer"):
    """The answer to an offer, or the offer to publish; None when the browser can not make one."""

    connection: _Id
    sdp: Annotated[str, msgspec.Meta(min_length=1, max_length=65536)] | None


class Ping(_Said, frozen=True, tag="ping"):
    """Is anybody there, and what time is it? `slow`: the last answers were long in coming."""

    slow: bool = False


class PhraseSaid(_Said, frozen=True, tag="phrase"):
    """The visitor chose a prepared phrase, for the person at the terminal to read."""

    phrase: Annotated[str, msgspec.Meta(pattern=r"^[a-z_]{1,60}\Z")]


class End(_Said, frozen=True, tag="end"):
    """The visitor ends the visit, perhaps telling the prison and nobody else."""

    tell_prison: bool


Said: TypeAlias = Hello | Ready | Who | AnswerSaid | Ping | PhraseSaid | End


class FamilyApi:
    """Speaks with the family's pages."""

    def __init__(self, house: House, conduct: Conduct) -> None:
        self._house = house
        self._conduct = conduct

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/visit/opened", self._opened),
            web.get("/visit/socket", self._socket),
        ]

    async def _opened(self, request: web.Request) -> web.Response:
        """A page with this link was loaded. Whoever it is, and whether they get further, is not known."""
        if not same_origin(request):
            raise web.HTTPForbidden
        link = (await request.read()).decode(errors="replace")
        booking = self._house.bookings.of_link(link)
        if booking is not None and self._over(booking) is None:
            self._conduct.page_opened(booking)
        return web.Response(status=204)

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        if not same_origin(request):
            raise web.HTTPForbidden
        socket = web.WebSocketResponse(heartbeat=HEARTBEAT_S, max_msg_size=MAX_MESSAGE_BYTES)
        await socket.prepare(request)
        hello = await _hello(socket)
        booking = self._house.bookings.of_link(hello.link) if hello else None
        if hello is None or booking is None:
            await _last_word(socket, {"type": "refused", "reason": "unknown_link"})
            return socket
        over = self._over(booking)
        if over is not None:
            await _last_word(socket, {"type": "ended", "reason": over})
            return socket
        secret = self._house.visits.claim_page(booking, hello.secret)
        if secret is None:
            self._house.desk.note("second_holder", booking.reference)
            await _last_word(socket, {"type": "refused", "reason": "second_holder"})
            return socket
        await self._attend(socket, booking, hello.join_id, secret)
        return socket

    def _over(self, booking: Booking) -> EndReason | None:
        visit = self._house.visits.of(booking)
        if visit.ended is None and booking.cancelled:
            return "booking_cancelled"
        if visit.ended is None and self._house.now_ms() >= visit.ends_at_ms(booking):
            return "time_up"
        return visit.ended

    async def _attend(
        self, socket: web.WebSocketResponse, booking: Booking, join_id: str, secret: str
    ) -> None:
        """Stay with one page load until its connection ends."""
        self._conduct.page_opened(booking)
        self._house.signalling.page_gone(booking.reference)
        page = self._house.lobby.arrive(booking.reference, join_id)
        page.tell(self._welcome(booking, secret))
        self._conduct.settle(booking)
        writer = asyncio.create_task(_write(page, socket))
        try:
            await self._read(page, socket)
        finally:
            self._house.lobby.depart(page, socket.close_code in (GOING_AWAY, SAID_GOODBYE))
            self._house.desk.changed()
            page.dismiss()
            await writer

    def _welcome(self, booking: Booking, secret: str) -> dict[str, object]:
        settings, person = self._house.settings, self._house.people.get(booking.number)
        return {
            "type": "welcome",
            "secret": secret,
            "first_name": person.first_name,
            "signing": "signing" in person.access,
            "visitors": [visitor.full_name for visitor in booking.visitors],
            "by_officer": not booking.admitted_at_once,
            "language": booking.language,
            "monitoring": self._conduct.monitoring(booking),
            "relayed": self._house.relay is not None,
            "opens_at": booking.opens_at_ms,
            "starts_at": booking.starts_at_ms,
            "now": self._house.now_ms(),
            "ice_servers": msgspec.to_builtins(settings.ice_servers),
            "relay_only": settings.relay_only,
        }

    async def _read(self, page: Page, socket: web.WebSocketResponse) -> None:
        async for message in socket:
            said = _decoded(message.data) if message.type is WSMsgType.TEXT else None
            if said is None or isinstance(said, Hello):
                _log.warning("a family page said something that it may not say; disconnected")
                await socket.close(code=1008)
                return
            self._hear(page, said)

    def _hear(self, page: Page, said: Said) -> None:
        if self._house.lobby.page(page.reference) is not page:
            return
        booking = self._house.bookings.get(page.reference)
        match said:
            case Ready(camera=camera, microphone=microphone):
                self._conduct.page_ready(page, camera, microphone)
            case Who(text=text):
                page.wrote = text
                self._house.desk.changed()
            case AnswerSaid(connection=connection, sdp=sdp):
                self._house.signalling.answered(page.reference, connection, sdp)
            case Ping(slow=slow):
                self._conduct.page_slow(page, slow)
                page.tell({"type": "pong", "now": self._house.now_ms()})
            case PhraseSaid(phrase=phrase) if phrase in PHRASES:
                page.tell({"type": "said", "phrase": phrase, "passed": self._passes(page, phrase)})
            case PhraseSaid():
                _log.warning("a family page said a phrase that is not prepared")
            case End(tell_prison=True):
                self._conduct.end_in_private(booking)
            case End():
                self._conduct.end(booking, "visitor_ended")

    def _passes(self, page: Page, phrase: str) -> bool:
        """Whether the terminal was told; no more often than a hand can choose."""
        now_s = self._house.clock.monotonic()
        if now_s < page.said_at_s + PHRASE_EACH_S:
            return False
        booking = self._house.bookings.get(page.reference)
        passed = self._conduct.pass_phrase(booking, phrase, to_terminal=True)
        page.said_at_s = now_s if passed else page.said_at_s
        return passed


async def _hello(socket: web.WebSocketResponse) -> Hello | None:
    try:
        said = _decoded((await socket.receive(HELLO_S)).data)
    except TimeoutError:
        return None
    return said if isinstance(said, Hello) else None


async def _last_word(socket: web.WebSocketResponse, message: dict[str, str]) -> None:
    await socket.send_json(message)
    await socket.close()


async def _write(page: Page, socket: web.WebSocketResponse) -> None:
    try:
        while (message := await page.outbox.get()) is not None:
            await socket.send_str(json.dumps(message, ensure_ascii=False))
        await socket.close()
    except ConnectionError:
        pass  # the reader sees it too, and the page comes back by itself


def _decoded(data: object) -> Said | None:
    try:
        return msgspec.json.decode(data, type=Said) if isinstance(data, str) else None
    except msgspec.DecodeError:
        return None
