"""From the granted visit to its end: waiting room, connecting, the visit itself."""

from dataclasses import replace

from kiosk.visit import cues
from kiosk.visit.actions import Action, Hold, MoveDeadline, Mute, Play, Survey
from kiosk.visit.booking import BookingChanged, Monitoring, Privacy
from kiosk.visit.choosing import gone
from kiosk.visit.deadlines import unsupervised_limit, waits_until
from kiosk.visit.events import (
    BookingCancelled,
    CallMeasured,
    CallPaused,
    CardPresented,
    EndMoved,
    EndOrdered,
    Event,
    HoldOrdered,
    HoldReleased,
    MonitoringChanged,
    OfferFailed,
    OfficerSaid,
    ServiceBack,
    ServiceLost,
    Tick,
    TimeGiven,
    Touched,
    VisitorCame,
    VisitorInLobby,
)
from kiosk.visit.fair import frozen, told_in_time
from kiosk.visit.leaving import (
    InPerson,
    Step,
    end,
    next_remark,
    refuse,
    remarked,
    talked_s,
    with_end,
)
from kiosk.visit.line import advance_line, is_asked
from kiosk.visit.loudness import from_loudness
from kiosk.visit.patience import LEAVE_QUESTION_S, MESSAGE_S, NOTICE_S
from kiosk.visit.reasons import Ending, HeldReason, NoAnswer, Notice, Refusal, Tone, Touch
from kiosk.visit.stages import (
    Connecting,
    Hint,
    InVisit,
    Line,
    OfficerMessage,
    Seconds,
    ToneHeard,
    Visit,
    WaitingRoom,
)
from kiosk.visit.talking import from_talking


def from_meeting(stage: InPerson, event: Event, now: Seconds) -> Step | None:
    """The service's orders come first, then the person's, then the line."""
    return (
        _by_service(stage, event, now)
        or _by_person(stage, event, now)
        or from_loudness(stage, event)
        or (from_talking(stage, event, now) if isinstance(stage, InVisit) else None)
        or _by_line(stage, event, now)
        or _by_time(stage, event, now)
    )


def _by_service(stage: InPerson, event: Event, now: Seconds) -> Step | None:
    match event:
        case BookingCancelled(reference) if reference == stage.visit.reference:
            _, actions = end(stage, Ending.ENDED, now)
            refused, _ = refuse(Refusal.BOOKING_CANCELLED, now)
            return refused, actions
        case BookingChanged(booking) if booking.reference == stage.visit.reference:
            return _rebooked(stage, event, now)
        case EndOrdered(reference, reason) if reference == stage.visit.reference:
            return end(stage, reason, now)
        case (
            EndMoved()
            | TimeGiven()
            | HoldOrdered()
            | HoldReleased()
            | VisitorCame()
            | VisitorInLobby()
        ):
            return _as_told(stage, event, now) if event.visit == stage.visit.reference else None
        case MonitoringChanged(reference, monitoring) if reference == stage.visit.reference:
            return _overseen(stage, monitoring, now)
        case OfficerSaid(reference, text) if reference == stage.visit.reference:
            return replace(stage, message=OfficerMessage(text, now + MESSAGE_S)), []
        case OfferFailed(reason=NoAnswer.VISIT_OVER) if is_asked(stage.line, event):
            return end(stage, Ending.ENDED, now)
        case ServiceLost() | ServiceBack() if isinstance(stage, InVisit):
            return _supervised(stage, event, now)
        case _:
            return None


def _rebooked(stage: InPerson, event: BookingChanged, now: Seconds) -> Step | None:
    """Another time or place needs a grant of its own, but for who is being connected or talks: that ends by
    the service's own word alone. Who visits is only told anew, and in a visit without a remark.
    """
    booking, visit = event.booking, stage.visit
    stands = booking.stands(event.here, event.at) and booking.privacy is visit.privacy
    moved = not stands or booking.starts_at != visit.starts_at
    if moved and isinstance(stage, WaitingRoom):
        _, actions = end(stage, Ending.NOT_WANTED, now)
        refused, _ = gone(event, now)
        return refused, actions
    if moved or booking.visitors == visit.visitors:
        return None
    hint = stage.hint
    if not isinstance(stage, InVisit):
        hint = Hint(Notice.BOOKING_CHANGED, now + NOTICE_S)
    return replace(stage, visit=replace(visit, visitors=booking.visitors), hint=hint), []


def _supervised(stage: InVisit, event: ServiceLost | ServiceBack, now: Seconds) -> Step:
    """Nobody can oversee a visit while the service is away."""
    since = None if isinstance(event, ServiceBack) else now
    if since is not None and stage.unsupervised_since is not None:
        since = stage.unsupervised_since
    seen: InPerson = replace(stage, unsupervised_since=since)
    actions: list[Action] = []
    if since is None and stage.visit.held is HeldReason.UNSUPERVISED:
        seen, actions = _hold(seen, None, now)
    step = _by_line(seen, event, now)
    return (seen, actions) if step is None else (step[0], actions + step[1])


