"""The family's page and the officer's page in a real browser, with a real terminal's media."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect

from kiosk.sandbox.app import Sandbox
from kiosk.sandbox.instants import now_ms
from tests.sandbox.browser import (
    FAKE_DEVICES,
    TerminalMedia,
    chromium,
    faults_of,
    open_page,
    phone,
)
from tests.sandbox.conftest import DESK_PASSWORD, ShiftedClock
from tests.sandbox.meeting import quiet
from tests.sandbox.officer import Officer
from tests.sandbox.terminal import Stream, Terminal

pytestmark = pytest.mark.journey

SAM = ("v1-sam-mum", "A1234BC")
DAN = ("v2-dan-mum", "B2345CD")

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

INSTAGRAM = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 16_5 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Mobile/20F66 Instagram 289.0.0.13.109"
)


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with chromium(*FAKE_DEVICES) as browser:
        yield browser


@pytest.fixture
async def mums_phone(browser: Browser) -> AsyncIterator[BrowserContext]:
    context = await phone(browser)
    yield context
    await context.close()


async def enter_lobby(context: BrowserContext, url: str) -> Page:
    """From the link through the check into the waiting room, as a visitor does it."""
    page = await open_page(context, url)
    await page.click("#begin")
    await page.click("#go:enabled")
    await expect(page.locator("#lobby")).to_be_visible()
    return page


async def log_in(browser: Browser, sandbox: Sandbox) -> Page:
    context = await browser.new_context(viewport={"width": 1280, "height": 800})
    page = await open_page(context, sandbox.officer_url)
    await page.fill("#password", DESK_PASSWORD)
    await page.click("#login-form button")
    await expect(page.locator("#desk")).to_be_visible()
    return page


async def call(terminal: Terminal, stream: Stream, reference: str) -> tuple[TerminalMedia, str]:
    """Wait for the visitor, call them, see and hear them. Returns the call and the join_id."""
    ready = await stream.until("visitor_ready")
    join_id = str(ready.data["join_id"])
    media = TerminalMedia()
    answer = await terminal.offer(reference, join_id, await media.offer())
    assert answer.status == 201, answer.code
    await media.answered(answer.body.decode())
    for kind in ("video", "audio"):
        await media.until_received(kind, 10)
    return media, join_id


@dataclass(frozen=True, slots=True)
class Call:
    """Sam's visitor and the terminal see and hear each other."""

    page: Page
    media: TerminalMedia


@asynccontextmanager
async def sams_call(
    context: BrowserContext, sandbox: Sandbox, terminal: Terminal
) -> AsyncIterator[Call]:
    async with terminal.events() as stream:
        await terminal.join(*SAM)
        page = await enter_lobby(context, sandbox.family_url("v1-sam-mum"))
        media, _ = await call(terminal, stream, "v1-sam-mum")
        await expect(page.locator("#call")).to_be_visible()
        try:
            yield Call(page, media)
        finally:
            await media.close()


async def connections(page: Page) -> int:
    return int(await page.evaluate("window.connections.length"))


async def frames_shown(page: Page) -> int:
    script = "document.getElementById('their-video').getVideoPlaybackQuality().totalVideoFrames"
    return int(await page.evaluate(script))


async def until_frames_shown(page: Page, count: int) -> None:
    goal = await frames_shown(page) + count
    await page.wait_for_function(
        "goal => document.getElementById('their-video')"
        ".getVideoPlaybackQuality().totalVideoFrames >= goal",
        arg=goal,
    )


async def live_tracks(page: Page) -> int:
    """How many of the visitor's own camera and microphone tracks are open."""
    return int(
        await page.evaluate("window.own.filter(track => track.readyState === 'live').length")
    )


async def newest_own(page: Page, kind: str, field: str) -> Any:
    """What the browser says of the camera or microphone track that the page got last."""
    script = "([kind, field]) => window.own.filter(track => track.kind === kind).at(-1)[field]"
    return await page.evaluate(script, [kind, field])


