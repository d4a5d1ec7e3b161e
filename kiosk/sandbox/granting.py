"""Whether a visit may be joined here and now: the rules, without any I/O."""

from dataclasses import dataclass

import msgspec

from kiosk.clock import Seconds
from kiosk.sandbox.instants import Milliseconds
from kiosk.sandbox.records import Booking, Person, Visit


class Refused(msgspec.Struct, frozen=True):
    """Why not, and what would help: the place to go to, the time to come back."""

    code: str
    place: str | None = None
    at_ms: Milliseconds | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks to join, from where, and what is known of them now."""

    terminal: str
    prison: str
    hall: str
    number: str
    at_ms: Milliseconds
    proved: bool
    holder_is_silent: bool


def refusal(person: Person, booking: Booking, visit: Visit, asked: Asked) -> Refused | None:
    """The first reason why this visit can not be joined; None when it can.

    First who and where the person is, then whether the booking stands and is for this place, then
    who visits, then the time, and last whether another terminal has it.
    """
    return (
        _by_person(person, booking, asked)
        or _by_booking(booking, asked)
        or _by_time(booking, visit, asked)
        or _by_holder(visit, person, asked)
    )


def _by_person(person: Person, booking: Booking, asked: Asked) -> Refused | None:
    if booking.number != asked.number:
        return Refused("not_allowed")
    if person.whereabouts == "released":
        return Refused("released")
    if person.prison != asked.prison:
        return Refused("moved", place=person.prison)
    if not person.allowed:
        return Refused("not_allowed")
    return None


def _by_booking(booking: Booking, asked: Asked) -> Refused | None:
    if booking.cancelled:
        return Refused("booking_cancelled")
    if booking.prison != asked.prison:
        return Refused("wrong_prison", booking.prison, booking.starts_at_ms)
    if booking.hall != asked.hall:
        return Refused("wrong_hall", booking.hall, booking.starts_at_ms)
    if booking.privacy is None:
        return Refused("no_privacy_class")
    if not all(visitor.approved for visitor in booking.visitors):
        return Refused("visitor_not_approved")
    return None


def _by_time(booking: Booking, visit: Visit, asked: Asked) -> Refused | None:
    if asked.at_ms < booking.opens_at_ms:
        return Refused("too_early", at_ms=booking.opens_at_ms)
    ends_at_ms = visit.ends_at_ms(booking)
    if asked.at_ms >= ends_at_ms or visit.ended == "time_up":
        return Refused("too_late", at_ms=ends_at_ms)
    if visit.ended is not None:
        return Refused("not_allowed")
    return None


def _by_holder(visit: Visit, person: Person, asked: Asked) -> Refused | None:
    if visit.terminal == asked.terminal:
        return None
    if visit.terminal is not None and not asked.holder_is_silent:
        return Refused("taken")
    if person.pin is not None and not asked.proved:
        return Refused("not_allowed")
    return None


def latest_end_ms(booking: Booking, following: Booking | None, limit_s: Seconds) -> Milliseconds:
    """No visit goes on past the site's limit, nor into the next booking of its hall."""
    latest_ms = booking.ends_at_ms + int(limit_s * 1000)
    return min(latest_ms, following.starts_at_ms) if following else latest_ms
