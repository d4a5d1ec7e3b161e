"""The real sandbox on loopback, terminals that speak real HTTP to it, and a real browser."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import ClientSession, ClientTimeout
from playwright.async_api import Browser, BrowserContext

from kiosk.clock import Seconds, SystemClock
from kiosk.sandbox.app import Sandbox
from kiosk.sandbox.instants import now_ms
from kiosk.sandbox.janus_process import JanusProcess
from kiosk.sandbox.samples import add_samples
from kiosk.sandbox.settings import JanusSettings, Settings
from tests.sandbox import janus as inside
from tests.sandbox.browser import FAKE_DEVICES, chromium, phone
from tests.sandbox.family import FamilyPage, opened
from tests.sandbox.officer import Officer, at_the_desk
from tests.sandbox.terminal import Terminal

HERE = Path(__file__).parent
DESK_PASSWORD = "for tests only"
VISIT_S = 300.0


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All tests of this folder run in one loop, so that one browser serves them."""
    for item in items:
        if item.path.parent == HERE and pytest_asyncio.is_async_test(item):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


class ShiftedClock:
    """The system's clocks, moved on by hand."""

    def __init__(self) -> None:
        self.shift_s: Seconds = 0.0
        self._system = SystemClock()

    def monotonic(self) -> Seconds:
        return self._system.monotonic() + self.shift_s

    def utc(self) -> datetime:
        return self._system.utc() + timedelta(seconds=self.shift_s)


@pytest.fixture
def clock() -> ShiftedClock:
    return ShiftedClock()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        database=tmp_path / "sandbox.db",
        desk_password=DESK_PASSWORD,
        ping_s=0.1,
        grace_s=0.3,
        answer_s=1.0,
        credited=("link", "terminal"),
    )


@pytest_asyncio.fixture(loop_scope="session")
async def janus(tmp_path: Path) -> AsyncIterator[JanusProcess]:
    async with inside.running(tmp_path / "janus") as process:
        yield process


@pytest.fixture
def known(janus: JanusProcess, tmp_path: Path) -> JanusSettings:
    """What the service knows of Janus, and nobody else."""
    return inside.settings_of(janus, tmp_path)


@pytest.fixture
def relayed_settings(known: JanusSettings, tmp_path: Path) -> Settings:
    """Media go through Janus; what nobody ends goes on for an hour after its end."""
    return Settings(
        database=tmp_path / "sandbox.db",
        desk_password=DESK_PASSWORD,
        ping_s=0.1,
        grace_s=0.5,
        answer_s=5.0,
        overrun_s=3600.0,
        janus=known,
    )


@pytest_asyncio.fixture(loop_scope="session")
async def sandbox(settings: Settings, clock: ShiftedClock) -> AsyncIterator[Sandbox]:
    """A started service with the sample people."""
    service = Sandbox(settings, clock)
    add_samples(service.people, service.bookings, now_ms(clock), VISIT_S)
    await service.start()
    yield service
    await service.close()


@pytest_asyncio.fixture(loop_scope="session")
async def session() -> AsyncIterator[ClientSession]:
    async with ClientSession(timeout=ClientTimeout(total=20)) as session:
        yield session


@pytest.fixture
def terminal_at(sandbox: Sandbox, session: ClientSession) -> Callable[..., Terminal]:
    def make(id_: str = "t1", hall: str = "Hall A") -> Terminal:
        return Terminal(session, sandbox.api_url, id_, hall)

    return make


@pytest.fixture
def terminal(terminal_at: Callable[..., Terminal]) -> Terminal:
    return terminal_at()


@pytest_asyncio.fixture(loop_scope="session")
async def officer(sandbox: Sandbox) -> AsyncIterator[Officer]:
    async with at_the_desk(sandbox.officer_url, DESK_PASSWORD) as officer:
        yield officer


@pytest.fixture
def family(
    sandbox: Sandbox, session: ClientSession
) -> Callable[..., AbstractAsyncContextManager[FamilyPage]]:
    """Opens the link of a booking, by reference."""

    def open_link(reference: str, **given: str | None) -> AbstractAsyncContextManager[FamilyPage]:
        return opened(session, sandbox.family_url(reference), **given)

    return open_link


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def started_browser() -> AsyncIterator[Browser]:
    """It takes longer to start than many a test to run."""
    async with chromium(*FAKE_DEVICES) as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="session")
async def browser(started_browser: Browser) -> AsyncIterator[Browser]:
    """Nothing that a test opened stays open, and nothing is known of the test before."""
    yield started_browser
    for context in started_browser.contexts:
        await context.close()


@pytest_asyncio.fixture(loop_scope="session")
async def mums_phone(browser: Browser) -> AsyncIterator[BrowserContext]:
    context = await phone(browser)
    yield context
    await context.close()
