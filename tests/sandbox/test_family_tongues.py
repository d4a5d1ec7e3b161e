"""The family's page speaks the language of the browser, of the booking, or the one that was chosen."""

from datetime import UTC, datetime

import pytest
from playwright.async_api import Browser, BrowserContext, expect

from kiosk.sandbox.app import Sandbox
from kiosk.sandbox.instants import now_ms
from tests.sandbox.browser import faults_of, open_page
from tests.sandbox.conftest import ShiftedClock
from tests.sandbox.family_pages import sams_call
from tests.sandbox.terminal import Terminal

pytestmark = pytest.mark.journey

TITLES = {"en": "Your video visit", "pl": "Państwa wideowidzenie", "ar": "زيارتك بالفيديو"}

DRAWN = "getComputedStyle(document.getElementById('mine'), '::after').content"
"""What a style sheet writes over one's own picture."""


async def reader(browser: Browser, locale: str) -> BrowserContext:
    """Somebody's browser that is set to their language, with a camera and a microphone."""
    context = await browser.new_context(
        locale=locale,
        timezone_id="UTC",
        viewport={"width": 360, "height": 740},
        device_scale_factor=2,
    )
    await context.grant_permissions(["camera", "microphone"])
    return context


@pytest.mark.parametrize(
    ("locale", "language", "direction"),
    [("pl-PL", "pl", "ltr"), ("ar-SY", "ar", "rtl"), ("fi-FI", "en", "ltr")],
)
async def test_the_page_speaks_what_the_owner_of_the_browser_reads(
    browser: Browser, sandbox: Sandbox, locale: str, language: str, direction: str
) -> None:
    page = await open_page(await reader(browser, locale), sandbox.family_url("v1-sam-mum"))
    await expect(page.locator("#start h1")).to_have_text(TITLES[language])
    await expect(page.locator("html")).to_have_attribute("lang", language)
    await expect(page.locator("html")).to_have_attribute("dir", direction)
    await expect(page.locator("#language")).to_have_value(language)
    wide = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0, "nothing leaves a narrow screen at its side"
    assert faults_of(page) == []


async def test_who_chooses_a_language_keeps_it(browser: Browser, sandbox: Sandbox) -> None:
    page = await open_page(await reader(browser, "en-GB"), sandbox.family_url("v15-ania-mum"))
    await expect(page.locator("#start h1")).to_have_text(TITLES["en"])
    await page.select_option("#language", "ar")
    await expect(page.locator("#start h1")).to_have_text(TITLES["ar"])
    await page.click("#begin")
    await page.click("#go:enabled")
    await expect(page.locator("#lobby-safe")).to_have_text("لا أحد يراك أو يسمعك بعد.")
    await page.reload()
    await expect(page.locator("#lobby h1")).to_have_text("أنت في غرفة الانتظار")
    assert faults_of(page) == []


async def test_without_a_choice_the_page_speaks_the_language_of_the_booking(
    browser: Browser, sandbox: Sandbox
) -> None:
    page = await open_page(await reader(browser, "en-GB"), sandbox.family_url("v15-ania-mum"))
    await page.click("#begin")
    await expect(page.locator("#check h1")).to_have_text("Proszę sprawdzić kamerę i dźwięk")
    await page.click("#go:enabled")
    await expect(page.locator("#lobby h1")).to_have_text("To jest poczekalnia")
    await expect(page.locator("#lobby-words")).to_contain_text("Ania")
    assert faults_of(page) == []


async def test_a_language_that_is_lost_on_the_way_is_asked_for_again(
    browser: Browser, sandbox: Sandbox
) -> None:
    context = await reader(browser, "pl-PL")
    await context.route("**/tongues/*", lambda route: route.abort(), times=1)
    page = await open_page(context, sandbox.family_url("v1-sam-mum"))
    await expect(page.locator("#start h1")).to_have_text(TITLES["pl"])


async def test_a_language_that_can_not_be_had_is_english(
    browser: Browser, sandbox: Sandbox
) -> None:
    context = await reader(browser, "pl-PL")
    await context.route("**/tongues/*", lambda route: route.abort())
    page = await open_page(context, sandbox.family_url("v1-sam-mum"))
    await expect(page.locator("#start h1")).to_have_text(TITLES["en"])
    await expect(page.locator("html")).to_have_attribute("lang", "en")


async def test_the_page_offers_the_languages_that_there_are_and_no_other_file(
    browser: Browser, sandbox: Sandbox
) -> None:
    page = await open_page(await reader(browser, "en-GB"), sandbox.family_url("v1-sam-mum"))
    offered = await page.eval_on_selector_all("#language option", "all => all.map((o) => o.value)")
    assert len(offered) == 15
    status = "async (name) => (await fetch('/tongues/' + name + '.json')).status"
    assert [await page.evaluate(status, tag) for tag in offered if tag != "en"] == [200] * 14
    for name in ("en", "xx", "..%2Fpl", "%00"):
        assert await page.evaluate(status, name) == 404, name


@pytest.mark.parametrize(
    ("locale", "chosen"), [("ar-EG", "ar"), ("ar-EG", "en"), ("fa-IR", "hi"), ("ur-IN", "ur")]
)
async def test_moments_are_in_the_digits_of_the_countdown_whatever_the_browser_writes(
    browser: Browser, sandbox: Sandbox, clock: ShiftedClock, locale: str, chosen: str
) -> None:
    ends_at_ms = now_ms(clock) + 3_600_000
    sandbox.bookings.change("v1-sam-mum", ends_at_ms=ends_at_ms)
    page = await open_page(await reader(browser, locale), sandbox.family_url("v1-sam-mum"))
    async with page.expect_navigation():
        await page.select_option("#language", chosen)
    await page.click("#begin")
    await page.click("#go:enabled")
    until = datetime.fromtimestamp(ends_at_ms / 1000, UTC).strftime("%H:%M")
    await expect(page.locator("html")).to_have_attribute("lang", chosen)
    await expect(page.locator("#lobby-words")).to_contain_text(until)


@pytest.mark.parametrize(
    ("locale", "words"),
    [("en-GB", "Your camera is off"), ("pl-PL", "Kamera jest wyłączona")],
)
async def test_who_turns_the_camera_off_reads_so_in_their_language(
    browser: Browser, sandbox: Sandbox, terminal: Terminal, locale: str, words: str
) -> None:
    async with sams_call(await reader(browser, locale), sandbox, terminal) as now:
        await expect(now.page.locator("#mine")).to_have_text("", use_inner_text=True)
        await now.page.click("#picture")
        await expect(now.page.locator("#mine")).to_have_text(words, use_inner_text=True)
        assert await now.page.evaluate(DRAWN) == "none", "words of a style sheet are of no language"
        await now.page.click("#picture")
        await expect(now.page.locator("#mine")).to_have_text("", use_inner_text=True)
