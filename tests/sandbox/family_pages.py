"""A family's page and an officer's page in a real browser, and what can be read off them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from playwright.async_api import Browser, BrowserContext, Page, expect

from kiosk.sandbox.app import Sandbox
from kiosk.sandbox.instants import now_ms
from tests.sandbox.browser import TerminalMedia, open_page, phone
from tests.sandbox.conftest import DESK_PASSWORD, ShiftedClock
from tests.sandbox.terminal import PATIENCE_S, Stream, Terminal

SAM = ("v1-sam-mum", "A1234BC")
DAN = ("v2-dan-mum", "B2345CD")


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


async def call(
    terminal: Terminal, stream: Stream, reference: str, patience_s: float = PATIENCE_S
) -> tuple[TerminalMedia, str]:
    """Wait for the visitor, call them, see and hear them. Returns the call and the join_id."""
    ready = await stream.until("visitor_ready", patience_s)
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
    stream: Stream
    """What the terminal is told."""


@asynccontextmanager
async def sams_call(
    context: BrowserContext, sandbox: Sandbox, terminal: Terminal, *, less_data: bool = False
) -> AsyncIterator[Call]:
    async with terminal.events() as stream:
        await terminal.join(*SAM)
        page = await enter_lobby(context, sandbox.family_url("v1-sam-mum"))
        await page.set_checked("#less-data", less_data)
        media, _ = await call(terminal, stream, "v1-sam-mum")
        await expect(page.locator("#call")).to_be_visible()
        try:
            yield Call(page, media, stream)
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


async def second_device_is_refused(
    browser: Browser, sandbox: Sandbox, desk: Page, first: Page
) -> Page:
    """Open the link of a visit that goes on in `first`, and goes on there; the page that was opened."""
    other = await open_page(await phone(browser), sandbox.family_url("v2-dan-mum"))
    await other.click("#begin")
    title = other.locator("#over-title")
    await expect(title).to_have_text("This link is open on another device")
    await expect(desk.locator("#notices")).to_contain_text("A second device tried to open")
    await expect(other.locator("#over-words")).to_contain_text("The prison has been told")
    await expect(other.locator("#over-next")).to_contain_text("call the prison's visits team")
    assert await connections(other) == 0
    await until_frames_shown(first, 10)
    return other
