"""The link opens the lobby only: admission and offers, without a browser."""

import asyncio
from collections.abc import Callable

import pytest
from aiohttp import ClientSession, WSMsgType, WSServerHandshakeError
from yarl import URL

from kiosk.sandbox.app import Sandbox
from tests.sandbox.conftest import VISIT_S
from tests.sandbox.meeting import (
    DAN,
    OFFER,
    SAM,
    Family,
    admit_all,
    meet,
    meet_dan,
    quiet,
    take_back,
)
from tests.sandbox.officer import Officer
from tests.sandbox.terminal import Terminal


async def test_the_link_says_whose_visit_it_is_and_when(family: Family) -> None:
    async with family("v1-sam-mum") as page:
        welcome = await page.until("welcome")
        assert (welcome["first_name"], welcome["visitors"]) == ("Sam", ["Maria Carter"])
        assert welcome["ice_servers"] == []
        state = await page.until("state", phase="waiting")
        assert state["ends_at"] - welcome["starts_at"] == VISIT_S * 1000


async def test_a_wrong_link_opens_nothing(session: ClientSession, sandbox: Sandbox) -> None:
    from tests.sandbox.family import opened

    url = URL(sandbox.family_url("v1-sam-mum")).with_fragment("wrong")
    async with opened(session, str(url)) as page:
        assert await page.next() == {"type": "refused", "reason": "unknown_link"}
        with pytest.raises(EOFError):
            await page.next()


async def test_another_site_can_not_open_the_socket(
    session: ClientSession, sandbox: Sandbox
) -> None:
    address = URL(sandbox.family_url("v1-sam-mum")).origin() / "visit/socket"
    with pytest.raises(WSServerHandshakeError):
        await session.ws_connect(address, headers={"Origin": "https://evil.example"})


@pytest.mark.parametrize(
    "said",
    [
        "not json",
        '{"type": "dance"}',
        '{"type": "ready", "camera": 1, "microphone": true}',
        '{"type": "ready", "camera": true, "microphone": true, "more": 1}',
        '{"type": "hello", "link": "x", "join_id": "x"}',
        '{"type": "who", "text": "' + "x" * 301 + '"}',
    ],
)
async def test_a_page_that_says_what_it_may_not_is_cut_off(family: Family, said: str) -> None:
    async with family("v1-sam-mum") as page:
        await page.until("state")
        await page.socket.send_str(said)
        while (message := await page.socket.receive(5)).type is WSMsgType.TEXT:
            pass
        assert message.type in (WSMsgType.CLOSE, WSMsgType.CLOSED)


async def test_nothing_is_announced_or_offered_before_an_officer_admits(
    terminal: Terminal, family: Family, officer: Officer, sandbox: Sandbox
) -> None:
    async with terminal.events() as stream, family("v2-dan-mum") as page:
        await terminal.join(*DAN)
        await page.ready()
        await page.until("state", phase="lobby")
        refused = await terminal.offer("v2-dan-mum", page.join_id, OFFER)
        assert (refused.status, refused.code) == (409, "visitor_gone")
        assert await quiet(terminal, stream, sandbox) == [
            "visitor_in_lobby",
            "hold",
        ], "nothing may flow yet"
        await officer.act(
            "admit",
            reference="v2-dan-mum",
            visitor=0,
            full_name="Maria Carter",
            admission="admitted",
        )
        assert await quiet(terminal, stream, sandbox) == [], "the second visitor was not looked at"
        await officer.act(
            "admit",
            reference="v2-dan-mum",
            visitor=1,
            full_name="Aisha Carter",
            admission="not_here",
        )
        assert await quiet(terminal, stream, sandbox) == [
            "visitor_ready",
            "visitor_in_lobby",
            "release",
        ]
        await page.until("state", phase="joined")
        assert all(heard["type"] != "offer" for heard in page.heard)


async def test_taking_an_admission_back_ends_what_flows(
    terminal: Terminal, family: Family, officer: Officer, sandbox: Sandbox
) -> None:
    async with terminal.events() as stream, family("v2-dan-mum") as page:
        await meet_dan(terminal, stream, page, officer)
        await take_back(officer)
        held = await stream.next()
        assert (held.name, held.data["reason"]) == ("hold", "officer"), "whoever hangs up or not"
        assert (await stream.next()).data["join_id"] == page.join_id
        await page.until("state", phase="lobby")
        assert (await terminal.offer("v2-dan-mum", page.join_id, OFFER)).status == 409
        await admit_all(officer)
        assert await quiet(terminal, stream, sandbox) == [
            "visitor_in_lobby",
            "visitor_ready",
            "visitor_in_lobby",
            "release",
        ]


