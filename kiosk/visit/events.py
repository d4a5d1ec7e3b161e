"""What can happen. Every reply names the question, visit or call it answers; a late one is dropped."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from kiosk.visit.asked import OfficerComes, OfficerTold, OfficerUnheard
from kiosk.visit.booking import Booking, BookingChanged, Card, Monitoring, Person, Place
from kiosk.visit.phrases import PhraseUnsaid, VisitorSaid
from kiosk.visit.reasons import (
    Ending,
    HeldReason,
    NoAnswer,
    OutOfOrder,
    Refusal,
    Touch,
)
from kiosk.visit.stages import Seconds, Visit, Visitor
from kiosk.visit.support_events import SupportEvent, WishHeard


@dataclass(frozen=True, slots=True)
class Tick:
    """Time has passed."""


@dataclass(frozen=True, slots=True)
class CardPresented:
    """A card came to the reader."""

    card: Card


@dataclass(frozen=True, slots=True)
class CardUnreadable:
    """The reader sent something that is not a card."""


@dataclass(frozen=True, slots=True)
class Broken:
    """Part of the terminal can not be used."""

    reason: OutOfOrder


@dataclass(frozen=True, slots=True)
class AllWell:
    """Every part of the terminal can be used."""


@dataclass(frozen=True, slots=True)
class Touched:
    """A person touched the screen that was drawn from the present stage; `choice`: which of several."""

    touch: Touch
    choice: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class PinTyped:
    """A person typed a PIN."""

    pin: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class CardIdentified:
    """The service, or today's bookings while it is away, knows the card. `at` is the service's UTC."""

    asked_at: Seconds
    person: Person
    bookings: tuple[Booking, ...]
    here: Place
    at: datetime


@dataclass(frozen=True, slots=True)
class PinNeeded:
    """The service knows the card and wants a PIN before it says more."""

    asked_at: Seconds
    identification: str
    tries_left: int
    access: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class PinWrong:
    """It was not this PIN."""

    asked_at: Seconds
    tries_left: int


@dataclass(frozen=True, slots=True)
class Declined:
    """The question of `asked_at` got no for an answer, or none."""

    asked_at: Seconds
    reason: Refusal
    place: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class JoinGranted:
    """The service granted the visit."""

    asked_at: Seconds
    visit: Visit


@dataclass(frozen=True, slots=True)
class VisitorCame:
    """The visitor's page was opened, though it may never get ready."""

    visit: str


@dataclass(frozen=True, slots=True)
class VisitorReady:
    """The visitor is admitted and can answer an offer."""

    visit: str
    visitor: Visitor


@dataclass(frozen=True, slots=True)
class VisitorLeft:
    """That page load of the visitor is gone."""

    visit: str
    join_id: str


@dataclass(frozen=True, slots=True)
class VisitorInLobby:
    """The visitor's page is open, and nobody has let them in; or not any more."""

    visit: str
    present: bool


@dataclass(frozen=True, slots=True)
class OfferMade:
    """kiosk-call has an offer."""

    call: int
    medium: int
    sdp: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class OfferAnswered:
    """The visitor's answer."""

    call: int
    join_id: str
    medium: int
    sdp: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class OfferCame:
    """The service's own offer of what the visitor sends."""

    call: int
    join_id: str
    medium: int
    sdp: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class AnswerMade:
    """kiosk-call answered the service's offer."""

    call: int
    medium: int
    sdp: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class OfferFailed:
    """No answer came, no offer, or ours was not taken."""

    call: int
    join_id: str
    reason: NoAnswer


@dataclass(frozen=True, slots=True)
class CallConnected:
    """Media can flow."""

    call: int


@dataclass(frozen=True, slots=True)
class CallLost:
    """The call broke; with `no_relay`, as a site that allows nothing else has no relay that lets us in."""

    call: int
    no_relay: bool = False


@dataclass(frozen=True, slots=True)
class CallSilent:
    """Nothing has come from the other side since a moment, though the call is not lost yet."""

    call: int
    since: Seconds


@dataclass(frozen=True, slots=True)
class CallHeard:
    """Something comes again."""

    call: int


@dataclass(frozen=True, slots=True)
class CallPaused:
    """Nothing had come for a moment, too short for a silence, and now comes again."""

    call: int


@dataclass(frozen=True, slots=True)
class CallMeasured:
    """For how long their picture has stood still in this call, up to now; whether the line is weak."""

    call: int
    frozen_s: Seconds
    weak: bool = False


@dataclass(frozen=True, slots=True)
class ServiceSlow:
    """Our own way to the service is bad, or good again."""

    slow: bool


@dataclass(frozen=True, slots=True)
class VisitorSlow:
    """The visitor's own way to the service is bad, or good again."""

    visit: str
    slow: bool


@dataclass(frozen=True, slots=True)
class CallGone:
    """kiosk-call is not there."""


@dataclass(frozen=True, slots=True)
class CallBack:
    """kiosk-call said hello, and which call it is in."""

    call: int | None


@dataclass(frozen=True, slots=True)
class OfficerSaid:
    """An officer wrote a message."""

    visit: str
    text: str


@dataclass(frozen=True, slots=True)
class HoldOrdered:
    """An officer stops sound and picture."""

    visit: str
    reason: HeldReason


@dataclass(frozen=True, slots=True)
class HoldReleased:
    """The officer lets the visit go on."""

    visit: str


@dataclass(frozen=True, slots=True)
class EndMoved:
    """The service moved the end of the visit."""

    visit: str
    ends_at_s: Seconds


@dataclass(frozen=True, slots=True)
class TimeGiven:
    """The service moved the end of the visit for time that was lost: by `given_s` in all."""

    visit: str
    ends_at_s: Seconds
    given_s: Seconds


@dataclass(frozen=True, slots=True)
class MonitoringChanged:
    """Somebody began to watch or record the visit, or stopped."""

    visit: str
    monitoring: Monitoring


@dataclass(frozen=True, slots=True)
class EndOrdered:
    """The service ends the visit."""

    visit: str
    reason: Ending


@dataclass(frozen=True, slots=True)
class BookingCancelled:
    """The booking was withdrawn after the visit was granted."""

    visit: str


@dataclass(frozen=True, slots=True)
class ServiceLost:
    """The service can not be reached."""


@dataclass(frozen=True, slots=True)
class ServiceBack:
    """The service can be reached again."""


Event: TypeAlias = (
    Tick
    | CardPresented
    | CardUnreadable
    | Broken
    | AllWell
    | Touched
    | PinTyped
    | CardIdentified
    | PinNeeded
    | PinWrong
    | Declined
    | JoinGranted
    | VisitorCame
    | VisitorReady
    | VisitorLeft
    | VisitorInLobby
    | OfferMade
    | OfferAnswered
    | OfferCame
    | AnswerMade
    | OfferFailed
    | CallConnected
    | CallLost
    | CallSilent
    | CallHeard
    | CallPaused
    | CallMeasured
    | ServiceSlow
    | VisitorSlow
    | CallGone
    | CallBack
    | OfficerSaid
    | VisitorSaid
    | PhraseUnsaid
    | HoldOrdered
    | HoldReleased
    | EndMoved
    | TimeGiven
    | MonitoringChanged
    | EndOrdered
    | BookingCancelled
    | BookingChanged
    | WishHeard
    | SupportEvent
    | ServiceLost
    | ServiceBack
    | OfficerTold
    | OfficerUnheard
    | OfficerComes
)