async def lose_devices(page: Page) -> None:
    """The browser takes camera and microphone away, as it does for a call or a locked screen."""
    await page.evaluate(
        "window.own.forEach(track => { track.stop(); track.dispatchEvent(new Event('ended')); })"
    )


async def look_away(page: Page, hidden: bool) -> None:
    """The page goes behind something else, or comes back."""
    await page.evaluate(
        "hidden => { Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });"
        " document.dispatchEvent(new Event('visibilitychange')); }",
        hidden,
    )


async def gives_after_the_end(page: Page) -> None:
    """The visit is over, then the browser gives what the page asked for: nothing stays open."""
    await expect(page.locator("#over")).to_be_visible()
    before = await page.evaluate("window.own.length")
    await page.evaluate("window.give()")
    await page.wait_for_function("before => window.own.length > before", arg=before)
    await page.wait_for_function("() => window.own.every(track => track.readyState === 'ended')")
    await expect(page.locator("#over")).to_be_visible()


async def shows_time_until(page: Page, ends_at_ms: int, clock: ShiftedClock) -> None:
    """The shown time is rounded up, and a busy browser may show it a moment late."""
    most_s = (ends_at_ms - now_ms(clock)) / 1000 + 1.5
    minutes, seconds = (await page.inner_text("#left-time")).split(":")
    least_s = (ends_at_ms - now_ms(clock)) / 1000 - 0.5
    assert least_s <= int(minutes) * 60 + int(seconds) <= most_s


async def say_who_is_here(page: Page, names: str) -> None:
    await page.fill("#who-text", names)
    await page.click("#who button")


async def second_device_is_refused(browser: Browser, sandbox: Sandbox, desk: Page) -> Page:
    """Open the link of a visit that goes on elsewhere; the page that was opened."""
    other = await open_page(await phone(browser), sandbox.family_url("v2-dan-mum"))
    await other.click("#begin")
    title = other.locator("#over-title")
    await expect(title).to_have_text("This link is open on another device")
    await expect(desk.locator("#notices")).to_contain_text("A second device tried to open")
    assert await connections(other) == 0
    return other


async def test_a_visit_from_the_link_to_the_private_end(
    browser: Browser, mums_phone: BrowserContext, sandbox: Sandbox, terminal: Terminal
) -> None:
    desk = await log_in(browser, sandbox)
    async with terminal.events() as stream:
        await terminal.join(*DAN)
        page = await enter_lobby(mums_phone, sandbox.family_url("v2-dan-mum"))
        await expect(page.locator("#lobby-safe")).to_have_text("Nobody can see or hear you yet.")
        await say_who_is_here(page, "Maria Carter, Aisha Carter")
        card = desk.locator("[data-visit=v2-dan-mum]")
        await expect(card).to_contain_text("They wrote: Maria Carter, Aisha Carter")
        await expect(card).to_contain_text("Let in?")
        assert await connections(page) == 0, "nothing flows before the officer admits"
        assert await quiet(terminal, stream, sandbox) == ["hold"]
        await desk.click('[data-key="v2-dan-mum/0/in"]')
        await desk.click('[data-key="v2-dan-mum/1/not"]')
        media, first_join = await call(terminal, stream, "v2-dan-mum")
        await expect(page.locator("#call")).to_be_visible()
        await until_frames_shown(page, 10)
        await expect(card).to_contain_text("In the visit")
        assert await connections(page) == 1
        await page.reload()
        await expect(page.locator("#lobby")).to_be_visible()
        await stream.until("visitor_left")
        again, second_join = await call(terminal, stream, "v2-dan-mum")
        assert second_join != first_join
        await until_frames_shown(page, 10)
        await media.close()

        other = await second_device_is_refused(browser, sandbox, desk)
        await page.click("#end")
        await page.click("#end-tell")
        assert (await stream.until("end")).data["reason"] == "ended"
        await expect(page.locator("#over-words")).to_contain_text("Staff will look at this visit")
        await expect(desk.locator("#notices")).to_contain_text("asks the prison to look at it")
        assert await live_tracks(page) == 0
        await again.close()
    for each in (page, desk, other):
        assert faults_of(each) == []


