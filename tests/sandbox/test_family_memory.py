"""What a visitor's browser remembers of a link: enough to come back, and nothing after the visit."""

import pytest
from playwright.async_api import Browser, BrowserContext, expect

from kiosk.sandbox.app import Sandbox
from tests.sandbox.browser import open_page
from tests.sandbox.family_pages import enter_lobby
from tests.sandbox.officer import Officer

pytestmark = pytest.mark.journey

KEPT = "() => Object.keys(localStorage).length"


async def test_who_closed_the_page_is_back_in_the_lobby_when_the_link_is_opened_again(
    mums_phone: BrowserContext, sandbox: Sandbox
) -> None:
    page = await enter_lobby(mums_phone, sandbox.family_url("v1-sam-mum"))
    await page.close()
    again = await open_page(mums_phone, sandbox.family_url("v1-sam-mum"))
    await expect(again.locator("#lobby")).to_be_visible()


async def test_nothing_is_remembered_of_a_visit_that_is_over(
    mums_phone: BrowserContext, sandbox: Sandbox, officer: Officer
) -> None:
    page = await enter_lobby(mums_phone, sandbox.family_url("v1-sam-mum"))
    assert await page.evaluate(KEPT) == 1
    await officer.act("end", reference="v1-sam-mum", terminal=None, first_name="Sam")
    await expect(page.locator("#over")).to_be_visible()
    assert await page.evaluate(KEPT) == 0


async def test_a_visit_whose_end_the_browser_never_heard_of_is_forgotten_after_a_day(
    mums_phone: BrowserContext, sandbox: Sandbox
) -> None:
    page = await open_page(mums_phone, sandbox.family_url("v1-sam-mum"))
    day_ms = 24 * 3600 * 1000
    for link, age_ms in (("old", day_ms + 1), ("new", day_ms - 60_000)):
        await page.evaluate(
            "([key, age]) => localStorage.setItem(key, JSON.stringify({at: Date.now() - age}))",
            [f"visit:{link}", age_ms],
        )
    await page.evaluate("() => localStorage.setItem('visit:broken', '{}')")
    await page.reload()
    await expect(page.locator("#start")).to_be_visible()
    assert await page.evaluate("() => Object.keys(localStorage)") == ["visit:new"]


async def test_another_browser_with_the_same_link_is_refused(
    browser: Browser, mums_phone: BrowserContext, sandbox: Sandbox
) -> None:
    await enter_lobby(mums_phone, sandbox.family_url("v1-sam-mum"))
    other = await browser.new_context(permissions=["camera", "microphone"])
    page = await open_page(other, sandbox.family_url("v1-sam-mum"))
    await page.click("#begin")
    await expect(page.locator("#over")).to_be_visible()
    await other.close()
