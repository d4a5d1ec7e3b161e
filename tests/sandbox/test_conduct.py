"""How a visit is conducted to its end: by visitors, officers, time and a killed service."""

import asyncio

from aiohttp import ClientSession

from kiosk.sandbox.app import Sandbox
from tests.sandbox.conftest import VISIT_S, ShiftedClock
from tests.sandbox.meeting import DAN, OFFER, SAM, Family, admit_all, meet, quiet
from tests.sandbox.officer import Officer
from tests.sandbox.terminal import Reply, Terminal


async def test_a_visitor_ends_the_visit(terminal: Terminal, family: Family) -> None:
    async with terminal.events() as stream, family("v1-sam-mum") as page:
        await meet(terminal, stream, page)
        await page.say("end", tell_prison=False)
        assert (await stream.until("end")).data["reason"] == "visitor_ended"
        await page.until("ended", reason="visitor_ended")
    async with family("v1-sam-mum") as again:
        assert await again.next() == {"type": "ended", "reason": "visitor_ended"}


async def test_a_private_end_tells_the_prison_and_nobody_else(
    terminal: Terminal, family: Family, officer: Officer
) -> None:
    async with terminal.events() as stream, family("v1-sam-mum") as page:
        await meet(terminal, stream, page)
        await page.say("end", tell_prison=True)
        assert (await stream.until("end")).data == {"visit": "v1-sam-mum", "reason": "ended"}
    assert (await terminal.join(*SAM)).code == "not_allowed"
    async with officer.watching() as overview:
        assert (await overview.notice("told_prison"))["subject"] == "v1-sam-mum"


async def test_an_officer_ends_holds_says_and_extends(
    terminal: Terminal, family: Family, officer: Officer
) -> None:
    async with terminal.events() as stream, family("v1-sam-mum") as page:
        await meet(terminal, stream, page)
        before = (await page.until("state", phase="joined"))["ends_at"]
        await officer.act("hold", reference="v1-sam-mum", reason="rules")
        assert (await stream.next()).data == {"visit": "v1-sam-mum", "reason": "rules"}
        await page.until("state", held=True)
        await officer.act("release", reference="v1-sam-mum")
        assert (await stream.next()).name == "release"
        await page.until("state", held=False)
        await officer.act("message", reference="v1-sam-mum", text="<b>Soon</b> over")
        assert (await stream.next()).data["text"] == "<b>Soon</b> over"
        await page.until("message", text="<b>Soon</b> over")
        await officer.act("extend", reference="v1-sam-mum", by_s=60)
        assert (await stream.next()).name == "extend"
        await page.until("state", ends_at=before + 60_000)
        await officer.act("end", reference="v1-sam-mum", terminal="t1", first_name="Sam")
        assert (await stream.next()).data["reason"] == "officer"
        await page.until("ended", reason="officer")


async def test_a_visitor_is_told_while_nothing_is_heard_of_the_terminal(
    terminal: Terminal, family: Family, clock: ShiftedClock
) -> None:
    async with family("v1-sam-mum") as page:
        await page.ready()
        await terminal.join(*SAM)
        await page.until("state", phase="joined", unheard=False)
        clock.shift_s = 11
        await page.until("state", unheard=True)
        await terminal.join(*SAM)
        await page.until("state", unheard=False)


async def test_an_extension_stops_at_the_limit(terminal: Terminal, officer: Officer) -> None:
    granted = (await terminal.join(*SAM)).json
    await officer.act("extend", reference="v1-sam-mum", by_s=7200)
    assert (await terminal.join(*SAM)).json["ends_at"] == granted["latest_end_at"]
    assert await officer.refused("extend", reference="v1-sam-mum", by_s=1) == "no_more_time"


async def test_ending_the_wrong_visit_is_refused(terminal: Terminal, officer: Officer) -> None:
    await terminal.join(*SAM)
    for terminal_id, first_name in (("t2", "Sam"), (None, "Sam"), ("t1", "Dan")):
        code = await officer.refused(
            "end", reference="v1-sam-mum", terminal=terminal_id, first_name=first_name
        )
        assert code == "not_this_visit"


async def test_only_the_visitor_whom_the_officer_saw_is_admitted(
    officer: Officer, sandbox: Sandbox
) -> None:
    given = {"reference": "v2-dan-mum", "visitor": 0, "admission": "admitted"}
    assert await officer.refused("admit", full_name="Aisha Carter", **given) == "booking_changed"
    booking = sandbox.bookings.get("v2-dan-mum")
    import msgspec

    visitors = tuple(msgspec.structs.replace(each, approved=False) for each in booking.visitors)
    sandbox.bookings.change("v2-dan-mum", visitors=visitors)
    refused = await officer.refused("admit", full_name="Maria Carter", **given)
    assert refused == "visitor_not_approved"


