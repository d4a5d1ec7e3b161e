"""What must hold of every step of the rules, whatever happened before."""

from dataclasses import asdict
from typing import Final

from kiosk.visit import advance, next_deadline
from kiosk.visit.actions import Action, EndCall, EndSupport, LeaveVisit, Play, SayPhrase
from kiosk.visit.booking import BookingChanged, Privacy
from kiosk.visit.choosing import on_page
from kiosk.visit.cues import LATE_S
from kiosk.visit.events import (
    AnswerMade,
    BookingCancelled,
    CallConnected,
    CallHeard,
    CallLost,
    CallMeasured,
    CallPaused,
    CallSilent,
    CardIdentified,
    Declined,
    EndMoved,
    EndOrdered,
    Event,
    HoldOrdered,
    HoldReleased,
    JoinGranted,
    MonitoringChanged,
    OfferAnswered,
    OfferCame,
    OfferFailed,
    OfferMade,
    OfficerSaid,
    PinNeeded,
    PinWrong,
    Tick,
    TimeGiven,
    VisitorCame,
    VisitorInLobby,
    VisitorLeft,
    VisitorReady,
    VisitorSlow,
)
from kiosk.visit.helplines import Support, SupportCall, SupportOver
from kiosk.visit.patience import (
    BAD_ENDING_S,
    PIN_S,
    REFUSED_S,
    SOON_S,
    SUPPORT_S,
    WELCOME_S,
)
from kiosk.visit.phrases import PhraseUnsaid, VisitorSaid
from kiosk.visit.reasons import Ending, Tone
from kiosk.visit.stages import (
    LOUDEST,
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
    Visit,
    WaitingRoom,
    Welcome,
)
from kiosk.visit.support_events import (
    CardKnown,
    SupportAnswered,
    SupportDeclined,
    SupportGranted,
    SupportUnanswered,
)
from tests.visit.samples import CARD, SAM

LAST_MINUTE_S: Final = 60.0

TICKS_TO_IDLE = 30
"""More than any stage needs; a busy loop needs more than any number."""


def visit_of(stage: Stage) -> Visit | None:
    return stage.visit if isinstance(stage, WaitingRoom | Connecting | InVisit) else None


def line_of(stage: Stage) -> Line | None:
    return stage.line if isinstance(stage, WaitingRoom | Connecting | InVisit) else None


def granted_of(stage: Stage) -> str | None:
    """The call to a line that is granted here."""
    return stage.grant.id if isinstance(stage, SupportCall) and stage.grant else None


def check_stage(stage: Stage, now: Seconds, pin: str) -> None:
    """The laws of where a visit can be."""
    visit = visit_of(stage)
    if visit is not None:
        assert now < visit.ends_at_s, "no visit outlives its end"
        assert visit.ends_at_s <= visit.latest_end_s, "no end moves past the latest"
        _check_line(stage, now)
    if isinstance(stage, SupportCall | SupportOver):
        _check_helping(stage, now)
    everything = repr(stage) + str(asdict(stage))
    assert pin not in everything, "a PIN is in no stage"
    due = next_deadline(stage)
    if due is None or now < due:
        assert advance(stage, Tick(), now) == (stage, []), "a Tick that is early changes nothing"
    _check_that_it_is_left(stage, now)


def _check_helping(stage: SupportCall | SupportOver, now: Seconds) -> None:
    told = str(asdict(stage))
    for secret in (CARD.value, SAM.first_name, SAM.prisoner_number, "V1", "Mum"):
        assert f"'{secret}'" not in told, "a call for help knows nobody"
    if isinstance(stage, SupportCall) and stage.grant is not None:
        assert now < stage.grant.ends_at_s, "no call to a line outlives its end"


