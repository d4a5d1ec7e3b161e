"""The real client, and its parts, against servers on loopback."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, ExitStack
from typing import Protocol

import pytest

from kiosk.clock import SystemClock
from kiosk.core.service.address import address_of
from kiosk.core.service.client import VisitServiceClient
from kiosk.core.service.clock_offset import ServiceTime
from kiosk.core.service.events import EventsLane, Listener
from kiosk.core.service.http import MAX_REPLY_BYTES, Reply, Request, Transport
from kiosk.core.service.leash import Leash
from kiosk.core.settings import ServiceSettings
from tests.core.service.hostile import Hostile
from tests.core.service.listening import Heard, Listen

CLOCK = SystemClock()


class Exchange(Protocol):
    def __call__(
        self, url: str, limit_s: float = 5.0, limit_bytes: int = MAX_REPLY_BYTES
    ) -> Reply: ...


@pytest.fixture
def transport_to() -> Iterator[Callable[[str], Transport]]:
    """Makes transports; all of them are closed in the end."""
    with ExitStack() as stack:

        def make(url: str) -> Transport:
            transport = Transport(address_of(url), None, "t1", CLOCK)
            stack.callback(transport.close)
            return transport

        yield make


@pytest.fixture
def exchange(transport_to: Callable[[str], Transport]) -> Exchange:
    """One POST with its reply, by a transport of its own."""

    def do(url: str, limit_s: float = 5.0, limit_bytes: int = MAX_REPLY_BYTES) -> Reply:
        request = Request(
            "POST", address_of(url).operation("audit"), b"{}", reply_limit_bytes=limit_bytes
        )
        with Leash(CLOCK, limit_s) as leash:
            return transport_to(url).exchange(request, leash)

    return do


ClientFor = Callable[[ServiceSettings], VisitServiceClient]


@pytest.fixture
async def client_for() -> AsyncIterator[ClientFor]:
    """Makes started clients that listen to nothing; all of them are closed in the end."""
    async with AsyncExitStack() as stack:

        def make(settings: ServiceSettings) -> VisitServiceClient:
            client = VisitServiceClient(settings, "t1", CLOCK, ServiceTime())
            client.start(None, Listener(lambda: None, lambda _: None, lambda *_: None))
            stack.push_async_callback(client.close)
            return client

        yield make


@pytest.fixture
def client_at(client_for: ClientFor) -> Callable[[str], VisitServiceClient]:
    return lambda url: client_for(ServiceSettings(url))


@pytest.fixture
async def listen() -> AsyncIterator[Listen]:
    """Starts lanes; all of them are closed in the end."""
    async with AsyncExitStack() as stack:

        def start(server: Hostile, last_id: str | None = None, silence_s: float = 8.0) -> Heard:
            address = address_of(server.url)
            lane = EventsLane(
                address.operation("events"), Transport(address, None, "t1", CLOCK), CLOCK, silence_s
            )
            heard = Heard()
            heard.lane = lane
            lane.start(last_id, heard.listener)

            async def close() -> None:
                lane.stop()
                await asyncio.to_thread(lane.join)

            stack.push_async_callback(close)
            return heard

        yield start
