"""Help for whoever asks for it: the lines to choose from, what each needs, and the call."""

from dataclasses import replace
from datetime import datetime

from kiosk.visit.actions import (
    Action,
    CallSupport,
    CheckCard,
    EndCall,
    EndSupport,
    GiveAnswer,
    OfferSupport,
    PrepareSupport,
)
from kiosk.visit.booking import BookingChanged, Card, may_stand
from kiosk.visit.events import (
    CallBack,
    CallConnected,
    CallGone,
    CallLost,
    CardPresented,
    Declined,
    Event,
    OfferMade,
    Tick,
    Touched,
)
from kiosk.visit.helplines import (
    HelpDesk,
    Support,
    SupportCall,
    SupportLine,
    SupportOver,
)
from kiosk.visit.leaving import Step, check_card, to_idle
from kiosk.visit.line import call_number
from kiosk.visit.loudness import turned
from kiosk.visit.patience import (
    CARD_CHECK_S,
    CONNECT_S,
    NOTICE_S,
    RING_AGAIN_S,
    RING_S,
    SUPPORT_ASK_S,
    SUPPORT_S,
)
from kiosk.visit.reasons import Refusal, SupportEnding, Touch
from kiosk.visit.stages import USUAL_VOLUME, Seconds, Stage
from kiosk.visit.support_events import (
    CardKnown,
    HandsetMoved,
    HandsetUnknown,
    SupportAnswered,
    SupportAsked,
    SupportDeclined,
    SupportGranted,
    SupportUnanswered,
)


def open_support(desk: HelpDesk, now: Seconds) -> Step:
    """The lines that this site has."""
    return Support(desk, now + SUPPORT_S), []


def desk_of(asked: SupportAsked, visit_at: datetime | None = None) -> HelpDesk:
    """`visit_at`: when the visit begins, or the first, of who was recognised."""
    return HelpDesk(asked.lines, asked.lifted, card_known=visit_at is not None, visit_at=visit_at)


def from_helping(
    stage: Support | SupportCall | SupportOver, event: Event, now: Seconds
) -> Step | None:
    if isinstance(event, BookingChanged):
        return _rebooked(stage, event)
    if isinstance(event, HandsetUnknown):
        return _unknown(stage), []
    match stage:
        case Support():
            return from_support(stage, event, now)
        case SupportCall():
            return from_support_call(stage, event, now)
        case SupportOver():
            return from_support_over(stage, event, now)


def _rebooked(stage: Support | SupportCall | SupportOver, event: BookingChanged) -> Step | None:
    """Nobody knows here whose booking it is: what may have become false is not said any more."""
    if may_stand(stage.desk.visit_at, event.here.hall, event.booking):
        return None
    return replace(stage, desk=replace(stage.desk, visit_at=None)), []


def _unknown(stage: Support | SupportCall | SupportOver) -> Stage:
    """It is taken to hang, but who talks is not cut off for that: what it does next decides."""
    return replace(stage, desk=replace(stage.desk, lifted=False))


def from_support(stage: Support, event: Event, now: Seconds) -> Step | None:
    match event:
        case SupportAsked(lines):
            return open_support(replace(stage.desk, lines=lines), now)
        case Touched(Touch.SUPPORT, choice) if line := stage.desk.line(choice):
            return choose(stage.desk, line, now)
        case Touched(Touch.DONE) if stage.chosen is not None:
            return open_support(stage.desk, now)
        case Touched(Touch.DONE):
            return to_idle()
        case HandsetMoved(lifted):
            moved = replace(stage, desk=replace(stage.desk, lifted=lifted))
            return _goes_on(moved, now) if lifted else (moved, [])
        case CardPresented(card):
            return _card(stage, card, now)
        case CardKnown() | Declined():
            return _known(stage, event, now) if event.asked_at == stage.asked_at else None
        case Tick():
            return _waited(stage, now)
        case _:
            return None


def choose(desk: HelpDesk, line: SupportLine, now: Seconds) -> Step:
    """Call the line, as soon as there is all that it needs."""
    return _goes_on(Support(desk, now + SUPPORT_S, line), now)


def needs_card(stage: Support) -> bool:
    line = stage.chosen
    return line is not None and line.needs_card and not stage.desk.card_known


def needs_handset(stage: Support) -> bool:
    line = stage.chosen
    return line is not None and line.needs_handset and not stage.desk.lifted


def _goes_on(stage: Support, now: Seconds) -> Step:
    if stage.chosen is None or needs_card(stage) or needs_handset(stage):
        return replace(stage, leave_at=now + SUPPORT_S), []
    call = SupportCall(
        stage.desk,
        stage.chosen,
        call_number(now),
        now,
        give_up_at=now + SUPPORT_ASK_S,
        by_handset=stage.desk.lifted,
        volume=USUAL_VOLUME,
    )
    return call, [CallSupport(stage.chosen.id, now)]


def _card(stage: Support, card: Card, now: Seconds) -> Step:
    """For a line that needs one; otherwise who shows a card comes for a visit."""
    if not needs_card(stage):
        return check_card(card, now)
    if not card.trusted:
        return replace(stage, refused=Refusal.CARD_NOT_TRUSTED, leave_at=now + SUPPORT_S), []
    asking = replace(stage, asked_at=now, refused=None, leave_at=now + SUPPORT_S)
    return asking, [CheckCard(card, now)]


def _known(stage: Support, event: CardKnown | Declined, now: Seconds) -> Step:
    """That the service knows the card is all that is asked and kept of it."""
    heard = replace(stage, asked_at=None)
    if isinstance(event, Declined):
        return replace(heard, refused=event.reason, leave_at=now + SUPPORT_S), []
    return _goes_on(replace(heard, desk=replace(stage.desk, card_known=True)), now)


