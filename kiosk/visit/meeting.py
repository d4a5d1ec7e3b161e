"""From the granted visit to its end: waiting room, connecting, the visit itself."""

from dataclasses import replace
from typing import TypeVar

from kiosk.visit.actions import Hold, MoveDeadline, Mute
from kiosk.visit.deadlines import unsupervised_limit
from kiosk.visit.events import (
    BookingCancelled,
    CardPresented,
    EndMoved,
    EndOrdered,
    Event,
    HoldOrdered,
    HoldReleased,
    OfficerSaid,
    ServiceBack,
    ServiceLost,
    Tick,
    Touched,
)
from kiosk.visit.leaving import InPerson, Step, end, refuse, talked_s
from kiosk.visit.line import advance_line
from kiosk.visit.patience import LEAVE_QUESTION_S, MESSAGE_S, NOTICE_S
from kiosk.visit.reasons import Ending, HeldReason, Notice, Refusal, Touch
from kiosk.visit.stages import (
    Connecting,
    Hint,
    InVisit,
    Line,
    OfficerMessage,
    Seconds,
    Stage,
    WaitingRoom,
)

Asking = TypeVar("Asking", WaitingRoom, InVisit)


def from_meeting(stage: InPerson, event: Event, now: Seconds) -> Step | None:
    """Time is looked at first, then the service's orders, then the person's, then the line."""
    if now >= stage.visit.ends_at_s:
        return end(stage, Ending.TIME_UP, now)
    return (
        _by_service(stage, event, now)
        or _by_person(stage, event, now)
        or _by_line(stage, event, now)
        or _by_time(stage, event, now)
    )


def _by_service(stage: InPerson, event: Event, now: Seconds) -> Step | None:
    match event:
        case BookingCancelled(reference) if reference == stage.visit.reference:
            _, actions = end(stage, Ending.ENDED, now)
            refused, _ = refuse(Refusal.BOOKING_CANCELLED, now)
            return refused, actions
        case EndOrdered(reference, reason) if reference == stage.visit.reference:
            return end(stage, reason, now)
        case EndMoved(reference, ends_at_s) if reference == stage.visit.reference:
            return _move_end(stage, ends_at_s, now)
        case HoldOrdered(reference, reason) if reference == stage.visit.reference:
            return _hold(stage, reason)
        case HoldReleased(reference) if reference == stage.visit.reference:
            return _hold(stage, None)
        case OfficerSaid(reference, text) if reference == stage.visit.reference:
            if not isinstance(stage, InVisit):
                return None
            return replace(stage, message=OfficerMessage(text, now + MESSAGE_S)), []
        case ServiceLost() if isinstance(stage, InVisit) and stage.unsupervised_since is None:
            return replace(stage, unsupervised_since=now), []
        case ServiceBack() if isinstance(stage, InVisit):
            back = replace(stage, unsupervised_since=None)
            return _hold(back, None) if stage.visit.held is HeldReason.UNSUPERVISED else (back, [])
        case _:
            return None


def _move_end(stage: InPerson, ends_at_s: Seconds, now: Seconds) -> Step:
    moved = replace(stage.visit, ends_at_s=min(ends_at_s, stage.visit.latest_end_s))
    if now >= moved.ends_at_s:
        return end(replace(stage, visit=moved), Ending.TIME_UP, now)
    return replace(stage, visit=moved), [MoveDeadline(stage.line.call, moved.ends_at_s)]


def _hold(stage: InPerson, reason: HeldReason | None) -> Step:
    held = replace(stage, visit=replace(stage.visit, held=reason))
    return held, [Hold(stage.line.call, reason is not None)]


def _by_person(stage: InPerson, event: Event, now: Seconds) -> Step | None:
    if isinstance(stage, Connecting):
        return None
    match event:
        case CardPresented(card) if card != stage.visit.card:
            return replace(stage, hint=Hint(Notice.OTHER_CARD, now + NOTICE_S)), []
        case Touched(Touch.LEAVE):
            return replace(stage, leave_asked_until=now + LEAVE_QUESTION_S), []
        case Touched(Touch.LEAVE_NO):
            return replace(stage, leave_asked_until=None), []
        case Touched(Touch.LEAVE_YES) if stage.leave_asked_until is not None:
            return end(stage, Ending.LEFT, now)
        case Touched(Touch.MUTE | Touch.UNMUTE as touch) if isinstance(stage, InVisit):
            muted = touch is Touch.MUTE
            return replace(stage, muted=muted), [Mute(stage.line.call, muted)]
        case _:
            return None


def _by_line(stage: InPerson, event: Event, now: Seconds) -> Step | None:
    muted = isinstance(stage, InVisit) and stage.muted
    step = advance_line(stage.visit, stage.line, event, now, muted)
    if step is None:
        return None
    line, actions = step
    return _with_line(stage, line, now), actions


def _with_line(stage: InPerson, line: Line, now: Seconds) -> Stage:
    """The stage follows the line: who has met once is in the visit until it ends."""
    if isinstance(stage, InVisit):
        if line.up and stage.live_since is None:
            return replace(stage, line=line, live_since=now)
        if not line.up and stage.live_since is not None:
            return replace(stage, line=line, live_since=None, talked_s=talked_s(stage, now))
        return replace(stage, line=line)
    if line.up:
        return InVisit(stage.visit, line, live_since=now)
    if line.sent:
        return Connecting(stage.visit, line)
    if isinstance(stage, WaitingRoom):
        return replace(stage, line=line)
    return WaitingRoom(stage.visit, line)


def _by_time(stage: InPerson, event: Event, now: Seconds) -> Step | None:
    match stage, event:
        case WaitingRoom(visit, line), Tick() if line.visitor is None and now >= visit.wait_until_s:
            return end(stage, Ending.VISITOR_DID_NOT_COME, now)
        case WaitingRoom(), Tick():
            return _forget_old(stage, now), []
        case InVisit(), Tick():
            limit_s = unsupervised_limit(stage)
            if limit_s is not None and now >= limit_s:
                return _hold(stage, HeldReason.UNSUPERVISED)
            return _forget_old_message(_forget_old(stage, now), now), []
        case _:
            return None


def _forget_old(stage: Asking, now: Seconds) -> Asking:
    """Take back a question that nobody answered and a remark that was long enough on the screen."""
    if stage.leave_asked_until is not None and now >= stage.leave_asked_until:
        stage = replace(stage, leave_asked_until=None)
    if stage.hint and now >= stage.hint.until:
        stage = replace(stage, hint=None)
    return stage


def _forget_old_message(stage: InVisit, now: Seconds) -> InVisit:
    if stage.message and now >= stage.message.until:
        return replace(stage, message=None)
    return stage
