"""How the terminal and the visitor's page find each other, and find each other again."""

from dataclasses import replace
from typing import TypeAlias

from kiosk.visit.actions import (
    Action,
    AskOffer,
    GiveAnswer,
    GiveOffer,
    Hold,
    MoveDeadline,
    Mute,
    PrepareCall,
    SendAnswer,
    SendOffer,
)
from kiosk.visit.events import (
    AnswerMade,
    CallBack,
    CallConnected,
    CallGone,
    CallHeard,
    CallLost,
    CallSilent,
    Event,
    OfferAnswered,
    OfferCame,
    OfferFailed,
    OfferMade,
    ServiceBack,
    ServiceLost,
    ServiceSlow,
    Tick,
    VisitorLeft,
    VisitorReady,
    VisitorSlow,
)
from kiosk.visit.patience import AGAIN_S, ANSWER_S, CONNECT_S, HEAL_S, HEALS_S, SILENT_S
from kiosk.visit.reasons import NoAnswer
from kiosk.visit.stages import Line, Offer, Seconds, Visit, Visitor

LineStep: TypeAlias = tuple[Line, list[Action]]


def first_line(visit: Visit, visitor: Visitor | None, now: Seconds) -> LineStep:
    """The first attempt at the call of a visit."""
    line = Line(attempt=1, call=call_number(now), visitor=visitor)
    return line, [_prepare(visit, line, muted=False)]


def advance_line(
    visit: Visit, line: Line, event: Event, now: Seconds, muted: bool
) -> LineStep | None:
    """The line after `event`; None when the event does not concern it."""
    match event:
        case VisitorReady() | VisitorLeft() | VisitorSlow():
            return _visitor_changed(visit, line, event, now, muted)
        case OfferMade(call, medium, sdp) if call == line.call and _is_making_offers(line):
            others = tuple(offer for offer in line.offers if offer.medium != medium)
            return _send_if_ready(visit, replace(line, offers=(*others, Offer(medium, sdp))), now)
        case AnswerMade() if event.call == line.call and line.visitor and _is_connecting(line):
            return line, [SendAnswer(line.call, line.visitor.join_id, event.medium, event.sdp)]
        case OfferAnswered() | OfferCame() | OfferFailed():
            return _visitor_answered(visit, line, event, now, muted)
        case CallConnected() | CallSilent() | CallHeard() | CallLost():
            return _call_changed(visit, line, event, now, muted)
        case ServiceLost() | ServiceBack() | ServiceSlow():
            return _service_changed(visit, line, event, now, muted)
        case CallGone():
            return replace(_anew(line, line.call, _present(line)), call_gone=True), []
        case CallBack(call):
            if call == line.call and line.up:  # if it is silent, that is said again
                heard = replace(line, silent_since=None, again_at=None)
                return heard, _orders(visit, line, muted)
            return _fresh(visit, line, _present(line), now, muted)
        case Tick() if line.again_at is not None and now >= line.again_at:
            return _fresh(visit, line, line.visitor, now, muted)
        case _:
            return None


def _call_changed(
    visit: Visit,
    line: Line,
    event: CallConnected | CallSilent | CallHeard | CallLost,
    now: Seconds,
    muted: bool,
) -> LineStep | None:
    if event.call != line.call:
        return None
    match event:
        case CallConnected() if line.sent:
            return replace(line, up=True, again_at=None), []
        case CallSilent(since=since) if line.up:
            silent = replace(line, silent_since=since)
            return replace(silent, again_at=_anew_at(silent, now)), []
        case CallHeard() if line.up:
            return replace(line, silent_since=None, again_at=None), []
        case CallLost() if line.up:
            return _fresh(visit, line, _present(line), now, muted)
        case CallLost():
            return replace(line, offers=(), sent=False, again_at=now + AGAIN_S), []
        case _:
            return None


def _anew_at(line: Line, now: Seconds, heal_s: Seconds = 0.0) -> Seconds | None:
    """When a silent call is given up for a new one; while none can be made the old one may heal."""
    if line.silent_since is None or line.away or line.cut_off:
        return None
    heals = now - line.silent_since < HEALS_S
    return max(line.silent_since + SILENT_S, now + heal_s if heals else now)


def _service_changed(
    visit: Visit,
    line: Line,
    event: ServiceLost | ServiceBack | ServiceSlow,
    now: Seconds,
    muted: bool,
) -> LineStep | None:
    match event:
        case ServiceSlow(slow):
            return replace(line, ours_slow=slow), []
        case ServiceLost() if not line.cut_off:
            return replace(line, cut_off=True, again_at=None if line.up else line.again_at), []
        case ServiceBack() if line.cut_off:
            return _reached_again(visit, replace(line, cut_off=False), now, muted)
        case _:
            return None


def _reached_again(visit: Visit, line: Line, now: Seconds, muted: bool) -> LineStep:
    """The service can be asked again."""
    if line.up:
        return replace(line, again_at=_anew_at(line, now, HEAL_S)), []
    if line.again_at is None:
        return line, []
    if line.sent:
        return replace(line, again_at=min(line.again_at, now + ANSWER_S)), []
    return _fresh(visit, line, line.visitor, now, muted)