async def test_an_officer_ends_a_visit_only_after_confirming_whose_it_is(
    browser: Browser, mums_phone: BrowserContext, sandbox: Sandbox, terminal: Terminal
) -> None:
    desk = await log_in(browser, sandbox)
    async with terminal.events() as stream:
        await terminal.join(*SAM)
        page = await enter_lobby(mums_phone, sandbox.family_url("v1-sam-mum"))
        media, _ = await call(terminal, stream, "v1-sam-mum")
        await desk.click('[data-key="v1-sam-mum/end"]')
        await expect(desk.locator("#end-dialog")).to_contain_text("It is at terminal t1")
        await expect(desk.locator("#end-now")).to_be_disabled()
        await desk.check("#end-terminal")
        await expect(desk.locator("#end-now")).to_be_disabled()
        await desk.check("#end-name")
        await desk.click("#end-now")
        assert (await stream.until("end")).data["reason"] == "officer"
        await expect(page.locator("#over-title")).to_have_text("The prison ended the visit")
        assert await live_tracks(page) == 0
        await media.close()


async def test_while_held_nothing_is_sent_and_nothing_is_shown(
    browser: Browser, mums_phone: BrowserContext, sandbox: Sandbox, terminal: Terminal
) -> None:
    desk = await log_in(browser, sandbox)
    async with terminal.events() as stream:
        await terminal.join(*SAM)
        page = await enter_lobby(mums_phone, sandbox.family_url("v1-sam-mum"))
        media, _ = await call(terminal, stream, "v1-sam-mum")
        await desk.click('[data-key="v1-sam-mum/hold"]')
        await expect(page.locator("#cover")).to_contain_text("An officer paused the visit")
        sending = "window.connections[0].getSenders().filter(sender => sender.track).length"
        assert await page.evaluate(sending) == 0
        assert await page.evaluate("document.getElementById('their-video').muted") is True
        await desk.click('[data-key="v1-sam-mum/hold"]')
        await expect(page.locator("#cover")).to_be_hidden()
        await media.until_received("video", 10)
        assert await page.evaluate(sending) == 2
        await media.close()


async def test_who_is_not_admitted_any_more_is_in_the_waiting_room_until_let_in_again(
    browser: Browser, mums_phone: BrowserContext, sandbox: Sandbox, terminal: Terminal
) -> None:
    desk = await log_in(browser, sandbox)
    stopped = desk.locator("[data-visit=v2-dan-mum]", has_text="Sound and picture are stopped")
    async with terminal.events() as stream:
        page = await enter_lobby(mums_phone, sandbox.family_url("v2-dan-mum"))
        await expect(desk.locator('[data-key="v2-dan-mum/0/in"]')).to_be_visible()
        await expect(stopped).to_have_count(0)  # nobody is at the terminal
        await terminal.join(*DAN)
        await expect(stopped).to_be_visible()
        for visitor in ("0", "1"):
            await desk.click(f'[data-key="v2-dan-mum/{visitor}/in"]')
        media, first_join = await call(terminal, stream, "v2-dan-mum")
        await expect(stopped).to_have_count(0)
        await desk.click('[data-key="v2-dan-mum/0/back"]')
        await expect(page.locator("#lobby-safe")).to_have_text("Nobody can see or hear you yet.")
        await expect(stopped).to_be_visible()
        assert await page.evaluate("window.connections[0].connectionState") == "closed"
        await expect(desk.locator("[data-visit=v2-dan-mum]")).to_contain_text("Let in?")
        await desk.click('[data-key="v2-dan-mum/0/in"]')
        again, second_join = await call(terminal, stream, "v2-dan-mum")
        assert second_join != first_join, "the terminal must not go on with the old call"
        await until_frames_shown(page, 10)
        await media.close()
        await again.close()


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


