"""Calls to a line for help through the real service: rung, taken, ended, and nowhere kept."""

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
from aiohttp import ClientSession, ClientWebSocketResponse
from yarl import URL

from kiosk.sandbox.app import Sandbox
from kiosk.sandbox.settings import Settings, SupportLine
from tests.sandbox.conftest import ShiftedClock
from tests.sandbox.terminal import PATIENCE_S, Reply, Terminal

KEY = "the-key-of-the-samaritans"
LINES = (
    SupportLine(id="samaritans", key=KEY, unrecorded=True, longest_s=60.0),
    SupportLine(id="helpdesk", key="the-key-of-the-helpdesk"),
)
SAM, LENA_WITH_A_PIN = "62E3086CED", "67003B51C6"
OFFER, ANSWER = "v=0\r\noffer\r\n", "v=0\r\nanswer\r\n"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return msgspec.structs.replace(settings, support_lines=LINES, answer_s=0.3)


class Answering:
    """A page of a line, without a browser."""

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        self._socket = socket

    async def say(self, kind: str, **more: object) -> None:
        await self._socket.send_json({"type": kind, **more})

    async def until(self, kind: str) -> Any:
        async with asyncio.timeout(PATIENCE_S):
            while True:
                message = json.loads((await self._socket.receive()).data)
                if message["type"] == kind:
                    return message


@pytest.fixture
def answering(sandbox: Sandbox, session: ClientSession) -> Callable[..., Any]:
    @asynccontextmanager
    async def answering(key: str = KEY) -> AsyncIterator[Answering]:
        origin = URL(sandbox.officer_url).origin()
        headers = {"Origin": str(origin)}
        async with session.ws_connect(origin / "helpline/socket", headers=headers) as socket:
            page = Answering(socket)
            await page.say("hello", key=key)
            yield page

    return answering


async def call(terminal: Terminal, line: str = "samaritans", request: str = "r1") -> Reply:
    body = {"request_id": request, "line": line}
    return await terminal.call("POST", "/support-calls", body)


async def offer(terminal: Terminal, call_id: str) -> Reply:
    path = f"/support-calls/{call_id}/media/0"
    return await terminal.call("POST", path, OFFER.encode(), content_type="application/sdp")


async def end(terminal: Terminal, call_id: str) -> Reply:
    return await terminal.call("DELETE", f"/support-calls/{call_id}")


async def test_a_line_is_granted_with_its_end_and_what_the_service_attests(
    terminal: Terminal,
) -> None:
    granted = (await call(terminal)).json
    assert granted["unrecorded"] is True
    assert [medium["direction"] for medium in granted["media"]] == ["sendrecv"]
    assert (await call(terminal, "helpdesk")).json["unrecorded"] is False


async def test_a_line_that_the_site_does_not_have_can_not_be_called(terminal: Terminal) -> None:
    assert (await call(terminal, "no-such")).code == "unknown_line"


async def test_who_takes_the_call_answers_the_offer(
    terminal: Terminal, answering: Callable[..., Any]
) -> None:
    async with answering() as page:
        await page.until("welcome")
        granted = (await call(terminal)).json["call"]
        offered = asyncio.create_task(offer(terminal, granted))
        assert (await page.until("ring"))["call"] == granted
        await page.say("take", call=granted)
        assert (await page.until("offer"))["sdp"] == OFFER
        await page.say("answer", call=granted, sdp=ANSWER)
        reply = await offered
        assert (reply.status, reply.body.decode()) == (201, ANSWER)
        await end(terminal, granted)
        assert (await page.until("over"))["call"] == granted


async def test_the_same_offer_rings_on_until_somebody_comes(
    terminal: Terminal, answering: Callable[..., Any]
) -> None:
    granted = (await call(terminal)).json["call"]
    assert (await offer(terminal, granted)).code == "no_answer"
    offered = asyncio.create_task(offer(terminal, granted))
    async with answering() as page:
        await page.until("ring")
        await page.say("take", call=granted)
        await page.until("offer")
        await page.say("answer", call=granted, sdp=ANSWER)
        assert (await offered).status == 201


