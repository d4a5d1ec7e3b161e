"""From the card to the visit: idle, who is it, welcome, may they join."""

from dataclasses import replace

from kiosk.visit.actions import CheckPin, Join, LeaveVisit
from kiosk.visit.booking import BookingChanged
from kiosk.visit.choosing import back, changed, gone, greet
from kiosk.visit.events import (
    AllWell,
    BookingCancelled,
    Broken,
    CardIdentified,
    CardPresented,
    CardUnreadable,
    Declined,
    EndMoved,
    EndOrdered,
    Event,
    HoldOrdered,
    HoldReleased,
    JoinGranted,
    PinNeeded,
    PinTyped,
    PinWrong,
    Tick,
    Touched,
    VisitorCame,
    VisitorInLobby,
    VisitorLeft,
    VisitorReady,
)
from kiosk.visit.leaving import (
    Step,
    check_card,
    give_back,
    refuse,
    to_idle,
    unreadable,
    with_end,
)
from kiosk.visit.line import first_line
from kiosk.visit.lost import FairClock
from kiosk.visit.patience import (
    AWAY_S,
    CARD_CHECK_S,
    JOIN_S,
    NOTICE_S,
    PIN_CHECK_S,
    PIN_S,
)
from kiosk.visit.reasons import Ending, Notice, Refusal, Touch
from kiosk.visit.stages import (
    CheckingCard,
    EnterPin,
    Hint,
    Idle,
    OutOfService,
    Seconds,
    Visit,
    Visitor,
    WaitingRoom,
    Welcome,
)


def from_idle(stage: Idle, event: Event, now: Seconds) -> Step | None:
    match event:
        case CardPresented(card):
            return check_card(card, now)
        case CardUnreadable():
            return Idle(unreadable(now)), []
        case Broken(reason):
            return OutOfService(reason), []
        case Tick() if stage.hint and now >= stage.hint.until:
            return Idle(), []
        case _:
            return None


def from_out_of_service(event: Event) -> Step | None:
    match event:
        case Broken(reason):
            return OutOfService(reason), []
        case AllWell():
            return Idle(), []
        case _:
            return None


def from_checking_card(stage: CheckingCard, event: Event, now: Seconds) -> Step | None:
    match event:
        case CardIdentified(asked_at) if asked_at == stage.asked_at:
            return greet(stage.card, event, now)
        case PinNeeded(asked_at, _, 0) if asked_at == stage.asked_at:
            return refuse(Refusal.PIN_WRONG, now)
        case PinNeeded(asked_at, identification, tries_left) if asked_at == stage.asked_at:
            return EnterPin(stage.card, identification, tries_left, now + PIN_S), []
        case Declined(asked_at, reason, place, at) if asked_at == stage.asked_at:
            return refuse(reason, now, place, at)
        case CardPresented(card) if card != stage.card:
            return check_card(card, now)
        case Tick() if now >= stage.asked_at + CARD_CHECK_S:
            return refuse(Refusal.SERVICE_AWAY, now)
        case _:
            return None


def from_enter_pin(stage: EnterPin, event: Event, now: Seconds) -> Step | None:
    match event:
        case PinTyped(pin) if stage.asked_at is None:
            asking = replace(stage, asked_at=now, wrong=False, leave_at=now + PIN_CHECK_S)
            return asking, [CheckPin(stage.identification, now, pin)]
        case CardIdentified(asked_at) if asked_at == stage.asked_at:
            return greet(stage.card, event, now)
        case PinWrong(asked_at, tries_left) if asked_at == stage.asked_at:
            if tries_left == 0:
                return refuse(Refusal.PIN_WRONG, now)
            again = replace(stage, tries_left=tries_left, wrong=True, leave_at=now + PIN_S)
            return replace(again, asked_at=None), []
        case Declined(asked_at, reason, place, at) if asked_at == stage.asked_at:
            return refuse(reason, now, place, at)
        case CardPresented(card) if card != stage.card:
            return check_card(card, now)
        case Touched(Touch.DONE):
            return to_idle()
        case Tick() if now >= stage.leave_at:
            return to_idle() if stage.asked_at is None else refuse(Refusal.SERVICE_AWAY, now)
        case _:
            return None


def from_welcome(stage: Welcome, event: Event, now: Seconds) -> Step | None:
    match event:
        case CardPresented(card) if card != stage.card and stage.asked_at is None:
            return walk_away(stage, check_card(card, now))
        case CardPresented(card) if card != stage.card:
            return replace(stage, hint=Hint(Notice.OTHER_CARD, now + NOTICE_S)), []
        case CardUnreadable() if stage.asked_at is None:
            return replace(stage, hint=unreadable(now)), []
        case Touched(Touch.JOIN) if stage.asked_at is None and stage.opens_at_s is None:
            number = stage.person.prisoner_number
            join = Join(stage.booking.reference, number, stage.card, now)
            return replace(stage, asked_at=now), [join]
        case Touched(Touch.DONE) if stage.asked_at is None:
            return walk_away(stage, to_idle())
        case Touched(Touch.BACK) if stage.choice and stage.asked_at is None:
            return walk_away(stage, (back(stage.choice, now), []))
        case BookingChanged() if stage.asked_at is None:
            return _changed(stage, event, now)
        case Tick():
            return _welcome_waited(stage, now)
        case _ if stage.asked_at is not None:
            return _from_joining(stage, event, now)
        case _:
            return None


