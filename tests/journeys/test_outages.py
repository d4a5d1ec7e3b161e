"""The network goes and comes back: the visit does too, and nobody touches the terminal."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from kiosk.clock import Seconds
from kiosk.sandbox.family import Family
from kiosk.wire.messages import CallEnded, CallStats
from tests.journeys.begun import Visit, wait_until
from tests.journeys.meeting import live_again_s, met
from tests.journeys.network import TerminalNetwork, terminal_network
from tests.journeys.test_fair_clock import kept_by_the_service

pytestmark = [pytest.mark.root, pytest.mark.slow]

BACK_S = 2.0
FAIR_S = 1.0
PATIENCE_S = 60.0
LONG_S = 60.0
SAFE = "Your time is safe"


# The others, and forty seconds, in which ICE and the service give up, are bench_links': they take long.
@pytest.mark.parametrize(("kind", "outage_s"), [("down", 10), ("silent", 3)])
async def test_a_network_that_comes_back_brings_the_visit_back_and_its_time(
    tmp_path: Path, family: Family, network: TerminalNetwork, kind: str, outage_s: Seconds
) -> None:
    go = {"down": network.take_down, "silent": network.fall_silent}[kind]
    come_back = {"down": network.bring_up, "silent": network.speak}[kind]
    async with met(tmp_path, family, network, outage_s + 10) as visit:
        clock, observer = visit.hall.trial.clock, visit.hall.trial.observer
        before = kept_by_the_service(visit.hall, "v1-sam-mum").lost
        go()
        gone_s = clock.monotonic()
        await wait_until(visit.hall, gone_s + outage_s)
        assert SAFE in await family.page.inner_text("#cover")
        mark = observer.mark()
        come_back()
        back_s = clock.monotonic()
        live_s = await live_again_s(visit, mark)
        assert live_s - back_s <= BACK_S
        ended = await observer.wait_for(CallEnded, patience_s=PATIENCE_S)
        kept = kept_by_the_service(visit.hall, "v1-sam-mum")
        assert abs(kept.lost.link - before.link - (live_s - gone_s)) < FAIR_S
        assert abs(ended.at_s - visit.ends_at_s - kept.given_s) < FAIR_S


@pytest.fixture(scope="module")
def cable() -> Iterator[TerminalNetwork]:
    with terminal_network() as made:
        yield made


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def visit(
    tmp_path_factory: pytest.TempPathFactory, browser: Browser, cable: TerminalNetwork
) -> AsyncIterator[Visit]:
    """One for all tests after which it goes on; the last leaves it at another address."""
    async with (
        Family(running=browser) as family,
        met(tmp_path_factory.mktemp("visit"), family, cable, LONG_S) as met_visit,
    ):
        yield met_visit


async def test_a_page_that_is_loaded_again_is_in_the_visit_again(visit: Visit) -> None:
    mark = visit.hall.trial.observer.mark()
    await visit.family.page.reload()
    loaded_s = visit.hall.trial.clock.monotonic()
    assert await live_again_s(visit, mark) - loaded_s <= BACK_S
    await visit.family.sees_call()


async def test_a_second_without_network_is_no_silence(visit: Visit, cable: TerminalNetwork) -> None:
    observer = visit.hall.trial.observer
    call = (await observer.wait_for(CallStats, since=observer.mark())).call
    cable.take_down()
    await asyncio.sleep(1)
    mark = observer.mark()
    cable.bring_up()
    stats = await observer.wait_for(CallStats, lambda told: told.frozen_s > 0.5, since=mark)
    assert stats.call == call
    assert stats.frozen_s < 1 + FAIR_S


async def test_a_terminal_that_gets_another_address_is_called_anew_from_there(
    visit: Visit, cable: TerminalNetwork
) -> None:
    mark = visit.hall.trial.observer.mark()
    cable.change_address()
    changed_s = visit.hall.trial.clock.monotonic()
    assert await live_again_s(visit, mark) - changed_s <= BACK_S
