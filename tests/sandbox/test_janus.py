"""Visits through a real Janus, which is asked itself what it has and whom it lets see it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from playwright.async_api import Browser, BrowserContext, expect

from kiosk.core.contract_check import Subject, check
from kiosk.sandbox.app import Sandbox
from kiosk.sandbox.janus_process import JanusProcess
from kiosk.sandbox.room import Room
from kiosk.sandbox.rooms import Rooms
from kiosk.sandbox.settings import JanusSettings, Settings
from tests.sandbox import janus as inside
from tests.sandbox.browser import faults_of
from tests.sandbox.conftest import DESK_PASSWORD, ShiftedClock
from tests.sandbox.family_pages import log_in, until_frames_shown
from tests.sandbox.meeting import Family, meet, quiet
from tests.sandbox.officer import Officer
from tests.sandbox.relayed import RelayedMedia, announced, meeting
from tests.sandbox.terminal import Terminal

pytestmark = pytest.mark.journey

SAM = ("v1-sam-mum", "A1234BC")
ADE = ("v4-ade-legal", "D4567EF")
SAMS_ROOM = "visit-v1-sam-mum"
PATIENCE_S = 15.0
LOOK_EACH_S = 0.05
REJOIN_S = 5.0


@pytest.fixture
async def janus(tmp_path: Path) -> AsyncIterator[JanusProcess]:
    async with inside.running(tmp_path / "janus") as process:
        yield process


@pytest.fixture
def known(janus: JanusProcess, tmp_path: Path) -> JanusSettings:
    return inside.settings_of(janus, tmp_path)


@pytest.fixture
def settings(known: JanusSettings, tmp_path: Path) -> Settings:
    return Settings(
        database=tmp_path / "sandbox.db",
        desk_password=DESK_PASSWORD,
        ping_s=0.1,
        grace_s=0.5,
        answer_s=5.0,
        janus=known,
    )


async def until(seen: Callable[[], Awaitable[object]], patience_s: float = PATIENCE_S) -> None:
    """Ask another program again and again: it tells nobody by itself."""
    async with asyncio.timeout(patience_s):
        while not await seen():
            await asyncio.sleep(LOOK_EACH_S)


async def until_nothing_is_left(janus: JanusProcess, known: JanusSettings) -> None:
    async def nothing() -> bool:
        return not await inside.rooms(known) and not await inside.of_type(janus, "publisher")

    await until(nothing)


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
        assert list(await inside.rooms(known)) == [SAMS_ROOM]
        assert len(await inside.of_type(janus, "publisher")) == 2
        assert len(await inside.of_type(janus, "subscriber")) == 2
        await officer.act("end", reference=SAM[0], terminal="t1", first_name="Sam")
        await expect(met.page.locator("#over")).to_be_visible()
        await until_nothing_is_left(janus, known)
        assert faults_of(met.page) == []


async def test_a_service_with_a_media_server_keeps_the_contract(sandbox: Sandbox) -> None:
    subject = Subject(terminal="t1", hall="Hall A", card="62E3086CED")
    findings = await asyncio.to_thread(check, sandbox.api_url, subject)
    assert [finding for finding in findings if finding.checked] == []


async def test_the_terminal_reads_how_to_connect(terminal: Terminal) -> None:
    media = (await terminal.join(*SAM)).json["media"]
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
        clock.shift_s += 300.0
        await until_nothing_is_left(janus, known)
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
        await until_nothing_is_left(janus, known)
        await terminal.join(*SAM)
        again = RelayedMedia(terminal, SAM[0], await announced(met.stream))
        await again.connect()
        await until_frames_shown(met.page, 10)
        await again.close()


async def test_a_visitor_who_reloads_is_connected_anew(
    mums_phone: BrowserContext, sandbox: Sandbox, terminal: Terminal, janus: JanusProcess
) -> None:
    async with meeting(mums_phone, sandbox, terminal, SAM) as met:
        await met.page.reload()
        again = RelayedMedia(terminal, SAM[0], await announced(met.stream))
        await again.connect()
        await until_frames_shown(met.page, 10)
        assert len(await inside.of_type(janus, "publisher")) == 2
        await again.close()


async def test_who_is_not_admitted_any_more_is_out_of_the_room(
    mums_phone: BrowserContext,
    sandbox: Sandbox,
    terminal: Terminal,
    officer: Officer,
    janus: JanusProcess,
) -> None:
    async with meeting(mums_phone, sandbox, terminal, SAM):
        visitor = sandbox.bookings.get(SAM[0]).visitors[0].full_name
        fields = {"reference": SAM[0], "visitor": 0, "full_name": visitor}
        await officer.act("admit", **fields, admission="waiting")

        async def out() -> bool:
            return not [each for each in await inside.participants(janus) if "feed_id" in each]

        await until(out)


async def test_a_visitor_of_whom_nothing_comes_any_more_is_connected_anew(
    mums_phone: BrowserContext, sandbox: Sandbox, terminal: Terminal
) -> None:
    async with meeting(mums_phone, sandbox, terminal, SAM) as met:
        await met.page.evaluate(
            "for (const each of window.connections) for (const way of each.getTransceivers())"
            " way.sender.replaceTrack(null)"
        )
        await met.media.playing.until_closed()
        again = RelayedMedia(terminal, SAM[0], met.media.join_id)
        await again.connect()
        await again.close()


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


# recorders and silent viewers


async def test_a_recorded_visit_is_recorded(
    mums_phone: BrowserContext,
    sandbox: Sandbox,
    terminal: Terminal,
    known: JanusSettings,
) -> None:
    sandbox.bookings.change(SAM[0], monitoring="recorded")
    async with meeting(mums_phone, sandbox, terminal, SAM):
        assert (await inside.rooms(known))[SAMS_ROOM]["record"] is True
    assert len(list(known.recordings.glob("*.mjr"))) == 4, "sound and picture of both sides"


@pytest.mark.parametrize("privacy", ["legal", "confidential"])
async def test_a_private_visit_has_no_recorder_and_no_silent_viewer_whatever_is_booked(
    mums_phone: BrowserContext,
    sandbox: Sandbox,
    terminal: Terminal,
    officer: Officer,
    janus: JanusProcess,
    known: JanusSettings,
    privacy: str,
) -> None:
    sandbox.bookings.change(SAM[0], privacy=privacy, monitoring="recorded")
    async with meeting(mums_phone, sandbox, terminal, SAM) as met:
        async with officer.looking(SAM[0]) as look:
            assert await look.next() == {"type": "over"}
        room = (await inside.rooms(known))[SAMS_ROOM]
        assert room["record"] is False
        assert "rec_dir" not in room
        assert room["num_participants"] == 2
        assert len(await inside.of_type(janus, "publisher")) == 2
        assert len(await inside.of_type(janus, "subscriber")) == 2, "each of the two has the other"
        assert await quiet(terminal, met.stream, sandbox) == [], "nobody is told of a watcher"
    assert list(known.recordings.iterdir()) == []


async def test_an_officer_watches_in_silence_and_both_sides_read_so(
    browser: Browser,
    mums_phone: BrowserContext,
    sandbox: Sandbox,
    terminal: Terminal,
    janus: JanusProcess,
) -> None:
    desk = await log_in(browser, sandbox)
    async with meeting(mums_phone, sandbox, terminal, SAM) as met:
        words = met.page.locator("#watched")
        await expect(words).to_have_text("The prison may watch and listen to this visit.")
        await desk.click('[data-key="v1-sam-mum/watch"]')
        assert (await met.stream.until("monitoring")).data["monitoring"] == "watching"
        await expect(words).to_have_text("An officer watches and listens to this visit.")
        for video in ("watch-first", "watch-second"):
            await desk.wait_for_function(
                "id => document.getElementById(id).getVideoPlaybackQuality().totalVideoFrames > 5",
                arg=video,
            )
            assert await desk.evaluate("id => document.getElementById(id).muted", video)
        assert len(await inside.of_type(janus, "publisher")) == 2, "an officer sends nothing"
        assert len(await inside.of_type(janus, "subscriber")) == 3
        await desk.click("#watch-dialog .main")
        assert (await met.stream.until("monitoring")).data["monitoring"] == "possible"
        await expect(words).to_have_text("The prison may watch and listen to this visit.")

        async def two() -> bool:
            return len(await inside.of_type(janus, "subscriber")) == 2

        await until(two)
        assert faults_of(desk) == []


async def test_who_watches_sees_nothing_of_the_visit_after_its_end(
    mums_phone: BrowserContext,
    sandbox: Sandbox,
    terminal: Terminal,
    officer: Officer,
    clock: ShiftedClock,
    janus: JanusProcess,
) -> None:
    async with (
        meeting(mums_phone, sandbox, terminal, SAM),
        officer.looking(SAM[0]) as look,
    ):
        assert (await look.next())["type"] == "offer"
        clock.shift_s += 300.0
        assert await look.last() == {"type": "over"}

        async def nobody() -> bool:
            return not await inside.of_type(janus, "subscriber")

        await until(nobody)


async def test_a_stranger_can_not_watch(sandbox: Sandbox, officer: Officer) -> None:
    await officer.post("/officer/logout", {})
    assert await officer.look_refused(SAM[0]) == 401
    assert await officer.look_refused(SAM[0], Origin="https://elsewhere.example") == 401


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

    await until(swept)
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
        async with asyncio.timeout(REJOIN_S):
            again = RelayedMedia(terminal, SAM[0], await announced(met.stream))
            await again.connect()
            await until_frames_shown(met.page, 5)
        await again.close()


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


async def test_sdp_that_janus_does_not_take_is_a_plain_no(
    family: Family, terminal: Terminal
) -> None:
    async with terminal.events() as stream, family(SAM[0]) as page:
        await meet(terminal, stream, page)
        reply = await terminal.offer(SAM[0], page.join_id, "v=0\r\nnonsense\r\n")
        assert (reply.status, reply.code) == (503, "media_away")
