"""The only relay that there is falls silent and speaks again: the visit is back, and so is its time."""

import asyncio
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from kiosk.sandbox.family import Family
from kiosk.wire.messages import StageEntered
from tests.journeys.begun import Visit, wait_until
from tests.journeys.kept import given_since, kept_by_the_service
from tests.journeys.live import live_on_both_sides, watch
from tests.journeys.meeting import met
from tests.journeys.network import TerminalNetwork, terminal_network
from tests.journeys.reading import BACK_ON_PAGE, MIDDLE, REMARK, SAFE_ON_PAGE, Words, drawn
from tests.turn import TurnServer, ice_server, turn_server

pytestmark = [pytest.mark.root, pytest.mark.slow]

BACK_S = 2.0
FAIR_S = 1.0
LONG_S = 80.0
SAID_S = 3.0
"""A silence is called one after 2.5 s, and read a moment later."""

READ_S = 4.0


_SILENT = """
table inet relay {{
  chain in {{ type filter hook input priority 0; udp {way} {port} drop; }}
}}
"""
"""Where it arrives: who sends what is dropped at home is told so, and coturn then ends what it was for."""


@contextmanager
def silent(relay: TurnServer, network: TerminalNetwork) -> Iterator[None]:
    """The relay hears and says nothing, and nobody is told; what is sent meanwhile is lost."""
    _here("nft", "-f", "-", said=_SILENT.format(way="dport", port=relay.port))
    network.run("nft", "-f", "-", said=_SILENT.format(way="sport", port=relay.port))
    try:
        yield
    finally:
        network.run("nft", "delete", "table", "inet", "relay")
        _here("nft", "delete", "table", "inet", "relay")


def _here(*command: str, said: str = "") -> None:
    subprocess.run(command, input=said, text=True, check=True)


@dataclass
class Relayed:
    """A visit whose media go through one relay, or nowhere."""

    visit: Visit
    relay: TurnServer
    network: TerminalNetwork
    safe: Words
    back: Words


@pytest.fixture(scope="module")
def cable() -> Iterator[TerminalNetwork]:
    with terminal_network() as made:
        yield made


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def relayed(
    tmp_path_factory: pytest.TempPathFactory, browser: Browser, cable: TerminalNetwork
) -> AsyncIterator[Relayed]:
    """One for all outages: what each costs is given back."""
    place = tmp_path_factory.mktemp("relayed")
    with turn_server(cable.host, place, None) as relay:
        servers = [ice_server([relay.udp])]
        async with (
            Family(running=browser) as family,
            met(place, family, cable, LONG_S, relay_only=True, ice_servers=servers) as visit,
        ):
            await watch(visit)
            safe = drawn("visit_reconnecting", place, MIDDLE)
            back = drawn("visit_notice_time_safe", place, REMARK)
            yield Relayed(visit, relay, cable, safe, back)


async def is_read_on_both_sides(relayed: Relayed) -> None:
    """That their time is safe, in a call that is away."""
    await both_read(relayed, relayed.safe, SAFE_ON_PAGE)


async def both_read(relayed: Relayed, words: Words, on_page: str) -> None:
    page = relayed.visit.family.page
    await asyncio.gather(
        words.stands_at(relayed.visit.hall),
        page.wait_for_selector(on_page, timeout=1000 * READ_S),
    )


async def falls_silent(relayed: Relayed, outage_s: float) -> bool:
    """What must hold of each outage, of which both sides read after it that their time is safe; whether
    they had read it by its end."""
    visit, observer = relayed.visit, relayed.visit.hall.trial.observer
    before, mark = kept_by_the_service(visit.hall), observer.mark()
    reading = asyncio.create_task(is_read_on_both_sides(relayed))
    with silent(relayed.relay, relayed.network):
        gone_s = visit.hall.trial.clock.monotonic()
        await wait_until(visit.hall, gone_s + outage_s)
        read = reading.done()
    back_s = visit.hall.trial.clock.monotonic()
    live_s = await live_on_both_sides(visit, back_s)
    assert live_s - back_s <= BACK_S
    await both_read(relayed, relayed.back, BACK_ON_PAGE)
    if read:
        await reading
    reading.cancel()
    given = await given_since(visit, before)
    assert abs(given - (live_s - gone_s)) < FAIR_S
    assert not any(isinstance(m, StageEntered) for m in observer.seen[mark:])
    return read


@pytest.mark.parametrize("outage_s", [40.0, 10.0, 3.0])
async def test_the_visit_is_back_with_the_only_relay_and_its_time_is_safe(
    relayed: Relayed, outage_s: float
) -> None:
    read = await falls_silent(relayed, outage_s)
    assert read or outage_s <= SAID_S


async def test_a_relay_that_is_silent_for_a_second_again_and_again_takes_no_picture_away(
    relayed: Relayed,
) -> None:
    for _ in range(4):
        await falls_silent(relayed, 1.0)
