"""Visitors who leave and return, wait to be let in, or have no camera; a strange card."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from kiosk.clock import SystemClock
from kiosk.core.restraint import MOST, WITHIN_S
from kiosk.sandbox.family import SILENCE, Family
from kiosk.sandbox.sound import PrivateSound
from kiosk.sandbox.trial import Equipment
from kiosk.wire.messages import CallStats, PictureStats, RemoteDrawn, StageEntered
from tests.journeys.begun import Visit, begun
from tests.journeys.hall import Hall, card_of, open_hall
from tests.sandbox.meeting import admit_all, take_back
from tests.sandbox.officer import Officer, at_the_desk

LONG_S = 40.0
MANY_S = 180.0
RELOADS = 50
HEARING_S = 1.0
AUDIBLE_RMS = 0.001
BLACK_A_SECOND = 4
"""A terminal that may send no picture sends a black one each half second."""


@asynccontextmanager
async def waiting_to_be_let_in(
    tmp_path: Path, family: Family, sound: PrivateSound
) -> AsyncIterator[tuple[Hall, Officer]]:
    """Dan waits at the terminal, his family in the lobby, and an officer has yet to decide."""
    async with open_hall(tmp_path, Equipment(sound.environment, audio="pulse")) as hall:
        trial = hall.trial
        async with at_the_desk(trial.addresses.officer, trial.desk_password) as officer:
            await family.open(trial.family_url("v2-dan-mum"))
            await family.enter_lobby()
            hall.book("Dan", LONG_S)
            await hall.shows_card(card_of("Dan"))
            await hall.sees("Welcome")
            await hall.touches("join")
            await hall.sees("Waiting")
            yield hall, officer


async def stats_of_the_next_seconds(hall: Hall) -> tuple[CallStats, CallStats]:
    """What the call counted first from now on, and two reports later."""
    observer, mark = hall.trial.observer, hall.trial.observer.mark()
    first = await observer.wait_for(CallStats, since=mark)
    since = observer.seen.index(first, mark) + 1
    second = await observer.wait_for(CallStats, since=since)
    since = observer.seen.index(second, since) + 1
    return first, await observer.wait_for(CallStats, since=since)


async def test_a_visitor_who_reloads_the_page_fifty_times_is_back_and_floods_no_record(
    tmp_path: Path, family: Family, sound: PrivateSound
) -> None:
    began_s = SystemClock().monotonic()
    async with begun(tmp_path, family, sound, visit_s=MANY_S, hangs_up=True) as visit:
        observer = visit.hall.trial.observer
        for _ in range(RELOADS):
            await family.page.reload()
        last_s = visit.hall.trial.clock.monotonic()
        drawn = await observer.wait_for(RemoteDrawn, since=observer.mark(), patience_s=20)
        assert drawn.at_s > last_s
        await family.sees_call()
        came = [each for each in visit.hall.records() if each["event"] == "VisitorReady"]
        minutes = 1 + (visit.hall.trial.clock.monotonic() - began_s) // WITHIN_S
        assert 0 < len(came) <= MOST * minutes


async def test_a_visitor_without_a_camera_is_heard(tmp_path: Path, sound: PrivateSound) -> None:
    async with (
        Family(camera=False) as family,
        open_hall(tmp_path, Equipment(sound.environment, audio="pulse")) as hall,
    ):
        await family.open(hall.trial.family_url("v1-sam-mum"))
        await family.enter_lobby()
        await hall.shows_card(card_of("Sam"))
        await hall.sees("Welcome")
        await hall.touches("join")
        await hall.has_record(event="VisitorReady", visit="v1-sam-mum", detail="no_camera")
        await hall.sees("Visit")  # drawn when the call is up: live, and with no place for a picture
        assert await sound.speaker_rms(HEARING_S) > AUDIBLE_RMS
        assert (await family.heard()).rms_since(SILENCE) > AUDIBLE_RMS
        await stats_of_the_next_seconds(hall)
        of_a_picture = (RemoteDrawn, PictureStats)
        assert not any(isinstance(m, of_a_picture) for m in hall.trial.observer.seen), "sound only"


async def test_an_officer_lets_the_family_in_and_the_visit_begins(
    tmp_path: Path, family: Family, sound: PrivateSound
) -> None:
    async with waiting_to_be_let_in(tmp_path, family, sound) as (hall, officer):
        mark = hall.trial.observer.mark()
        assert await family.last_packet_ms() is None
        await admit_all(officer)
        await hall.sees("Visit")
        await hall.trial.observer.wait_for(RemoteDrawn, since=mark)
        await family.sees_call()
        entered = [m.stage for m in hall.trial.observer.seen[mark:] if isinstance(m, StageEntered)]
        assert entered == ["Connecting", "InVisit"]
        assert await sound.speaker_rms(HEARING_S) > AUDIBLE_RMS


async def test_a_visitor_who_is_not_admitted_any_more_keeps_nothing_by_not_hanging_up(
    tmp_path: Path, family: Family, sound: PrivateSound
) -> None:
    await family.never_hang_up()
    async with waiting_to_be_let_in(tmp_path, family, sound) as (hall, officer):
        observer = hall.trial.observer
        await admit_all(officer)
        await observer.wait_for(RemoteDrawn)
        await hall.sees("Visit")
        mark = observer.mark()
        await take_back(officer)
        await observer.drawn("Visit", since=mark)
        mark, heard = observer.mark(), await family.heard()
        first, last = await stats_of_the_next_seconds(hall)
        assert last.call == first.call, "the browser keeps the call"
        assert last.frames_sent - first.frames_sent <= 2 * BLACK_A_SECOND
        assert (await family.heard()).rms_since(heard) < AUDIBLE_RMS
        assert await sound.speaker_rms(HEARING_S) < AUDIBLE_RMS
        assert not any(isinstance(m, PictureStats) for m in observer.seen[mark:])
        mark = observer.mark()
        await admit_all(officer)
        again = await observer.wait_for(RemoteDrawn, since=mark)
        assert again.call > first.call
        await family.sees_call()
        assert await sound.speaker_rms(HEARING_S) > AUDIBLE_RMS
        assert not any(isinstance(m, StageEntered) for m in observer.seen[mark:])


async def test_a_visitor_who_ends_in_private_is_not_named_at_the_terminal(
    tmp_path: Path, family: Family, sound: PrivateSound
) -> None:
    async with begun(tmp_path, family, sound, visit_s=LONG_S, hangs_up=True) as visit:
        await family.page.click("#end")
        await family.page.click("#end-tell")
        await visit.hall.sees("Goodbye")
        await visit.hall.has_record(stage="InVisit", next_stage="Goodbye", detail="ended")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def visit(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> AsyncIterator[Visit]:
    """One for all tests that leave it as they found it."""
    directory = tmp_path_factory.mktemp("visit")
    async with (
        Family(running=browser) as family,
        PrivateSound() as sound,
        begun(directory, family, sound, visit_s=LONG_S, hangs_up=True) as begun_visit,
    ):
        yield begun_visit


async def test_a_visitor_who_reloads_the_page_is_back_without_a_touch_at_the_terminal(
    visit: Visit,
) -> None:
    observer = visit.hall.trial.observer
    mark = observer.mark()
    await visit.family.page.reload()
    await observer.wait_for(RemoteDrawn, since=mark)
    await visit.family.sees_call()
    assert not any(isinstance(m, StageEntered) for m in observer.seen[mark:])


async def test_a_visitor_who_closes_the_page_and_returns_is_back_without_a_touch_at_the_terminal(
    visit: Visit,
) -> None:
    observer = visit.hall.trial.observer
    mark = observer.mark()
    await visit.family.close_page()
    await visit.hall.has_record(event="VisitorLeft", stage="InVisit")
    await visit.family.open(visit.hall.trial.family_url("v1-sam-mum"))
    await observer.wait_for(RemoteDrawn, since=mark)
    await visit.family.sees_call()
    assert not any(isinstance(m, StageEntered) for m in observer.seen[mark:])


async def test_a_second_persons_card_during_a_visit_is_told_and_recorded_and_changes_nothing(
    visit: Visit,
) -> None:
    observer = visit.hall.trial.observer
    mark = observer.mark()
    await visit.hall.shows_card(card_of("Omar"))
    await visit.hall.has_record(
        event="CardPresented", stage="InVisit", next_stage="InVisit", detail="other_card"
    )
    await observer.drawn("Visit", since=mark)
    assert not any(isinstance(m, StageEntered) for m in observer.seen[mark:])
