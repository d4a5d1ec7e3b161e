"""What is lost while Janus is away is safe: both sides read so, and it is given back."""

from pathlib import Path

from kiosk.clock import Seconds
from kiosk.sandbox.family import Family
from kiosk.sandbox.sound import PrivateSound
from tests.journeys.begun import begun, wait_until
from tests.journeys.kept import given_since, kept_by_the_service
from tests.journeys.live import live_on_both_sides, watch
from tests.journeys.reading import drawn, page_says_safe

AWAY_S: Seconds = 5.0
BACK_S: Seconds = 5.0
FAIR_S: Seconds = 1.0


async def test_what_a_killed_janus_costs_is_given_back(
    tmp_path: Path, family: Family, sound: PrivateSound
) -> None:
    safe = drawn("visit_reconnecting", tmp_path / "words")
    async with begun(
        tmp_path / "visit", family, sound, visit_s=20.0, credit_limit_s=60.0, sfu="janus"
    ) as visit:
        trial = visit.hall.trial
        await watch(visit)
        before = kept_by_the_service(visit.hall)
        gone_s = trial.clock.monotonic()
        await trial.janus.kill()
        await safe.stands_at(visit.hall)
        await wait_until(visit.hall, gone_s + AWAY_S)
        assert await page_says_safe(family.page)
        await trial.janus.start()
        back_s = trial.clock.monotonic()
        live_s = await live_on_both_sides(visit, back_s)
        assert live_s - back_s <= BACK_S
        assert abs(await given_since(visit, before) - (live_s - gone_s)) < FAIR_S
