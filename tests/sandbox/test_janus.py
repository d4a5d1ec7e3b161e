"""Visits through a real Janus, which is asked itself what it has and whom it lets see it."""

import asyncio

import pytest
from playwright.async_api import BrowserContext, expect

from kiosk.core.contract_check import Subject, check
from kiosk.sandbox.app import Sandbox
from kiosk.sandbox.janus_process import JanusProcess
from kiosk.sandbox.room import Room
from kiosk.sandbox.rooms import Rooms
from kiosk.sandbox.settings import JanusSettings, Settings
from tests.sandbox import janus as inside
from tests.sandbox.browser import TerminalMedia, faults_of
from tests.sandbox.conftest import VISIT_S, ShiftedClock
from tests.sandbox.family_pages import until_frames_shown
from tests.sandbox.meeting import SAM, Family, meet
from tests.sandbox.officer import Officer
from tests.sandbox.relayed import SAMS_ROOM, announced, connected, meeting
from tests.sandbox.terminal import Terminal

pytestmark = pytest.mark.journey

REJOIN_S = 5.0
FALL_SILENT = """async () => {
  for (const connection of window.connections)
    for (const { sender } of connection.getTransceivers()) {
      const wanted = sender.getParameters();
      for (const encoding of wanted.encodings) encoding.active = false;
      if (sender.track) await sender.setParameters(wanted);
    }
}"""
"""Not one packet more, not even those by which a browser finds out what the line carries."""


@pytest.fixture
def settings(relayed_settings: Settings) -> Settings:
    return relayed_settings


async def test_a_visit_goes_through_its_room_both_ways_and_leaves_nothing(
    mums_phone: BrowserContext,
    sandbox: Sandbox,
    terminal: Terminal,
    officer: Officer,
    janus: JanusProcess,
    known: JanusSettings,
) -> None:
    async with meeting(mums_phone, sandbox, terminal, SAM) as met:
        await until_frames_shown(met.page, 10)
        rooms = await inside.rooms(known)
        assert list(rooms) == [SAMS_ROOM]
        assert rooms[SAMS_ROOM]["record"] is False, "nothing was booked to be recorded"
        assert len(await inside.of_type(janus, "publisher")) == 2
        assert len(await inside.of_type(janus, "subscriber")) == 2
        await officer.act("end", reference=SAM[0], terminal="t1", first_name="Sam")
        await expect(met.page.locator("#over")).to_be_visible()
        await inside.until_nothing_is_left(janus, known)
        assert faults_of(met.page) == []


async def test_a_service_with_a_media_server_keeps_the_contract(sandbox: Sandbox) -> None:
    subject = Subject(terminal="t1", hall="Hall A", card="62E3086CED")
    findings = await asyncio.to_thread(check, sandbox.api_url, subject)
    assert [finding for finding in findings if finding.checked] == []


async def test_the_terminal_reads_how_to_connect_and_no_secret_of_the_media_server(
    terminal: Terminal, known: JanusSettings
) -> None:
    joined = await terminal.join(*SAM)
    assert known.api_secret.encode() not in joined.body
    assert known.admin_key.encode() not in joined.body
    media = joined.json["media"]
    assert [(medium["direction"], medium["offerer"]) for medium in media] == [
        ("sendonly", "terminal"),
        ("recvonly", "service"),
    ]


async def test_a_room_does_not_outlive_its_visit_though_nobody_ends_it(
    mums_phone: BrowserContext,
    sandbox: Sandbox,
    terminal: Terminal,
    clock: ShiftedClock,
    janus: JanusProcess,
    known: JanusSettings,
) -> None:
    async with meeting(mums_phone, sandbox, terminal, SAM):
        clock.shift_s += VISIT_S  # long before the service ends by itself what nobody ended
        await inside.until_nothing_is_left(janus, known)
        assert not await inside.of_type(janus, "subscriber")


async def test_a_visit_that_is_left_and_joined_again_has_a_new_room(
    mums_phone: BrowserContext,
    sandbox: Sandbox,
    terminal: Terminal,
    janus: JanusProcess,
    known: JanusSettings,
) -> None:
    async with meeting(mums_phone, sandbox, terminal, SAM) as met:
        await terminal.leave(SAM[0])
        await inside.until_nothing_is_left(janus, known)
        await terminal.join(*SAM)
        async with connected(terminal, SAM[0], await announced(met.stream)):
            await until_frames_shown(met.page, 10)


