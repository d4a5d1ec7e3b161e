"""Where people sign, the family's page shows the whole of each picture, and sends what hands need."""

from typing import Any

import pytest
from playwright.async_api import BrowserContext, Page, expect

from kiosk.sandbox.app import Sandbox
from tests.sandbox.browser import faults_of, open_page
from tests.sandbox.family_pages import look_away, lose_devices, sams_call
from tests.sandbox.terminal import Terminal

pytestmark = pytest.mark.journey

SEEN = """id => {
  const video = document.getElementById(id), look = getComputedStyle(video);
  const { clientWidth: wide, clientHeight: high, videoWidth, videoHeight } = video;
  const box = video.getBoundingClientRect(), across = wide / videoWidth, down = high / videoHeight;
  const scale = { contain: Math.min, cover: Math.max }[look.objectFit](across, down);
  const y = parseFloat(look.objectPosition.split(" ")[1]) / 100;
  const width = videoWidth * scale, height = videoHeight * scale;
  return {
    share: Math.min(1, wide / width) * Math.min(1, high / height),
    top: box.top + (high - height) * y, width, height,
    fills: Math.max(width / wide, height / high),
  };
}"""
"""How much of a picture is seen, where and how large, and what share of its place it fills one way."""

UPRIGHT = """id => {
  const canvas = document.createElement("canvas"), video = document.getElementById(id);
  Object.assign(canvas, { width: 480, height: 640 });
  setInterval(() => canvas.getContext("2d").fillRect(0, 0, 480, 640), 50);
  video.srcObject = canvas.captureStream(20);
  return new Promise((done) => { video.onresize = () => { if (video.videoHeight === 640) done(); }; });
}"""
"""The picture of a phone that is held upright, in the place of the browser's own."""

SENDS = """() => {
  const [sender] = window.connections.at(-1).getSenders().filter((each) => each.track?.kind === "video");
  const { degradationPreference, encodings } = sender.getParameters();
  return { hint: sender.track.contentHint, prefers: degradationPreference, ...encodings[0] };
}"""
"""How the page sends its picture."""

SENT = """async least => {
  const found = await window.connections.at(-1).getStats();
  const sent = [...found.values()].find((e) => e.type === "outbound-rtp" && e.kind === "video");
  return sent.framesPerSecond >= least;
}"""
"""Whether it sends so many pictures in a second, by the browser's own count."""

LESS_FPS = 15


async def seen(page: Page, video: str) -> dict[str, Any]:
    """See SEEN."""
    await page.wait_for_function("id => document.getElementById(id).videoWidth > 16", arg=video)
    found: dict[str, Any] = await page.evaluate(SEEN, video)
    return found


async def is_whole(page: Page, video: str) -> None:
    found = await seen(page, video)
    assert found["share"] == pytest.approx(1)
    assert found["fills"] == pytest.approx(1, abs=0.01), "it is as large as its place allows"


def sam_signs(sandbox: Sandbox) -> None:
    sandbox.people.change("A1234BC", access=("signing",))


async def test_who_signs_is_seen_whole_and_nothing_lies_on_their_hands(
    mums_phone: BrowserContext, sandbox: Sandbox, terminal: Terminal
) -> None:
    sam_signs(sandbox)
    async with sams_call(mums_phone, sandbox, terminal) as now:
        await is_whole(now.page, "their-video")
        theirs = await seen(now.page, "their-video")
        for name in ("watched", "left", "mine", "controls"):
            over = await now.page.locator(f"#{name}").bounding_box()
            assert over is not None
            above = over["y"] + over["height"] <= theirs["top"]
            assert above or over["y"] >= theirs["top"] + theirs["height"], name
        assert faults_of(now.page) == []


