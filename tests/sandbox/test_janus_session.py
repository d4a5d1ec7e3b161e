"""A Janus that answers errors, garbage, late or never: a session says so in time, and is over."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import WSMsgType, web

from kiosk.sandbox.app import Sandbox
from kiosk.sandbox.janus import REPLY_S, Flowing, HungUp, Janus, JanusAway, JanusSaidNo, Jsep, Up
from kiosk.sandbox.settings import JanusSettings, Settings
from tests.sandbox.conftest import DESK_PASSWORD
from tests.sandbox.meeting import SAM, Family, meet
from tests.sandbox.officer import Officer
from tests.sandbox.terminal import Terminal

API_SECRET = "only the service has it"
SESSION, HANDLE = 11, 22
PLUGIN_DATA = {"plugin": "janus.plugin.videoroom", "data": {"videoroom": "joined"}}


class ScriptedJanus:
    """Speaks as Janus does, but for what a test makes it say to `message` requests.

    `says` gets the transaction and returns what is sent, each a text or bytes; None hangs up.
    """

    def __init__(self) -> None:
        self.says: Callable[[str], list[str | bytes] | None] = lambda _: []
        self.asked: list[dict[str, Any]] = []
        self._sockets: list[web.WebSocketResponse] = []

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(protocols=("janus-protocol",))
        await socket.prepare(request)
        self._sockets.append(socket)
        async for message in socket:
            assert message.type is WSMsgType.TEXT
            await self._answer(socket, json.loads(message.data))
        return socket

    async def says_by_itself(self, **message: object) -> None:
        for socket in self._sockets:
            await socket.send_json(message)

    async def _answer(self, socket: web.WebSocketResponse, asked: dict[str, Any]) -> None:
        assert asked["apisecret"] == API_SECRET
        self.asked.append(asked)
        transaction = asked["transaction"]
        match asked["janus"]:
            case "create":
                await _success(socket, transaction, SESSION)
            case "attach":
                await _success(socket, transaction, HANDLE)
            case "message":
                said = self.says(transaction)
                for each in said or ():
                    if isinstance(each, str):
                        await socket.send_str(each)
                    else:
                        await socket.send_bytes(each)
                if said is None:
                    await socket.close()
            case _:
                await socket.send_json({"janus": "ack", "transaction": transaction})


async def _success(socket: web.WebSocketResponse, transaction: str, made: int) -> None:
    said = {"janus": "success", "transaction": transaction, "data": {"id": made}}
    await socket.send_json(said)


@pytest.fixture
def scripted() -> ScriptedJanus:
    return ScriptedJanus()


@pytest_asyncio.fixture(loop_scope="session")
async def known(scripted: ScriptedJanus, tmp_path: Path) -> AsyncIterator[JanusSettings]:
    application = web.Application()
    application.add_routes([web.get("/", scripted.serve)])
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    url = f"ws://127.0.0.1:{runner.addresses[0][1]}/"
    yield JanusSettings(url=url, api_secret=API_SECRET, admin_key="k", recordings=tmp_path)
    await runner.cleanup()


@pytest_asyncio.fixture(loop_scope="session")
async def talk(known: JanusSettings) -> AsyncIterator[Janus]:
    janus = await Janus.open(known)
    yield janus
    await janus.close()


def said(transaction: str, **fields: object) -> str:
    return json.dumps({"janus": "event", "transaction": transaction, **fields})


async def test_an_answer_may_come_after_word_that_it_will(
    talk: Janus, scripted: ScriptedJanus
) -> None:
    sdp = {"type": "answer", "sdp": "v=0"}
    scripted.says = lambda transaction: [
        json.dumps({"janus": "ack", "transaction": transaction}),
        said(transaction, plugindata=PLUGIN_DATA, jsep=sdp),
    ]
    reply = await talk.ask(HANDLE, {"request": "join"}, Jsep("offer", "v=0"))
    assert reply.data == {"videoroom": "joined"}
    assert reply.jsep == Jsep("answer", "v=0")
    assert scripted.asked[-1]["jsep"] == {"type": "offer", "sdp": "v=0", "trickle": False}


@pytest.mark.parametrize(
    "no",
    [
        {"janus": "error", "error": {"code": 458, "reason": "No such session"}},
        {"plugindata": {"data": {"videoroom": "event", "error_code": 458, "error": "x"}}},
    ],
    ids=["of the core", "of the plugin"],
)
async def test_a_no_is_an_answer_and_the_session_goes_on(
    talk: Janus, scripted: ScriptedJanus, no: dict[str, object]
) -> None:
    scripted.says = lambda transaction: [json.dumps({**json.loads(said(transaction)), **no})]
    with pytest.raises(JanusSaidNo) as refused:
        await talk.ask(HANDLE, {"request": "join"})
    assert refused.value.code == 458
    assert not talk.is_over


@pytest.mark.parametrize(
    "garbage",
    [
        "not JSON",
        "[]",
        "{}",
        '{"janus": 7}',
        b"bytes",
        "x" * 300_000,
        said("0", jsep={"type": "rollback", "sdp": "v=0"}),
        said("0", jsep={"type": "answer", "sdp": "x" * 70_000}),
    ],
    ids=repr,
)
async def test_garbage_ends_the_session_at_once(
    talk: Janus, scripted: ScriptedJanus, garbage: str | bytes
) -> None:
    lost = asyncio.Event()
    talk.on_lost = lost.set
    scripted.says = lambda _: [garbage]
    with pytest.raises(JanusAway):
        await talk.ask(HANDLE, {"request": "join"})
    await asyncio.wait_for(lost.wait(), REPLY_S)
    with pytest.raises(JanusAway):
        await talk.ask(HANDLE, {"request": "join"})


async def test_an_answer_without_an_answer_ends_the_session(
    talk: Janus, scripted: ScriptedJanus
) -> None:
    scripted.says = lambda transaction: [said(transaction)]
    with pytest.raises(JanusAway):
        await talk.ask(HANDLE, {"request": "join"})
    assert talk.is_over


async def test_silence_ends_the_session_in_time(talk: Janus, scripted: ScriptedJanus) -> None:
    async with asyncio.timeout(REPLY_S + 2.0):
        with pytest.raises(JanusAway):
            await talk.ask(HANDLE, {"request": "join"})
    assert talk.is_over


async def test_who_waits_hears_at_once_that_janus_hung_up(
    talk: Janus, scripted: ScriptedJanus
) -> None:
    scripted.says = lambda _: None
    async with asyncio.timeout(REPLY_S / 2):
        with pytest.raises(JanusAway):
            await talk.ask(HANDLE, {"request": "join"})


async def test_a_janus_that_is_not_there_is_away(tmp_path: Path) -> None:
    nobody = JanusSettings(
        url="ws://127.0.0.1:9/", api_secret="a", admin_key="b", recordings=tmp_path
    )
    with pytest.raises(JanusAway):
        await Janus.open(nobody)


async def test_what_janus_says_by_itself_is_told(talk: Janus, scripted: ScriptedJanus) -> None:
    told: asyncio.Queue[object] = asyncio.Queue()
    talk.on_event = told.put_nowait
    await scripted.says_by_itself(janus="webrtcup", sender=HANDLE)
    await scripted.says_by_itself(janus="media", sender=HANDLE, type="video", receiving=False)
    await scripted.says_by_itself(janus="slowlink", sender=HANDLE, media="audio", uplink=True)
    await scripted.says_by_itself(janus="hangup", sender=HANDLE, reason="DTLS alert")
    heard = [await told.get() for _ in range(3)]
    assert heard == [Up(HANDLE), Flowing(HANDLE, "video", on=False), HungUp(HANDLE)]


# a service with such a Janus


@pytest.fixture
def settings(known: JanusSettings, tmp_path: Path) -> Settings:
    return Settings(
        database=tmp_path / "sandbox.db",
        desk_password=DESK_PASSWORD,
        ping_s=0.1,
        answer_s=1.0,
        janus=known,
    )


@pytest.mark.parametrize("medium", ["0", "1"])
@pytest.mark.parametrize(
    "answer",
    [
        lambda _: ["garbage"],
        lambda transaction: [json.dumps({"janus": "error", "transaction": transaction})],
        lambda transaction: [said(transaction, plugindata={"data": {"error_code": 499}})],
        lambda transaction: [said(transaction, plugindata={"data": {"error_code": "x"}})],
        lambda _: None,
    ],
    ids=["garbage", "half an error", "an error", "an odd error", "hanging up"],
)
async def test_a_terminal_is_told_plainly_that_the_media_server_is_away_and_officers_too(
    scripted: ScriptedJanus,
    family: Family,
    terminal: Terminal,
    officer: Officer,
    answer: Callable[[str], list[str | bytes] | None],
    medium: str,
) -> None:
    scripted.says = answer
    async with terminal.events() as stream, family(SAM[0]) as page:
        await meet(terminal, stream, page)
        if medium == "0":
            reply = await terminal.offer(SAM[0], page.join_id, "v=0")
        else:
            reply = await terminal.ask_offer(SAM[0], page.join_id)
        assert (reply.status, reply.code) == (503, "media_away")
        async with officer.watching() as overview:
            await overview.notice("media_away")
        assert (await terminal.leave(SAM[0])).status == 204, "nothing is stuck"


async def test_a_service_whose_janus_never_answers_starts_and_stops(
    scripted: ScriptedJanus, sandbox: Sandbox, terminal: Terminal
) -> None:
    assert (await terminal.join(*SAM)).status == 200