async def test_a_visitor_who_reloads_is_connected_anew(
    mums_phone: BrowserContext, sandbox: Sandbox, terminal: Terminal, janus: JanusProcess
) -> None:
    async with meeting(mums_phone, sandbox, terminal, SAM) as met:
        await met.page.reload()
        async with connected(terminal, SAM[0], await announced(met.stream)):
            await until_frames_shown(met.page, 10)
            assert len(await inside.of_type(janus, "publisher")) == 2


async def test_who_is_not_admitted_any_more_is_out_of_the_room_though_they_hang_on(
    mums_phone: BrowserContext,
    sandbox: Sandbox,
    terminal: Terminal,
    officer: Officer,
    janus: JanusProcess,
) -> None:
    async with meeting(mums_phone, sandbox, terminal, SAM) as met:
        await met.page.evaluate("RTCPeerConnection.prototype.close = () => {}")
        visitor = sandbox.bookings.get(SAM[0]).visitors[0].full_name
        fields = {"reference": SAM[0], "visitor": 0, "full_name": visitor}
        await officer.act("admit", **fields, admission="waiting")
        await inside.until_there_are(janus, 0, "publisher")


async def test_a_visitor_of_whom_nothing_comes_any_more_is_connected_anew(
    mums_phone: BrowserContext, sandbox: Sandbox, terminal: Terminal
) -> None:
    async with meeting(mums_phone, sandbox, terminal, SAM) as met:
        await met.page.evaluate(FALL_SILENT)
        await met.media.playing.until_closed()
        async with connected(terminal, SAM[0], met.media.join_id):
            pass


async def test_who_may_be_silent_is_not_taken_for_gone(
    family: Family, sandbox: Sandbox, terminal: Terminal, officer: Officer
) -> None:
    relay = sandbox.house.relay
    assert relay is not None
    async with terminal.events() as stream, family(SAM[0]) as page:
        await meet(terminal, stream, page)
        conduct = sandbox._conduct
        assert not conduct.may_be_silent(SAM[0])
        await officer.act("hold", reference=SAM[0], reason="officer")
        assert conduct.may_be_silent(SAM[0])
        await officer.act("release", reference=SAM[0])
        assert not conduct.may_be_silent(SAM[0])
        await page.ready(camera=False, microphone=False)
        await stream.until("visitor_ready")
        assert conduct.may_be_silent(SAM[0])


async def test_a_room_that_is_left_and_asked_for_at_once_is_a_new_one(
    known: JanusSettings, janus: JanusProcess
) -> None:
    rooms = Rooms(known, lambda *_: None, lambda _: None)
    first = await rooms.of("v1-sam-mum", recorded=True)
    rooms.close("v1-sam-mum")
    second = await rooms.of("v1-sam-mum", recorded=False)
    assert second is not first
    assert (await inside.rooms(known))[SAMS_ROOM]["record"] is False
    await rooms.stop()
    assert await inside.rooms(known) == {}


# what is broken


async def test_rooms_that_a_killed_service_left_are_destroyed_at_the_next_start(
    known: JanusSettings, settings: Settings
) -> None:
    left = await Room.open(known, "v1-sam-mum", True, lambda _: None, lambda: None)
    await left._janus.close()
    assert list(await inside.rooms(known)) == [SAMS_ROOM]
    started = Sandbox(settings)
    await started.start()

    async def swept() -> bool:
        return not await inside.rooms(known)

    await inside.until(swept)
    await started.close()


async def test_a_killed_janus_is_rejoined_soon_after_it_is_back(
    mums_phone: BrowserContext,
    sandbox: Sandbox,
    terminal: Terminal,
    officer: Officer,
    janus: JanusProcess,
) -> None:
    async with meeting(mums_phone, sandbox, terminal, SAM) as met:
        await janus.kill()
        await expect(met.page.locator("#lobby")).to_be_visible()
        reply = await terminal.ask_offer(SAM[0], met.media.join_id)
        assert (reply.status, reply.code) == (503, "media_away")
        async with officer.watching() as overview:
            await overview.notice("media_away")
        await janus.start()
        async with (
            asyncio.timeout(REJOIN_S) as soon,
            connected(terminal, SAM[0], await announced(met.stream)),
        ):
            await until_frames_shown(met.page, 5)
            soon.reschedule(None)  # to hang up may take what it takes


