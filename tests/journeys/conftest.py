"""What the journeys share: a browser for all of them, and for each a family in it, and sound."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from kiosk.sandbox.family import Family, chromium
from kiosk.sandbox.sound import PrivateSound
from tests.journeys.network import TerminalNetwork, terminal_network
from tests.journeys.reading import BESIDE, Words, drawn

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All journeys run in one loop, so that one browser serves them."""
    for item in items:
        if HERE in item.path.parents and pytest_asyncio.is_async_test(item):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest_asyncio.fixture(loop_scope="session")
async def sound() -> AsyncIterator[PrivateSound]:
    async with PrivateSound() as started:
        yield started


@pytest.fixture
def network() -> Iterator[TerminalNetwork]:
    with terminal_network() as made:
        yield made


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """It takes longer to start than a person to hold a card and touch Join."""
    async with chromium() as started:
        yield started


@pytest_asyncio.fixture(loop_scope="session")
async def family(browser: Browser) -> AsyncIterator[Family]:
    """With a page of their own: nothing is known of the journey before."""
    async with Family(running=browser) as opened:
        yield opened


@pytest.fixture(scope="session")
def in_vain(tmp_path_factory: pytest.TempPathFactory) -> Words:
    """That the visitor is here, and that an officer should be told that it takes too long."""
    directory = tmp_path_factory.mktemp("words")
    return drawn("connecting_in_vain", directory, BESIDE)
