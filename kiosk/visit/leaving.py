"""What many stages come to: another card, a remark, back to idle, refused, and the end of a visit."""

from dataclasses import replace
from datetime import datetime
from typing import TypeAlias

from kiosk.visit.actions import Action, EndCall, Identify, LeaveVisit, Survey
from kiosk.visit.booking import Card
from kiosk.visit.patience import BAD_ENDING_S, GOODBYE_S, NOTICE_S, REFUSED_S
from kiosk.visit.reasons import Ending, Notice, Refusal
from kiosk.visit.stages import (
    CheckingCard,
    Connecting,
    Goodbye,
    Hint,
    Idle,
    InVisit,
    Refused,
    Seconds,
    Stage,
    Visit,
    WaitingRoom,
)

Step: TypeAlias = tuple[Stage, list[Action]]
Waiting: TypeAlias = WaitingRoom | Connecting
InPerson: TypeAlias = Waiting | InVisit


def check_card(card: Card, now: Seconds) -> Step:
    """Ask the service whose it is, unless the site takes no such cards."""
    if not card.trusted:
        return refuse(Refusal.CARD_NOT_TRUSTED, now)
    return CheckingCard(card, now), [Identify(card, now)]


def unreadable(now: Seconds) -> Hint:
    """A card was there, and is to be held still."""
    return Hint(Notice.CARD_UNREADABLE, now + NOTICE_S)


_ANSWERS = (Notice.TIME_SAFE, Notice.PHRASE_UNSAID)
"""What a person is waiting to hear after something went wrong."""


def remarked(before: Hint | None, notice: Notice, now: Seconds) -> Hint:
    """`notice` now, or after an answer that is still being read."""
    if before is not None and before.notice in _ANSWERS and before.notice is not notice:
        return replace(before, then=notice)
    return Hint(notice, now + NOTICE_S)


def next_remark(read: Hint, now: Seconds) -> Hint | None:
    """What is remarked after one that was read, or is not true any more."""
    return None if read.then is None else Hint(read.then, now + NOTICE_S)


def to_idle(hint: Hint | None = None) -> Step:
    """Nobody is here any more; what is broken shows now that no person is disturbed by it."""
    return Idle(hint), [Survey()]


def refuse(
    reason: Refusal, now: Seconds, place: str | None = None, at: datetime | None = None
) -> Step:
    """Tell the person why there is no visit."""
    return Refused(reason, now + REFUSED_S, place, at), []


def end(stage: InPerson, reason: Ending, now: Seconds) -> Step:
    """Stop the media first, then tell the service."""
    talked = talked_s(stage, now)
    goodbye = Goodbye(
        reason,
        talked,
        now + GOODBYE_S,
        visit=stage.visit.reference,
        given_s=stage.fair.given_s,
        next_at=stage.visit.next_at,
        cut_off=reason in _UNDECIDED and _is_cut_off(stage),
    )
    if goodbye.went_badly:
        goodbye = replace(goodbye, leave_at=now + BAD_ENDING_S)
    return goodbye, [
        EndCall(stage.line.call),
        LeaveVisit(stage.visit.reference, reason, talked),
    ]


_UNDECIDED = (Ending.TIME_UP, Ending.LEFT, Ending.ENDED)
"""Nobody but the person and the clock ended it."""


def _is_cut_off(stage: InPerson) -> bool:
    """They had met, and nothing comes any more though nobody stopped it."""
    return isinstance(stage, InVisit) and not stage.line.flows and stage.visit.held is None


def with_end(visit: Visit, ends_at_s: Seconds) -> Visit:
    """The visit with its end moved, never past the latest; who waits to the end still does."""
    ends_at_s = min(ends_at_s, visit.latest_end_s)
    to_the_end = visit.wait_until_s >= visit.ends_at_s
    wait_until_s = ends_at_s if to_the_end else visit.wait_until_s
    return replace(visit, ends_at_s=ends_at_s, wait_until_s=wait_until_s)


def give_back(reference: str) -> LeaveVisit:
    """Tell the service that nobody here wants this visit; harmless where it never granted it."""
    return LeaveVisit(reference, Ending.NOT_WANTED, 0.0)


def talked_s(stage: InPerson, now: Seconds) -> Seconds:
    """How long sound and picture could flow, up to the end of the visit."""
    if not isinstance(stage, InVisit):
        return 0.0
    if stage.live_since is None:
        return stage.talked_s
    return stage.talked_s + max(0.0, min(now, stage.visit.ends_at_s) - stage.live_since)
