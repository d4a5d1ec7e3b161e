"""An officer changes or cancels a booking on the page, and the terminal that shows it hears so."""

import pytest
from playwright.async_api import Browser, expect

from kiosk.sandbox.app import Sandbox
from tests.sandbox.browser import faults_of
from tests.sandbox.family_pages import log_in
from tests.sandbox.terminal import Terminal

pytestmark = pytest.mark.journey

SAM = "62E3086CED"
BUTTON = '[data-key="v1-sam-mum/booking"]'


async def test_a_booking_is_moved_to_another_hall_and_time(
    browser: Browser, sandbox: Sandbox, terminal: Terminal
) -> None:
    desk = await log_in(browser, sandbox)
    async with terminal.events() as stream:
        (before,) = (await terminal.identify(SAM)).json["bookings"]
        await desk.click(BUTTON)
        await expect(desk.locator("#booking-title")).to_have_text("The booking of Sam, Mum")
        await desk.fill("#booking-hall", "Hall B")
        await desk.fill("#booking-later", "10")
        await desk.get_by_role("button", name="Change the booking").click()
        told = (await stream.until("booking_changed")).data["booking"]
        assert told["hall"] == "Hall B"
        assert told["starts_at"] > before["starts_at"]
        await expect(desk.locator("#did")).to_have_text("The booking of Sam is changed.")
    assert faults_of(desk) == []


async def test_a_booking_is_cancelled_only_after_confirming_whose_it_is(
    browser: Browser, sandbox: Sandbox, terminal: Terminal
) -> None:
    desk = await log_in(browser, sandbox)
    async with terminal.events() as stream:
        await terminal.identify(SAM)
        await desk.click(BUTTON)
        await expect(desk.locator("#booking-cancel")).to_be_disabled()
        await desk.check("#booking-name")
        await desk.click("#booking-cancel")
        told = (await stream.until("booking_changed")).data["booking"]
        assert (told["reference"], told["status"]) == ("v1-sam-mum", "cancelled")
        await expect(desk.locator("[data-visit=v1-sam-mum]")).to_contain_text("Cancelled")


async def test_a_booking_that_was_only_looked_at_is_as_it_was(
    browser: Browser, sandbox: Sandbox
) -> None:
    desk = await log_in(browser, sandbox)
    before = sandbox.bookings.get("v1-sam-mum")
    await desk.click(BUTTON)
    await desk.fill("#booking-hall", "Hall B")
    await desk.fill("#booking-later", "10")
    await desk.get_by_role("button", name="Leave it as it is").click()
    await desk.click(BUTTON)
    await expect(desk.locator("#booking-hall")).to_have_value("Hall A")
    await desk.get_by_role("button", name="Change the booking").click()
    await expect(desk.locator("#booking-dialog")).to_be_hidden()
    await expect(desk.locator("#did")).to_be_hidden()
    assert sandbox.bookings.get("v1-sam-mum") == before


async def test_a_visit_at_a_terminal_has_no_booking_to_change(
    browser: Browser, sandbox: Sandbox, terminal: Terminal
) -> None:
    desk = await log_in(browser, sandbox)
    await expect(desk.locator(BUTTON)).to_be_visible()
    await terminal.join("v1-sam-mum", "A1234BC")
    await expect(desk.locator(BUTTON)).to_be_hidden()
