"""A family's link: that it was opened, and whose it is."""

import asyncio

from aiohttp import ClientSession
from yarl import URL

from kiosk.core.contract import Contract
from kiosk.sandbox.app import Sandbox
from kiosk.sandbox.database import Database
from kiosk.sandbox.desk import SERVICE
from kiosk.sandbox.settings import Settings
from tests.sandbox.meeting import OFFER, SAM, Family, meet, quiet
from tests.sandbox.officer import Officer
from tests.sandbox.terminal import Terminal


async def test_a_page_that_is_opened_after_the_join_and_never_gets_ready_is_told_of_once(
    terminal: Terminal, family: Family, sandbox: Sandbox
) -> None:
    async with terminal.events() as stream:
        await terminal.join(*SAM)
        for _ in range(2):
            async with family("v1-sam-mum") as page:
                await page.next()
        came = await stream.next()
        assert (came.name, came.data) == ("visitor_came", {"visit": "v1-sam-mum"})
        assert await quiet(terminal, stream, sandbox) == []


async def test_a_page_that_is_loaded_counts_before_anybody_presses_start(
    terminal: Terminal, session: ClientSession, sandbox: Sandbox, family: Family
) -> None:
    url = URL(sandbox.family_url("v1-sam-mum"))
    opened, ours = url.origin() / "visit/opened", {"Origin": str(url.origin())}
    async with terminal.events() as stream:
        await terminal.join(*SAM)
        for link, headers, status in (
            (url.fragment, {"Origin": "https://evil.example"}, 403),
            ("wrong", ours, 204),
            (b"\xff" * 99, ours, 204),
            (b"x" * 20_000, ours, 413),
        ):
            async with session.post(opened, data=link, headers=headers) as reply:
                assert reply.status == status
        assert await quiet(terminal, stream, sandbox) == []
        async with session.post(opened, data=url.fragment, headers=ours) as reply:
            assert (reply.status, await reply.read()) == (204, b"")
        assert (await stream.next()).name == "visitor_came"
        async with family("v1-sam-mum") as first:
            assert (await first.next())["type"] == "welcome", "the link is still nobody's"


async def test_a_terminal_that_comes_back_hears_that_the_page_was_opened(
    terminal: Terminal, family: Family
) -> None:
    await terminal.join(*SAM)
    async with family("v1-sam-mum") as page:
        await page.until("welcome")
    async with terminal.events() as stream:
        assert (await stream.next()).name == "visitor_came"


async def test_a_second_holder_of_the_link_is_refused_and_the_officer_told(
    family: Family, officer: Officer
) -> None:
    async with family("v1-sam-mum") as first, officer.watching() as overview:
        await first.until("state")
        for secret in (None, "guessed"):
            async with family("v1-sam-mum", secret=secret) as second:
                assert await second.next() == {"type": "refused", "reason": "second_holder"}
        notice = await overview.notice("second_holder")
        assert (notice["subject"], notice["first_name"]) == ("v1-sam-mum", "Sam")
        await officer.act("seen", notice=notice["id"])
        await overview.until(lambda shown: not shown["notices"])


async def test_a_second_holder_takes_nothing_from_the_first_and_leaves_one_record_without_a_name(
    terminal: Terminal, family: Family, sandbox: Sandbox, settings: Settings
) -> None:
    async with terminal.events() as stream, family("v1-sam-mum") as first:
        await meet(terminal, stream, first)
        for number in range(20):
            async with family("v1-sam-mum", secret=f"guess {number}") as second:
                assert (await second.next())["reason"] == "second_holder"
        assert await quiet(terminal, stream, sandbox) == []
        reply, _ = await asyncio.gather(
            terminal.offer("v1-sam-mum", first.join_id, OFFER), first.answer()
        )
        assert reply.status == 201, "the first is called as before"
        assert "superseded" not in [heard["type"] for heard in first.heard]
    database = Database(settings.database)
    kept = database.rows("SELECT * FROM notices")
    database.close()
    assert [row[2:] for row in kept] == [("second_holder", "v1-sam-mum", 0)], "what, whose, unseen"
    (record,) = sandbox.auditing.records(SERVICE)
    assert (record["event"], record["visit"]) == ("second_holder", "v1-sam-mum")
    assert Contract().faults_of("AuditRecord", record) == []


async def test_the_officer_can_let_a_new_device_in(family: Family, officer: Officer) -> None:
    async with family("v1-sam-mum") as first:
        await first.until("state")
    await officer.act("forget_page", reference="v1-sam-mum")
    async with family("v1-sam-mum") as second:
        assert (await second.next())["type"] == "welcome"
