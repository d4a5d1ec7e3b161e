"""The rate at which a browser may begin: asked for in our offer, and kept by a real Chromium."""

import asyncio

import pytest
from aiortc.sdp import SessionDescription

from kiosk.call.first_rate import BEGIN_KBPS, asking_for_a_quick_begin
from kiosk.wire.messages import OfferReady, TakeAnswer
from tests.call.chromium import browsing
from tests.call.kit import Terminal, order, ready

ASKED = f"x-google-start-bitrate={BEGIN_KBPS}"
OFFER = (
    "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n"
    "m=audio 9 UDP/TLS/RTP/SAVPF 96\r\na=rtpmap:96 opus/48000/2\r\na=fmtp:96 useinbandfec=1\r\n"
    "m=video 9 UDP/TLS/RTP/SAVPF 97 98 99\r\n"
    "a=rtpmap:97 VP8/90000\r\na=rtpmap:98 rtx/90000\r\na=fmtp:98 apt=97\r\n"
    "a=rtpmap:99 H264/90000\r\na=fmtp:99 packetization-mode=1;profile-level-id=42e01f\r\n"
)


def parameters(sdp: str) -> list[str]:
    return [line for line in sdp.split("\r\n") if line.startswith("a=fmtp")]


def test_each_format_of_pictures_asks_for_it_and_nothing_else_does() -> None:
    assert parameters(asking_for_a_quick_begin(OFFER)) == [
        "a=fmtp:96 useinbandfec=1",
        f"a=fmtp:97 {ASKED}",
        "a=fmtp:98 apt=97",
        f"a=fmtp:99 packetization-mode=1;profile-level-id=42e01f;{ASKED}",
    ]


def test_nothing_else_of_the_offer_is_changed() -> None:
    asking = asking_for_a_quick_begin(OFFER)
    assert asking.replace(f"a=fmtp:97 {ASKED}\r\n", "").replace(f";{ASKED}", "") == OFFER
    assert len(SessionDescription.parse(asking).media) == 2


@pytest.mark.slow
@pytest.mark.parametrize(
    ("attempt", "begins_bps"),
    [
        pytest.param(1, BEGIN_KBPS * 1000, id="begins_quickly"),
        pytest.param(2, 300_000, id="begins_as_it_likes_after_a_call_that_was_lost"),
    ],
)
async def test_a_browser(terminal: Terminal, attempt: int, begins_bps: int) -> None:
    async with ready(terminal) as (core, _), browsing() as browser:
        core.say(order(call=7, attempt=attempt))
        answer = await browser.answer((await core.hears(OfferReady)).sdp)
        first = asyncio.create_task(browser.first_line_bps())
        core.say(TakeAnswer(7, 0, answer))
        assert await first == pytest.approx(begins_bps, rel=0.05)