def _as_told(
    stage: InPerson,
    event: EndMoved | TimeGiven | HoldOrdered | HoldReleased | VisitorCame | VisitorInLobby,
    now: Seconds,
) -> Step:
    match event:
        case EndMoved(_, ends_at_s):
            return _move_end(stage, ends_at_s, now)
        case TimeGiven(_, ends_at_s, given_s):
            return _move_end(_given(stage, given_s), ends_at_s, now)
        case HoldOrdered(_, reason):
            return _hold(stage, reason, now)
        case HoldReleased():
            return _hold(stage, None, now)
        case VisitorCame():
            return replace(stage, visit=_waiting_on(stage.visit)), []
        case VisitorInLobby(_, present):  # who waits there no longer did come, too
            visit = replace(_waiting_on(stage.visit), visitor_in_lobby=present)
            return replace(stage, visit=visit), []


def _overseen(stage: InPerson, monitoring: Monitoring, now: Seconds) -> Step:
    """Both sides read who watches. A private visit that somebody watches is stopped first of all."""
    seen: InPerson = replace(stage, visit=replace(stage.visit, monitoring=monitoring))
    if monitoring != "none" and stage.visit.privacy is not Privacy.SOCIAL:
        return _hold(seen, HeldReason.RULES, now)
    return seen, []


def _move_end(stage: InPerson, ends_at_s: Seconds, now: Seconds) -> Step:
    moved = with_end(stage.visit, ends_at_s)
    if now >= moved.ends_at_s:
        return end(stage, Ending.TIME_UP, now)
    after: InPerson = replace(stage, visit=moved)
    if isinstance(after, InVisit):
        after = cues.moved(after, now)
    return after, [MoveDeadline(stage.line.call, moved.ends_at_s)]


def _given(stage: InPerson, given_s: Seconds) -> InPerson:
    return replace(stage, fair=replace(stage.fair, given_s=given_s))


def _hold(
    stage: InPerson, reason: HeldReason | None, now: Seconds
) -> tuple[InPerson, list[Action]]:
    held: InPerson = replace(stage, visit=replace(stage.visit, held=reason))
    if isinstance(held, InVisit):
        held = _timed(held, now)
        if reason is not None:  # nothing is said of the line then, and nothing passes
            held = replace(_not_back(held, now), phrase=None)
    return held, [Hold(stage.line.call, reason is not None)]


def _by_person(stage: InPerson, event: Event, now: Seconds) -> Step | None:
    match event:
        case CardPresented(card) if card != stage.visit.card:
            return _hinted(stage, Notice.OTHER_CARD, now), []
        case Touched(Touch.LEAVE):
            return replace(stage, leave_asked_until=now + LEAVE_QUESTION_S), []
        case Touched(Touch.LEAVE_NO):
            return replace(stage, leave_asked_until=None), []
        case Touched(Touch.LEAVE_YES) if stage.leave_asked_until is not None:
            return end(stage, Ending.LEFT, now)
        case Touched(Touch.TONE, answer) if isinstance(stage, WaitingRoom):
            return _tried(stage, answer)
        case Touched(Touch.MUTE | Touch.UNMUTE as touch) if isinstance(stage, InVisit):
            muted = touch is Touch.MUTE
            return replace(stage, muted=muted), [Mute(stage.line.call, muted)]
        case _:
            return None


def _tried(stage: WaitingRoom, answer: str) -> Step | None:
    """The loudspeaker is tried at a touch; the answer only says what to do next."""
    if answer == "":
        return replace(stage, tone="played"), [Play(Tone.TEST)]
    if stage.tone == "untried" or answer not in ("yes", "no"):
        return None
    heard: ToneHeard = "yes" if answer == "yes" else "no"
    return replace(stage, tone=heard), []


def _hinted(stage: InPerson, notice: Notice, now: Seconds) -> InPerson:
    hinted: InPerson = replace(stage, hint=remarked(stage.hint, notice, now))
    return hinted


def _by_line(stage: InPerson, event: Event, now: Seconds) -> Step | None:
    if isinstance(event, CallMeasured):
        return _measured(stage, event)
    if isinstance(event, CallPaused):
        return _paused(stage, event, now)
    muted = isinstance(stage, InVisit) and stage.muted
    step = advance_line(stage.visit, stage.line, event, now, muted)
    if step is None:
        return None
    line, actions = step
    return _with_line(stage, line, actions, now)


