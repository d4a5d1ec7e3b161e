"""When a stage wants to be woken: the runner sleeps until then and sends Tick."""

from kiosk.visit.cues import next_cue_at
from kiosk.visit.fair import tell_at
from kiosk.visit.helplines import Support, SupportCall, SupportOver
from kiosk.visit.leaving import InPerson
from kiosk.visit.patience import CARD_CHECK_S, JOIN_S
from kiosk.visit.stages import (
    CheckingCard,
    Choice,
    Connecting,
    EnterPin,
    Goodbye,
    Hint,
    Idle,
    InVisit,
    Line,
    MaintenanceDoor,
    OfficerMessage,
    OutOfService,
    Refused,
    Seconds,
    Stage,
    Visit,
    WaitingRoom,
    Welcome,
)


def next_deadline(stage: Stage) -> Seconds | None:
    """The first moment at which a Tick changes this stage; None only where nobody is here."""
    return min((moment for moment in _moments(stage) if moment is not None), default=None)


def _moments(stage: Stage) -> tuple[Seconds | None, ...]:
    match stage:
        case Idle(hint):
            return (_until(hint),)
        case OutOfService():
            return ()
        case CheckingCard(asked_at=asked_at):
            return (asked_at + CARD_CHECK_S,)
        case EnterPin(leave_at=leave_at) | MaintenanceDoor(leave_at=leave_at):
            return (leave_at,)
        case (
            Goodbye(leave_at=leave_at, hint=hint)
            | Refused(leave_at=leave_at, hint=hint)
            | Choice(leave_at=leave_at, hint=hint)
        ):
            return leave_at, _until(hint)
        case Welcome(leave_at=leave_at, asked_at=None, hint=hint):
            return leave_at, stage.opens_at_s, _until(hint)
        case Welcome(asked_at=float() | int() as asked_at, hint=hint):
            return asked_at + JOIN_S, _until(hint)
        case WaitingRoom(visit, line) | Connecting(visit, line):
            return waits_until(visit, line), stage.leave_at, *_of_every_meeting(stage)
        case Support() | SupportCall() | SupportOver():
            return _of_helping(stage)
        case InVisit():
            return unsupervised_limit(stage), *_of_the_visit(stage), *_of_every_meeting(stage)
    raise AssertionError(stage)


def _of_helping(stage: Support | SupportCall | SupportOver) -> tuple[Seconds | None, ...]:
    match stage:
        case Support(leave_at=leave_at, asked_at=asked_at):
            return leave_at, None if asked_at is None else asked_at + CARD_CHECK_S
        case SupportCall(grant=grant):
            ends_at_s = grant.ends_at_s if grant else None
            return ends_at_s, stage.give_up_at, stage.again_at, stage.card_told_until
        case SupportOver(leave_at=leave_at):
            return (leave_at,)


def _of_every_meeting(stage: InPerson) -> tuple[Seconds | None, ...]:
    return (
        tell_at(stage),
        stage.visit.ends_at_s,
        stage.line.again_at,
        stage.leave_asked_until,
        _until(stage.hint),
        _until(stage.message),
    )


def _of_the_visit(stage: InVisit) -> tuple[Seconds | None, ...]:
    told = stage.cues.until if stage.cues.minutes is not None else None
    return next_cue_at(stage), told, stage.phrase.until if stage.phrase else None


def waits_until(visit: Visit, line: Line) -> Seconds | None:
    """How long a visitor is waited for; None while their page is open."""
    here = line.visitor is not None or visit.visitor_in_lobby
    return None if here else visit.wait_until_s


def unsupervised_limit(stage: InVisit) -> Seconds | None:
    """When a visit that nobody can oversee is held; None while the service is there or it is held."""
    if stage.unsupervised_since is None or stage.visit.held is not None:
        return None
    return stage.unsupervised_since + stage.visit.unsupervised_limit_s


def _until(shown: Hint | OfficerMessage | None) -> Seconds | None:
    return shown.until if shown else None
