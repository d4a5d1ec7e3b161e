"""People, bookings and visits as the sandbox keeps them. Names may contain anything."""

from collections.abc import Collection
from typing import Literal, TypeAlias

import msgspec

from kiosk.clock import Seconds
from kiosk.sandbox.instants import Milliseconds

Whereabouts: TypeAlias = Literal["present", "released"]
Privacy: TypeAlias = Literal["social", "legal", "confidential"]
Monitoring: TypeAlias = Literal["none", "possible", "watching", "recorded", "recorded_and_watching"]
BookedMonitoring: TypeAlias = Literal["none", "possible", "recorded"]
"""What a booking says of it: that somebody watches is never booked."""

Admission: TypeAlias = Literal["waiting", "admitted", "not_here"]
HeldReason: TypeAlias = Literal["officer", "rules"]
EndReason: TypeAlias = Literal["time_up", "officer", "visitor_ended", "ended", "booking_cancelled"]
"""`ended` is a visitor's private end, or nobody's: it says no more."""

Cause: TypeAlias = Literal["prison", "visitor", "link", "hold", "terminal"]
"""What time was lost to, as `reportLost` of the contract says it."""

Wish: TypeAlias = Literal["rebooking", "fault"]
"""What a person asks for after a visit, as `wish` of the contract says it."""


class Card(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a reader of `technology` says of a card."""

    technology: str
    value: str


class Person(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A prisoner. `prison` is where they are now; `pin` is a salted hash."""

    number: str
    first_name: str
    prison: str
    whereabouts: Whereabouts = "present"
    allowed: bool = True
    pin: str | None = None
    tries_left: int = 0
    access: tuple[str, ...] = ()
    """`AccessNeed` of the contract."""


class Visitor(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One booked visitor: the name on their ID, and what the prisoner calls them."""

    full_name: str
    display_name: str
    approved: bool = True


class Booking(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A visit as the booking system has it. Without a privacy class nobody can join it."""

    reference: str
    number: str
    prison: str
    hall: str
    opens_at_ms: Milliseconds
    starts_at_ms: Milliseconds
    ends_at_ms: Milliseconds
    visitors: tuple[Visitor, ...]
    cancelled: bool = False
    privacy: Privacy | None = "social"
    monitoring: BookedMonitoring = "possible"
    admitted_at_once: bool = True
    language: str | None = None

    @property
    def monitored(self) -> BookedMonitoring:
        """A legal or confidential visit has no tap at all, whatever the booking says."""
        return self.monitoring if self.privacy == "social" else "none"


class LostTime(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Seconds of a visit that were lost, by cause."""

    prison: Seconds = 0.0
    visitor: Seconds = 0.0
    link: Seconds = 0.0
    hold: Seconds = 0.0
    terminal: Seconds = 0.0

    def __add__(self, other: "LostTime") -> "LostTime":
        fields = self.__struct_fields__
        return LostTime(**{name: getattr(self, name) + getattr(other, name) for name in fields})

    def of(self, causes: Collection[Cause]) -> Seconds:
        """How much was lost to these."""
        return float(sum(getattr(self, cause) for cause in causes))


class Visit(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What became of a booking: who holds it, who was let in, how and when it ended.

    `came`: the link was opened at some time, in whatever browser. `page` is the hash of the secret of
    the one browser that the link belongs to. `lost` is what the
    terminal that has the visit reported, `lost_before` what was lost until it got it, and `given_s`
    of all that was given back. The time since `counted_to_ms`, or since the booking begins, will be
    lost to `gap` when a terminal takes the visit next; to nothing when somebody left it by choice.
    """

    reference: str
    terminal: str | None = None
    extended_to_ms: Milliseconds | None = None
    admissions: tuple[Admission, ...]
    held: HeldReason | None = None
    ended: EndReason | None = None
    ended_at_ms: Milliseconds | None = None
    talked_s: Seconds = 0.0
    came: bool = False
    page: str | None = None
    lost: LostTime = LostTime()
    lost_before: LostTime = LostTime()
    gap: Cause | None = "prison"
    counted_to_ms: Milliseconds | None = None
    given_s: Seconds = 0.0
    last_terminal: str | None = None
    """The one that left it last, and may still speak of it."""

    def ends_at_ms(self, booking: Booking) -> Milliseconds:
        return self.extended_to_ms or booking.ends_at_ms

    @property
    def admitted(self) -> bool:
        """Whether each visitor was looked at and somebody was let in."""
        return "admitted" in self.admissions and "waiting" not in self.admissions

    @property
    def stopped(self) -> HeldReason | None:
        """Why nothing may flow: an officer paused it, or somebody is not admitted (any more)."""
        return self.held or (None if self.admitted else "officer")