async def test_a_visit_that_nobody_ended_is_ended_two_seconds_late(
    terminal: Terminal, family: Family, clock: ShiftedClock, sandbox: Sandbox
) -> None:
    async with terminal.events() as stream, family("v1-sam-mum") as page:
        await meet(terminal, stream, page)
        clock.shift_s = VISIT_S + 0.5
        refused = await terminal.offer("v1-sam-mum", page.join_id, OFFER)
        assert (refused.status, refused.code) == (409, "visit_over")
        assert await quiet(terminal, stream, sandbox) == [], "the terminal ends it by itself"
        clock.shift_s = VISIT_S + 2
        assert (await stream.until("end")).data["reason"] == "ended"
        await page.until("ended", reason="time_up")
        assert (await terminal.join(*SAM)).code == "too_late"


async def test_an_offer_for_a_visit_that_an_officer_ended_is_refused_and_reaches_nobody(
    terminal: Terminal, family: Family, officer: Officer
) -> None:
    async with terminal.events() as stream, family("v1-sam-mum") as page:
        await meet(terminal, stream, page)
        await officer.act("end", reference="v1-sam-mum", terminal="t1", first_name="Sam")
        await page.until("ended", reason="officer")
        refused = await terminal.offer("v1-sam-mum", page.join_id, OFFER)
        assert (refused.status, refused.code) == (409, "visit_over")
        await page.say("ping")
        await page.until("pong")
        assert "offer" not in [heard["type"] for heard in page.heard]


async def test_a_booking_that_is_cancelled_during_the_visit_ends_it(
    terminal: Terminal, family: Family, sandbox: Sandbox
) -> None:
    async with terminal.events() as stream, family("v1-sam-mum") as page:
        await meet(terminal, stream, page)
        sandbox.bookings.change("v1-sam-mum", cancelled=True)
        assert (await stream.until("end")).data["reason"] == "booking_cancelled"
        await page.until("ended", reason="booking_cancelled")


async def test_when_the_terminal_leaves_the_page_waits_and_meets_it_again(
    terminal: Terminal, family: Family
) -> None:
    async with terminal.events() as stream, family("v1-sam-mum") as page:
        await meet(terminal, stream, page)
        await page.until("state", phase="joined")
        await terminal.leave("v1-sam-mum")
        await page.until("state", phase="waiting")
        await terminal.join(*SAM)
        await page.until("state", phase="joined")
        assert (await stream.until("visitor_ready")).data["join_id"] == page.join_id


async def test_a_terminal_that_forgot_everything_is_told_how_its_visit_stands(
    terminal: Terminal, family: Family, officer: Officer
) -> None:
    async with family("v1-sam-mum") as page:
        async with terminal.events() as stream:
            await meet(terminal, stream, page)
            await officer.act("extend", reference="v1-sam-mum", by_s=60)
            await officer.act("hold", reference="v1-sam-mum", reason="officer")
        async with terminal.events() as anew:
            told = [(await anew.next()).name for _ in range(4)]
            assert told == ["extend", "hold", "visitor_came", "visitor_ready"]


async def test_a_service_that_was_killed_goes_on_with_the_visit(
    terminal: Terminal, family: Family, officer: Officer, sandbox: Sandbox, session: ClientSession
) -> None:
    async with family("v2-dan-mum") as page:
        secret = (await page.until("welcome"))["secret"]
        await page.ready()
        await terminal.join(*DAN)
        await admit_all(officer)
        await page.until("state", phase="joined")
    from tests.sandbox.family import opened

    again = Sandbox(sandbox.settings)
    await again.start()
    terminal.url = again.api_url
    try:
        async with terminal.events() as stream:
            link = again.family_url("v2-dan-mum")
            async with opened(session, link, secret=secret, join_id=page.join_id) as back:
                await back.until("state", phase="joined")
                await back.ready()
                assert (await stream.until("visitor_ready")).data["join_id"] == page.join_id
                replies: tuple[Reply, object] = await asyncio.gather(
                    terminal.offer("v2-dan-mum", page.join_id, OFFER), back.answer()
                )
                assert replies[0].status == 201
    finally:
        await again.close()


async def test_what_the_visitors_wrote_reaches_the_officer(
    family: Family, officer: Officer
) -> None:
    async with family("v2-dan-mum") as page, officer.watching() as overview:
        await page.ready()
        await overview.visit("v2-dan-mum", standing="admit")
        await page.say("who", text="Maria Carter")
        await overview.until(
            lambda shown: any(
                visit["page"] and visit["page"]["wrote"] == "Maria Carter"
                for visit in shown["visits"]
            )
        )


async def test_a_page_asks_for_the_time(family: Family, clock: ShiftedClock) -> None:
    async with family("v1-sam-mum") as page:
        clock.shift_s = 60
        await page.say("ping")
        pong = await page.until("pong")
        assert abs(pong["now"] - clock.utc().timestamp() * 1000) < 1000
