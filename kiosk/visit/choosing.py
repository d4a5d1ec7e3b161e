"""Whom a person may see here today, which visit they choose, and what changes of it meanwhile."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from kiosk.visit.booking import Booking, BookingChanged, Card, NotNow, Place, on_offer
from kiosk.visit.events import (
    CardIdentified,
    CardPresented,
    CardUnreadable,
    Event,
    Tick,
    Touched,
)
from kiosk.visit.leaving import Step, check_card, refuse, to_idle, unreadable
from kiosk.visit.patience import NOTICE_S, SOON_S, WELCOME_S
from kiosk.visit.reasons import Notice, Refusal, Touch
from kiosk.visit.stages import Choice, Hint, Offered, Seconds, Welcome

A_PAGE: Final = 4
"""So many visits stand on the screen at a time, with room for who and when in large letters."""


def greet(card: Card, known: CardIdentified, now: Seconds) -> Step:
    """A holder of a card chooses, is welcomed to the one visit there is, or hears why there is none."""
    match on_offer(known.bookings, known.here, known.at):
        case NotNow(reason, place, at):
            return refuse(reason, now, place, at)
        case bookings:
            offered = tuple(_offered(booking, known.here, known.at, now) for booking in bookings)
            return _choose_from(Choice(card, known.person, offered, now + WELCOME_S), now)


def from_choice(stage: Choice, event: Event, now: Seconds) -> Step | None:
    match event:
        case CardPresented(card) if card != stage.card:
            return check_card(card, now)
        case CardUnreadable():
            return replace(stage, hint=unreadable(now)), []
        case Touched(Touch.CHOOSE, choice) if (place := _place(stage, choice)) is not None:
            return _welcome(stage, place, now), []
        case Touched(Touch.MORE) if len(stage.standing) > A_PAGE:
            pages = -(-len(stage.standing) // A_PAGE)
            return replace(stage, page=(stage.page + 1) % pages), []
        case Touched(Touch.DONE):
            return to_idle()
        case BookingChanged():
            return changed(stage, event, now)
        case Tick() if now >= stage.leave_at:
            return to_idle()
        case Tick() if stage.hint and now >= stage.hint.until:
            return replace(stage, hint=None), []
        case _:
            return None


def on_page(stage: Choice) -> tuple[int, ...]:
    """The places of what is on the screen now."""
    return stage.standing[stage.page * A_PAGE :][:A_PAGE]


def back(choice: Choice, now: Seconds) -> Choice:
    """The same choice once more."""
    return replace(choice, leave_at=now + WELCOME_S, hint=None)


def changed(stage: Choice | Welcome, event: BookingChanged, now: Seconds) -> Step | None:
    """What is on the screen becomes what the booking is now, with a sentence; None when it is no news."""
    choice = _choice_of(stage)
    places = [
        place
        for place, offered in enumerate(choice.offered)
        if offered.booking.reference == event.booking.reference and offered.booking != event.booking
    ]
    if not places:
        return None
    fresh = _offered(event.booking, event.here, event.at, now)
    offered = tuple(fresh if at in places else kept for at, kept in enumerate(choice.offered))
    choice = replace(choice, offered=offered)
    if isinstance(stage, Welcome) and stage.booking.reference != event.booking.reference:
        return replace(stage, choice=choice if len(choice.standing) > 1 else None), []
    notice = Notice.BOOKING_CANCELLED if event.booking.cancelled else Notice.BOOKING_CHANGED
    hint = Hint(notice, now + NOTICE_S)
    if isinstance(stage, Welcome) and fresh.stands:
        return replace(_welcome(choice, places[0], now), hint=hint), []
    if choice.standing:
        return _choose_from(replace(choice, hint=hint, leave_at=now + WELCOME_S), now)
    return gone(event, now)


def gone(event: BookingChanged, now: Seconds) -> Step:
    """The booking can not be joined here any more, and where and when it is instead."""
    booking = event.booking
    if booking.cancelled:
        return refuse(Refusal.BOOKING_CANCELLED, now)
    return refuse(
        Refusal.BOOKING_CHANGED, now, _other_place(booking, event.here), booking.starts_at
    )


def _other_place(booking: Booking, here: Place) -> str | None:
    if booking.place == here:
        return None
    return booking.place.hall if booking.place.prison == here.prison else booking.place.prison


def _offered(booking: Booking, here: Place, at: datetime, now: Seconds) -> Offered:
    opens_at_s = now + (booking.opens_at - at).total_seconds()
    return Offered(booking, opens_at_s, booking.stands(here, at))


def _choice_of(stage: Choice | Welcome) -> Choice:
    """A welcome to the one visit that there is, is a choice of one."""
    if isinstance(stage, Choice):
        return stage
    if stage.choice is not None:
        return stage.choice
    only = Offered(stage.booking, stage.opens_at_s or 0.0)
    return Choice(stage.card, stage.person, (only,), stage.leave_at)


def _choose_from(choice: Choice, now: Seconds) -> Step:
    if len(choice.standing) == 1:
        return replace(_welcome(choice, choice.standing[0], now), hint=choice.hint), []
    last_page = (len(choice.standing) - 1) // A_PAGE
    return replace(choice, page=min(choice.page, last_page)), []


def _welcome(choice: Choice, place: int, now: Seconds) -> Welcome:
    chosen = choice.offered[place]
    early_s = chosen.opens_at_s - now
    return Welcome(
        choice.card,
        choice.person,
        chosen.booking,
        leave_at=now + WELCOME_S + (early_s if 0 < early_s <= SOON_S else 0),
        opens_at_s=chosen.opens_at_s if early_s > 0 else None,
        choice=choice if len(choice.standing) > 1 else None,
    )


def _place(stage: Choice, choice: str) -> int | None:
    """The place that a touch names, if anything stands there."""
    return next((place for place in stage.standing if str(place) == choice), None)
