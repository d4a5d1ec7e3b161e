"""Each command of the visit service is the one event of the rules that says the same."""

from datetime import UTC, datetime, timedelta

import pytest

from kiosk.core.commands import event_of_command
from kiosk.core.service import replies
from kiosk.core.service.clock_offset import ServiceTime
from kiosk.visit import events
from kiosk.visit.phrases import VisitorSaid
from kiosk.visit.reasons import Ending, HeldReason, Prepared
from kiosk.visit.stages import Visitor

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("command", "event"),
    [
        (replies.VisitorCame("V1"), events.VisitorCame("V1")),
        (
            replies.VisitorReady("V1", "j1", True, False),
            events.VisitorReady("V1", Visitor("j1", True, False)),
        ),
        (replies.VisitorLeft("V1", "j1"), events.VisitorLeft("V1", "j1")),
        (replies.VisitorLine("V1", True), events.VisitorSlow("V1", slow=True)),
        (replies.VisitorInLobby("V1", True), events.VisitorInLobby("V1", True)),
        (replies.OfficerMessage("V1", "hello"), events.OfficerSaid("V1", "hello")),
        (replies.VisitorPhrase("V1", "yes"), VisitorSaid("V1", Prepared.YES)),
        (replies.HoldVisit("V1", "rules"), events.HoldOrdered("V1", HeldReason.RULES)),
        (replies.ReleaseVisit("V1"), events.HoldReleased("V1")),
        (replies.ExtendVisit("V1", NOON + timedelta(seconds=30)), events.EndMoved("V1", 130.0)),
        (replies.MonitoringChanged("V1", "watching"), events.MonitoringChanged("V1", "watching")),
        (replies.EndVisit("V1", "booking_cancelled"), events.BookingCancelled("V1")),
        (replies.EndVisit("V1", "officer"), events.EndOrdered("V1", Ending.OFFICER)),
    ],
    ids=lambda each: type(each).__name__,
)
def test_a_command_is_an_event_for_its_visit(command: replies.Command, event: events.Event) -> None:
    time = ServiceTime()
    time.sample(NOON, 100.0, 100.0)
    assert event_of_command(command, time) == event


def test_a_phrase_that_this_release_does_not_know_is_let_be() -> None:
    assert event_of_command(replies.VisitorPhrase("V1", "what_is_new"), ServiceTime()) is None
