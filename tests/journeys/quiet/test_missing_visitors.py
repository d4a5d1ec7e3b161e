"""Visitors who do not come, or who open the page and get no further."""

from pathlib import Path

from kiosk.sandbox.family import Family
from kiosk.sandbox.trial import Equipment
from tests.journeys.hall import card_of, open_hall

WAIT_S = 8.0
"""How long a visitor who never opens the page is waited for."""


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


async def test_a_visitor_who_opens_the_page_and_never_gets_ready_is_not_said_to_be_missing(
    tmp_path: Path, family: Family
) -> None:
    settings = {"visitor_wait_s": WAIT_S, "credit_limit_s": 0.0}
    async with open_hall(tmp_path, Equipment(service_settings=settings)) as hall:
        hall.book("Sam", 2 * WAIT_S)
        await hall.shows_card(card_of("Sam"))
        await hall.sees("Welcome")
        await hall.touches("join")
        await hall.sees("Waiting")
        await family.open(hall.trial.family_url("v1-sam-mum"))
        await hall.has_record(event="VisitorCame", stage="WaitingRoom", visit="v1-sam-mum")
        await hall.sees("Goodbye", patience_s=3 * WAIT_S)
        await hall.has_record(stage="WaitingRoom", next_stage="Goodbye", detail="time_up")
        assert "visitor_did_not_come" not in [record.get("detail") for record in hall.records()]