async def test_an_officers_own_pause_outlasts_an_admission_that_is_taken_back(
    terminal: Terminal, family: Family, officer: Officer, sandbox: Sandbox
) -> None:
    async with terminal.events() as stream, family("v2-dan-mum") as page:
        await meet_dan(terminal, stream, page, officer)
        await officer.act("hold", reference="v2-dan-mum", reason="rules")
        await take_back(officer)
        assert await quiet(terminal, stream, sandbox) == [
            "hold",
            "visitor_left",
            "visitor_in_lobby",
        ]
        await admit_all(officer)
        assert await quiet(terminal, stream, sandbox) == [
            "visitor_ready",
            "visitor_in_lobby",
        ], "still paused"
        await officer.act("release", reference="v2-dan-mum")
        assert await quiet(terminal, stream, sandbox) == ["release"]


async def test_going_on_after_a_pause_lets_nobody_in(
    terminal: Terminal, family: Family, officer: Officer, sandbox: Sandbox
) -> None:
    async with terminal.events() as stream, family("v2-dan-mum") as page:
        await meet_dan(terminal, stream, page, officer)
        await officer.act("hold", reference="v2-dan-mum", reason="rules")
        await take_back(officer)
        await quiet(terminal, stream, sandbox)
        await officer.act("release", reference="v2-dan-mum")
        still = await stream.next()
        assert (still.name, still.data["reason"]) == ("hold", "officer")
        await admit_all(officer)
        assert await quiet(terminal, stream, sandbox) == [
            "visitor_ready",
            "visitor_in_lobby",
            "release",
        ]


async def test_a_terminal_that_comes_back_hears_that_nobody_is_admitted_any_more(
    terminal: Terminal, family: Family, officer: Officer, sandbox: Sandbox
) -> None:
    async with family("v2-dan-mum") as page:
        async with terminal.events() as stream:
            await meet_dan(terminal, stream, page, officer)
            await take_back(officer)
        async with terminal.events() as anew:
            assert (await anew.next()).name == "hold"
            await terminal.join(*DAN)
            assert (await quiet(terminal, anew, sandbox))[-2:] == ["visitor_in_lobby", "hold"]
            await admit_all(officer)
            assert await quiet(terminal, anew, sandbox) == [
                "visitor_ready",
                "visitor_in_lobby",
                "release",
            ]


async def test_admitted_at_once_is_announced_with_what_the_page_can_do(
    terminal: Terminal, family: Family
) -> None:
    async with terminal.events() as stream, family("v1-sam-mum") as page:
        await terminal.join(*SAM)
        await page.ready(camera=False)
        ready = await stream.until("visitor_ready")
        assert ready.data == {
            "visit": "v1-sam-mum",
            "join_id": page.join_id,
            "camera": False,
            "microphone": True,
        }


async def test_a_visitor_who_was_first_is_announced_when_the_terminal_joins(
    terminal: Terminal, family: Family
) -> None:
    async with terminal.events() as stream, family("v1-sam-mum") as page:
        await page.ready()
        await page.until("state", phase="waiting")
        await terminal.join(*SAM)
        assert (await stream.until("visitor_ready")).data["join_id"] == page.join_id


async def test_an_offer_gets_the_pages_answer_and_a_place_to_end_it(
    terminal: Terminal, family: Family
) -> None:
    async with terminal.events() as stream, family("v1-sam-mum") as page:
        await meet(terminal, stream, page)
        reply, offer = await asyncio.gather(
            terminal.offer("v1-sam-mum", page.join_id, OFFER), page.answer("v=0\r\nmine\r\n")
        )
        assert (reply.status, reply.body) == (201, b"v=0\r\nmine\r\n")
        assert offer["sdp"] == OFFER
        path = reply.headers["Location"].removeprefix("/terminal/v1")
        assert (await terminal.call("DELETE", path)).status == 204
        await page.until("hangup", connection=offer["connection"])
        assert (await terminal.call("DELETE", path)).status == 204


