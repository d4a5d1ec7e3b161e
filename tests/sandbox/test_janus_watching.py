"""Who may see or keep a visit that goes through Janus, and who may not: Janus itself is asked."""

import pytest
from playwright.async_api import Browser, BrowserContext, expect

from kiosk.sandbox.app import Sandbox
from kiosk.sandbox.janus_process import JanusProcess
from kiosk.sandbox.settings import JanusSettings, Settings
from tests.sandbox import janus as inside
from tests.sandbox.browser import faults_of
from tests.sandbox.conftest import VISIT_S, ShiftedClock
from tests.sandbox.family_pages import log_in
from tests.sandbox.meeting import SAM, quiet
from tests.sandbox.officer import Officer
from tests.sandbox.relayed import SAMS_ROOM, announced, connected, meeting
from tests.sandbox.terminal import Terminal

pytestmark = pytest.mark.journey


@pytest.fixture
def settings(relayed_settings: Settings) -> Settings:
    return relayed_settings


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
        await inside.until_there_are(janus, 2, "subscriber")
        assert faults_of(desk) == []


async def test_all_three_sides_read_of_a_recorded_visit_that_it_is_watched_too(
    browser: Browser,
    mums_phone: BrowserContext,
    sandbox: Sandbox,
    terminal: Terminal,
    known: JanusSettings,
) -> None:
    sandbox.bookings.change(SAM[0], monitoring="recorded")
    desk = await log_in(browser, sandbox)
    facts = desk.locator(f'[data-visit="{SAM[0]}"] .facts').first
    async with meeting(mums_phone, sandbox, terminal, SAM) as met:
        words = met.page.locator("#watched")
        await expect(words).to_have_text("The prison records this visit.")
        await desk.click('[data-key="v1-sam-mum/watch"]')
        told = await met.stream.until("monitoring")
        assert told.data["monitoring"] == "recorded_and_watching"
        await expect(words).to_have_text(
            "The prison records this visit, and an officer watches and listens to it."
        )
        assert await words.get_attribute("class") == "now", "it stands out"
        await expect(facts).to_contain_text("social, recorded and watched")
        assert (await inside.rooms(known))[SAMS_ROOM]["record"] is True
        await desk.click("#watch-dialog .main")
        assert (await met.stream.until("monitoring")).data["monitoring"] == "recorded"
        await expect(words).to_have_text("The prison records this visit.")
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
        clock.shift_s += VISIT_S
        assert await look.last() == {"type": "over"}
        await inside.until_there_are(janus, 0, "subscriber")


async def test_a_visit_that_becomes_private_is_watched_no_longer(
    mums_phone: BrowserContext,
    sandbox: Sandbox,
    terminal: Terminal,
    officer: Officer,
    janus: JanusProcess,
) -> None:
    async with (
        meeting(mums_phone, sandbox, terminal, SAM),
        officer.looking(SAM[0]) as look,
    ):
        assert (await look.next())["type"] == "offer"
        sandbox.bookings.change(SAM[0], privacy="legal")
        assert await look.last() == {"type": "over"}
        assert len(await inside.of_type(janus, "publisher")) == 2, "the two talk on"


async def test_a_visit_that_becomes_private_is_recorded_no_longer_and_goes_on(
    mums_phone: BrowserContext, sandbox: Sandbox, terminal: Terminal, known: JanusSettings
) -> None:
    sandbox.bookings.change(SAM[0], monitoring="recorded")
    async with meeting(mums_phone, sandbox, terminal, SAM) as met:
        assert (await inside.rooms(known))[SAMS_ROOM]["record"] is True
        sandbox.bookings.change(SAM[0], privacy="legal")
        monitoring = await met.stream.until("monitoring")
        assert monitoring.data["monitoring"] == "none"
        async with connected(terminal, SAM[0], await announced(met.stream)):
            assert (await inside.rooms(known))[SAMS_ROOM]["record"] is False


async def test_a_stranger_can_not_watch(sandbox: Sandbox, officer: Officer) -> None:
    await officer.post("/officer/logout", {})
    assert await officer.look_refused(SAM[0]) == 401
    assert await officer.look_refused(SAM[0], Origin="https://elsewhere.example") == 401
