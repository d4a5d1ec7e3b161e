"""Lost time is given back, but no visit is longer than the site allows."""

from pathlib import Path

import pytest

from kiosk.sandbox.family import Family
from tests.journeys.begun import Visit, wait_until
from tests.journeys.kept import kept_by_the_service
from tests.journeys.meeting import met
from tests.journeys.network import TerminalNetwork

pytestmark = [pytest.mark.root, pytest.mark.slow]

VISIT_S = 14.0
LONGER_S = 3.0
DOWN_S = 7.0


async def test_a_long_outage_is_given_back_up_to_the_latest_end_and_no_further(
    tmp_path: Path, family: Family, network: TerminalNetwork
) -> None:
    await family.never_hang_up()
    async with met(tmp_path, family, network, VISIT_S, extension_limit_s=LONGER_S) as visit:
        hall = visit.hall
        network.take_down()
        await wait_until(hall, hall.trial.clock.monotonic() + DOWN_S)
        network.bring_up()
        latest = Visit(hall, family, visit.ends_at_ms + round(1000 * LONGER_S))
        await latest.call_ended_in_time()
        await latest.browser_heard_nothing_later()
        kept = kept_by_the_service(hall)
        assert kept.lost.link > DOWN_S - 1, "more than there was room for"
        assert kept.given_s == LONGER_S
        await hall.has_record(next_stage="Goodbye", visit="v1-sam-mum", detail="time_up")
