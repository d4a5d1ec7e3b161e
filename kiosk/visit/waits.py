"""How long a screen waits for a person: longer for who is slow, anew for who touches, never for ever."""

from dataclasses import dataclass, replace
from typing import Any, cast

from kiosk.visit.leaving import Waiting
from kiosk.visit.patience import SLOW_TIMES, STAYS, WORTH_STAYING_S
from kiosk.visit.stages import (
    Cues,
    Hint,
    OfficerMessage,
    Phrase,
    Seconds,
    Stage,
)


@dataclass(frozen=True, slots=True)
class Wait:
    """The screen waits `span_s` after a touch, up to `latest_s`; `slow`: that is as long as it gets."""

    span_s: Seconds
    latest_s: Seconds
    slow: bool = False


def leaves_at(stage: Stage) -> Seconds | None:
    """When this stage goes back to idle if nobody touches it; None where it waits for something else."""
    if getattr(stage, "asked_at", None) is not None:
        return None
    moment: Seconds | None = getattr(stage, "leave_at", None)
    return moment


def lengthened(before: Stage, after: Stage, now: Seconds, *, slow: bool) -> Stage:
    """`after`, in which all that begins now to wait for a person waits as long as they need."""
    if not slow:
        return after
    changes: dict[str, Any] = {
        name: _later(moment, now)
        for name in ("leave_at", "leave_asked_until")
        if (moment := _begun(before, after, name)) is not None
    }
    for name in ("hint", "message", "phrase", "cues"):
        shown: Hint | OfficerMessage | Phrase | Cues | None = getattr(after, name, None)
        if isinstance(shown, Cues) and shown.minutes is None:
            continue
        if shown is not None and shown != getattr(before, name, None):
            changes[name] = replace(shown, until=_later(shown.until, now))
    return _with(after, **changes) if changes else after


def given_more(stage: Stage, wait: Wait, now: Seconds) -> tuple[Stage, Wait]:
    """The stage of a person who just said that they are slow."""
    span_s = SLOW_TIMES * wait.span_s
    more = _wait(stage, now + span_s, now, slow=True)
    return _with(stage, leave_at=now + span_s), more


def wait_of(
    before: Stage, wait: Wait | None, after: Stage, now: Seconds, *, slow: bool
) -> Wait | None:
    """The wait that `after` is in: that of before, or one that begins now."""
    moment = leaves_at(after)
    if moment is None:
        return None
    if is_same_screen(before, after) and moment == leaves_at(before):
        return wait
    return _wait(after, moment, now, slow=slow)


def stayed(stage: Stage, wait: Wait, now: Seconds) -> Stage:
    """The stage of a person who touched it: they are still here.

    Many touches a second move nothing but once a second.
    """
    moment = leaves_at(stage)
    later_s = min(now + wait.span_s, wait.latest_s)
    if moment is None or later_s < moment + WORTH_STAYING_S:
        return stage
    return _with(stage, leave_at=later_s)


def can_stay(stage: Stage, wait: Wait | None) -> bool:
    """Whether a touch can still put off that this stage is left."""
    moment = leaves_at(stage)
    return moment is not None and wait is not None and moment + WORTH_STAYING_S <= wait.latest_s


def _wait(stage: Stage, moment: Seconds, now: Seconds, *, slow: bool) -> Wait:
    """Who waits for their visitor may say until the end of the visit that they are here."""
    if isinstance(stage, Waiting):
        return Wait(moment - now, stage.visit.latest_end_s, slow)
    return Wait(moment - now, moment + STAYS * (moment - now), slow)


def is_same_screen(before: Stage, after: Stage) -> bool:
    """Each new attempt at a call goes from the waiting room to connecting, and often back."""
    if isinstance(before, Waiting) and isinstance(after, Waiting):
        return True
    return type(before) is type(after)


def _begun(before: Stage, after: Stage, name: str) -> Seconds | None:
    """The moment of that name, where it was set by this step and for a person."""
    moment: Seconds | None = getattr(after, name, None)
    if name == "leave_at":
        moment = leaves_at(after)
    same = is_same_screen(before, after) and getattr(before, name, None) == moment
    return None if same else moment


def _later(moment: Seconds, now: Seconds) -> Seconds:
    return now + SLOW_TIMES * (moment - now)


def _with(stage: Stage, **changes: Any) -> Stage:
    return cast(Stage, replace(cast(Any, stage), **changes))
