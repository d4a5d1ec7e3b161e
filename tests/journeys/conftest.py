"""What the journeys share: one sound server for all of them, and a family in a real browser."""

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from kiosk.sandbox.family import Family
from kiosk.sandbox.sound import PrivateSound
from tests.journeys.network import TerminalNetwork, terminal_network


@pytest_asyncio.fixture
async def sound() -> AsyncIterator[PrivateSound]:
    async with PrivateSound() as started:
        yield started


@pytest.fixture
def network() -> Iterator[TerminalNetwork]:
    with terminal_network() as made:
        yield made


@pytest_asyncio.fixture
async def family() -> AsyncIterator[Family]:
    async with Family() as opened:
        yield opened
