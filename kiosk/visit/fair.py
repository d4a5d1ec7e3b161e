"""The fair clock: to what the time of a visit is being lost, and when the service is told of it."""

from dataclasses import replace

from kiosk.visit.actions import Action, ReportLost
from kiosk.visit.leaving import InPerson
from kiosk.visit.lost import Cause, FairClock
from kiosk.visit.patience import TELL_BEFORE_END_S, WORTH_TELLING_S
from kiosk.visit.reasons import HeldReason
from kiosk.visit.stages import InVisit, Line, Seconds


def kept_fair(stage: InPerson, now: Seconds) -> tuple[InPerson, list[Action]]:
    """The stage with its clock as it is to be; the service is told once nothing is lost any more."""
    cause, fair = cause_of(stage), stage.fair
    if cause is not fair.losing:
        fair = fair.turned(cause, _since(stage, now))
    if cause is None and fair.lost.total_s - fair.told_s >= WORTH_TELLING_S:
        return _told(stage, fair, now)
    return replace(stage, fair=fair), []


def told_in_time(stage: InPerson, now: Seconds) -> tuple[InPerson, list[Action]] | None:
    """Before the visit ends the service hears what is still being lost; None while it need not."""
    due = tell_at(stage)
    if due is None or now < due:
        return None
    return _told(stage, replace(stage.fair, told_for=stage.visit.ends_at_s), now)


def tell_at(stage: InPerson) -> Seconds | None:
    """When `told_in_time` has something to tell."""
    fair, ends_at_s = stage.fair, stage.visit.ends_at_s
    if fair.losing is None or fair.told_for >= ends_at_s:
        return None
    worth_at = fair.since + WORTH_TELLING_S - (fair.lost.total_s - fair.told_s)
    due = max(ends_at_s - TELL_BEFORE_END_S, worth_at)
    return due if due < ends_at_s else None


def frozen(stage: InVisit, seconds: Seconds) -> InVisit:
    """Their picture stood still for so long, though the call went on."""
    return replace(stage, fair=replace(stage.fair, lost=stage.fair.lost.plus(Cause.LINK, seconds)))


def cause_of(stage: InPerson) -> Cause | None:
    """What keeps the two apart; None while they can see and hear each other."""
    line, met = stage.line, isinstance(stage, InVisit)
    if not met and line.visitor is None:
        return Cause.PRISON if stage.visit.visitor_in_lobby else Cause.VISITOR
    match stage.visit.held:
        case HeldReason.UNSUPERVISED:
            return Cause.PRISON
        case HeldReason():
            return Cause.HOLD
    if met and line.flows:
        return None
    if met:
        return Cause.TERMINAL if line.call_gone else Cause.LINK
    return Cause.LINK if _was_offered(line) else Cause.TERMINAL


def _was_offered(line: Line) -> bool:
    return line.sent or line.again_at is not None


def _since(stage: InPerson, now: Seconds) -> Seconds:
    """A line is known to be silent only when it has been for a while."""
    silent_since = stage.line.silent_since
    if silent_since is None or stage.fair.losing is not None:
        return now
    return min(now, max(silent_since, stage.fair.since))


def _told(stage: InPerson, fair: FairClock, now: Seconds) -> tuple[InPerson, list[Action]]:
    lost = fair.at(now)
    told = replace(fair, told_s=lost.total_s)
    return replace(stage, fair=told), [ReportLost(stage.visit.reference, lost)]
