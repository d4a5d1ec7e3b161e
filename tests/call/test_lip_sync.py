"""A terminal and a real browser flash and beep at once: that it is seen and heard at once, though late."""

import asyncio
import statistics
from collections.abc import Awaitable, Callable

import pytest
from aiortc import RTCRtpReceiver
from aiortc.rtp import RtpPacket

from tests.bench.flashes import LINES, NOTICED_MS, Terminal, called, flashing
from tests.bench.relay import Line

pytestmark = pytest.mark.slow

LATE_S = 0.2
FLASHES = 8

BROWSERS_MS = 130
"""How far apart they may come to a browser, which has them up to 104 ms apart from another browser."""


def with_late_pictures() -> Terminal:
    """Everything of the browser's picture comes later than its sound."""
    terminal = Terminal()
    (pictures,) = (t.receiver for t in terminal.peer._pc.getTransceivers() if t.kind == "video")
    _delay(pictures, LATE_S)
    return terminal


def _delay(receiver: RTCRtpReceiver, by_s: float) -> None:
    loop = asyncio.get_running_loop()
    handle: Callable[..., Awaitable[None]] = receiver._handle_rtp_packet

    async def later(packet: RtpPacket, arrival_time_ms: int) -> None:
        async def now() -> None:
            await handle(packet, arrival_time_ms=arrival_time_ms)

        loop.call_later(by_s, lambda: loop.create_task(now()))

    receiver._handle_rtp_packet = later  # type: ignore[method-assign]


def are_together(apart_ms: list[float]) -> bool:
    return len(apart_ms) >= FLASHES - 2 and abs(statistics.median(apart_ms)) < NOTICED_MS


async def test_a_sound_waits_for_its_picture() -> None:
    async with flashing() as (browser,):
        apart = await called(browser, Line(), 1, FLASHES, with_late_pictures)
    assert are_together(apart["at_terminal"]), apart


@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
async def test_lips_and_words_stay_together_on_a_line_that_loses_packets(
    line: Line,
) -> None:
    async with flashing() as (browser,):
        apart = await called(browser, line, 1, FLASHES)
    assert are_together(apart["at_terminal"]), apart
    assert abs(statistics.median(apart["at_browser"])) < BROWSERS_MS, apart
