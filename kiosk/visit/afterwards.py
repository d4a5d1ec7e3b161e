"""The last words: why a visit is over or was refused, and what a person can say to that."""

from dataclasses import replace

from kiosk.visit.actions import MakeWish
from kiosk.visit.booking import BookingChanged, may_stand
from kiosk.visit.events import CardPresented, CardUnreadable, Event, Tick, Touched
from kiosk.visit.leaving import Step, check_card, to_idle, unreadable
from kiosk.visit.reasons import Rating, Refusal, Touch, Wish, WishState
from kiosk.visit.stages import Goodbye, Refused, Seconds
from kiosk.visit.support_events import WishHeard

_OF_A_BOOKING = (
    Refusal.TOO_EARLY,
    Refusal.WRONG_HALL,
    Refusal.WRONG_PRISON,
    Refusal.BOOKING_CHANGED,
)
"""Refusals that tell where and when a booking is."""

_RATINGS = frozenset(Rating)


def from_last_words(stage: Goodbye | Refused, event: Event, now: Seconds) -> Step | None:
    match event:
        case CardPresented(card):
            return check_card(card, now)
        case CardUnreadable():
            return replace(stage, hint=unreadable(now)), []
        case BookingChanged():
            return _rebooked(stage, event)
        case Touched(Touch.DONE):
            return to_idle()
        case Tick() if stage.hint and now >= stage.hint.until:
            return replace(stage, hint=None), []
        case Tick() if now >= stage.leave_at:
            return to_idle(stage.hint)
        case _ if isinstance(stage, Goodbye):
            return _from_bad_ending(stage, event) if stage.went_badly else _rated(stage, event)
        case _:
            return None


def _rebooked(stage: Goodbye | Refused, event: BookingChanged) -> Step | None:
    """Nobody knows here whose booking it is: what may have become false is said no longer."""
    booking = event.booking
    match stage:
        case Goodbye(next_at=at) if not may_stand(at, None, booking):
            return None if booking.reference == stage.visit else (replace(stage, next_at=None), [])
        case Refused(reason, place=place, at=at) if not may_stand(at, place, booking):
            told = reason in _OF_A_BOOKING
            return (replace(stage, place=None, at=None), []) if told else None
        case _:
            return None


def resumed(stage: Goodbye) -> Goodbye:
    """What was being asked for may not have been heard; asked again, it does no harm."""
    for wish in Wish:
        if _state_of(stage, wish) is WishState.ASKING:
            stage = _with(stage, wish, WishState.UNHEARD)
    return stage


def _rated(stage: Goodbye, event: Event) -> Step | None:
    """A rating can be changed until the goodbye is left; it goes on record with the visit and no name."""
    match event:
        case Touched(Touch.RATE_PICTURE, choice) if choice in _RATINGS:
            return replace(stage, picture=Rating(choice)), []
        case Touched(Touch.RATE_SOUND, choice) if choice in _RATINGS:
            return replace(stage, sound=Rating(choice)), []
        case _:
            return None


def _from_bad_ending(stage: Goodbye, event: Event) -> Step | None:
    match event:
        case Touched(Touch.ASK_REBOOKING):
            return _wished(stage, Wish.REBOOKING)
        case Touched(Touch.REPORT_FAULT):
            return _wished(stage, Wish.FAULT)
        case WishHeard(visit, wish, taken) if visit == stage.visit:
            if _state_of(stage, wish) is not WishState.ASKING:
                return None
            state = WishState.ASKED if taken else WishState.UNHEARD
            return _with(stage, wish, state), []
        case _:
            return None


def _wished(stage: Goodbye, wish: Wish) -> Step | None:
    """Once it is with the prison, a second touch asks for nothing more."""
    if _state_of(stage, wish) in (WishState.ASKING, WishState.ASKED):
        return None
    return _with(stage, wish, WishState.ASKING), [MakeWish(stage.visit, wish)]


def _state_of(stage: Goodbye, wish: Wish) -> WishState | None:
    return stage.rebooking if wish is Wish.REBOOKING else stage.fault


def _with(stage: Goodbye, wish: Wish, state: WishState) -> Goodbye:
    if wish is Wish.REBOOKING:
        return replace(stage, rebooking=state)
    return replace(stage, fault=state)
