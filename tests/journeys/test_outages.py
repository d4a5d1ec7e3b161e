"""The network goes and comes back: the visit does too, and nobody touches the terminal."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from kiosk.sandbox.family import Family
from kiosk.wire.messages import CallConnected, CallEnded, CallSilent, CallStats, StageEntered
from tests.journeys.begun import Visit, wait_until
from tests.journeys.kept import given_since, kept_by_the_service
from tests.journeys.live import live_in_a_call_after, live_on_both_sides, watch
from tests.journeys.meeting import met
from tests.journeys.network import TerminalNetwork, terminal_network
from tests.journeys.reading import MIDDLE, Words, drawn, page_says_safe, page_shows_them_again

pytestmark = [pytest.mark.root, pytest.mark.slow]

BACK_S = 2.0
FAIR_S = 1.0
LONG_S = 60.0
SILENT_S = 8.0
DOWN_S = 10.0

_CONNECTIONS = "window.connections.length"


@pytest.fixture(scope="module")
def safe(tmp_path_factory: pytest.TempPathFactory) -> Words:
    """The words at a terminal whose picture is coming back; their time is safe (test_scenes)."""
    return drawn("visit_reconnecting", tmp_path_factory.mktemp("words"), MIDDLE)


# The others, and forty seconds, in which ICE and the service give up, are bench_links': they take long.
async def test_a_network_that_comes_back_brings_the_visit_back_and_its_time(
    tmp_path: Path, family: Family, network: TerminalNetwork, safe: Words
) -> None:
    async with met(tmp_path, family, network, DOWN_S + 8) as visit:
        await watch(visit)
        clock = visit.hall.trial.clock
        before = kept_by_the_service(visit.hall)
        network.take_down()
        gone_s = clock.monotonic()
        await safe.stands_at(visit.hall)
        await wait_until(visit.hall, gone_s + DOWN_S)
        assert safe.is_in(await visit.hall.display.picture())
        assert await page_says_safe(family.page)
        network.bring_up()
        back_s = clock.monotonic()
        live_s = await live_on_both_sides(visit, back_s)
        assert live_s - back_s <= BACK_S
        assert not safe.is_in(await visit.hall.display.picture())
        await page_shows_them_again(family.page)
        assert abs(await given_since(visit, before) - (live_s - gone_s)) < FAIR_S
        await wait_until(visit.hall, visit.ends_at_s + FAIR_S)  # by how much: test_fair_clock
        assert not any(isinstance(m, CallEnded) for m in visit.hall.trial.observer.seen)


async def test_a_line_that_stays_silent_is_replaced_by_a_new_call_in_the_same_visit(
    tmp_path: Path, family: Family, network: TerminalNetwork, safe: Words
) -> None:
    async with met(tmp_path, family, network, SILENT_S + 10) as visit:
        await watch(visit)
        clock, observer = visit.hall.trial.clock, visit.hall.trial.observer
        before = kept_by_the_service(visit.hall)
        connections, mark = await family.page.evaluate(_CONNECTIONS), observer.mark()
        network.fall_silent()
        gone_s = clock.monotonic()
        await safe.stands_at(visit.hall)
        await wait_until(visit.hall, gone_s + SILENT_S)
        assert await page_says_safe(family.page)
        network.speak()
        back_s = clock.monotonic()
        live_s = await live_on_both_sides(visit, back_s)
        assert live_s - back_s <= BACK_S
        happened = [m for m in observer.seen[mark:] if isinstance(m, CallSilent | CallConnected)]
        silent, connected = happened
        assert isinstance(silent, CallSilent)
        assert isinstance(connected, CallConnected)
        assert connected.call > silent.call
        assert await family.page.evaluate(_CONNECTIONS) > connections
        assert not any(isinstance(m, StageEntered) for m in observer.seen[mark:])
        assert abs(await given_since(visit, before) - (live_s - gone_s)) < FAIR_S


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
    before = kept_by_the_service(visit.hall)
    left_s = visit.hall.trial.clock.monotonic()
    await visit.family.page.reload()
    loaded_s = visit.hall.trial.clock.monotonic()
    await watch(visit)
    live_s = await live_in_a_call_after(visit, left_s)
    assert live_s - loaded_s <= BACK_S
    await visit.family.sees_call()
    assert abs(await given_since(visit, before) - (live_s - left_s)) < FAIR_S


async def test_a_second_without_network_is_no_silence_and_is_given_back(
    visit: Visit, cable: TerminalNetwork
) -> None:
    observer, before = visit.hall.trial.observer, kept_by_the_service(visit.hall)
    call = (await observer.wait_for(CallStats, since=observer.mark())).call
    cable.take_down()
    await asyncio.sleep(1)
    mark = observer.mark()
    cable.bring_up()
    stats = await observer.wait_for(CallStats, lambda told: told.frozen_s > 0.5, since=mark)
    assert stats.call == call
    assert stats.frozen_s < 1 + FAIR_S
    assert await given_since(visit, before) >= stats.frozen_s


async def test_a_terminal_that_gets_another_address_is_called_anew_from_there(
    visit: Visit, cable: TerminalNetwork
) -> None:
    await watch(visit)
    before = kept_by_the_service(visit.hall)
    changed_s = visit.hall.trial.clock.monotonic()
    cable.change_address()
    lost_s = await live_in_a_call_after(visit, changed_s) - changed_s
    assert lost_s <= BACK_S
    assert abs(await given_since(visit, before) - lost_s) < FAIR_S
