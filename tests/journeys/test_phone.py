"""A phone changes its network, or is locked: the visit goes on without a touch at the terminal."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from kiosk.clock import Seconds
from kiosk.sandbox.family import CHROMIUM, Family
from kiosk.sandbox.trial import Equipment
from kiosk.wire.messages import CallStats
from tests.journeys.begun import Visit, wait_until
from tests.journeys.hall import open_hall
from tests.journeys.kept import given_since, kept_by_the_service
from tests.journeys.meeting import live_again_s, meet
from tests.journeys.network import Connected, PhoneNetwork, TerminalNetwork, phone_network
from tests.journeys.reading import page_says_safe, page_shows_them_again

pytestmark = [pytest.mark.root, pytest.mark.slow]

BACK_S = 2.0
FAIR_S = 1.0
LOCKED_S = 6.0
GAP_S = 4.0

_SHOWN = """document.getElementById("their-video").getVideoPlaybackQuality().totalVideoFrames"""


# Chromium on Linux looks at its networks only seconds after they changed, and has no candidate before.
_KNOWS = """async (address) => {
  for (;;) {
    const probe = new RTCPeerConnection();
    const found = new Promise((done) => {
      probe.onicecandidate = ({ candidate }) => {
        if (candidate && candidate.candidate.includes(address)) done(true);
      };
      setTimeout(() => done(false), 100);
    });
    probe.createDataChannel("probe");
    await probe.setLocalDescription(await probe.createOffer());
    const knows = await found;
    probe.close();
    if (knows) return Date.now();
  }
}"""


@asynccontextmanager
async def met_by_phone(
    tmp_path: Path, network: TerminalNetwork, phone: PhoneNetwork, visit_s: Seconds
) -> AsyncIterator[Visit]:
    """The two see each other, the visitor in a network of their own."""
    equipment = Equipment(
        service_host=network.host,
        web_host=network.host,
        accounts=Connected(network),
        service_settings={"credit_limit_s": 300.0},
    )
    async with open_hall(tmp_path, equipment) as hall:
        url = hall.trial.family_url("v1-sam-mum")
        secure = f"--unsafely-treat-insecure-origin-as-secure={url.split('/visit')[0]}"
        browser = str(phone.program(CHROMIUM, tmp_path))
        async with Family(browser=browser, flags=[secure]) as family:
            yield await meet(hall, family, visit_s)


async def test_a_phone_that_comes_into_another_network_is_in_the_visit_again(
    tmp_path: Path, network: TerminalNetwork
) -> None:
    with phone_network(network) as phone:
        async with met_by_phone(tmp_path, network, phone, 30) as visit:
            clock, observer = visit.hall.trial.clock, visit.hall.trial.observer
            before = kept_by_the_service(visit.hall)
            mark = observer.mark()
            phone.leave()
            gone_s = clock.monotonic()
            await wait_until(visit.hall, gone_s + GAP_S)
            assert await page_says_safe(visit.family.page)
            phone.enter(1)
            back_s = clock.monotonic()
            knows = asyncio.create_task(visit.family.page.evaluate(_KNOWS, network.phone[1]))
            live_s = await live_again_s(visit, mark)
            known_s = visit.hall.moment_s(await knows)
            assert live_s - max(back_s, known_s) <= BACK_S
            await given_since(visit, before)
            kept = kept_by_the_service(visit.hall)
            assert abs(kept.lost.link - before.lost.link - (live_s - gone_s)) < FAIR_S


async def test_a_phone_that_is_locked_and_unlocked_is_in_the_visit_still(
    tmp_path: Path, network: TerminalNetwork
) -> None:
    with phone_network(network) as phone:
        async with met_by_phone(tmp_path, network, phone, 30) as visit:
            clock, page = visit.hall.trial.clock, visit.family.page
            screen = await page.context.new_cdp_session(page)
            await screen.send("Page.setWebLifecycleState", {"state": "frozen"})
            await wait_until(visit.hall, clock.monotonic() + LOCKED_S)
            await screen.send("Page.setWebLifecycleState", {"state": "active"})
            before = await page.evaluate(_SHOWN)
            async with asyncio.timeout(BACK_S):
                while await page.evaluate(_SHOWN) <= before:
                    await asyncio.sleep(0.05)  # in the browser: there is no event
            await page_shows_them_again(page)
            mark = visit.hall.trial.observer.mark()
            stats = await visit.hall.trial.observer.wait_for(CallStats, since=mark)
            later = await visit.hall.trial.observer.wait_for(
                CallStats, lambda told: told.frames_received > stats.frames_received, since=mark
            )
            assert later.call == stats.call