def _check_line(stage: Stage, now: Seconds) -> None:
    line, visit = line_of(stage), visit_of(stage)
    assert line is not None
    assert visit is not None
    assert isinstance(stage, WaitingRoom | Connecting | InVisit)
    assert 1 <= stage.volume <= LOUDEST, "nobody is made silent, nor louder than it can be"
    assert not line.up or line.sent, "no call is up whose offer was never sent"
    assert line.silent_since is None or line.up, "only a call that is up can be silent"
    assert not line.away or line.up, "only who is in a call can have left its page"
    assert not line.sent or line.visitor, "an offer is sent to somebody"
    assert isinstance(stage, Connecting) == (line.sent and not isinstance(stage, InVisit))
    if isinstance(stage, InVisit):
        _check_the_two(stage)
        flows = line.flows and visit.held is None
        assert flows == (stage.live_since is not None), "only what flows is counted"


def _check_the_two(stage: InVisit) -> None:
    if stage.visit.held is not None:
        assert stage.phrase is None, "nothing passes while a visit is held"


def _check_that_it_is_left(stage: Stage, now: Seconds) -> None:
    """Left alone, every stage is left in bounded time, and every Tick at a deadline gets it on."""
    visit = visit_of(stage)
    alone_s = max(PIN_S, SOON_S + WELCOME_S) + REFUSED_S
    latest = visit.ends_at_s + BAD_ENDING_S if visit else now + alone_s
    if isinstance(stage, SupportCall) and stage.grant is not None:
        latest = stage.grant.ends_at_s + SUPPORT_S
    for _ in range(TICKS_TO_IDLE):
        due = next_deadline(stage)
        if due is None:
            assert stage == Idle() or isinstance(stage, OutOfService), "only nobody waits for ever"
            return
        now = max(now, due)
        assert now <= latest, "every stage that holds a person is left in bounded time"
        later, _ = advance(stage, Tick(), now)
        assert later != stage, "a Tick at the deadline of a stage gets it on"
        stage = later
    raise AssertionError("a stage is woken again and again and never left")


def check_step(
    before: Stage, event: Event, now: Seconds, after: Stage, actions: list[Action]
) -> None:
    """The laws of what may follow upon what."""
    if isinstance(after, Choice | Welcome):
        _check_what_is_offered(after)
    if isinstance(after, OutOfService):
        nobody_is_here = isinstance(before, Idle | MaintenanceDoor | OutOfService)
        assert nobody_is_here, "out of service shows only when nobody is here"
    visit = visit_of(before)
    _check_what_is_heard(before, now, actions)
    if visit is not None and now >= visit.ends_at_s:
        assert isinstance(after, Goodbye)
        assert after.reason is Ending.TIME_UP
    elif isinstance(event, MonitoringChanged) and expected(before, event):
        _check_the_private_are_alone(event, after)
    elif not expected(before, event):
        assert after == before, "what is late or meant for another changes nothing"
        for action in actions:
            _check_that_it_gives_back(event, action)


def _check_what_is_heard(before: Stage, now: Seconds, actions: list[Action]) -> None:
    for action in actions:
        if isinstance(action, SayPhrase):
            assert isinstance(before, InVisit)
            assert before.visit.held is None, "nothing passes while a visit is held"
        if not isinstance(action, Play):
            continue
        if action.tone is Tone.TEST:
            assert isinstance(before, WaitingRoom), "nobody tries a loudspeaker in a visit"
            continue
        assert isinstance(before, InVisit), "what is left of a visit is told in it alone"
        left_s = before.visit.ends_at_s - now
        assert left_s > 0, "nothing is heard after the end"
        if left_s < LAST_MINUTE_S - LATE_S:
            counted = action.tone in (Tone.COUNT, Tone.END) and left_s < 11
            assert counted, "the last minute is quiet until its last seconds"


def _check_what_is_offered(stage: Choice | Welcome) -> None:
    if isinstance(stage, Choice):
        assert len(stage.standing) > 1, "who has one visit, or none, chooses nothing"
        assert on_page(stage), "no page is empty"
    else:
        assert not stage.booking.cancelled, "nobody is welcomed to a visit that was cancelled"
        assert stage.opens_at_s is None or stage.asked_at is None, "nobody joins too early"


def _check_the_private_are_alone(event: MonitoringChanged, after: Stage) -> None:
    visit = visit_of(after)
    assert visit is not None
    assert visit.monitoring == event.monitoring, "who watches is never hidden"
    if visit.privacy is not Privacy.SOCIAL and event.monitoring != "none":
        assert visit.held, "nothing flows in a private visit that somebody watches"


