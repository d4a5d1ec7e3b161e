"""People, cards and bookings as the rules see them, and which bookings fit here and now."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal, TypeAlias

from kiosk.visit.patience import SOON_S
from kiosk.visit.reasons import Refusal

Monitoring: TypeAlias = Literal["none", "possible", "watching", "recorded", "recorded_and_watching"]


class Privacy(StrEnum):
    """How private a visit is by law; a booking without a class can not be joined."""

    SOCIAL = "social"
    LEGAL = "legal"
    CONFIDENTIAL = "confidential"


@dataclass(frozen=True, slots=True)
class Card:
    """What a reader saw. An identifier proves nothing: the service decides."""

    technology: str
    assurance: str
    value: str = field(repr=False)
    trusted: bool = True
    """Whether this site takes cards that prove no more than this one."""


@dataclass(frozen=True, slots=True)
class Person:
    """The prisoner at the terminal."""

    prisoner_number: str
    first_name: str = field(repr=False)
    access: tuple[str, ...] = field(default=(), repr=False)
    """What makes the terminal easier for them."""


@dataclass(frozen=True, slots=True)
class Place:
    """A hall of a prison."""

    prison: str
    hall: str


@dataclass(frozen=True, slots=True)
class Booking:
    """A visit as it was booked; times are aware UTC."""

    reference: str
    place: Place
    opens_at: datetime
    starts_at: datetime
    ends_at: datetime
    cancelled: bool
    privacy: Privacy | None
    visitors: tuple[str, ...] = field(repr=False)
    monitoring: Monitoring | None = None
    """None where the service does not say before the grant."""
    language: str | None = field(default=None, repr=False)
    """What the person speaks, a tag of BCP 47."""

    def stands(self, here: Place, at: datetime) -> bool:
        """Whether it can be joined here, at `at` or later."""
        kept = not self.cancelled and self.privacy is not None
        return kept and self.place == here and at < self.ends_at


@dataclass(frozen=True, slots=True)
class BookingChanged:
    """A booking that may be on the screen is now so, `here` and at `at`, the service's UTC."""

    booking: Booking
    here: Place
    at: datetime


def may_stand(at: datetime | None, place: str | None, booking: Booking) -> bool:
    """Whether what was told of some visit is true also if `booking` is of that visit and is now so."""
    same_time = at in (booking.starts_at, _offered_from(booking))
    if booking.cancelled:
        return not same_time
    return same_time and place in (None, booking.place.hall, booking.place.prison)


@dataclass(frozen=True, slots=True)
class NotNow:
    """Why none of a person's bookings can be joined here and now, and what would help."""

    reason: Refusal
    place: str | None = None
    at: datetime | None = None


def on_offer(
    bookings: tuple[Booking, ...], here: Place, at: datetime
) -> tuple[Booking, ...] | NotNow:
    """What a person may choose from here at `at`, else the most helpful reason why there is nothing.

    Where one can be joined, now or soon, those of later today are offered beside it. What is open now
    comes before what comes later, and here before elsewhere: a person in the wrong hall while
    their visit runs must hear that first.
    """
    standing = sorted((b for b in bookings if not b.cancelled), key=lambda b: b.starts_at)
    offered = tuple(b for b in standing if b.stands(here, at))
    open_now = [b for b in standing if b.opens_at <= at < b.ends_at]
    later = [b for b in standing if at < b.opens_at]
    if any(b.opens_at <= at for b in offered):
        return offered
    if any(b.place == here for b in open_now):
        return NotNow(Refusal.NO_PRIVACY_CLASS)
    if open_now:
        return _elsewhere(open_now[0], here)
    if any(_opens_soon(b, at) for b in offered):
        return offered
    if later:
        first_here = next((b for b in later if b.place == here), None)
        return (
            NotNow(Refusal.TOO_EARLY, at=_offered_from(first_here))
            if first_here
            else _elsewhere(later[0], here)
        )
    if standing:
        return NotNow(Refusal.TOO_LATE, at=standing[-1].ends_at)
    return NotNow(Refusal.BOOKING_CANCELLED if bookings else Refusal.NO_BOOKING)


def _offered_from(booking: Booking) -> datetime:
    """When a card is first taken for it, on a whole minute: nobody is to come back too early again."""
    soonest = booking.opens_at - timedelta(seconds=SOON_S)
    minute = soonest.replace(second=0, microsecond=0)
    return minute if minute == soonest else minute + timedelta(minutes=1)


def _opens_soon(booking: Booking, at: datetime) -> bool:
    return (booking.opens_at - at).total_seconds() <= SOON_S


def _elsewhere(booking: Booking, here: Place) -> NotNow:
    if booking.place.prison != here.prison:
        return NotNow(Refusal.WRONG_PRISON, booking.place.prison, booking.starts_at)
    return NotNow(Refusal.WRONG_HALL, booking.place.hall, booking.starts_at)
