"""The family's page and the officer's page in a real browser, with a real terminal's media."""

import pytest
from playwright.async_api import Browser, BrowserContext, expect

from kiosk.sandbox.app import Sandbox
from kiosk.sandbox.instants import now_ms
from tests.sandbox.browser import TerminalMedia, chromium, faults_of, open_page, phone
from tests.sandbox.conftest import ShiftedClock
from tests.sandbox.family_pages import (
    DAN,
    SAM,
    call,
    connections,
    enter_lobby,
    live_tracks,
    log_in,
    sams_call,
    say_who_is_here,
    second_device_is_refused,
    shows_time_until,
    until_frames_shown,
)
from tests.sandbox.meeting import quiet
from tests.sandbox.terminal import Terminal

pytestmark = pytest.mark.journey

MENDS_S = 30.0
"""The page gives a broken connection 12 s to mend itself (BROKEN_MS of family.js)."""

INSTAGRAM = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 16_5 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Mobile/20F66 Instagram 289.0.0.13.109"
)


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
        told = await quiet(terminal, stream, sandbox)
        assert told == ["hold", "visitor_came", "visitor_in_lobby"]
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

        other = await second_device_is_refused(browser, sandbox, desk, page)
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
        again, second_join = await call(terminal, stream, "v1-sam-mum", patience_s=MENDS_S)
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


async def test_while_a_call_is_made_anew_the_page_says_that_their_time_is_safe(
    mums_phone: BrowserContext, sandbox: Sandbox, terminal: Terminal
) -> None:
    async with terminal.events() as stream:
        await terminal.join(*SAM)
        page = await enter_lobby(mums_phone, sandbox.family_url("v1-sam-mum"))
        ready = await stream.until("visitor_ready")
        media = TerminalMedia()
        offered = str(ready.data["join_id"]), await media.offer()
        answer = await terminal.offer("v1-sam-mum", *offered)
        await media.answered(answer.body.decode())
        await media.until_received("video", 10)
        await terminal.hang_up(answer.headers["Location"])
        words = page.locator("#lobby-words")
        await expect(words).to_be_visible()
        await expect(words).to_contain_text("Your time is safe")
        await terminal.leave("v1-sam-mum")
        await expect(words).to_contain_text("not at the terminal yet")
        await media.close()


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


async def test_who_never_presses_start_or_never_answers_the_browser_did_come(
    browser: Browser, sandbox: Sandbox, terminal: Terminal
) -> None:
    """The browser asks whether the page may use the camera, for ever; one without a window says no."""
    asks = await browser.new_context()
    await asks.add_init_script(
        "navigator.mediaDevices.getUserMedia = () => new Promise(() => undefined);"
    )
    async with terminal.events() as stream:
        await terminal.join(*SAM)
        page = await open_page(asks, sandbox.family_url("v1-sam-mum"))
        assert (await stream.next()).name == "visitor_came"
        await page.click("#begin")
        await expect(page.locator("#check")).to_be_visible()
        await expect(page.locator("#go")).to_be_disabled()
        assert await quiet(terminal, stream, sandbox) == [], "nobody can be called"


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


async def test_the_desk_says_what_was_lost_to_what(
    browser: Browser, sandbox: Sandbox, terminal: Terminal
) -> None:
    desk = await log_in(browser, sandbox)
    card = desk.locator("[data-visit=v1-sam-mum]")
    await expect(card).not_to_contain_text("to the connection")
    await terminal.join("v1-sam-mum", "A1234BC")
    await terminal.report_lost("v1-sam-mum", link=72.4, hold=3.0)
    await expect(card).to_contain_text("1 min 12 s to the connection, 3 s to a pause")
    await expect(card).to_contain_text("given back: 1 min")