async def test_an_offer_to_a_page_that_is_gone_or_of_another_load_is_told_so(
    terminal: Terminal, family: Family
) -> None:
    async with terminal.events() as stream:
        async with family("v1-sam-mum") as page:
            await meet(terminal, stream, page)
            other = await terminal.offer("v1-sam-mum", "another-load", OFFER)
            assert (other.status, other.code) == (409, "visitor_gone")
        await stream.until("visitor_left")
        gone = await terminal.offer("v1-sam-mum", page.join_id, OFFER)
        assert (gone.status, gone.code) == (409, "visitor_gone")


async def test_an_offer_whose_page_leaves_meanwhile_is_told_at_once(
    terminal: Terminal, family: Family
) -> None:
    async with terminal.events() as stream, family("v1-sam-mum") as page:
        await meet(terminal, stream, page)

        async def leave() -> None:
            await page.until("offer")
            await page.socket.close(code=1001)

        reply, _ = await asyncio.gather(terminal.offer("v1-sam-mum", page.join_id, OFFER), leave())
        assert (reply.status, reply.code) == (409, "visitor_gone")


async def test_a_page_that_does_not_answer_counts_as_gone_and_must_come_again(
    terminal: Terminal, family: Family
) -> None:
    async with terminal.events() as stream, family("v1-sam-mum") as page:
        await meet(terminal, stream, page)
        reply = await terminal.offer("v1-sam-mum", page.join_id, OFFER)
        assert (reply.status, reply.code) == (409, "visitor_gone")
        with pytest.raises(EOFError):
            await page.until("never")


async def test_a_browser_that_can_not_answer_is_not_gone(
    terminal: Terminal, family: Family
) -> None:
    async with terminal.events() as stream, family("v1-sam-mum") as page:
        await meet(terminal, stream, page)
        reply, _ = await asyncio.gather(
            terminal.offer("v1-sam-mum", page.join_id, OFFER), page.answer(None)
        )
        assert (reply.status, reply.code) == (502, "no_answer")


async def test_only_the_terminal_that_holds_the_visit_may_offer(
    terminal: Terminal, terminal_at: Callable[..., Terminal], family: Family
) -> None:
    async with terminal.events() as stream, family("v1-sam-mum") as page:
        await meet(terminal, stream, page)
        other = await terminal_at("t2").offer("v1-sam-mum", page.join_id, OFFER)
        assert (other.status, other.code) == (403, "not_joined")
        medium = await terminal.offer("v1-sam-mum", page.join_id, OFFER, medium="1")
        assert (medium.status, medium.code) == (404, "unknown_medium")


async def test_a_reload_supersedes_and_gets_a_join_id_of_its_own(
    terminal: Terminal, family: Family
) -> None:
    async with terminal.events() as stream, family("v1-sam-mum") as first:
        secret = (await first.until("welcome"))["secret"]
        await meet(terminal, stream, first)
        async with family("v1-sam-mum", secret=secret) as second:
            await first.until("superseded")
            await second.ready()
            ready = await stream.until("visitor_ready")
            assert ready.data["join_id"] == second.join_id != first.join_id
            old = await terminal.offer("v1-sam-mum", first.join_id, OFFER)
            assert old.code == "visitor_gone"


async def test_a_short_loss_of_the_line_is_not_told_as_leaving(
    terminal: Terminal, family: Family, sandbox: Sandbox
) -> None:
    async with terminal.events() as stream:
        async with family("v1-sam-mum") as page:
            secret = (await page.until("welcome"))["secret"]
            await meet(terminal, stream, page)
            await page.socket.close(code=4000)
        async with family("v1-sam-mum", secret=secret, join_id=page.join_id) as again:
            await again.ready()
            assert (await stream.next()).name == "visitor_ready", "the same page, back in time"


async def test_a_long_loss_of_the_line_is_leaving(terminal: Terminal, family: Family) -> None:
    async with terminal.events() as stream:
        async with family("v1-sam-mum") as page:
            await meet(terminal, stream, page)
            await page.socket.close(code=4000)
        left = await stream.until("visitor_left")
        assert left.data == {"visit": "v1-sam-mum", "join_id": page.join_id}
