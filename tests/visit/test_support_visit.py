"""What the screens of help say of a visit that begins soon is true, or is not said."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from kiosk.visit import advance
from kiosk.visit.booking import Booking, BookingChanged
from kiosk.visit.events import Touched
from kiosk.visit.helplines import Support, SupportCall, SupportOver
from kiosk.visit.reasons import Touch
from kiosk.visit.stages import Idle, Stage
from kiosk.visit.support_events import SupportAsked, SupportDeclined
from tests.visit.samples import BOOKING, HELPDESK, HERE, LINES, OTHER_HALL, TWO, welcomed

LATER = TWO + timedelta(minutes=40)
WHERE = ("at the lines", "in the call", "after the call")


def asked_for_help(where: str) -> Stage:
    """A person was greeted, and asks for help."""
    stage, _ = advance(welcomed(), SupportAsked(LINES, lifted=False), 10)
    if where != "at the lines":
        stage, _ = advance(stage, Touched(Touch.SUPPORT, HELPDESK.id), 11)
    if where == "after the call":
        stage, _ = advance(stage, SupportDeclined(11), 12)
    return stage


def told(stage: Stage, booking: Booking) -> datetime | None:
    after, actions = advance(stage, BookingChanged(booking, HERE, TWO), 15)
    assert type(after) is type(stage)
    assert isinstance(after, Support | SupportCall | SupportOver)
    assert actions == []
    return after.desk.visit_at


@pytest.mark.parametrize("where", WHERE)
@pytest.mark.parametrize(
    ("booking", "at"),
    [
        (replace(BOOKING, visitors=("Mum", "Aisha")), TWO),
        (replace(BOOKING, starts_at=LATER), None),
        (replace(BOOKING, cancelled=True), None),
        (replace(BOOKING, place=OTHER_HALL), None),
        (replace(BOOKING, reference="V9", starts_at=LATER, cancelled=True), TWO),
    ],
    ids=["as it was", "later", "cancelled", "in another hall", "another is cancelled"],
)
def test_of_a_visit_that_may_not_be_here_and_then_any_more_nothing_is_said(
    where: str, booking: Booking, at: datetime | None
) -> None:
    """Whose booking it is nobody knows here, and the change says only how it is now."""
    assert told(asked_for_help(where), booking) == at


def test_where_nothing_is_said_of_a_visit_no_change_of_one_is_news() -> None:
    stage, _ = advance(Idle(), SupportAsked(LINES, lifted=False), 10)
    assert advance(stage, BookingChanged(BOOKING, HERE, TWO), 15) == (stage, [])
