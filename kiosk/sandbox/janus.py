"""A session with a Janus media server over one WebSocket, in the JSON that Janus documents.

Whatever Janus says that it may not say, and any silence, ends the session: Janus then ends all that was
in it by itself, as its session lives no longer than its WebSocket.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Self, TypeAlias

import msgspec
from aiohttp import ClientError, ClientSession, ClientWebSocketResponse, ClientWSTimeout, WSMsgType
from msgspec import Meta

from kiosk.clock import Seconds
from kiosk.sandbox.settings import JanusSettings

PLUGIN = "janus.plugin.videoroom"
PROTOCOL = "janus-protocol"
CONNECT_S: Seconds = 2.0
REPLY_S: Seconds = 2.0
"""Janus answers in milliseconds; whoever waits for more waits for nothing."""

KEEPALIVE_S: Seconds = 4.0
"""Janus is asked for a sign of life so often; it ends a session that is silent for 15 s."""

MAX_MESSAGE_BYTES = 256 * 1024
_Sdp: TypeAlias = Annotated[str, Meta(min_length=1, max_length=65_536)]

log = logging.getLogger(__name__)


class JanusAway(Exception):
    """Janus can not be reached, or the session with it is over."""


class JanusSaidNo(Exception):
    """Janus refused one request; `code` is its own number for why."""

    def __init__(self, code: int) -> None:
        self.code = code
        super().__init__(f"Janus answered {code}")


class Jsep(msgspec.Struct, frozen=True):
    """A session description."""

    type: Literal["offer", "answer"]
    sdp: _Sdp


class _Error(msgspec.Struct, frozen=True):
    code: int


class _Made(msgspec.Struct, frozen=True):
    id: int


class _Plugin(msgspec.Struct, frozen=True):
    data: dict[str, Any]


class _Heard(msgspec.Struct, frozen=True):
    """Anything that Janus says; only what is looked at."""

    janus: str
    transaction: str | None = None
    sender: int | None = None
    data: _Made | None = None
    plugindata: _Plugin | None = None
    jsep: Jsep | None = None
    error: _Error | None = None
    type: str | None = None
    receiving: bool | None = None


@dataclass(frozen=True, slots=True)
class _Question:
    """What was asked of Janus. An `ack` says of most that the answer is still to come."""

    answered: asyncio.Future[_Heard]
    ends_with_ack: bool

    def answer(self, heard: _Heard) -> None:
        if not self.answered.done():
            self.answered.set_result(heard)


class Reply(msgspec.Struct, frozen=True):
    """What the room plugin answered, and the description that came with it."""

    data: dict[str, Any]
    jsep: Jsep | None


class HungUp(msgspec.Struct, frozen=True):
    """The connection of this handle is over."""

    handle: int


class Up(msgspec.Struct, frozen=True):
    """Media can flow in the connection of this handle."""

    handle: int


class Flowing(msgspec.Struct, frozen=True):
    """Sound or picture comes from this handle's connection, or has stopped to."""

    handle: int
    kind: str
    on: bool


Event: TypeAlias = HungUp | Up | Flowing