async def test_a_phone_on_its_side_shows_who_signs_whole_too(
    mums_phone: BrowserContext, sandbox: Sandbox, terminal: Terminal
) -> None:
    sam_signs(sandbox)
    async with sams_call(mums_phone, sandbox, terminal) as now:
        await now.page.set_viewport_size({"width": 740, "height": 360})
        await is_whole(now.page, "their-video")
        await is_whole(now.page, "my-video")


async def test_who_is_to_let_their_hands_be_seen_sees_the_whole_of_what_they_send(
    mums_phone: BrowserContext, sandbox: Sandbox, terminal: Terminal
) -> None:
    sam_signs(sandbox)
    page = await open_page(mums_phone, sandbox.family_url("v1-sam-mum"))
    await page.click("#begin")
    await expect(page.locator("#go")).to_be_enabled()
    for video, on in (("check-video", "#check"), ("lobby-video", "#lobby")):
        await expect(page.locator(on)).to_be_visible()
        await is_whole(page, video)
        await page.evaluate(UPRIGHT, video)
        await is_whole(page, video)
        if on == "#check":
            await page.click("#go")


async def test_the_own_picture_beside_who_signs_is_whole_however_the_phone_is_held(
    mums_phone: BrowserContext, sandbox: Sandbox, terminal: Terminal
) -> None:
    sam_signs(sandbox)
    async with sams_call(mums_phone, sandbox, terminal) as now:
        lying = await seen(now.page, "my-video")
        await is_whole(now.page, "my-video")
        await now.page.evaluate(UPRIGHT, "my-video")
        await is_whole(now.page, "my-video")
        upright = await seen(now.page, "my-video")
        assert lying["width"] == pytest.approx(upright["height"])


async def test_where_nobody_signs_pictures_fill_their_places_as_ever(
    mums_phone: BrowserContext, sandbox: Sandbox, terminal: Terminal
) -> None:
    async with sams_call(mums_phone, sandbox, terminal) as now:
        for video in ("their-video", "my-video", "lobby-video", "check-video"):
            fit = f"getComputedStyle(document.getElementById('{video}')).objectFit"
            assert await now.page.evaluate(fit) == "cover"


async def test_what_a_visitor_to_who_signs_sends_is_fluent_before_it_is_sharp(
    mums_phone: BrowserContext, sandbox: Sandbox, terminal: Terminal
) -> None:
    sam_signs(sandbox)
    async with sams_call(mums_phone, sandbox, terminal) as now:
        sends = await now.page.evaluate(SENDS)
        assert (sends["hint"], sends["prefers"]) == ("motion", "maintain-framerate")
        assert not {"maxBitrate", "maxFramerate"} & sends.keys(), "as much as the line carries"
        await lose_devices(now.page)
        await look_away(now.page, True)
        await look_away(now.page, False)
        await now.media.until_something_is_in("video", 10)
        assert (await now.page.evaluate(SENDS))["hint"] == "motion", "whatever is opened later, too"
        assert faults_of(now.page) == []


async def test_less_data_takes_from_the_size_of_signed_pictures_and_not_from_their_number(
    mums_phone: BrowserContext, sandbox: Sandbox, terminal: Terminal
) -> None:
    sam_signs(sandbox)
    async with sams_call(mums_phone, sandbox, terminal, less_data=True) as now:
        sends = await now.page.evaluate(SENDS)
        assert (sends["hint"], sends["prefers"]) == ("motion", "maintain-framerate")
        assert sends["maxBitrate"] == 90_000, "no more than anybody else's"
        assert "b=TIAS:90000" in now.media.answer
        assert max(now.media.heights_px) <= 180
        await now.page.wait_for_function(SENT, arg=LESS_FPS + 5)


async def test_where_nobody_signs_the_browser_sends_as_it_thinks_best(
    mums_phone: BrowserContext, sandbox: Sandbox, terminal: Terminal
) -> None:
    async with sams_call(mums_phone, sandbox, terminal) as now:
        sends = await now.page.evaluate(SENDS)
        assert sends["hint"] == ""
        assert sends.get("prefers") != "maintain-framerate"
