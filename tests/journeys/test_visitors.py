"""Visitors who do not come, leave and return, or have no camera; and a stranger with a card."""

from pathlib import Path

from kiosk.sandbox.family import SILENCE, Family
from kiosk.sandbox.sound import PrivateSound
from kiosk.sandbox.trial import Equipment
from kiosk.wire.messages import CallConnected, RemoteDrawn, StageEntered
from tests.journeys.begun import begun
from tests.journeys.hall import card_of, open_hall

LONG_S = 40.0
HEARING_S = 1.0
AUDIBLE_RMS = 0.001


async def test_a_visitor_who_never_comes_is_waited_for_and_then_said_to_be_missing(
    tmp_path: Path,
) -> None:
    async with open_hall(tmp_path, Equipment(service_settings={"visitor_wait_s": 3.0})) as hall:
        await hall.shows_card(card_of("Sam"))
        await hall.sees("Welcome")
        await hall.touches("join")
        await hall.sees("Waiting")
        await hall.sees("Goodbye")
        await hall.has_record(stage="WaitingRoom", detail="visitor_did_not_come")


async def test_a_visitor_who_reloads_the_page_is_back_without_a_touch_at_the_terminal(
    tmp_path: Path, family: Family, sound: PrivateSound
) -> None:
    async with begun(tmp_path, family, sound, visit_s=LONG_S, hangs_up=True) as visit:
        observer = visit.hall.trial.observer
        mark = observer.mark()
        await family.page.reload()
        await observer.wait_for(RemoteDrawn, since=mark)
        await family.sees_call()
        assert not any(isinstance(m, StageEntered) for m in observer.seen[mark:])


async def test_a_visitor_who_closes_the_page_and_returns_is_back_without_a_touch_at_the_terminal(
    tmp_path: Path, family: Family, sound: PrivateSound
) -> None:
    async with begun(tmp_path, family, sound, visit_s=LONG_S, hangs_up=True) as visit:
        observer = visit.hall.trial.observer
        mark = observer.mark()
        await family.close_page()
        await visit.hall.has_record(event="VisitorLeft", stage="InVisit")
        await family.open(visit.hall.trial.family_url("v1-sam-mum"))
        await family.enter_lobby()
        await observer.wait_for(RemoteDrawn, since=mark)
        await family.sees_call()
        assert not any(isinstance(m, StageEntered) for m in observer.seen[mark:])


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
        await hall.sees("Visit")
        await hall.trial.observer.wait_for(CallConnected)
        assert await sound.speaker_rms(HEARING_S) > AUDIBLE_RMS
        assert (await family.heard()).rms_since(SILENCE) > AUDIBLE_RMS
        assert not any(isinstance(m, RemoteDrawn) for m in hall.trial.observer.seen)


async def test_a_second_persons_card_during_a_visit_changes_nothing_but_is_recorded(
    tmp_path: Path, family: Family, sound: PrivateSound
) -> None:
    async with begun(tmp_path, family, sound, visit_s=LONG_S) as visit:
        observer = visit.hall.trial.observer
        mark = observer.mark()
        await visit.hall.shows_card(card_of("Omar"))
        await visit.hall.has_record(
            event="CardPresented", stage="InVisit", next_stage="InVisit", detail="other_card"
        )
        assert not any(isinstance(m, StageEntered) for m in observer.seen[mark:])


async def test_a_visitor_who_ends_in_private_is_not_named_at_the_terminal(
    tmp_path: Path, family: Family, sound: PrivateSound
) -> None:
    async with begun(tmp_path, family, sound, visit_s=LONG_S, hangs_up=True) as visit:
        await family.page.click("#end")
        await family.page.click("#end-tell")
        await visit.hall.sees("Goodbye")
        await visit.hall.has_record(stage="InVisit", next_stage="Goodbye", detail="ended")