async def test_the_time_left_is_the_services_and_follows_an_extension(
    browser: Browser,
    mums_phone: BrowserContext,
    sandbox: Sandbox,
    terminal: Terminal,
    clock: ShiftedClock,
) -> None:
    desk = await log_in(browser, sandbox)
    ends_at_ms = now_ms(clock) + 100_000
    sandbox.bookings.change("v1-sam-mum", ends_at_ms=ends_at_ms)
    async with sams_call(mums_phone, sandbox, terminal) as now:
        await shows_time_until(now.page, ends_at_ms, clock)
        await expect(now.page.locator("#left")).to_have_class("soon")
        await desk.click('[data-key="v1-sam-mum/more"]')
        await expect(now.page.locator("#left")).not_to_have_class("soon")
        await shows_time_until(now.page, ends_at_ms + 300_000, clock)


async def test_a_page_that_lost_its_line_comes_back_and_the_call_goes_on(
    mums_phone: BrowserContext, sandbox: Sandbox, terminal: Terminal
) -> None:
    async with terminal.events() as stream:
        await terminal.join(*SAM)
        page = await enter_lobby(mums_phone, sandbox.family_url("v1-sam-mum"))
        media, join_id = await call(terminal, stream, "v1-sam-mum")
        await page.evaluate("window.sockets.forEach(socket => socket.close(4001))")
        assert (await stream.until("visitor_ready")).data["join_id"] == join_id
        await until_frames_shown(page, 10)
        await media.until_received("video", 10)
        assert await connections(page) == 1
        await media.close()


async def test_a_page_whose_connection_broke_comes_again_as_a_new_load(
    mums_phone: BrowserContext, sandbox: Sandbox, terminal: Terminal
) -> None:
    async with terminal.events() as stream:
        await terminal.join(*SAM)
        page = await enter_lobby(mums_phone, sandbox.family_url("v1-sam-mum"))
        media, first_join = await call(terminal, stream, "v1-sam-mum")
        await media.close()
        await expect(page.locator("#cover")).to_contain_text("connecting you again", timeout=20_000)
        again, second_join = await call(terminal, stream, "v1-sam-mum")
        assert second_join != first_join
        await until_frames_shown(page, 10)
        await expect(page.locator("#cover")).to_be_hidden()
        await again.close()


async def test_when_the_terminal_hangs_up_the_page_waits_for_it(
    mums_phone: BrowserContext, sandbox: Sandbox, terminal: Terminal
) -> None:
    async with terminal.events() as stream:
        await terminal.join(*SAM)
        page = await enter_lobby(mums_phone, sandbox.family_url("v1-sam-mum"))
        media, _ = await call(terminal, stream, "v1-sam-mum")
        await terminal.leave("v1-sam-mum")
        await expect(page.locator("#lobby-words")).to_contain_text("not at the terminal yet")
        await media.close()
        await terminal.join(*SAM)
        again, _ = await call(terminal, stream, "v1-sam-mum")
        await until_frames_shown(page, 10)
        await again.close()


async def test_with_the_service_dead_the_page_stops_by_itself_when_the_time_is_up(
    mums_phone: BrowserContext, sandbox: Sandbox, terminal: Terminal, clock: ShiftedClock
) -> None:
    end_ms = now_ms(clock) + 9_000
    sandbox.bookings.change("v1-sam-mum", ends_at_ms=end_ms)
    async with terminal.events() as stream:
        await terminal.join(*SAM)
        page = await enter_lobby(mums_phone, sandbox.family_url("v1-sam-mum"))
        media, _ = await call(terminal, stream, "v1-sam-mum")
        assert now_ms(clock) < end_ms, "the visit was over before it began"
    await sandbox.close()
    await until_frames_shown(page, 5)
    await page.locator("#over").wait_for(timeout=15_000)
    late_ms = now_ms(clock) - end_ms
    assert 0 <= late_ms <= 2_000
    await expect(page.locator("#over-title")).to_have_text("The time is up")
    assert await live_tracks(page) == 0
    await media.close()


