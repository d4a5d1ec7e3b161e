"""The visit service's commands as events for the rules."""

from kiosk.clock import Seconds
from kiosk.core.grants import booking_of
from kiosk.core.service import replies
from kiosk.core.service.clock_offset import ServiceTime
from kiosk.visit import events
from kiosk.visit.asked import OfficerComes
from kiosk.visit.booking import BookingChanged, Place
from kiosk.visit.phrases import VisitorSaid
from kiosk.visit.reasons import Ending, HeldReason, Prepared
from kiosk.visit.stages import Visitor

_PREPARED = frozenset(Prepared)


def event_of_command(command: replies.Command, time: ServiceTime) -> events.Event | None:
    """The event that a command is for a visit; None for one that concerns the terminal itself.

    Raises ServiceError for a moment that can not be placed because the service told no time yet.
    """
    match command:
        case replies.OfficerMessage(visit, text):
            return events.OfficerSaid(visit, text)
        case replies.HoldVisit(visit, reason):
            return events.HoldOrdered(visit, HeldReason(reason))
        case replies.ReleaseVisit(visit):
            return events.HoldReleased(visit)
        case replies.ExtendVisit(visit, ends_at):
            return events.EndMoved(visit, time.to_monotonic(ends_at))
        case replies.MonitoringChanged(visit, monitoring):
            return events.MonitoringChanged(visit, monitoring)
        case replies.EndVisit(visit, "booking_cancelled"):
            return events.BookingCancelled(visit)
        case replies.EndVisit(visit, reason):
            return events.EndOrdered(visit, Ending(reason))
        case replies.OfficerComes(request):
            return OfficerComes(request)
        case replies.VisitorPhrase(visit, phrase) if phrase in _PREPARED:
            return VisitorSaid(visit, Prepared(phrase))
        case _:
            return _of_visitor(command)


def rebooked(
    command: replies.BookingChanged, here: Place, time: ServiceTime, now_s: Seconds
) -> BookingChanged | None:
    """The event that a changed booking is here, now; None before the service told its time."""
    at = time.utc(now_s)
    return None if at is None else BookingChanged(booking_of(command.booking), here, at)


def _of_visitor(command: replies.Command) -> events.Event | None:
    match command:
        case replies.VisitorCame(visit):
            return events.VisitorCame(visit)
        case replies.VisitorReady(visit, join_id, camera, microphone):
            return events.VisitorReady(visit, Visitor(join_id, camera, microphone))
        case replies.VisitorLeft(visit, join_id):
            return events.VisitorLeft(visit, join_id)
        case replies.VisitorLine(visit, slow):
            return events.VisitorSlow(visit, slow)
        case replies.VisitorInLobby(visit, present):
            return events.VisitorInLobby(visit, present)
        case _:
            return None
