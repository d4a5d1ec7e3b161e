"""kill -9 of any one program during a visit: it is back, and the visit goes on."""

import asyncio
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from kiosk.clock import Seconds
from kiosk.sandbox.family import Family
from kiosk.sandbox.sound import PrivateSound
from kiosk.wire.messages import PictureStats, RemoteDrawn, StageEntered
from tests.journeys.begun import Visit, begun
from tests.journeys.hall import card_of

BACK_S: Seconds = 5.0
VISIT_S: Seconds = 60.0


def frames_are_drawn(visit: Visit, since: int) -> int:
    """How many pictures of the visitor the screen has drawn, by its newest word."""
    stats = [m for m in visit.hall.trial.observer.seen[since:] if isinstance(m, PictureStats)]
    return stats[-1].frames_drawn if stats else 0


async def test_core_is_killed_and_goes_on_with_the_same_call_to_its_end(
    tmp_path: Path, family: Family, sound: PrivateSound
) -> None:
    async with begun(tmp_path, family, sound, visit_s=2 * BACK_S) as visit:
        observer = visit.hall.trial.observer
        mark = observer.mark()
        drawn = frames_are_drawn(visit, 0)
        visit.send(signal.SIGKILL, "kiosk-core")
        back = await observer.wait_for(StageEntered, since=mark, patience_s=BACK_S)
        assert back.stage == "InVisit"
        await observer.wait_for(
            PictureStats, lambda stats: stats.frames_drawn > drawn, since=mark, patience_s=BACK_S
        )
        assert not any(isinstance(m, RemoteDrawn) for m in observer.seen[mark:])
        await visit.call_ended_in_time()
        await visit.hall.sees("Goodbye")
        await visit.browser_heard_nothing_later()
        await visit.hall.has_record(stage="InVisit", next_stage="Goodbye", detail="time_up")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def visit(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> AsyncIterator[Visit]:
    """One for all tests that leave it as they found it."""
    async with (
        Family(running=browser) as family,
        PrivateSound() as sound,
        begun(tmp_path_factory.mktemp("visit"), family, sound, visit_s=VISIT_S) as begun_visit,
    ):
        yield begun_visit


async def test_the_bridge_is_killed_and_hears_the_next_card(visit: Visit) -> None:
    observer = visit.hall.trial.observer
    mark = observer.mark()
    visit.send(signal.SIGKILL, "firmware-bridge")
    async with asyncio.timeout(BACK_S):
        while not await visit.hall.tries_card(card_of("Omar"), since=mark):
            pass  # a card that is shown while core does not listen is lost
    await visit.hall.has_record(stage="InVisit", next_stage="InVisit", detail="other_card")
    assert not any(isinstance(m, StageEntered) for m in observer.seen[mark:])


async def test_the_screen_is_killed_and_draws_the_same_visit_again(visit: Visit) -> None:
    observer = visit.hall.trial.observer
    mark = observer.mark()
    visit.send(signal.SIGKILL, "kiosk-ui")
    await observer.drawn("Visit", since=mark, patience_s=BACK_S)
    await observer.wait_for(RemoteDrawn, since=mark, patience_s=BACK_S)
    assert not any(isinstance(m, StageEntered) for m in observer.seen[mark:])


async def test_the_call_is_killed_and_joined_again_without_a_touch(visit: Visit) -> None:
    observer = visit.hall.trial.observer
    mark = observer.mark()
    visit.send(signal.SIGKILL, "kiosk-call")
    await observer.wait_for(RemoteDrawn, since=mark, patience_s=BACK_S)
    assert not any(isinstance(m, StageEntered) for m in observer.seen[mark:])
