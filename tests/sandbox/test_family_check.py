"""Before a visit the family's page finds out in what browser it is, and shows that all works."""

import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect

from kiosk.sandbox.app import Sandbox
from tests.sandbox.browser import faults_of, open_page

pytestmark = pytest.mark.journey

IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0"
ANDROID = f"Mozilla/5.0 (Linux; Android 10; K) {CHROME} Mobile Safari/537.36"
ANDROID_VIEW = (
    "Mozilla/5.0 (Linux; Android 13; SM-A135F Build/TP1A; wv) AppleWebKit/537.36 "
    "(KHTML, like Gecko) Version/4.0 Chrome/124.0.6367.82 Mobile Safari/537.36"
)

SENT_TO = {
    f"{IPHONE} Mobile/21E236 Instagram 330.0.0.27.92 (iPhone14,5; iOS 17_4)": "Safari",
    f"{IPHONE} Mobile/21E236 Safari/604.1 WhatsApp/24.9.74": "Safari",
    f"{IPHONE} Mobile/21E236 [FBAN/FBIOS;FBAV/463.0.0.29.108;FBDV/iPhone14,5]": "Safari",
    f"{IPHONE} Mobile/21E236": "Safari",
    f"{ANDROID} [FB_IAB/FB4A;FBAV/463.0.0.40.82;]": "Chrome",
    ANDROID_VIEW: "Chrome",
    f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROME} Safari/537.36 TikTok/38.5.5": (
        "Chrome or Safari"
    ),
    f"{IPHONE} Version/17.4 Mobile/15E148 Safari/604.1": None,
    f"{IPHONE} CriOS/124.0.6367.88 Mobile/15E148 Safari/604.1": None,
    ANDROID: None,
    "Mozilla/5.0 (Android 14; Mobile; rv:125.0) Gecko/125.0 Firefox/125.0": None,
    f"Mozilla/5.0 (X11; Linux x86_64) {CHROME} Safari/537.36": None,
}
"""How apps and browsers present themselves, and to which browser the page sends who is in an app."""

JUDGE = """async agents => {
  const { insideAnApp, properBrowser } = await import("/browser.js");
  return agents.map((agent) => {
    Object.defineProperty(navigator, "userAgent", { value: agent, configurable: true });
    return insideAnApp() ? properBrowser() : null;
  });
}"""

LOUD, QUIET = 0.2, 0.02
"""The browser's microphone beeps: a beep fills so much of the bar, and no more between two."""


async def test_who_is_inside_an_app_is_sent_to_a_browser_and_nobody_else(
    mums_phone: BrowserContext, sandbox: Sandbox
) -> None:
    page = await open_page(mums_phone, sandbox.family_url("v1-sam-mum"))
    judged = await page.evaluate(JUDGE, list(SENT_TO))
    assert dict(zip(SENT_TO, judged, strict=True)) == SENT_TO


async def test_a_browser_that_can_make_no_call_is_told_that_it_is_too_old(
    browser: Browser, sandbox: Sandbox
) -> None:
    for missing in ("window.RTCPeerConnection", "Navigator.prototype.mediaDevices"):
        context = await browser.new_context()
        await context.add_init_script(f"delete {missing};")
        page = await open_page(context, sandbox.family_url("v1-sam-mum"))
        title = page.locator("main:visible h1")
        await expect(title).to_have_text("This browser is too old for a video visit")
        assert faults_of(page) == []


async def test_where_the_program_never_comes_it_can_be_read_what_to_do(
    browser: Browser, sandbox: Sandbox
) -> None:
    context = await browser.new_context(java_script_enabled=False)
    page = await open_page(context, sandbox.family_url("v1-sam-mum"))
    await expect(page.locator("main:visible h1")).to_have_text("One moment")
    await expect(page.locator("main:visible")).to_contain_text("load this page again")


async def test_a_part_of_the_program_that_is_lost_on_the_way_is_loaded_again(
    mums_phone: BrowserContext, sandbox: Sandbox
) -> None:
    await mums_phone.route("**/line.js", lambda route: route.abort(), times=2)
    page = await open_page(mums_phone, sandbox.family_url("v1-sam-mum"))
    await expect(page.locator("#start")).to_be_visible()


async def test_the_bar_moves_with_the_voice_and_the_own_picture_plays(
    mums_phone: BrowserContext, sandbox: Sandbox
) -> None:
    page = await open_page(mums_phone, sandbox.family_url("v1-sam-mum"))
    await page.click("#begin")
    await expect(page.locator("#go")).to_be_enabled()
    await bar_shows(page, f"share >= {LOUD}")
    await bar_shows(page, f"share <= {QUIET}")
    await bar_shows(page, f"share >= {LOUD}")
    await own_picture_plays(page)
    assert faults_of(page) == []


async def bar_shows(page: Page, so: str) -> None:
    """Wait for the share of the bar that is filled, as the browser draws it."""
    await page.wait_for_function(
        "() => { const bar = document.getElementById('loudness').getBoundingClientRect();"
        " const all = document.querySelector('#sound .bar').getBoundingClientRect();"
        f" const share = bar.width / all.width; return {so}; }}"
    )


async def own_picture_plays(page: Page) -> None:
    """Ten frames are shown, and they are of the visitor's camera, and not black."""
    await page.wait_for_function(
        "() => document.getElementById('check-video')"
        ".getVideoPlaybackQuality().totalVideoFrames >= 10"
    )
    brightest = await page.evaluate(
        "() => { const canvas = document.createElement('canvas').getContext('2d');"
        " canvas.drawImage(document.getElementById('check-video'), 0, 0, 64, 48);"
        " return Math.max(...canvas.getImageData(0, 0, 64, 48).data.filter((_, i) => i % 4 < 3)); }"
    )
    assert brightest > 100
    await expect(page.locator("#check-video")).to_be_visible()
