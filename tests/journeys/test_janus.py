"""A whole visit through Janus: it ends for all three sides, and outlives what dies in the middle of it."""

import asyncio
from pathlib import Path

from playwright.async_api import Browser, Page, expect

from kiosk.clock import Seconds
from kiosk.sandbox.family import Family
from kiosk.sandbox.sound import PrivateSound
from kiosk.wire.messages import CallConnected, RemoteDrawn
from tests.journeys.begun import CLOCKS_MS, LATE_MS, Visit, begun, wait_until
from tests.sandbox import janus as inside

VISIT_S: Seconds = 40.0
AWAY_S: Seconds = 6.0
BACK_S: Seconds = 5.0
CUT_S: Seconds = 1.0
"""How late the service may be to destroy a room whose visit is over; the terminal cut it before."""

_LAST_PACKET = """async () => {
  let last = null;
  for (const connection of window.connections)
    for (const entry of (await connection.getStats()).values())
      if (entry.type === "inbound-rtp" && entry.lastPacketReceivedTimestamp)
        last = Math.max(last || 0, entry.lastPacketReceivedTimestamp);
  return last;
}"""
_KEEP = """
(() => {
  const Plain = window.RTCPeerConnection;
  window.connections = [];
  window.RTCPeerConnection = class extends Plain {
    constructor(...settings) { super(...settings); window.connections.push(this); }
    close() {}
  };
})();
"""


async def watch(desk: Page, visit: Visit) -> None:
    """Log in, and look at Sam's visit; the page never hangs up by itself."""
    await desk.add_init_script(_KEEP)
    await desk.goto(visit.hall.trial.addresses.officer)
    await desk.fill("#password", visit.hall.trial.desk_password)
    await desk.click("#login-form button")
    await desk.click('[data-key="v1-sam-mum/watch"]')
    await desk.wait_for_function(
        "() => document.getElementById('watch-first').getVideoPlaybackQuality().totalVideoFrames > 5"
    )


async def nothing_is_left(visit: Visit) -> bool:
    return not await inside.of_type(visit.hall.trial.janus, "publisher")


async def test_a_visit_through_janus_ends_in_time_for_all_three_sides(
    tmp_path: Path, browser: Browser, family: Family, sound: PrivateSound
) -> None:
    async with (
        begun(tmp_path, family, sound, visit_s=12.0, sfu="janus") as visit,
        await browser.new_page() as desk,
    ):
        await watch(desk, visit)
        await expect(family.page.locator("#watched")).to_contain_text("An officer watches")
        await visit.hall.has_record(event="MonitoringChanged", detail="watching")
        await visit.call_ended_in_time()
        await visit.hall.sees("Goodbye")
        await visit.browser_heard_nothing_later()
        assert await nothing_is_left(visit)
        seen_ms = await desk.evaluate(_LAST_PACKET)
        assert seen_ms - visit.ends_at_ms <= LATE_MS + CLOCKS_MS + CUT_S * 1000


async def test_a_visit_goes_on_soon_after_janus_is_back(
    tmp_path: Path, family: Family, sound: PrivateSound
) -> None:
    async with begun(tmp_path, family, sound, visit_s=VISIT_S, sfu="janus") as visit:
        trial = visit.hall.trial
        mark = trial.observer.mark()
        await trial.janus.kill()
        await wait_until(visit.hall, trial.clock.monotonic() + AWAY_S)
        assert not [m for m in trial.observer.seen[mark:] if isinstance(m, CallConnected)]
        await trial.janus.start()
        await trial.observer.wait_for(RemoteDrawn, since=mark, patience_s=BACK_S)
        await family.sees_call()
        await visit.hall.has_record(event="OfferFailed", stage="InVisit")


async def test_a_visit_goes_on_after_the_service_was_killed_and_is_there_again(
    tmp_path: Path, family: Family, sound: PrivateSound
) -> None:
    async with begun(tmp_path, family, sound, visit_s=VISIT_S, sfu="janus") as visit:
        trial = visit.hall.trial
        await trial.service.kill()
        async with asyncio.timeout(CUT_S):
            while not await nothing_is_left(visit):
                await asyncio.sleep(0.02)  # Janus tells nobody
        mark = trial.observer.mark()
        await trial.service.start()
        await trial.observer.wait_for(RemoteDrawn, since=mark, patience_s=2 * BACK_S)
        await family.sees_call()
        assert len(await inside.of_type(trial.janus, "publisher")) == 2