def _with_line(stage: InPerson, line: Line, actions: list[Action], now: Seconds) -> Step:
    """The stage follows the line: who has met once is in the visit until it ends."""
    if isinstance(stage, InVisit):
        after = _timed(replace(stage, line=line), now)
        if line.flows is not stage.line.flows:
            after = _reassured(after, now) if line.flows else _not_back(after, now)
        return after, actions
    visit = stage.visit
    shown = (stage.leave_asked_until, stage.hint, stage.message, stage.fair, stage.volume)
    if line.visitor is not None and visit.visitor_in_lobby:
        visit = replace(visit, visitor_in_lobby=False)
    if line.up:
        met = cues.begun(_timed(InVisit(visit, line, *shown), now), now)
        return met, [*actions, Survey()]  # what was lost before must be known now
    if line.sent:
        return Connecting(visit, line, *shown, leave_at=stage.leave_at), actions
    if stage.line.visitor and not line.visitor:
        visit = _waiting_on(visit)
    tone = stage.tone if isinstance(stage, WaitingRoom) else "untried"
    return WaitingRoom(visit, line, *shown, tone, leave_at=stage.leave_at), actions


def _paused(stage: InPerson, event: CallPaused, now: Seconds) -> Step | None:
    line = stage.line
    if event.call != line.call or not line.flows or not isinstance(stage, InVisit):
        return None
    return _reassured(stage, now), []


def _reassured(stage: InVisit, now: Seconds) -> InVisit:
    """Who could not see and hear each other reads that nothing is lost by that."""
    if stage.visit.held is not None:
        return stage
    return replace(stage, hint=Hint(Notice.TIME_SAFE, now + NOTICE_S))


def _not_back(stage: InVisit, now: Seconds) -> InVisit:
    """It is away again: the screen as a whole says so, and that the time is safe."""
    if stage.hint is None or stage.hint.notice is not Notice.TIME_SAFE:
        return stage
    return replace(stage, hint=next_remark(stage.hint, now))


def _timed(stage: InVisit, now: Seconds) -> InVisit:
    """Count only the time in which sound and picture can flow."""
    flows = stage.line.flows and stage.visit.held is None
    if flows == (stage.live_since is not None):
        return stage
    until = now if stage.line.silent_since is None else min(now, stage.line.silent_since)
    return replace(stage, live_since=now if flows else None, talked_s=talked_s(stage, until))


def _waiting_on(visit: Visit) -> Visit:
    """Who was here once did come, and is waited for to the end."""
    return replace(visit, wait_until_s=visit.ends_at_s)


def _measured(stage: InPerson, event: CallMeasured) -> Step | None:
    line = stage.line
    if event.call != line.call or not line.up or not isinstance(stage, InVisit):
        return None
    more_s = max(0.0, event.frozen_s - line.frozen_s)
    seen = replace(line, frozen_s=line.frozen_s + more_s, weak=event.weak)
    return frozen(replace(stage, line=seen), more_s), []


def _by_time(stage: InPerson, event: Event, now: Seconds) -> Step | None:
    match stage, event:
        case WaitingRoom(visit, line), Tick() if _is_past(waits_until(visit, line), now):
            return end(stage, Ending.VISITOR_DID_NOT_COME, now)
        case WaitingRoom() | Connecting(), Tick() if now >= stage.leave_at:
            return end(stage, Ending.NOT_WANTED, now)
        case InVisit(), Tick() if _is_past(unsupervised_limit(stage), now):
            return _hold(stage, HeldReason.UNSUPERVISED, now)
        case _, Tick():
            cue = cues.told(stage, now) if isinstance(stage, InVisit) else None
            return told_in_time(stage, now) or cue or (_forget_old(stage, now), [])
        case _:
            return None


def _is_past(moment: Seconds | None, now: Seconds) -> bool:
    return moment is not None and now >= moment


def _forget_old(stage: InPerson, now: Seconds) -> InPerson:
    """Take back a question that nobody answered and what was long enough on the screen."""
    if stage.leave_asked_until is not None and now >= stage.leave_asked_until:
        stage = replace(stage, leave_asked_until=None)
    if stage.hint and now >= stage.hint.until:
        stage = replace(stage, hint=next_remark(stage.hint, now))
    if stage.message and now >= stage.message.until:
        stage = replace(stage, message=None)
    return _forget_said(stage, now) if isinstance(stage, InVisit) else stage


def _forget_said(stage: InVisit, now: Seconds) -> InVisit:
    if stage.cues.minutes is not None and now >= stage.cues.until:
        stage = replace(stage, cues=replace(stage.cues, minutes=None, until=0.0))
    if stage.phrase and now >= stage.phrase.until:
        stage = replace(stage, phrase=None)
    return stage
