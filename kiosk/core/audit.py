"""Which steps of a visit are put on record, and what the record says: never who, never a card."""

import uuid
from datetime import datetime

import msgspec

from kiosk.core.helping import is_helping
from kiosk.visit.beside import Standing
from kiosk.visit.booking import BookingChanged
from kiosk.visit.events import (
    BookingCancelled,
    Broken,
    CallGone,
    CallLost,
    CardPresented,
    CardUnreadable,
    EndMoved,
    Event,
    HoldOrdered,
    HoldReleased,
    MonitoringChanged,
    OfferFailed,
    OfficerSaid,
    PinWrong,
    ServiceBack,
    ServiceLost,
    Tick,
    Touched,
    VisitorCame,
    VisitorLeft,
    VisitorReady,
)
from kiosk.visit.leaving import InPerson
from kiosk.visit.reasons import HeldReason, Touch
from kiosk.visit.stages import (
    Connecting,
    Goodbye,
    InVisit,
    MaintenanceDoor,
    OutOfService,
    Refused,
    Stage,
    Visit,
    Visitor,
    WaitingRoom,
    Welcome,
)
from kiosk.visit.support_events import SupportAsked, WishHeard

_ALWAYS = (
    BookingCancelled,
    BookingChanged,
    Broken,
    CallGone,
    CallLost,
    CardPresented,
    CardUnreadable,
    EndMoved,
    HoldOrdered,
    HoldReleased,
    MonitoringChanged,
    OfferFailed,
    OfficerSaid,
    PinWrong,
    ServiceBack,
    ServiceLost,
    Touched,
    VisitorCame,
    VisitorLeft,
    VisitorReady,
    WishHeard,
)
"""Recorded whenever they change anything, even if the stage stays of its kind."""


_UNTOLD = (
    Touch.LANGUAGE,
    Touch.ACCESS,
    Touch.CLOSE,
    Touch.HEAR,
    Touch.WAKE,
    Touch.VOLUME_UP,
    Touch.VOLUME_DOWN,
    Touch.PHRASE,
)
"""What a person needs to be able to use the terminal is nobody's business, and what they say even less."""


class AuditRecord(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line of the record, as the contract has it."""

    id: str
    at: datetime
    event: str
    stage: str
    next_stage: str
    visit: str | None = None
    detail: str | None = None


def record_of(before: Stage, event: Event, after: Stage, at: datetime) -> AuditRecord | None:
    """The record of a step; None for a step that is not worth one."""
    if not _is_worth_one(before, event, after):
        return None
    return AuditRecord(
        id=str(uuid.uuid4()),
        at=at,
        event=_told(event),
        stage=stage_told(before),
        next_stage=stage_told(after),
        visit=_visit(after) or (None if isinstance(before, Goodbye) else _visit(before)),
        detail=_detail(event, after),
    )


def record_of_call(before: Standing, after: Standing, at: datetime) -> AuditRecord | None:
    """The record of what became of asking an officer to come: that, and nothing of who asked."""
    was, call = before.beside.officer, after.beside.officer
    if call is None or (was is not None and was.state is call.state):
        return None
    return fault_record("AskOfficer", after.stage, call.state.value, at)


def _is_worth_one(before: Stage, event: Event, after: Stage) -> bool:
    if is_helping(before) and is_helping(after):
        return False
    if type(before) is not type(after):
        return stage_told(before) != stage_told(after)
    if before == after or (isinstance(event, Touched) and event.touch in _UNTOLD):
        return False
    return isinstance(event, _ALWAYS) or _held(before) != _held(after)


def _told(event: Event) -> str:
    """The event by its name; who asked for help is told as who walked away."""
    return Touched.__name__ if isinstance(event, SupportAsked) else type(event).__name__


def stage_told(stage: Stage) -> str:
    """The stage by its name; who asks for help is nobody, so that no record says who did."""
    return "Idle" if is_helping(stage) else type(stage).__name__


def fault_record(what: str, stage: Stage, detail: str, at: datetime) -> AuditRecord:
    """The record of something that went wrong beside the visit: the service's or a device's fault."""
    name = stage_told(stage)
    return AuditRecord(str(uuid.uuid4()), at, what, name, name, _visit(stage), detail[:200])


def _visit(stage: Stage) -> str | None:
    match stage:
        case Welcome(booking=booking):
            return booking.reference
        case WaitingRoom(visit=visit) | Connecting(visit=visit) | InVisit(visit=visit):
            return visit.reference
        case Goodbye(visit=str() as reference) if reference:
            return reference
        case _:
            return None


def _held(stage: Stage) -> HeldReason | None:
    return stage.visit.held if isinstance(stage, InPerson) else None


def _asked_for(event: Touched | WishHeard | SupportAsked) -> str:
    match event:
        case SupportAsked():
            return Touch.DONE.value
        case Touched(Touch.RATE_PICTURE | Touch.RATE_SOUND as touch, rating):
            return f"{touch.value} {rating}"
        case Touched(touch):
            return touch.value
        case WishHeard(_, wish, taken):
            return wish.value if taken else f"{wish.value} unheard"


def _detail(event: Event, after: Stage) -> str | None:
    match event, after:
        case ((Touched() | WishHeard() | SupportAsked()), _):
            return _asked_for(event)
        case CardPresented(), MaintenanceDoor():
            return "refused"
        case (CardUnreadable(), _) | (BookingChanged(), Goodbye()):
            return None  # it is not why the person was refused or the visit is over
        case HoldOrdered(reason=reason), _:
            return reason.value
        case MonitoringChanged(monitoring=monitoring), _:
            return monitoring
        case VisitorReady(visitor=Visitor(camera=False)), _:
            return "no_camera"
        case Tick(), InVisit(visit=Visit(held=HeldReason() as held)):
            return held.value
        case _, Refused() | Goodbye() | OutOfService():
            return after.reason.value
        case OfferFailed(reason=reason), _:
            return reason.value
        case CallLost(no_relay=True), _:
            return "no_relay"
        case CardPresented(), Welcome() | WaitingRoom() | Connecting() | InVisit():
            return "other_card"
        case _:
            return None
