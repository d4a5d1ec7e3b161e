"""What a visitor's browser remembers of a link: enough to come back, and nothing after the visit."""

import pytest
from playwright.async_api import Browser, BrowserContext, expect

from kiosk.sandbox.app import Sandbox
from tests.sandbox.browser import open_page
from tests.sandbox.family_pages import enter_lobby, live_tracks
from tests.sandbox.officer import Officer

pytestmark = pytest.mark.journey

KEPT = "() => Object.keys(localStorage).length"
LOSE_THE_END = """() => {
  const send = WebSocket.prototype.send;
  WebSocket.prototype.send = function (words) {
    if (!String(words).includes('"end"')) send.call(this, words);
  };
}"""
"""A bad line at the very moment."""


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


async def test_who_ended_it_and_loads_the_page_anew_is_not_back_in_the_visit(
    mums_phone: BrowserContext, sandbox: Sandbox
) -> None:
    page = await enter_lobby(mums_phone, sandbox.family_url("v1-sam-mum"))
    await page.evaluate(LOSE_THE_END)
    await page.evaluate("() => document.getElementById('end-tell').click()")
    await page.select_option("#language", "pl")
    await expect(page.locator("html")).to_have_attribute("lang", "pl")
    await expect(page.locator("#over")).to_be_visible()
    assert await live_tracks(page) == 0
    telling = await page.inner_text("#over-next")
    await page.reload()
    await expect(page.locator("#over")).to_be_visible()
    await expect(page.locator("#over-next")).not_to_have_text(telling)
    await expect(page.locator("#lobby")).to_be_hidden()
    assert await page.evaluate(KEPT) == 0, "the service heard of the end, and said so"


async def test_the_language_can_be_changed_where_the_visit_is_open_in_another_tab(
    mums_phone: BrowserContext, sandbox: Sandbox
) -> None:
    left = await enter_lobby(mums_phone, sandbox.family_url("v1-sam-mum"))
    page = await open_page(mums_phone, sandbox.family_url("v1-sam-mum"))
    await expect(page.locator("#lobby")).to_be_visible()
    await expect(left.locator("#over")).to_be_visible()
    english = await left.inner_text("#over-title")
    await left.select_option("#language", "pl")
    await expect(left.locator("#over-title")).not_to_have_text(english)
    await expect(left.locator("#over")).to_be_visible()
    await expect(page.locator("#lobby")).to_be_visible()