async def test_sound_only_without_a_camera(sandbox: Sandbox, terminal: Terminal) -> None:
    flags = ["--use-fake-device-for-media-stream=device-count=0", "--use-fake-ui-for-media-stream"]
    async with chromium(*flags) as browser, terminal.events() as stream:
        page = await open_page(await phone(browser), sandbox.family_url("v1-sam-mum"))
        await page.click("#begin")
        await expect(page.locator("#no-camera")).to_have_text(
            "No camera. They will hear you but not see you."
        )
        await expect(page.locator("#trouble")).to_be_hidden()
        await page.click("#go:enabled")
        await terminal.join(*SAM)
        ready = await stream.until("visitor_ready")
        assert (ready.data["camera"], ready.data["microphone"]) == (False, True)
        media = TerminalMedia()
        answer = await terminal.offer("v1-sam-mum", ready.data["join_id"], await media.offer())
        await media.answered(answer.body.decode())
        await media.until_received("audio", 10)
        await until_frames_shown(page, 10)
        await media.close()


async def test_a_visitor_who_refused_permission_is_told_what_to_do_and_may_go_on(
    sandbox: Sandbox, terminal: Terminal
) -> None:
    flags = ["--use-fake-device-for-media-stream", "--deny-permission-prompts"]
    async with chromium(*flags) as browser, terminal.events() as stream:
        page = await open_page(await phone(browser), sandbox.family_url("v1-sam-mum"))
        await page.click("#begin")
        await expect(page.locator("#trouble-title")).to_contain_text("does not let us use")
        await expect(page.locator("#again")).to_be_visible()
        await terminal.join(*SAM)
        await page.click("#go:enabled")
        ready = await stream.until("visitor_ready")
        assert (ready.data["camera"], ready.data["microphone"]) == (False, False)


async def test_inside_another_app_the_visitor_is_sent_to_a_browser_and_the_link_stays_free(
    browser: Browser, mums_phone: BrowserContext, sandbox: Sandbox
) -> None:
    context = await browser.new_context(
        user_agent=INSTAGRAM, viewport={"width": 360, "height": 740}
    )
    page = await open_page(context, sandbox.family_url("v1-sam-mum"))
    await expect(page.locator("#inapp h1")).to_have_text("Open this page in Safari")
    await context.grant_permissions(["clipboard-read", "clipboard-write"])
    await page.click("#copy")
    await expect(page.locator("#copy")).to_have_text("Copied")
    copied = await page.evaluate("navigator.clipboard.readText()")
    assert copied == sandbox.family_url("v1-sam-mum")
    await enter_lobby(mums_phone, copied)


async def test_names_that_look_like_markup_are_shown_as_they_are(
    browser: Browser, mums_phone: BrowserContext, sandbox: Sandbox, terminal: Terminal
) -> None:
    name = "<img src=x onerror=alert(1)><b>Sam</b>"
    sandbox.people.change("A1234BC", first_name=name)
    desk = await log_in(browser, sandbox)
    page = await enter_lobby(mums_phone, sandbox.family_url("v1-sam-mum"))
    await expect(page.locator("#lobby-words")).to_contain_text(name)
    await expect(desk.locator("[data-visit=v1-sam-mum] h3")).to_contain_text(name)
    assert await page.locator("#lobby-words *").count() == 0
    assert await desk.locator("[data-visit=v1-sam-mum] h3 img").count() == 0
    assert faults_of(page) == faults_of(desk) == []


async def test_everything_to_touch_is_large_enough(
    mums_phone: BrowserContext, sandbox: Sandbox, terminal: Terminal
) -> None:
    async with terminal.events() as stream:
        await terminal.join(*SAM)
        page = await enter_lobby(mums_phone, sandbox.family_url("v1-sam-mum"))
        media, _ = await call(terminal, stream, "v1-sam-mum")
        await page.click("#end")
        boxes = [await button.bounding_box() for button in await page.locator("button").all()]
        seen = [box for box in boxes if box]
        assert len(seen) >= 6
        for box in seen:
            assert box["height"] >= 48
            assert box["width"] >= 48
            assert 0 <= box["x"] <= box["x"] + box["width"] <= 360
        await media.close()