def _visitor_changed(
    visit: Visit,
    line: Line,
    event: VisitorReady | VisitorLeft | VisitorSlow,
    now: Seconds,
    muted: bool,
) -> LineStep | None:
    if event.visit != visit.reference:
        return None
    match event:
        case VisitorReady(visitor=visitor):
            return _visitor_came(visit, line, visitor, now, muted)
        case VisitorLeft(join_id=join_id):
            return _visitor_left(visit, line, join_id, now, muted)
        case VisitorSlow(slow=slow):
            return replace(line, theirs_slow=slow), []


def _visitor_came(
    visit: Visit, line: Line, visitor: Visitor, now: Seconds, muted: bool
) -> LineStep | None:
    same = line.visitor is not None and line.visitor.join_id == visitor.join_id
    if same:
        here = replace(
            line, visitor=visitor, came_again=_is_connecting(line), away=False, theirs_slow=False
        )
        if line.silent_since is not None:
            here = replace(here, again_at=_anew_at(here, now, HEAL_S))
        return here, []
    if line.sent or line.again_at is not None:
        return _fresh(visit, line, visitor, now, muted)
    return _send_if_ready(visit, replace(line, visitor=visitor), now)


def _visitor_left(
    visit: Visit, line: Line, join_id: str, now: Seconds, muted: bool
) -> LineStep | None:
    if line.visitor is None or line.visitor.join_id != join_id:
        return None
    if line.up:  # only their signalling may be gone: the call itself decides
        return replace(line, away=True, again_at=None), []
    if line.sent:
        return _fresh(visit, line, None, now, muted)
    return replace(line, visitor=None), []


def _visitor_answered(
    visit: Visit,
    line: Line,
    event: OfferAnswered | OfferCame | OfferFailed,
    now: Seconds,
    muted: bool,
) -> LineStep | None:
    if not is_asked(line, event):
        return None
    match event:
        case OfferAnswered(call, _, medium, sdp):
            return line, [GiveAnswer(call, medium, sdp)]
        case OfferCame(call, _, medium, sdp):
            return line, [GiveOffer(call, medium, sdp)]
        case OfferFailed(reason=NoAnswer.VISITOR_GONE):
            # They may have seen it: no offer is sent twice. That they are back may be heard first.
            back = line.visitor if line.came_again else None
            return _fresh(visit, line, back, now, muted)
        case OfferFailed():
            return replace(line, sent=False, again_at=now + AGAIN_S), []


def is_asked(line: Line, event: OfferAnswered | OfferCame | OfferFailed) -> bool:
    """Whether this is what became of the offers that are with the visitor now."""
    asked = line.visitor is not None and line.visitor.join_id == event.join_id
    return event.call == line.call and asked and line.sent and not line.up


def _is_making_offers(line: Line) -> bool:
    return not line.sent and line.again_at is None


def _is_connecting(line: Line) -> bool:
    return line.sent and not line.up


def _present(line: Line) -> Visitor | None:
    return None if line.away else line.visitor


def _send_if_ready(visit: Visit, line: Line, now: Seconds) -> LineStep:
    ours = {medium for medium, entry in enumerate(visit.media) if entry.offerer == "terminal"}
    if line.visitor is None or {offer.medium for offer in line.offers} != ours:
        return line, []
    join_id = line.visitor.join_id
    sent: list[Action] = [
        SendOffer(visit.media[offer.medium].url, line.call, join_id, offer.medium, offer.sdp)
        for offer in line.offers
    ]
    asked: list[Action] = [
        AskOffer(entry.url, line.call, join_id, medium)
        for medium, entry in enumerate(visit.media)
        if entry.offerer == "service"
    ]
    return replace(line, offers=(), sent=True, again_at=now + CONNECT_S), sent + asked


def _fresh(
    visit: Visit, line: Line, visitor: Visitor | None, now: Seconds, muted: bool
) -> LineStep:
    """A new attempt, with a call number of its own so that nothing of the old one can be mistaken."""
    call = max(call_number(now), line.call + 1)
    fresh = replace(_anew(line, call, visitor), attempt=line.attempt + 1)
    return fresh, [_prepare(visit, fresh, muted)]


def _anew(line: Line, call: int, visitor: Visitor | None) -> Line:
    """Of the old line no more is known than how the service can be reached."""
    same = visitor is not None and visitor == line.visitor
    return Line(
        line.attempt,
        call,
        visitor,
        cut_off=line.cut_off,
        ours_slow=line.ours_slow,
        theirs_slow=line.theirs_slow and same,
    )


def _orders(visit: Visit, line: Line, muted: bool) -> list[Action]:
    """What kiosk-call may have missed while nobody spoke to it."""
    return [
        MoveDeadline(line.call, visit.ends_at_s),
        Mute(line.call, muted),
        Hold(line.call, visit.held is not None),
    ]


def _prepare(visit: Visit, line: Line, muted: bool) -> PrepareCall:
    return PrepareCall(visit, line.attempt, line.call, muted, visit.held is not None)


def call_number(now: Seconds) -> int:
    """Milliseconds since boot: never used twice, also not by a core that was started again."""
    return round(now * 1000)
