"""When both sides of a visit have a picture again that was sent after a moment."""

import asyncio
from typing import Final

from kiosk.clock import Seconds
from kiosk.wire.frames import FrameReader
from kiosk.wire.messages import CallConnected, CallHeard
from tests.journeys.begun import Visit

LOOK_S: Final[Seconds] = 0.01
PATIENCE_S: Final[Seconds] = 30.0

_WATCH: Final = """() => {
  window.seen = [];
  let before = 0;
  setInterval(() => {
    const now = document.getElementById("their-video").getVideoPlaybackQuality().totalVideoFrames;
    if (now !== before) window.seen.push(Date.now());
    before = now;
  }, 10);
}"""
_FIRST_AFTER: Final = "(ms) => window.seen.find((seen) => seen > ms) ?? null"


async def watch(visit: Visit) -> None:
    """Have the page remember when it had a new picture, from now on until it is loaded anew."""
    await visit.family.page.evaluate(_WATCH)


async def live_on_both_sides(visit: Visit, since_s: Seconds) -> Seconds:
    """When each side had its first picture that was sent after `since_s`; the later of the two."""
    clock = visit.hall.trial.clock
    since_ms = clock.utc().timestamp() * 1000 - (clock.monotonic() - since_s) * 1000
    terminal, page = await asyncio.gather(_at_terminal(visit, since_s), _at_page(visit, since_ms))
    return max(terminal, page)


async def live_in_a_call_after(visit: Visit, moment_s: Seconds) -> Seconds:
    """When each side had its first picture of the call that was connected after a moment."""
    connected = await visit.hall.trial.observer.wait_for(
        CallConnected, lambda told: told.at_s > moment_s
    )
    return await live_on_both_sides(visit, connected.at_s)


async def _at_terminal(visit: Visit, since_s: Seconds) -> Seconds:
    """From the pictures that kiosk-call leaves for the screen."""
    reader = FrameReader(visit.hall.trial.run / "frames" / "remote")
    try:
        async with asyncio.timeout(PATIENCE_S):
            while True:
                frame = reader.newest(_call(visit))
                if frame is not None and frame.stamp_ns > since_s * 1e9:
                    return frame.stamp_ns / 1e9
                await asyncio.sleep(LOOK_S)  # a file of another process: there is no event
    finally:
        reader.close()


async def _at_page(visit: Visit, since_ms: float) -> Seconds:
    async with asyncio.timeout(PATIENCE_S):
        while (seen_ms := await visit.family.page.evaluate(_FIRST_AFTER, since_ms)) is None:
            await asyncio.sleep(LOOK_S)
    return visit.hall.moment_s(seen_ms)


def _call(visit: Visit) -> int:
    seen = visit.hall.trial.observer.seen
    return [message.call for message in seen if isinstance(message, CallConnected | CallHeard)][-1]
