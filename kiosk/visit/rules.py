"""The one function that moves a visit, and how a visit goes on after kiosk-core was away."""

from dataclasses import replace

from kiosk.visit import afterwards, arriving, choosing, door, support
from kiosk.visit.actions import EndCall, EndSupport
from kiosk.visit.events import CallBack, Event, JoinGranted, OfferMade
from kiosk.visit.fair import cause_of, kept_fair
from kiosk.visit.helplines import Support, SupportCall, SupportOver
from kiosk.visit.leaving import InPerson, Step, end, give_back
from kiosk.visit.meeting import from_meeting
from kiosk.visit.reasons import Ending, OutOfOrder, SupportEnding
from kiosk.visit.stages import (
    CheckingCard,
    Choice,
    Connecting,
    EnterPin,
    Goodbye,
    Idle,
    InVisit,
    Line,
    MaintenanceDoor,
    OutOfService,
    Refused,
    Seconds,
    Stage,
    WaitingRoom,
    Welcome,
)
from kiosk.visit.support_events import SupportAsked, SupportGranted


def advance(stage: Stage, event: Event, now: Seconds) -> Step:
    """The next stage and what to do; an event that a stage does not expect changes nothing.

    Time is looked at first: whatever comes after the end of a visit finds it over.
    """
    if isinstance(stage, InPerson) and now >= stage.visit.ends_at_s:
        over, actions = end(stage, Ending.TIME_UP, now)
        return over, actions + _unexpected(over, event)[1]
    if isinstance(stage, SupportCall) and stage.grant and now >= stage.grant.ends_at_s:
        over, actions = support.over(stage, SupportEnding.TIME_UP, now)
        return over, actions + _unexpected(over, event)[1]
    step = _step(stage, event, now)
    return _unexpected(stage, event) if step is None else _kept_fair(step, now)


def _asked_for_help(stage: Stage, event: SupportAsked, now: Seconds) -> Step | None:
    """Before a visit and after one; who stands in front of it is forgotten."""
    if not event.lines:
        return None
    match stage:
        case Idle() | Goodbye() | Refused():
            return support.open_support(support.desk_of(event), now)
        case Choice():
            first = min(stage.offered[place].booking.starts_at for place in stage.standing)
            return support.open_support(support.desk_of(event, first), now)
        case Welcome(asked_at=None):
            desk = support.desk_of(event, stage.booking.starts_at)
            return arriving.walk_away(stage, support.open_support(desk, now))
        case Support():
            return support.from_support(stage, event, now)
        case SupportOver():
            return support.from_support_over(stage, event, now)
        case _:
            return None


def _kept_fair(step: Step, now: Seconds) -> Step:
    after, actions = step
    if not isinstance(after, InPerson):
        return step
    after, told = kept_fair(after, now)
    return after, actions + told


def _step(stage: Stage, event: Event, now: Seconds) -> Step | None:
    if isinstance(event, SupportAsked):
        return _asked_for_help(stage, event, now)
    match stage:
        case Idle():
            return door.opens_door(stage, event, now) or arriving.from_idle(stage, event, now)
        case CheckingCard():
            return arriving.from_checking_card(stage, event, now)
        case EnterPin():
            return arriving.from_enter_pin(stage, event, now)
        case Choice():
            return choosing.from_choice(stage, event, now)
        case Welcome():
            return arriving.from_welcome(stage, event, now)
        case WaitingRoom() | Connecting() | InVisit():
            return from_meeting(stage, event, now)
        case Goodbye() | Refused():
            return afterwards.from_last_words(stage, event, now)
        case Support() | SupportCall() | SupportOver():
            return support.from_helping(stage, event, now)
        case MaintenanceDoor():
            return door.from_door(stage, event, now)
        case OutOfService():
            return door.opens_door(stage, event, now) or arriving.from_out_of_service(event)


def _unexpected(stage: Stage, event: Event) -> Step:
    """A visit that nobody waits for any more is given back, and a call that nobody wants is ended."""
    match event:
        case JoinGranted(visit=visit) if _wanted(stage) != visit.reference:
            return stage, [give_back(visit.reference)]
        case CallBack(int() as call) | OfferMade(call=call) if not isinstance(
            stage, InPerson | SupportCall
        ):
            return stage, [EndCall(call)]
        case SupportGranted(grant=grant):
            return stage, [EndSupport(grant.id)]
        case _:
            return stage, []


def _wanted(stage: Stage) -> str | None:
    """The visit that is held or being asked for."""
    match stage:
        case Welcome(booking=booking, asked_at=float() | int()):
            return booking.reference
        case WaitingRoom(visit=visit) | Connecting(visit=visit) | InVisit(visit=visit):
            return visit.reference
        case _:
            return None


def resume(stage: Stage) -> Stage:
    """Where a restarted kiosk-core goes on from `stage`, its questions lost and its deadlines kept.

    A card is never checked again by itself. The line waits for what kiosk-call says at its hello.
    """
    match stage:
        case SupportCall(grant=None):
            return OutOfService(OutOfOrder.STARTING)
        case Support():
            return replace(stage, asked_at=None)
        case CheckingCard() | EnterPin() | Idle() | MaintenanceDoor() | OutOfService():
            return OutOfService(OutOfOrder.STARTING)
        case Welcome():
            asked = stage.asked_at is not None
            fresh = replace(
                stage,
                visitor_came=False,
                visitor=None,
                visitor_in_lobby=False,
                held=None,
                moved_end_s=None,
            )
            return replace(fresh, asked_at=None, maybe_granted=asked or stage.maybe_granted)
        case Connecting(visit, line, question, hint, message, fair, volume):
            shown = (question, hint, message, fair, volume)
            return _blamed(WaitingRoom(visit, _unsent(line), *shown, leave_at=stage.leave_at))
        case Goodbye():
            return afterwards.resumed(stage)
        case WaitingRoom() | InVisit() if not stage.line.up:
            return _blamed(replace(stage, line=_unsent(stage.line)))
        case _:
            return stage


def _blamed(stage: InPerson) -> InPerson:
    """What kiosk-core interrupted is lost to the terminal."""
    return replace(stage, fair=replace(stage.fair, losing=cause_of(stage)))


def _unsent(line: Line) -> Line:
    return replace(line, offers=(), sent=False, again_at=None)
