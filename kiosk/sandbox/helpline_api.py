"""The page of a line for help: one WebSocket for each page that somebody answers on.

It says hello with the key of its link, then `take`, `answer` or `hang_up`. It is told `welcome`, `ring`,
`offer` and `over`, or `refused`. Nothing that is said here comes to a log.
"""

import asyncio
import json
from typing import Annotated, TypeAlias

import msgspec
from aiohttp import WSMsgType, web

from kiosk.sandbox.helplines import Helplines, Phone
from kiosk.sandbox.pages import same_origin
from kiosk.sandbox.settings import Settings

MAX_MESSAGE_BYTES = 128 * 1024
HELLO_S = 5.0
HEARTBEAT_S = 5.0

_Id: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{1,64}\Z")]


class _Said(msgspec.Struct, frozen=True, tag_field="type", forbid_unknown_fields=True):
    pass


class HelloSaid(_Said, frozen=True, tag="hello"):
    """Which line somebody answers for."""

    key: Annotated[str, msgspec.Meta(max_length=100)]


class TakeSaid(_Said, frozen=True, tag="take"):
    """I answer this call."""

    call: _Id


class AnswerSaid(_Said, frozen=True, tag="answer"):
    """The answer to its offer."""

    call: _Id
    sdp: Annotated[str, msgspec.Meta(min_length=1, max_length=65536)]


class HangUpSaid(_Said, frozen=True, tag="hang_up"):
    """It is over."""

    call: _Id


Said: TypeAlias = HelloSaid | TakeSaid | AnswerSaid | HangUpSaid


class HelplineApi:
    """Speaks with the pages of the lines."""

    def __init__(self, helplines: Helplines, settings: Settings) -> None:
        self._helplines = helplines
        self._settings = settings

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/helpline/socket", self._socket)]

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        if not same_origin(request):
            raise web.HTTPForbidden
        socket = web.WebSocketResponse(heartbeat=HEARTBEAT_S, max_msg_size=MAX_MESSAGE_BYTES)
        await socket.prepare(request)
        hello = await _hello(socket)
        line = self._helplines.line_of(hello.key) if hello else None
        if line is None:
            await socket.send_json({"type": "refused"})
            await socket.close()
            return socket
        with self._helplines.answering(line) as phone:
            await socket.send_json(
                {
                    "type": "welcome",
                    "line": line.id,
                    "ice_servers": msgspec.to_builtins(self._settings.ice_servers),
                    "relay_only": self._settings.relay_only,
                }
            )
            await self._attend(socket, phone)
        return socket

    async def _attend(self, socket: web.WebSocketResponse, phone: Phone) -> None:
        writer = asyncio.create_task(_write(phone, socket))
        try:
            async for message in socket:
                said = _decoded(message.data) if message.type is WSMsgType.TEXT else None
                if said is None or isinstance(said, HelloSaid):
                    await socket.close(code=1008)
                    return
                self._hear(phone, said)
        finally:
            writer.cancel()
            await asyncio.gather(writer, return_exceptions=True)

    def _hear(self, phone: Phone, said: TakeSaid | AnswerSaid | HangUpSaid) -> None:
        match said:
            case TakeSaid(call=call):
                self._helplines.take(phone, call)
            case AnswerSaid(call=call, sdp=sdp):
                self._helplines.answered(phone, call, sdp)
            case HangUpSaid(call=call):
                self._helplines.hung_up(phone, call)


async def _hello(socket: web.WebSocketResponse) -> HelloSaid | None:
    try:
        said = _decoded((await socket.receive(HELLO_S)).data)
    except TimeoutError:
        return None
    return said if isinstance(said, HelloSaid) else None


async def _write(phone: Phone, socket: web.WebSocketResponse) -> None:
    try:
        while True:
            await socket.send_str(json.dumps(await phone.outbox.get()))
    except ConnectionError:
        pass  # the reader sees it too


def _decoded(data: object) -> Said | None:
    try:
        return msgspec.json.decode(data, type=Said) if isinstance(data, str) else None
    except msgspec.DecodeError:
        return None