def _check_that_it_gives_back(event: Event, action: Action) -> None:
    match event, action:
        case JoinGranted(visit=visit), LeaveVisit(reference, Ending.NOT_WANTED, 0.0):
            assert reference == visit.reference
        case OfferMade(call=offered), EndCall(call):
            assert call == offered
        case SupportGranted(grant=grant), EndSupport(call_id):
            assert call_id == grant.id
        case _:
            raise AssertionError(f"a late {type(event).__name__} led to {action}")


_OF_A_CALL = (
    OfferMade,
    AnswerMade,
    CallConnected,
    CallLost,
    CallSilent,
    CallHeard,
    CallPaused,
    CallMeasured,
)
_OF_A_VISIT = (
    VisitorCame,
    VisitorReady,
    VisitorLeft,
    VisitorInLobby,
    HoldOrdered,
    HoldReleased,
    EndMoved,
    EndOrdered,
    BookingCancelled,
)
_OF_A_VISIT_THAT_IS_HELD = (
    *_OF_A_VISIT,
    VisitorSlow,
    OfficerSaid,
    TimeGiven,
    MonitoringChanged,
    VisitorSaid,
    PhraseUnsaid,
)


def _references_of(stage: Stage) -> set[str]:
    """The bookings that are on the screen, or a touch away."""
    match stage:
        case Choice(offered=offered):
            return {of.booking.reference for of in offered}
        case Welcome(booking=booking, choice=choice):
            return {booking.reference} | (_references_of(choice) if choice else set())
        case WaitingRoom(visit=visit) | Connecting(visit=visit) | InVisit(visit=visit):
            return {visit.reference}
        case _:
            return set()


def _tells_of_a_booking(stage: Stage) -> bool:
    """Of one that nobody knows any more: any change may be of it."""
    match stage:
        case Goodbye(next_at=told) | Refused(at=told):
            return told is not None
        case Support(desk=desk) | SupportCall(desk=desk) | SupportOver(desk=desk):
            return desk.visit_at is not None
        case _:
            return False


def _asks(
    stage: Stage, answer: CardIdentified | PinNeeded | PinWrong | CardKnown | Declined
) -> bool:
    """Whether it is such an answer that this stage may wait for."""
    match answer:
        case CardKnown():
            return isinstance(stage, Support)
        case Declined():
            return isinstance(stage, CheckingCard | EnterPin | Support | Welcome)
        case _:
            return isinstance(stage, CheckingCard | EnterPin)


def expected(stage: Stage, event: Event) -> bool:
    """Whether `event` answers what this stage asked, or speaks of the visit and call that it is in."""
    line, visit = line_of(stage), visit_of(stage)
    match event:
        case CardIdentified() | PinNeeded() | PinWrong() | CardKnown() | Declined():
            return _asks(stage, event) and getattr(stage, "asked_at", None) == event.asked_at
        case SupportGranted(asked_at) | SupportDeclined(asked_at):
            waits = isinstance(stage, SupportCall) and stage.grant is None
            return waits and getattr(stage, "asked_at", None) == asked_at
        case SupportAnswered(call) | SupportUnanswered(call):
            return isinstance(stage, SupportCall) and stage.call == call
        case JoinGranted(asked_at):
            return isinstance(stage, Welcome) and stage.asked_at == asked_at
        case OfferAnswered(call, join_id) | OfferCame(call, join_id) | OfferFailed(call, join_id):
            visitor = line.visitor if line and line.call == call else None
            return visitor is not None and visitor.join_id == join_id
        case BookingChanged(booking):
            return _tells_of_a_booking(stage) or booking.reference in _references_of(stage)
    if isinstance(event, _OF_A_CALL) and isinstance(stage, SupportCall):
        return stage.call == event.call
    if isinstance(event, _OF_A_CALL):
        return line is not None and line.call == event.call
    if isinstance(event, _OF_A_VISIT) and isinstance(stage, Welcome):
        return stage.asked_at is not None and stage.booking.reference == event.visit
    if isinstance(event, _OF_A_VISIT_THAT_IS_HELD):
        return visit is not None and visit.reference == event.visit
    return True
