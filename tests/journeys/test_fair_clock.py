"""What is lost of a visit is counted, told, and given back."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import psutil

from kiosk.sandbox.database import Database
from kiosk.sandbox.family import Family
from kiosk.sandbox.records import Visit
from kiosk.sandbox.sound import PrivateSound
from kiosk.wire.messages import CallEnded, CallHeard, CallSilent
from tests.journeys.begun import LATE_MS, begun
from tests.journeys.hall import Hall

FAIR_S = 1.0
SOON_S = 2.0
PATIENCE_S = 30.0


@contextmanager
def stopped_browser() -> Iterator[None]:
    """Every process of the family's browser stands still, as on a phone that is locked."""
    mine = psutil.Process().children(recursive=True)
    browser = [process for process in mine if "chrom" in process.name()]
    assert browser
    for process in browser:
        process.suspend()
    try:
        yield
    finally:
        for process in browser:
            process.resume()


def kept_by_the_service(hall: Hall, reference: str) -> Visit:
    database = Database(hall.trial.database_file)
    try:
        rows = database.rows("SELECT document FROM visits WHERE reference = ?", reference)
    finally:
        database.close()
    return msgspec.json.decode(rows[0][0], type=Visit)


async def test_what_a_silent_line_costs_is_given_back(
    tmp_path: Path, family: Family, sound: PrivateSound
) -> None:
    async with begun(tmp_path, family, sound, visit_s=12.0, credit_limit_s=60.0) as visit:
        observer, clock = visit.hall.trial.observer, visit.hall.trial.clock
        with stopped_browser():
            silent = await observer.wait_for(CallSilent)
        await observer.wait_for(CallHeard, patience_s=SOON_S)
        lost_s = clock.monotonic() - silent.since_s
        ended = await observer.wait_for(CallEnded, patience_s=PATIENCE_S)
        kept = kept_by_the_service(visit.hall, "v1-sam-mum")
        assert abs(kept.lost.link - lost_s) < FAIR_S
        assert abs(kept.given_s - kept.lost.link - kept.lost_before.prison) < FAIR_S
        assert 0 <= ended.at_s - visit.ends_at_s - kept.given_s <= LATE_MS / 1000
