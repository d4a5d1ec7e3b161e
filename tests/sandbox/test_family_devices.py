"""Camera and microphone at the family's page: what is off stays off, and what ends is closed."""

import pytest
from playwright.async_api import BrowserContext, expect

from kiosk.sandbox.app import Sandbox
from tests.sandbox.browser import chromium, faults_of, phone
from tests.sandbox.family_pages import (
    connections,
    enter_lobby,
    gives_after_the_end,
    live_tracks,
    look_away,
    lose_devices,
    newest_own,
    sams_call,
)
from tests.sandbox.officer import Officer
from tests.sandbox.terminal import Terminal

pytestmark = pytest.mark.journey

TWO_CAMERAS = (
    "--use-fake-device-for-media-stream=device-count=2,fps=30",
    "--use-fake-ui-for-media-stream",
)

THINK_LONG = """
const ask = navigator.mediaDevices.getUserMedia;
navigator.mediaDevices.getUserMedia = (wanted) =>
  new Promise((done) => { window.give = () => done(ask.call(navigator.mediaDevices, wanted)); });
"""
"""The browser gives a device only when it is told to, as one whose camera starts slowly."""


async def test_who_is_muted_or_has_the_camera_off_is_not_heard_or_seen(
    mums_phone: BrowserContext, sandbox: Sandbox, terminal: Terminal
) -> None:
    async with sams_call(mums_phone, sandbox, terminal) as now:
        await now.media.until_something_is_in("audio", 60)
        await now.page.click("#mute")
        await now.media.until_nothing_is_in("audio", 60)
        await now.page.click("#picture")
        await now.media.until_nothing_is_in("video", 3)
        await expect(now.page.locator("#mute")).to_have_attribute("aria-pressed", "true")
        await expect(now.page.locator("#picture")).to_have_text("Camera on")
        await now.page.click("#mute")
        await now.page.click("#picture")
        await now.media.until_something_is_in("audio", 60)
        await now.media.until_something_is_in("video", 3)
        await expect(now.page.locator("#mute")).to_have_text("Mute")
        await expect(now.page.locator("#picture")).to_have_attribute("aria-pressed", "false")
        assert faults_of(now.page) == []


async def test_the_other_camera_takes_over_and_stays_off_when_the_camera_is_off(
    sandbox: Sandbox, terminal: Terminal
) -> None:
    async with (
        chromium(*TWO_CAMERAS) as browser,
        sams_call(await phone(browser), sandbox, terminal) as now,
    ):
        first = await newest_own(now.page, "video", "id")
        await now.page.click("#turn")
        await expect(now.page.locator("#my-video")).to_have_class("away")
        assert await newest_own(now.page, "video", "id") != first
        assert await live_tracks(now.page) == 2, "the first camera is closed"
        await now.media.until_something_is_in("video", 10)
        await now.page.click("#picture")
        await now.media.until_nothing_is_in("video", 3)
        await now.page.click("#turn")
        await expect(now.page.locator("#my-video")).not_to_have_class("away")
        assert await newest_own(now.page, "video", "readyState") == "live"
        assert await newest_own(now.page, "video", "enabled") is False
        await now.media.until_nothing_is_in("video", 3)
        await now.page.click("#picture")
        await now.media.until_something_is_in("video", 3)


async def test_devices_that_the_browser_took_away_are_opened_when_the_visitor_is_back(
    mums_phone: BrowserContext, sandbox: Sandbox, terminal: Terminal
) -> None:
    async with sams_call(mums_phone, sandbox, terminal) as now:
        await lose_devices(now.page)
        asked = await now.page.evaluate("window.asked")
        await look_away(now.page, True)
        assert await now.page.evaluate("window.asked") == asked, "not behind the visitor's back"
        await look_away(now.page, False)
        await now.media.until_something_is_in("video", 10)
        await now.media.until_something_is_in("audio", 60)
        assert await live_tracks(now.page) == 2
        assert await connections(now.page) == 1
        await expect(now.page.locator("#call")).to_be_visible()
        assert faults_of(now.page) == []


async def test_devices_that_are_opened_again_are_as_off_as_the_visitor_left_them(
    mums_phone: BrowserContext, sandbox: Sandbox, terminal: Terminal
) -> None:
    async with sams_call(mums_phone, sandbox, terminal) as now:
        await now.page.click("#mute")
        await now.page.click("#picture")
        await lose_devices(now.page)
        await look_away(now.page, False)
        await now.page.wait_for_function(
            "() => window.own.filter(track => track.readyState === 'live').length === 2"
        )
        await now.media.until_nothing_is_in("video", 3)
        await now.media.until_nothing_is_in("audio", 60)
        for kind in ("audio", "video"):
            assert await newest_own(now.page, kind, "enabled") is False
        await expect(now.page.locator("#mute")).to_have_text("Unmute")
        await expect(now.page.locator("#picture")).to_have_text("Camera on")


async def test_a_device_that_the_browser_gives_after_the_end_is_closed(
    sandbox: Sandbox, terminal: Terminal
) -> None:
    async with (
        chromium(*TWO_CAMERAS) as browser,
        sams_call(await phone(browser), sandbox, terminal) as now,
    ):
        await now.page.evaluate(f"() => {{ {THINK_LONG} }}")
        await now.page.click("#turn")
        await now.page.click("#end")
        await now.page.click("#end-yes")
        await gives_after_the_end(now.page)


async def test_a_device_that_a_returning_visitor_gets_after_the_end_is_closed(
    mums_phone: BrowserContext, sandbox: Sandbox, terminal: Terminal
) -> None:
    async with sams_call(mums_phone, sandbox, terminal) as now:
        await now.page.evaluate(f"() => {{ {THINK_LONG} }}")
        await lose_devices(now.page)
        await look_away(now.page, False)
        await now.page.click("#end")
        await now.page.click("#end-yes")
        await gives_after_the_end(now.page)


async def test_a_device_that_a_reloaded_page_gets_after_the_end_is_closed(
    mums_phone: BrowserContext, sandbox: Sandbox, officer: Officer
) -> None:
    page = await enter_lobby(mums_phone, sandbox.family_url("v1-sam-mum"))
    await mums_phone.add_init_script(THINK_LONG)
    await page.reload()
    await page.wait_for_function("() => window.give")
    await officer.act("end", reference="v1-sam-mum", terminal=None, first_name="Sam")
    await gives_after_the_end(page)
