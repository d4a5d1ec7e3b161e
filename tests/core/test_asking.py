"""Asking an officer through the service: told, not told, acknowledged; and put on record without who."""

from kiosk.core.audit import AuditRecord
from kiosk.visit.actions import AskOfficer
from kiosk.visit.asked import OfficerComes, OfficerTold, OfficerUnheard
from kiosk.wire.messages import Program, Touch, Touched
from tests.core.desk import Desk, ready


def touch(desk: Desk, touch: Touch, choice: str = "") -> None:
    desk.said(Program.UI, Touched(desk.shown().number, touch, 1.0, choice))


def asked(desk: Desk) -> AskOfficer:
    (errand,) = [each for each in desk.errands.begun if isinstance(each, AskOfficer)]
    return errand


def on_record(desk: Desk) -> list[AuditRecord]:
    return [record for record in desk.records if record.event == "AskOfficer"]


async def test_the_screen_says_how_far_asking_has_come() -> None:
    desk = ready()
    assert desk.shown().officer is None
    touch(desk, Touch.ASK_OFFICER)
    assert desk.shown().officer == "asking"
    desk.terminal.post(OfficerTold(asked(desk).asked_at, "17"))
    assert desk.shown().officer == "asked"
    desk.terminal.post(OfficerComes("17"))
    assert desk.shown().officer == "coming"


async def test_who_can_not_be_heard_reads_so() -> None:
    desk = ready()
    touch(desk, Touch.ASK_OFFICER)
    desk.terminal.post(OfficerUnheard(asked(desk).asked_at))
    assert desk.shown().officer == "unheard"


async def test_a_touch_on_any_earlier_picture_of_the_same_screen_asks_once() -> None:
    desk = ready()
    old = desk.shown().number
    for number in (old, old, old + 1, old + 1):
        desk.said(Program.UI, Touched(number, Touch.ASK_OFFICER, 1.0))
    assert asked(desk)


async def test_it_is_on_record_what_became_of_it_and_nothing_else() -> None:
    desk = ready()
    touch(desk, Touch.ASK_OFFICER)
    desk.terminal.post(OfficerTold(asked(desk).asked_at, "17"))
    desk.terminal.post(OfficerComes("17"))
    records = on_record(desk)
    assert [record.detail for record in records] == ["asking", "asked", "coming"]
    for record in records:
        known = without_id(record)
        assert known == AuditRecord(
            "", record.at, "AskOfficer", "Idle", "Idle", None, record.detail
        )


def without_id(record: AuditRecord) -> AuditRecord:
    return AuditRecord(
        "",
        record.at,
        record.event,
        record.stage,
        record.next_stage,
        record.visit,
        record.detail,
    )


async def test_what_makes_the_terminal_easier_for_somebody_is_on_no_record() -> None:
    desk = ready()
    before = len(desk.records)
    for choice in ("", "large_text", "slow", "spoken"):
        touch(desk, Touch.ACCESS, choice)
    touch(desk, Touch.CLOSE)
    touch(desk, Touch.LANGUAGE, "en")
    assert desk.shown().manner.large_text
    assert len(desk.records) == before