async def test_a_service_that_stops_takes_everything_at_janus_with_it(
    mums_phone: BrowserContext,
    settings: Settings,
    known: JanusSettings,
    janus: JanusProcess,
    sandbox: Sandbox,
    terminal: Terminal,
) -> None:
    async with meeting(mums_phone, sandbox, terminal, SAM):
        await sandbox.close()
        assert not await inside.participants(janus)
        assert not await inside.rooms(known)


async def test_an_answer_is_taken_once_and_only_for_what_was_offered(
    family: Family, terminal: Terminal
) -> None:
    async with terminal.events() as stream, family(SAM[0]) as page:
        await meet(terminal, stream, page)
        location = f"/terminal/v1/visits/{SAM[0]}/media/1/none"
        reply = await terminal.answer(location, "v=0")
        assert (reply.status, reply.code) == (409, "no_connection")
        for wrong in (
            await terminal.ask_offer(SAM[0], page.join_id, medium="0"),
            await terminal.offer(SAM[0], page.join_id, "v=0", medium="1"),
        ):
            assert (wrong.status, wrong.code) == (400, "bad_request")
        gone = await terminal.ask_offer(SAM[0], page.join_id, medium="2")
        assert (gone.status, gone.code) == (404, "unknown_medium")


async def test_a_page_that_never_sends_is_gone_and_one_that_can_not_is_told_apart(
    family: Family, terminal: Terminal
) -> None:
    async with terminal.events() as stream, family(SAM[0]) as page:
        await meet(terminal, stream, page)
        asking = asyncio.create_task(terminal.ask_offer(SAM[0], page.join_id))
        asked = await page.until("publish")
        await page.say("answer", connection=asked["connection"], sdp=None)
        reply = await asking
        assert (reply.status, reply.code) == (502, "no_answer")
        reply = await terminal.ask_offer(SAM[0], page.join_id)
        assert (reply.status, reply.code) == (409, "visitor_gone")


async def test_a_terminal_does_not_wait_for_a_visitor_who_leaves_while_they_are_connected(
    family: Family, sandbox: Sandbox, terminal: Terminal
) -> None:
    visitor = TerminalMedia()
    async with terminal.events() as stream, family(SAM[0]) as page:
        await meet(terminal, stream, page)
        asking = asyncio.create_task(terminal.ask_offer(SAM[0], page.join_id))
        asked = await page.until("publish")
        await page.say("answer", connection=asked["connection"], sdp=await visitor.offer())
        await page.until("published")  # and from there on nothing more comes
        relay = sandbox.house.relay
        assert relay is not None
        relay.cut(SAM[0])
        reply = await asyncio.wait_for(asking, REJOIN_S)
        assert (reply.status, reply.code) == (503, "media_away")
    await visitor.close()


async def test_an_offer_for_a_visit_that_ended_is_refused_and_makes_nothing_at_janus(
    family: Family,
    terminal: Terminal,
    officer: Officer,
    janus: JanusProcess,
    known: JanusSettings,
) -> None:
    visitor = TerminalMedia()
    async with terminal.events() as stream, family(SAM[0]) as page:
        await meet(terminal, stream, page)
        await officer.act("end", reference=SAM[0], terminal="t1", first_name="Sam")
        await page.until("ended", reason="officer")
        await inside.until_nothing_is_left(janus, known)
        for refused in (
            await terminal.offer(SAM[0], page.join_id, await visitor.offer()),
            await terminal.ask_offer(SAM[0], page.join_id),
            await terminal.answer(f"/terminal/v1/visits/{SAM[0]}/media/1/gone", "v=0"),
        ):
            assert (refused.status, refused.code) == (409, "visit_over")
        assert await inside.rooms(known) == {}
        await page.say("ping")
        await page.until("pong")
        assert "publish" not in [heard["type"] for heard in page.heard]
    await visitor.close()


async def test_sdp_that_janus_does_not_take_is_a_plain_no(
    family: Family, terminal: Terminal
) -> None:
    async with terminal.events() as stream, family(SAM[0]) as page:
        await meet(terminal, stream, page)
        reply = await terminal.offer(SAM[0], page.join_id, "v=0\r\nnonsense\r\n")
        assert (reply.status, reply.code) == (503, "media_away")