def _changed(stage: Welcome, event: BookingChanged, now: Seconds) -> Step | None:
    step = changed(stage, event, now)
    if step is None:
        return None
    after, _ = step
    if isinstance(after, Welcome) and after.booking.reference == stage.booking.reference:
        return replace(after, maybe_granted=stage.maybe_granted), []
    return walk_away(stage, step)


def _from_joining(stage: Welcome, event: Event, now: Seconds) -> Step | None:
    """The service was asked; its orders for the visit may come before its answer is read."""
    match event:
        case JoinGranted(asked_at, visit) if asked_at == stage.asked_at:
            return _enter(_as_ordered(stage, visit), stage.visitor, now)
        case Declined(asked_at, Refusal.SERVICE_AWAY | Refusal.SERVICE_FAULT as reason) if (
            asked_at == stage.asked_at
        ):
            return _unanswered(stage, reason, now)
        case Declined(asked_at, reason, place, at) if asked_at == stage.asked_at:
            return refuse(reason, now, place, at)
        case VisitorCame() | VisitorReady() | VisitorLeft() | VisitorInLobby():
            return _visitor_before_the_grant(stage, event)
        case HoldOrdered(reference, reason) if reference == stage.booking.reference:
            return replace(stage, held=reason), []
        case HoldReleased(reference) if reference == stage.booking.reference:
            return replace(stage, held=None), []
        case EndMoved(reference, ends_at_s) if reference == stage.booking.reference:
            return replace(stage, moved_end_s=ends_at_s), []
        case BookingCancelled(reference) if reference == stage.booking.reference:
            return _unanswered(stage, Refusal.BOOKING_CANCELLED, now)
        case EndOrdered(reference) if reference == stage.booking.reference:
            return _unanswered(stage, Refusal.BOOKING_CHANGED, now)
        case BookingChanged(booking) if booking.reference == stage.booking.reference:
            return _changed_while_joining(stage, event, now)
        case _:
            return None


def _visitor_before_the_grant(
    stage: Welcome, event: VisitorCame | VisitorReady | VisitorLeft | VisitorInLobby
) -> Step | None:
    if event.visit != stage.booking.reference:
        return None
    came = replace(stage, visitor_came=True)
    match event:
        case VisitorCame():
            return came, []
        case VisitorReady(visitor=visitor):
            return replace(came, visitor=visitor), []
        case VisitorLeft(join_id=join_id):
            gone = stage.visitor is not None and stage.visitor.join_id == join_id
            return replace(stage, visitor=None if gone else stage.visitor), []
        case VisitorInLobby(present=present):
            return replace(came, visitor_in_lobby=present), []


def _changed_while_joining(stage: Welcome, event: BookingChanged, now: Seconds) -> Step:
    """What is granted may be the visit as it was before."""
    before, booking = stage.booking, event.booking
    if booking.stands(event.here, event.at) and booking.starts_at == before.starts_at:
        return replace(stage, booking=booking), []
    refused, _ = gone(event, now)
    return refused, [give_back(before.reference)]


def _as_ordered(stage: Welcome, visit: Visit) -> Visit:
    """The granted visit with what was ordered for it since."""
    ordered = replace(visit, held=stage.held or visit.held, visitor_in_lobby=stage.visitor_in_lobby)
    if stage.visitor_came:
        ordered = replace(ordered, wait_until_s=ordered.ends_at_s)
    return ordered if stage.moved_end_s is None else with_end(ordered, stage.moved_end_s)


def _enter(visit: Visit, visitor: Visitor | None, now: Seconds) -> Step:
    if now >= visit.ends_at_s:
        refused, _ = refuse(Refusal.TOO_LATE, now)
        return refused, [LeaveVisit(visit.reference, Ending.TIME_UP, 0.0)]
    line, actions = first_line(visit, visitor, now)
    fair = FairClock(since=max(now, visit.starts_at_s))
    return WaitingRoom(visit, line, fair=fair, leave_at=now + AWAY_S), actions


def _unanswered(stage: Welcome, reason: Refusal, now: Seconds) -> Step:
    """The service may have granted what it was asked for although no answer came."""
    refused, _ = refuse(reason, now)
    return refused, [give_back(stage.booking.reference)]


def walk_away(stage: Welcome, step: Step) -> Step:
    """`step` leaves the welcome, and with it what may have been granted to an earlier core."""
    after, actions = step
    given_back = [give_back(stage.booking.reference)] if stage.maybe_granted else []
    return after, [*given_back, *actions]


def _welcome_waited(stage: Welcome, now: Seconds) -> Step | None:
    if stage.asked_at is not None and now >= stage.asked_at + JOIN_S:
        return _unanswered(stage, Refusal.SERVICE_AWAY, now)
    if stage.asked_at is None and now >= stage.leave_at:
        return walk_away(stage, to_idle())
    if stage.opens_at_s is not None and now >= stage.opens_at_s:
        return replace(stage, opens_at_s=None), []
    if stage.hint and now >= stage.hint.until:
        return replace(stage, hint=None), []
    return None
