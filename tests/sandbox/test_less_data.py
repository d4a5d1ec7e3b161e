"""The switch in the waiting room by which a visitor's phone sends little, and asks for little."""

from typing import Any

import pytest
from playwright.async_api import BrowserContext, Page, expect

from kiosk.sandbox.app import Sandbox
from tests.sandbox.browser import faults_of
from tests.sandbox.family_pages import SAM, call, enter_lobby
from tests.sandbox.terminal import Terminal

pytestmark = pytest.mark.journey

SAVES_DATA = """
Object.defineProperty(NetworkInformation.prototype, "saveData", { get: () => true });
"""


async def sends(page: Page, kind: str) -> dict[str, Any]:
    """How the page's only connection sends sound or pictures."""
    script = """kind => window.connections[0].getSenders()
        .find((sender) => sender.track && sender.track.kind === kind).getParameters().encodings[0]"""
    found: dict[str, Any] = await page.evaluate(script, kind)
    return found


async def test_who_uses_less_data_sends_a_small_picture_and_asks_for_one(
    mums_phone: BrowserContext, sandbox: Sandbox, terminal: Terminal
) -> None:
    async with terminal.events() as stream:
        await terminal.join(*SAM)
        page = await enter_lobby(mums_phone, sandbox.family_url("v1-sam-mum"))
        await expect(page.locator("#less-words")).to_contain_text("80 MB for half an hour")
        await page.get_by_role("switch", name="Use less data").check()
        media, _ = await call(terminal, stream, "v1-sam-mum")
        sound, pictures = media.answer.split("m=video")
        assert pictures.splitlines()[2] == "b=TIAS:90000"
        assert "b=" not in sound
        assert (await sends(page, "video")).items() >= {
            "maxBitrate": 90_000,
            "maxFramerate": 15,
            "scaleResolutionDownBy": 2,
        }.items()
        assert "maxBitrate" not in await sends(page, "audio")
        assert max(media.heights_px) <= 240
        assert faults_of(page) == []
        await media.close()


async def test_who_does_not_sends_what_the_line_carries_and_sound_first(
    mums_phone: BrowserContext, sandbox: Sandbox, terminal: Terminal
) -> None:
    async with terminal.events() as stream:
        await terminal.join(*SAM)
        page = await enter_lobby(mums_phone, sandbox.family_url("v1-sam-mum"))
        media, _ = await call(terminal, stream, "v1-sam-mum")
        assert "b=" not in media.answer
        assert "maxBitrate" not in await sends(page, "video")
        sound = await sends(page, "audio")
        assert (sound["priority"], sound["networkPriority"]) == ("high", "high")
        await media.close()


async def test_the_choice_outlives_the_page_but_not_the_visit(
    mums_phone: BrowserContext, sandbox: Sandbox
) -> None:
    page = await enter_lobby(mums_phone, sandbox.family_url("v1-sam-mum"))
    less = page.locator("#less-data")
    await expect(less).not_to_be_checked()
    await less.check()
    await page.reload()
    await expect(page.locator("#lobby")).to_be_visible()
    await expect(less).to_be_checked()
    assert await page.evaluate("() => Object.keys(localStorage).length") == 1, "see memory.js"


async def test_a_browser_that_saves_data_uses_less_until_the_visitor_says_no(
    mums_phone: BrowserContext, sandbox: Sandbox
) -> None:
    await mums_phone.add_init_script(SAVES_DATA)
    page = await enter_lobby(mums_phone, sandbox.family_url("v1-sam-mum"))
    less = page.locator("#less-data")
    await expect(less).to_be_checked()
    await less.uncheck()
    await page.reload()
    await expect(page.locator("#lobby")).to_be_visible()
    await expect(less).not_to_be_checked()