async def test_one_phone_takes_it_and_the_others_stop_ringing(
    terminal: Terminal, answering: Callable[..., Any]
) -> None:
    async with answering() as one, answering() as other, answering(LINES[1].key) as elsewhere:
        for page in (one, other, elsewhere):
            await page.until("welcome")
        granted = (await call(terminal)).json["call"]
        offered = asyncio.create_task(offer(terminal, granted))
        for page in (one, other):
            await page.until("ring")
        await one.say("take", call=granted)
        await other.until("over")
        await elsewhere.say("take", call=granted)
        await other.say("answer", call=granted, sdp="v=0\r\nsomebody else\r\n")
        await one.until("offer")
        await one.say("answer", call=granted, sdp=ANSWER)
        assert (await offered).body.decode() == ANSWER


async def test_a_line_that_hangs_up_or_goes_away_ends_the_call(
    terminal: Terminal, answering: Callable[..., Any]
) -> None:
    async with answering() as page:
        await page.until("welcome")
        granted = (await call(terminal)).json["call"]
        offered = asyncio.create_task(offer(terminal, granted))
        await page.until("ring")
        await page.say("hang_up", call=granted)
        assert (await offered).code == "call_over"
    assert (await offer(terminal, granted)).code == "call_over"


async def test_the_same_request_gets_the_same_call_and_a_new_one_ends_the_old(
    terminal: Terminal,
) -> None:
    first = (await call(terminal)).json["call"]
    assert (await call(terminal)).json["call"] == first
    assert (await call(terminal, request="r2")).json["call"] != first
    assert (await offer(terminal, first)).code == "call_over"


async def test_a_call_belongs_to_the_terminal_that_made_it(
    terminal: Terminal, terminal_at: Callable[[str], Terminal]
) -> None:
    granted = (await call(terminal)).json["call"]
    assert (await offer(terminal_at("t2"), granted)).code == "call_over"
    assert (await end(terminal_at("t2"), granted)).status == 204
    assert (await offer(terminal, granted)).code == "no_answer"


async def test_a_call_that_nobody_ended_is_ended_at_its_time(
    terminal: Terminal, sandbox: Sandbox, clock: ShiftedClock
) -> None:
    granted = (await call(terminal)).json["call"]
    clock.shift_s += 63.0
    sandbox.helplines.look_at_time()
    assert (await offer(terminal, granted)).code == "call_over"


async def test_a_wrong_key_answers_for_no_line(answering: Callable[..., Any]) -> None:
    async with answering("a key that is nobody's") as page:
        await page.until("refused")


async def test_no_table_of_the_database_knows_of_a_call(
    terminal: Terminal, answering: Callable[..., Any], settings: Settings
) -> None:
    await terminal.identify(SAM)
    before = _rows(settings)
    async with answering() as page:
        await page.until("welcome")
        granted = (await call(terminal)).json["call"]
        await offer(terminal, granted)
        await end(terminal, granted)
    assert _rows(settings) == before
    kept = b"".join(path.read_bytes() for path in Path(settings.database).parent.iterdir())
    assert granted.encode() not in kept
    assert b"samaritans" not in kept


async def test_that_a_card_is_known_is_all_that_is_said_of_it_and_nothing_is_kept(
    terminal: Terminal, settings: Settings
) -> None:
    """A row of who was identified where, beside no record of a visit, would say who called."""
    before = _rows(settings)
    for known in (SAM, LENA_WITH_A_PIN):
        reply = await _asks_about(terminal, known)
        assert (reply.status, reply.body) == (204, b"")
    stranger = await _asks_about(terminal, "0000000000")
    assert (stranger.status, stranger.code) == (404, "unknown_card")
    assert _rows(settings) == before


async def _asks_about(terminal: Terminal, card: str) -> Reply:
    credential = {"technology": "em4100", "assurance": "identifier", "value": card}
    body = {"credential": credential, "hall": terminal.hall}
    return await terminal.call("POST", "/support-cards", body)


def _rows(settings: Settings) -> int:
    """How many the whole database has."""
    with sqlite3.connect(settings.database) as database:
        tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        return sum(
            database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]
            for (name,) in tables.fetchall()
        )
