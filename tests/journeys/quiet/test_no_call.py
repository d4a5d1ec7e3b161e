"""No call comes about, whatever is the reason: a person reads it, it is on record, and over in time."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from kiosk.core.projection import PATIENT_ATTEMPTS
from kiosk.sandbox.family import Family
from kiosk.sandbox.files import Scalar, Table
from kiosk.sandbox.sound import PrivateSound
from kiosk.sandbox.trial import Equipment
from kiosk.visit.reasons import NoAnswer
from tests.journeys.hall import Hall, card_of, open_hall
from tests.journeys.network import Connected, TerminalNetwork
from tests.journeys.reading import Words
from tests.sandbox import janus as inside
from tests.sandbox.garbling import GarblingLine, How
from tests.turn import ice_server, turn_server

VISIT_S = 20.0
ANSWER_S = 1.0


def _heard(sound: PrivateSound, settings: Mapping[str, Scalar | Table]) -> Equipment:
    """With sound devices: a fault of them would be read first."""
    return Equipment(sound.environment, audio="pulse", service_settings=settings)


async def joins(hall: Hall, family: Family, *, answers: bool = True) -> None:
    """Sam joins, and his family is in the waiting room."""
    await family.open(hall.trial.family_url("v1-sam-mum"))
    if not answers:
        await family.never_answer()
    await family.enter_lobby()
    hall.book("Sam", VISIT_S)
    await hall.shows_card(card_of("Sam"))
    await hall.sees("Welcome")
    await hall.touches("join")
    await hall.sees("Connecting")


async def fails_plainly_and_ends(
    hall: Hall, family: Family, in_vain: Words, why: str, event: str = "OfferFailed"
) -> None:
    """The person reads whom to tell, why is on record again and again, and both sides are free when the
    visit is over."""
    await in_vain.stands_at(hall, VISIT_S)
    await hall.has_record(event=event, visit="v1-sam-mum", detail=why)
    await hall.sees("Goodbye", patience_s=VISIT_S + 5)
    await hall.has_record(next_stage="Goodbye", visit="v1-sam-mum", detail="time_up")
    failed = [each for each in hall.records() if each["event"] == event]
    assert len(failed) > PATIENT_ATTEMPTS
    assert "The time is up" in await family.sees_end()
    await hall.touches("done")
    await hall.sees("Idle")
    await hall.shows_card(card_of("Dan"))
    await hall.sees("Welcome")


async def test_answers_that_never_come_are_on_record_and_the_visit_ends_in_time(
    tmp_path: Path, family: Family, sound: PrivateSound, in_vain: Words
) -> None:
    settings: Table = {"answer_s": ANSWER_S, "credit_limit_s": 0.0}
    async with open_hall(tmp_path, _heard(sound, settings)) as hall:
        await joins(hall, family, answers=False)
        await fails_plainly_and_ends(hall, family, in_vain, NoAnswer.VISITOR_GONE)


@pytest.mark.parametrize("how", ["garbage", "error"])
async def test_a_media_server_that_answers_nonsense_is_on_record_and_keeps_no_room(
    tmp_path: Path, family: Family, sound: PrivateSound, in_vain: Words, how: How
) -> None:
    async with inside.running(tmp_path / "janus") as janus:
        known = inside.settings_of(janus, tmp_path)
        line = GarblingLine(known.url, how)
        async with line.running() as url:
            spoiled: Table = {**janus.settings, "url": url}
            equipment = _heard(sound, {"credit_limit_s": 0.0, "janus": spoiled})
            async with open_hall(tmp_path / "hall", equipment) as hall:
                await joins(hall, family)
                assert list(await inside.rooms(known)) == ["visit-v1-sam-mum"]
                await fails_plainly_and_ends(hall, family, in_vain, NoAnswer.SILENCE)
                assert line.spoiled > PATIENT_ATTEMPTS, "each time by what Janus said"
                await inside.until_nothing_is_left(janus, known)


@pytest.mark.root
async def test_a_relay_whose_password_has_ended_is_on_record_and_leaves_nothing_stuck(
    tmp_path: Path, family: Family, sound: PrivateSound, network: TerminalNetwork, in_vain: Words
) -> None:
    with turn_server(network.host, tmp_path, None) as relay:
        equipment = Equipment(
            sound.environment,
            audio="pulse",
            service_host=network.host,
            accounts=Connected(network),
            service_settings={
                "credit_limit_s": 0.0,
                "relay_only": True,
                "ice_servers": [ice_server([relay.udp], life_s=-3600)],
            },
        )
        async with open_hall(tmp_path, equipment) as hall:
            await joins(hall, family)
            await fails_plainly_and_ends(hall, family, in_vain, "no_relay", event="CallLost")