class Janus:
    """One session; `on_event` hears of its connections, `on_lost` once that it is over unasked."""

    def __init__(self, settings: JanusSettings) -> None:
        self._settings = settings
        self._http: ClientSession | None = None
        self._socket: ClientWebSocketResponse | None = None
        self._session: int | None = None
        self._number = 0
        self._asked: dict[str, _Question] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._over = False
        self.on_event: Callable[[Event], None] = lambda _: None
        self.on_lost: Callable[[], None] = lambda: None

    @classmethod
    async def open(cls, settings: JanusSettings) -> Self:
        """Connect; raises JanusAway or JanusSaidNo."""
        janus = cls(settings)
        try:
            await janus._open()
        except BaseException:
            await janus.close()
            raise
        return janus

    @property
    def is_over(self) -> bool:
        return self._over

    async def _open(self) -> None:
        self._http = ClientSession()
        timeout = ClientWSTimeout(ws_close=0.5)
        try:
            async with asyncio.timeout(CONNECT_S):
                self._socket = await self._http.ws_connect(
                    self._settings.url,
                    protocols=(PROTOCOL,),
                    max_msg_size=MAX_MESSAGE_BYTES,
                    timeout=timeout,
                )
        except (ClientError, OSError, TimeoutError) as error:
            raise JanusAway(type(error).__name__) from error
        self._tasks.append(asyncio.create_task(self._listen(self._socket)))
        self._session = _made(await self._ask({"janus": "create"}))
        self._tasks.append(asyncio.create_task(self._keep_alive()))

    async def attach(self) -> int:
        """A new handle of the room plugin."""
        return _made(await self._ask({"janus": "attach", "plugin": PLUGIN}))

    async def ask(self, handle: int, body: Mapping[str, object], jsep: Jsep | None = None) -> Reply:
        """What the plugin answers; raises JanusSaidNo for a no, and JanusAway."""
        message: dict[str, object] = {"janus": "message", "handle_id": handle, "body": body}
        if jsep is not None:
            described = {"type": jsep.type, "sdp": jsep.sdp, "trickle": False}
            message["jsep"] = described
        heard = await self._ask(message)
        if heard.plugindata is None:
            raise self._end("an answer without an answer")
        data = heard.plugindata.data
        if (code := data.get("error_code")) is not None:
            raise JanusSaidNo(code if isinstance(code, int) else 0)
        return Reply(data, heard.jsep)

    async def detach(self, handle: int) -> None:
        """End what the handle stands for."""
        await self._ask({"janus": "detach", "handle_id": handle})

    async def close(self) -> None:
        """End the session, and with it all that is in it."""
        self._over = True
        self._fail_all()
        own = asyncio.current_task()
        for task in self._tasks:
            if task is not own:
                task.cancel()
        await asyncio.gather(*(t for t in self._tasks if t is not own), return_exceptions=True)
        if self._socket is not None:
            await self._socket.close()
        if self._http is not None:
            await self._http.close()

    async def _ask(self, message: Mapping[str, object]) -> _Heard:
        if self._over or self._socket is None:
            raise JanusAway("the session is over")
        self._number += 1
        transaction = str(self._number)
        whole = {**message, "transaction": transaction, "apisecret": self._settings.api_secret}
        if self._session is not None:
            whole["session_id"] = self._session
        future: asyncio.Future[_Heard] = asyncio.get_running_loop().create_future()
        self._asked[transaction] = _Question(future, ends_with_ack=message["janus"] == "keepalive")
        try:
            async with asyncio.timeout(REPLY_S):
                await self._socket.send_str(msgspec.json.encode(whole).decode())
                heard = await future
        except TimeoutError as error:
            raise self._end("no answer in time") from error
        except (ClientError, ConnectionError) as error:
            raise self._end(type(error).__name__) from error
        finally:
            del self._asked[transaction]
        if heard.error is not None:
            raise JanusSaidNo(heard.error.code)
        return heard

    async def _listen(self, socket: ClientWebSocketResponse) -> None:
        async for message in socket:
            try:
                if message.type is not WSMsgType.TEXT:
                    raise msgspec.ValidationError
                self._hear(msgspec.json.decode(message.data, type=_Heard))
            except msgspec.DecodeError:
                self._end("something that Janus never says")
                return
        self._end("it hung up")

    def _hear(self, heard: _Heard) -> None:
        asked = self._asked.get(heard.transaction or "")
        match heard:
            case _Heard(janus="success" | "error" | "event") if asked is not None:
                asked.answer(heard)
            case _Heard(janus="ack") if asked is not None and asked.ends_with_ack:
                asked.answer(heard)
            case _Heard(janus="hangup" | "detached", sender=int() as handle):
                self.on_event(HungUp(handle))
            case _Heard(janus="webrtcup", sender=int() as handle):
                self.on_event(Up(handle))
            case _Heard(
                janus="media", sender=int() as handle, type=str() as kind, receiving=bool() as on
            ):
                self.on_event(Flowing(handle, kind, on))
            case _:
                pass  # news of the room that nobody here asked for

    async def _keep_alive(self) -> None:
        while not self._over:
            await asyncio.sleep(KEEPALIVE_S)
            try:
                await self._ask({"janus": "keepalive"})
            except JanusSaidNo:
                self._end("it knows the session no more")
            except JanusAway:
                return

    def _end(self, why: str) -> JanusAway:
        """The session is over; whoever waits for an answer hears so."""
        if not self._over:
            self._over = True
            log.warning("the session with Janus is over: %s", why)
            self._fail_all()
            asyncio.get_running_loop().call_soon(self.on_lost)
        return JanusAway(why)

    def _fail_all(self) -> None:
        for question in self._asked.values():
            if not question.answered.done():
                question.answered.set_exception(JanusAway("the session is over"))


def _made(heard: _Heard) -> int:
    if heard.data is None:
        raise JanusAway("it made nothing")
    return heard.data.id
