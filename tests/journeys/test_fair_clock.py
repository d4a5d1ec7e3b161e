"""What is lost of a visit is counted, told, and given back."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from kiosk.sandbox.family import Family
from kiosk.sandbox.sound import PrivateSound
from kiosk.wire.messages import CallEnded, CallSilent, StageEntered
from tests.journeys.begun import LATE_MS, begun, wait_until
from tests.journeys.kept import given_since, kept_by_the_service
from tests.journeys.meeting import live_again_s

LOCKED_S = 8.0
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


async def test_what_a_locked_phone_costs_is_given_back(
    tmp_path: Path, family: Family, sound: PrivateSound
) -> None:
    async with begun(tmp_path, family, sound, visit_s=14.0, credit_limit_s=60.0) as visit:
        observer = visit.hall.trial.observer
        before, mark = kept_by_the_service(visit.hall), observer.mark()
        with stopped_browser():
            silent = await observer.wait_for(CallSilent)
            await wait_until(visit.hall, silent.since_s + LOCKED_S)
        lost_s = await live_again_s(visit, mark) - silent.since_s
        assert lost_s < LOCKED_S + SOON_S
        await family.sees_call()
        assert not any(isinstance(m, StageEntered) for m in observer.seen[mark:])
        assert abs(await given_since(visit, before) - lost_s) < FAIR_S
        ended = await observer.wait_for(CallEnded, patience_s=PATIENCE_S)
        kept = kept_by_the_service(visit.hall)
        assert kept.lost.visitor < FAIR_S, "nobody is blamed for what is not known"
        assert 0 <= ended.at_s - visit.ends_at_s - kept.given_s <= LATE_MS / 1000
