"""What stands beside the stage and is the same wherever a visit is: how to speak to the person, what
lies over the screen, whether an officer was asked, whether the screen rests.
"""

from dataclasses import dataclass, field, replace
from enum import StrEnum

from kiosk.visit.actions import Action
from kiosk.visit.asking import OfficerCall, advance_call, over_at, resumed
from kiosk.visit.deadlines import next_deadline
from kiosk.visit.events import (
    CardIdentified,
    CardPresented,
    CardUnreadable,
    Event,
    PinNeeded,
    Tick,
    Touched,
)
from kiosk.visit.helplines import Support, SupportCall, SupportOver
from kiosk.visit.leaving import Waiting
from kiosk.visit.manner import Manner, Mode, Site, Wishes, modes_of
from kiosk.visit.patience import CHOICE_S, REST_S, SLOW_TIMES, WORTH_STAYING_S
from kiosk.visit.reasons import Touch
from kiosk.visit.rules import advance, resume
from kiosk.visit.stages import (
    CheckingCard,
    Idle,
    OutOfService,
    Refused,
    Seconds,
    Stage,
    Welcome,
)
from kiosk.visit.waits import Wait, given_more, is_same_screen, lengthened, stayed, wait_of


class Panel(StrEnum):
    """What can lie over a screen."""

    LANGUAGE = "language"
    ACCESS = "access"


@dataclass(frozen=True, slots=True)
class Beside:
    """`forget_at`: when what was chosen without showing a card is forgotten. `rest_at`: when an idle
    screen goes to rest.
    """

    wishes: Wishes = field(default_factory=Wishes)
    panel: Panel | None = None
    wait: Wait | None = None
    officer: OfficerCall | None = None
    forget_at: Seconds | None = None
    rest_at: Seconds | None = None
    resting: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """A stage and what stands beside it: all that the rules remember."""

    stage: Stage
    beside: Beside = field(default_factory=Beside)


def advance_both(
    standing: Standing, event: Event, now: Seconds, site: Site
) -> tuple[Standing, list[Action]]:
    """The next standing and what to do."""
    before, beside = standing.stage, standing.beside
    after, actions = advance(before, event, now)
    officer, asks = advance_call(beside.officer, event, now)
    beside = replace(beside, officer=officer, wishes=_known(beside.wishes, before, event, after))
    beside = _touched(beside, event, site)
    slow = _is_slow(beside.wishes, site)
    after = lengthened(before, after, now, slow=slow)
    wait = wait_of(before, beside.wait, after, now, slow=slow)
    if wait is not None and slow and not wait.slow:
        after, wait = given_more(after, wait, now)
    elif wait is not None and _is_here(event, after):
        after = stayed(after, wait, now)
    beside = _put_away(replace(beside, wait=wait), before, event, after, now, site)
    return Standing(after, _rested(beside, before, event, after, now)), actions + asks


def manner_of(standing: Standing, site: Site) -> Manner:
    """How to speak to the person now."""
    return standing.beside.wishes.manner(site)


def next_moment(standing: Standing) -> Seconds | None:
    """The first moment at which a Tick changes this standing."""
    beside = standing.beside
    officer_at = over_at(beside.officer) if beside.officer is not None else None
    moments = (next_deadline(standing.stage), beside.forget_at, beside.rest_at, officer_at)
    return min((moment for moment in moments if moment is not None), default=None)


def resume_both(standing: Standing, now: Seconds) -> Standing:
    """Where a restarted kiosk-core goes on; who is sent back to the start is forgotten."""
    stage, beside = resume(standing.stage), standing.beside
    officer = resumed(beside.officer, now)
    if _nobody(stage):
        return Standing(stage, Beside(officer=officer))
    return Standing(stage, replace(beside, officer=officer))


def _is_here(event: Event, stage: Stage) -> bool:
    """A touch says so, and in the waiting room one's own card, which is not asked for there."""
    if isinstance(event, CardPresented):
        return isinstance(stage, Waiting) and event.card == stage.visit.card
    return isinstance(event, Touched)


def _nobody(stage: Stage) -> bool:
    return isinstance(stage, Idle | OutOfService)


