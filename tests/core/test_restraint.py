"""A page that is reloaded again and again fills no record and is met all the same."""

import msgspec
import pytest

from kiosk.core.audit import AuditRecord
from kiosk.core.restraint import MOST, WITHIN_S, Restraint
from kiosk.visit import events
from kiosk.visit.actions import SendOffer
from kiosk.visit.leaving import InPerson
from kiosk.visit.stages import Line, Stage, Visitor, WaitingRoom
from tests.core.desk import LIVE_LONG, NOW_S, Desk, StandingClock
from tests.core.stages import AT

RELOADS = 50
WAITING_LONG = WaitingRoom(
    LIVE_LONG.visit, Line(1, 7, Visitor("load-1", camera=True, microphone=True)), leave_at=700.0
)


def record(event: str, next_stage: str = "InVisit") -> AuditRecord:
    return AuditRecord("id", AT, event, "InVisit", next_stage, "v1")


def test_the_last_record_of_a_minute_says_that_there_were_more() -> None:
    restraint = Restraint()
    made = [restraint.restrained(record("VisitorReady"), 5.0) for _ in range(RELOADS)]
    assert [each.detail for each in made if each] == [None] * (MOST - 1) + ["too_often"]
    assert restraint.restrained(record("VisitorLeft"), 5.0) == record("VisitorLeft")
    assert restraint.restrained(record("VisitorReady"), 4.9 + WITHIN_S) is None
    assert restraint.restrained(record("VisitorReady"), 5.0 + WITHIN_S) == record("VisitorReady")


@pytest.mark.parametrize("stage", ["Welcome", "WaitingRoom", "Connecting", "InVisit"])
def test_a_page_floods_no_record_from_the_welcome_on(stage: str) -> None:
    restraint = Restraint()
    made = [restraint.restrained(record("VisitorReady", stage), 5.0) for _ in range(RELOADS)]
    assert len([each for each in made if each]) == MOST


def test_a_flood_takes_no_record_from_the_next_visit() -> None:
    restraint = Restraint()
    for _ in range(RELOADS):
        restraint.restrained(record("VisitorReady"), 5.0)
    other = msgspec.structs.replace(record("VisitorReady"), visit="v2")
    assert restraint.restrained(other, 6.0) == other


def test_a_device_with_a_bad_contact_floods_no_record_also_where_nobody_is() -> None:
    restraint = Restraint()
    down = msgspec.structs.replace(record("DeviceDown", "Idle"), detail="touchscreen")
    made = [restraint.restrained(down, 5.0) for _ in range(RELOADS)]
    assert [each.detail for each in made if each] == ["touchscreen"] * (MOST - 1) + [
        "touchscreen: too_often"
    ]
    for other in (
        msgspec.structs.replace(down, detail="camera"),
        msgspec.structs.replace(down, event="DeviceUp"),
    ):
        assert restraint.restrained(other, 5.0) == other
    assert restraint.restrained(down, 5.0 + WITHIN_S) == down


@pytest.mark.parametrize(
    ("event", "next_stage"),
    [("OfferFailed", "Goodbye"), ("HoldOrdered", "InVisit"), ("Touched", "InVisit")],
)
def test_an_end_and_what_a_person_or_an_officer_does_is_always_kept(
    event: str, next_stage: str
) -> None:
    restraint = Restraint()
    made = [restraint.restrained(record(event, next_stage), 5.0) for _ in range(RELOADS)]
    assert made == [record(event, next_stage)] * RELOADS


@pytest.mark.parametrize("stage", [LIVE_LONG, WAITING_LONG], ids=["in the visit", "waiting"])
async def test_who_reloads_fifty_times_is_called_at_the_last_page_and_floods_no_record(
    stage: Stage,
) -> None:
    clock = StandingClock(NOW_S)
    desk = Desk(stage, clock=clock)
    for number in range(RELOADS):
        clock.now_s += 0.2
        left, came = f"load{number - 1}", f"load{number}"
        desk.terminal.post(events.VisitorLeft("v1", left))
        desk.terminal.post(events.VisitorReady("v1", Visitor(came, camera=True, microphone=True)))
        assert isinstance(desk.terminal.stage, InPerson)
        call = desk.terminal.stage.line.call
        desk.terminal.post(events.OfferMade(call, 0, "v=0"))
    offer = desk.errands.begun[-1]
    assert isinstance(offer, SendOffer)
    assert (offer.call, offer.join_id) == (call, came)
    kinds = [each.event for each in desk.records]
    assert {kind: kinds.count(kind) for kind in kinds if kinds.count(kind) > MOST} == {}
    assert "VisitorReady" in kinds