def _waited(stage: Support, now: Seconds) -> Step | None:
    if stage.asked_at is not None and now >= stage.asked_at + CARD_CHECK_S:
        away = replace(stage, asked_at=None, refused=Refusal.SERVICE_AWAY)
        return replace(away, leave_at=now + SUPPORT_S), []
    return to_idle() if now >= stage.leave_at else None


def from_support_call(stage: SupportCall, event: Event, now: Seconds) -> Step | None:
    match event:
        case Touched(Touch.LEAVE):
            return over(stage, SupportEnding.LEFT, now)
        case Touched(Touch.VOLUME_UP | Touch.VOLUME_DOWN as touch):
            return replace(stage, volume=turned(stage.volume, touch)), []
        case HandsetMoved(lifted):
            return _handset(stage, lifted, now)
        case CardPresented():
            return replace(stage, card_told_until=now + NOTICE_S), []
        case CallGone():
            return over(stage, SupportEnding.BROKEN, now)
        case CallBack(call):
            return _back(stage, call, now)
        case Tick():
            return _rang(stage, now)
        case _ if stage.grant is None:
            return _from_asking(stage, event, now)
        case _:
            return _by_call(stage, event, now)


def _from_asking(stage: SupportCall, event: Event, now: Seconds) -> Step | None:
    match event:
        case SupportGranted(asked_at, grant) if asked_at == stage.asked_at:
            ringing = replace(stage, grant=grant, give_up_at=now + RING_S)
            if now >= grant.ends_at_s:
                return over(ringing, SupportEnding.TIME_UP, now)
            return ringing, [PrepareSupport(stage.call, grant)]
        case SupportDeclined(asked_at) if asked_at == stage.asked_at:
            return over(stage, SupportEnding.AWAY, now)
        case _:
            return None


def _by_call(stage: SupportCall, event: Event, now: Seconds) -> Step | None:
    match event:
        case CallLost(call) if call == stage.call:
            talked = stage.live_since is not None
            return over(stage, SupportEnding.ENDED if talked else SupportEnding.BROKEN, now)
        case OfferMade(call, 0, sdp) if call == stage.call and stage.sdp is None:
            return _ring(replace(stage, sdp=sdp))
        case _ if stage.sdp is None or stage.live_since is not None:
            return None
        case SupportAnswered(call, sdp) if call == stage.call:
            answered = replace(stage, again_at=None, give_up_at=now + CONNECT_S)
            return answered, [GiveAnswer(call, 0, sdp)]
        case SupportUnanswered(call) if call == stage.call:
            return replace(stage, again_at=now + RING_AGAIN_S), []
        case CallConnected(call) if call == stage.call:
            return replace(stage, live_since=now, give_up_at=None, again_at=None), []
        case _:
            return None


def _back(stage: SupportCall, call: int | None, now: Seconds) -> Step | None:
    """kiosk-call is there again; what it asked for or was answered meanwhile was heard by nobody."""
    stray: list[Action] = [EndCall(call)] if call is not None and call != stage.call else []
    if stage.grant is None:
        return stage, stray
    if stray:
        after, actions = over(stage, SupportEnding.BROKEN, now)
        return after, [*stray, *actions]
    if call is None or (stage.live_since is None and stage.sdp is None):
        return over(stage, SupportEnding.BROKEN, now)
    return _ring(stage) if stage.live_since is None else None


def _ring(stage: SupportCall) -> Step:
    """With the same offer each time: nothing has come of it yet."""
    assert stage.grant is not None
    assert stage.sdp is not None
    return replace(stage, again_at=None), [OfferSupport(stage.grant.url, stage.call, stage.sdp)]


def _rang(stage: SupportCall, now: Seconds) -> Step | None:
    if stage.give_up_at is not None and now >= stage.give_up_at:
        asked = stage.grant is not None
        return over(stage, SupportEnding.NO_ANSWER if asked else SupportEnding.AWAY, now)
    if stage.again_at is not None and now >= stage.again_at:
        return _ring(stage)
    if stage.card_told_until is not None and now >= stage.card_told_until:
        return replace(stage, card_told_until=None), []
    return None


def _handset(stage: SupportCall, lifted: bool, now: Seconds) -> Step | None:
    moved = replace(stage, desk=replace(stage.desk, lifted=lifted))
    if lifted:
        return replace(moved, by_handset=True), []
    return over(moved, SupportEnding.LEFT, now) if stage.by_handset else (moved, [])


def over(stage: SupportCall, reason: SupportEnding, now: Seconds) -> Step:
    """Stop the sound first, then tell the service; say what to do next."""
    after = SupportOver(stage.desk, stage.line, reason, _talked_s(stage, now), now + SUPPORT_S)
    if stage.grant is None:
        return after, []
    actions: list[Action] = [EndCall(stage.call), EndSupport(stage.grant.id)]
    return after, actions


def _talked_s(stage: SupportCall, now: Seconds) -> Seconds:
    if stage.live_since is None or stage.grant is None:
        return 0.0
    return max(0.0, min(now, stage.grant.ends_at_s) - stage.live_since)


def from_support_over(stage: SupportOver, event: Event, now: Seconds) -> Step | None:
    match event:
        case SupportAsked(lines):
            return open_support(replace(stage.desk, lines=lines), now)
        case Touched(Touch.SUPPORT, choice) if line := stage.desk.line(choice):
            return choose(stage.desk, line, now)
        case HandsetMoved(lifted):
            return replace(stage, desk=replace(stage.desk, lifted=lifted)), []
        case CardPresented(card):
            return check_card(card, now)
        case Touched(Touch.DONE):
            return to_idle()
        case Tick() if now >= stage.leave_at:
            return to_idle()
        case _:
            return None