def _helped(stage: Stage) -> bool:
    return isinstance(stage, Support | SupportCall | SupportOver)


def _unknown(stage: Stage) -> bool:
    """Whoever is here has shown no card."""
    return _nobody(stage) or _helped(stage)


def _is_slow(wishes: Wishes, site: Site) -> bool:
    return Mode.SLOW in wishes.manner(site).modes


def _known(wishes: Wishes, before: Stage, event: Event, after: Stage) -> Wishes:
    """What is known of the person after this step; nobody's wishes are taken over by the next."""
    if after == before:
        return wishes
    if _nobody(after):
        return wishes if _nobody(before) else _left_behind(wishes, before, event)
    if isinstance(after, CheckingCard):
        same = _unknown(before) or isinstance(before, CheckingCard | Refused)
        return wishes.touched_only() if same else Wishes()
    if _helped(after) and not _unknown(before):
        return wishes.of_a_person()
    match event:
        case PinNeeded(access=access):
            return replace(wishes, needs=modes_of(access))
        case CardIdentified(person=person, bookings=bookings):
            booked = next((b.language for b in bookings if b.language and not b.cancelled), None)
            wishes = replace(wishes, booked=booked, needs=modes_of(person.access))
    if isinstance(after, Welcome) and after.booking.language is not None:
        return replace(wishes, booked=after.booking.language)
    return wishes


def _left_behind(wishes: Wishes, before: Stage, event: Event) -> Wishes:
    """Who goes back from the lines for help is still here, with what they touched before or there."""
    back = _helped(before) and not isinstance(event, Tick)
    return wishes.touched_only() if back else Wishes()


def _touched(beside: Beside, event: Event, site: Site) -> Beside:
    match event:
        case Touched(Touch.LANGUAGE, "") if len(site.languages) > 1:
            return replace(beside, panel=Panel.LANGUAGE)
        case Touched(Touch.LANGUAGE, tag) if tag:
            wishes = beside.wishes.speak(tag, site)
            spoke = wishes != beside.wishes or tag == wishes.manner(site).language
            return replace(beside, wishes=wishes, panel=None if spoke else beside.panel)
        case Touched(Touch.ACCESS, ""):
            return replace(beside, panel=Panel.ACCESS)
        case Touched(Touch.ACCESS, name):
            return replace(beside, wishes=beside.wishes.switch(name, site))
        case Touched(Touch.CLOSE):
            return replace(beside, panel=None)
        case _:
            return beside


def _put_away(
    beside: Beside, before: Stage, event: Event, after: Stage, now: Seconds, site: Site
) -> Beside:
    """No panel outlives its screen or covers what an officer says; no choice lies about where nobody is."""
    if not is_same_screen(before, after) or _is_told(before, after):
        beside = replace(beside, panel=None)
    if not _nobody(after) or (beside.wishes == Wishes() and beside.panel is None):
        return replace(beside, forget_at=None)
    due = beside.forget_at
    if due is not None and isinstance(event, Tick) and now >= due:
        return replace(beside, wishes=Wishes(), panel=None, forget_at=None)
    later_s = now + CHOICE_S * (SLOW_TIMES if _is_slow(beside.wishes, site) else 1)
    if due is None or (isinstance(event, Touched) and later_s >= due + WORTH_STAYING_S):
        return replace(beside, forget_at=later_s)
    return beside


def _is_told(before: Stage, after: Stage) -> bool:
    """An officer has a message for who is here."""
    message = getattr(after, "message", None)
    return message is not None and message != getattr(before, "message", None)


def _rested(beside: Beside, before: Stage, event: Event, after: Stage, now: Seconds) -> Beside:
    """A screen that nobody has touched for long rests until somebody comes."""
    if not isinstance(after, Idle):
        return replace(beside, rest_at=None, resting=False)
    came = isinstance(event, Touched | CardUnreadable) or not isinstance(before, Idle)
    if came:
        fresh = beside.rest_at is None or now + REST_S >= beside.rest_at + WORTH_STAYING_S
        return replace(beside, rest_at=now + REST_S, resting=False) if fresh else beside
    if beside.rest_at is not None and now >= beside.rest_at:
        return replace(beside, rest_at=None, resting=True)
    return beside
