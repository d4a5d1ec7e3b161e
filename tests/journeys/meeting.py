"""Two who have met, the terminal in a network of its own."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from kiosk.clock import Seconds
from kiosk.sandbox.family import Family
from kiosk.sandbox.files import Scalar, Table
from kiosk.sandbox.trial import Equipment
from kiosk.wire.messages import CallConnected, CallHeard, CallStats
from tests.journeys.begun import Visit, begin
from tests.journeys.hall import Hall, open_hall
from tests.journeys.network import Connected, TerminalNetwork

PATIENCE_S = 60.0


@asynccontextmanager
async def met(
    tmp_path: Path,
    family: Family,
    network: TerminalNetwork,
    visit_s: Seconds,
    call_network: Table | None = None,
    **service_settings: Scalar | list[Table],
) -> AsyncIterator[Visit]:
    """The two see each other, and the terminal has measured it."""
    equipment = Equipment(
        service_host=network.host,
        accounts=Connected(network),
        call_network=call_network or {},
        service_settings={"credit_limit_s": 300.0, **service_settings},
    )
    async with open_hall(tmp_path, equipment) as hall:
        yield await meet(hall, family, visit_s)


async def meet(hall: Hall, family: Family, visit_s: Seconds) -> Visit:
    """Sam and his mother, until they see each other and the terminal has measured it."""
    visit = await begin(hall, family, visit_s)
    await hall.trial.observer.wait_for(CallStats)
    return visit


async def live_again_s(visit: Visit, since: int) -> Seconds:
    """When sound and picture came again, after a silence or in a new call."""
    clock, observer = visit.hall.trial.clock, visit.hall.trial.observer
    again = [
        asyncio.create_task(observer.wait_for(kind, since=since, patience_s=PATIENCE_S))
        for kind in (CallHeard, CallConnected)
    ]
    await asyncio.wait(again, return_when=asyncio.FIRST_COMPLETED)
    live_s = clock.monotonic()
    for task in again:
        task.cancel()
    await asyncio.gather(*again, return_exceptions=True)
    return live_s
