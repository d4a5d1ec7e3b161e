"""Prepared phrases on the family's page, in a real browser: chosen there, and read large on both sides."""

import json
from functools import partial

import pytest
from playwright.async_api import Browser, BrowserContext, WebSocketRoute, expect

from kiosk.sandbox.app import Sandbox
from kiosk.sandbox.phrases import PHRASES
from tests.sandbox.browser import faults_of
from tests.sandbox.family_pages import enter_lobby, log_in, sams_call
from tests.sandbox.terminal import Terminal

pytestmark = pytest.mark.journey

LARGE_PX = 30
PHONE_PX = 360


async def test_a_phrase_of_the_terminal_is_read_large(
    mums_phone: BrowserContext, sandbox: Sandbox, terminal: Terminal
) -> None:
    async with sams_call(mums_phone, sandbox, terminal) as met:
        page = met.page
        assert (await terminal.say_phrase("v1-sam-mum", "please_wait")).status == 204
        await expect(page.locator("#phrase-from")).to_have_text("Sam said")
        await expect(page.locator("#phrase-words")).to_have_text("Please wait")
        size = "parseFloat(getComputedStyle(document.getElementById('phrase-words')).fontSize)"
        assert await page.evaluate(size) > LARGE_PX


async def test_a_phrase_chosen_on_the_page_is_told_to_the_terminal_and_read_on_both_sides(
    mums_phone: BrowserContext, sandbox: Sandbox, terminal: Terminal
) -> None:
    async with sams_call(mums_phone, sandbox, terminal) as met:
        page = met.page
        await page.click("#phrases")
        offered = page.locator("#phrase-list button")
        assert await offered.count() == len(PHRASES)
        for box in [await each.bounding_box() for each in await offered.all()]:
            assert box is not None
            assert min(box["width"], box["height"]) >= 48
            assert 0 <= box["x"] <= box["x"] + box["width"] <= PHONE_PX
        await page.get_by_role("button", name="I love you").click()
        said = await met.stream.until("visitor_phrase")
        assert said.data["phrase"] == "i_love_you"
        await expect(page.locator("#phrases-panel")).to_be_hidden()
        await expect(page.locator("#phrase-from")).to_have_text("You said")
        await expect(page.locator("#phrase-words")).to_have_text("I love you")
        assert faults_of(page) == []


async def test_while_an_officer_holds_no_phrase_is_offered_or_shown(
    browser: Browser, mums_phone: BrowserContext, sandbox: Sandbox, terminal: Terminal
) -> None:
    desk = await log_in(browser, sandbox)
    async with sams_call(mums_phone, sandbox, terminal) as met:
        page = met.page
        await terminal.say_phrase("v1-sam-mum", "yes")
        await expect(page.locator("#phrase")).to_be_visible()
        await page.click("#phrases")
        await desk.click('[data-key="v1-sam-mum/hold"]')
        await expect(page.locator("#phrases-panel")).to_be_hidden()
        await expect(page.locator("#phrase")).to_be_hidden()
        await expect(page.locator("#phrases")).to_be_disabled()


@pytest.mark.parametrize("answered", [True, False], ids=["refused", "never answered"])
async def test_a_phrase_that_did_not_get_through_is_not_shown_as_said(
    mums_phone: BrowserContext, sandbox: Sandbox, terminal: Terminal, answered: bool
) -> None:
    await mums_phone.route_web_socket("**/visit/socket", partial(passing_no_phrase, answered))
    async with sams_call(mums_phone, sandbox, terminal) as met:
        await met.page.click("#phrases")
        await met.page.get_by_role("button", name="Please sign").click()
        await expect(met.page.locator("#said")).to_have_text(
            "Your phrase did not get through. Try again."
        )
        await expect(met.page.locator("#phrase")).to_be_hidden()


def passing_no_phrase(answered: bool, page: WebSocketRoute) -> None:
    """As if an officer had begun to hold the visit at the same moment, or the line were dead."""
    service = page.connect_to_server()

    def said(message: str | bytes) -> None:
        if json.loads(message)["type"] != "phrase":
            service.send(message)
        elif answered:
            page.send(json.dumps({"type": "said", "phrase": "please_sign", "passed": False}))

    page.on_message(said)


async def test_who_visits_somebody_who_signs_is_told_to_show_their_hands(
    mums_phone: BrowserContext, sandbox: Sandbox
) -> None:
    sandbox.people.change("A1234BC", access=("signing",))
    page = await enter_lobby(mums_phone, sandbox.family_url("v1-sam-mum"))
    await expect(page.locator("#lobby-signs")).to_have_text(
        "Place your device so that your hands can be seen."
    )


async def test_nothing_is_said_of_signing_to_others(
    mums_phone: BrowserContext, sandbox: Sandbox
) -> None:
    page = await enter_lobby(mums_phone, sandbox.family_url("v1-sam-mum"))
    await expect(page.locator("#lobby-signs")).to_be_hidden()
