"""What the service keeps of a visit: what was lost to what, and what was given back."""

import asyncio
from typing import Final

import msgspec

from kiosk.clock import Seconds
from kiosk.sandbox.database import Database
from kiosk.sandbox.records import Visit as Kept
from tests.journeys.begun import Visit
from tests.journeys.hall import Hall

SAMS: Final = "v1-sam-mum"
TOLD_S: Final[Seconds] = 3.0
LOOK_S: Final = 0.1


def kept_by_the_service(hall: Hall, reference: str = SAMS) -> Kept:
    database = Database(hall.trial.database_file)
    try:
        rows = database.rows("SELECT document FROM visits WHERE reference = ?", reference)
    finally:
        database.close()
    return msgspec.json.decode(rows[0][0], type=Kept)


async def given_since(visit: Visit, before: Kept) -> Seconds:
    """How much more was given back, once it is; nothing if that takes long."""
    clock = visit.hall.trial.clock
    until_s = clock.monotonic() + TOLD_S
    while (given_s := kept_by_the_service(visit.hall).given_s) == before.given_s:
        if clock.monotonic() > until_s:
            break
        await asyncio.sleep(LOOK_S)  # another process writes it: there is no event
    return given_s - before.given_s
