"""Where a visit can be. A stage is all that the rules remember; moments are on CLOCK_MONOTONIC."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeAlias

from kiosk.visit.booking import Booking, Card, Monitoring, Person, Privacy
from kiosk.visit.helplines import Support, SupportCall, SupportOver
from kiosk.visit.lost import FairClock
from kiosk.visit.media import IceServer, MediaEntry
from kiosk.visit.reasons import (
    Ending,
    HeldReason,
    Notice,
    OutOfOrder,
    Prepared,
    Rating,
    Refusal,
    WishState,
)

Seconds: TypeAlias = float
ToneHeard: TypeAlias = Literal["untried", "played", "yes", "no"]
WeakSide: TypeAlias = Literal["here", "there", "unknown"]

USUAL_VOLUME = 3
LOUDEST = 5
"""Steps of loudness, from 1 on: nobody can be made silent by mistake."""


_BAD_ENDINGS = (Ending.OFFICER, Ending.VISITOR_DID_NOT_COME)


@dataclass(frozen=True, slots=True)
class Hint:
    """A remark on the screen until a moment; `then`: what is remarked after it."""

    notice: Notice
    until: Seconds
    then: Notice | None = None


@dataclass(frozen=True, slots=True)
class OfficerMessage:
    """What an officer wrote, on the screen until a moment."""

    text: str = field(repr=False)
    until: Seconds


@dataclass(frozen=True, slots=True)
class Phrase:
    """A prepared phrase that one of the two chose, large on both sides until a moment."""

    key: Prepared
    ours: bool
    said_at: Seconds
    until: Seconds


@dataclass(frozen=True, slots=True)
class Cues:
    """What was told of the time left: all that is due with `below_s` left, or more; None: nothing.

    `minutes` are on the screen until a moment.
    """

    below_s: Seconds | None = None
    minutes: int | None = None
    until: Seconds = 0.0


@dataclass(frozen=True, slots=True)
class Visit:
    """What the service granted at join; only the service moves `ends_at_s`, never past `latest_end_s`.

    `visitor_in_lobby`: their page is open, and nobody has let them in. `wait_until_s` is for who
    never came; whoever did is waited for to the end.
    """

    reference: str
    card: Card
    visitors: tuple[str, ...] = field(repr=False)
    starts_at: datetime
    starts_at_s: Seconds
    ends_at_s: Seconds
    latest_end_s: Seconds
    wait_until_s: Seconds
    privacy: Privacy
    monitoring: Monitoring
    unsupervised_limit_s: Seconds
    media: tuple[MediaEntry, ...]
    ice_servers: tuple[IceServer, ...]
    relay_only: bool
    held: HeldReason | None = None
    visitor_in_lobby: bool = False
    next_at: datetime | None = None
    """When the person's next visit is."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """The page load of the family that can answer an offer."""

    join_id: str
    camera: bool
    microphone: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """The terminal's side of one peer connection, waiting to be answered."""

    medium: int
    sdp: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Line:
    """One attempt at a call, from our offers to media that can flow (`up`).

    `sent`: the offers are with the visitor. `came_again`: since then they said that they are here.
    `away`: the visitor's page is closed although the call is still up. `again_at`: when to give
    this attempt up and make a new one. `silent_since`: nothing has come although the call is up.
    `call_gone`: kiosk-call is not there. `frozen_s`: for how long their picture stood still in this
    call. `cut_off`: the service can not be heard, so that no new call could be made. `weak`: much
    is lost or late. `ours_slow`, `theirs_slow`: so is what each side exchanges with the service.
    """

    attempt: int
    call: int
    visitor: Visitor | None = None
    offers: tuple[Offer, ...] = ()
    sent: bool = False
    came_again: bool = False
    up: bool = False
    away: bool = False
    again_at: Seconds | None = None
    silent_since: Seconds | None = None
    call_gone: bool = False
    frozen_s: Seconds = 0.0
    cut_off: bool = False
    weak: bool = False
    ours_slow: bool = False
    theirs_slow: bool = False

    @property
    def weak_side(self) -> WeakSide | None:
        """Whose connection is weak: known only where one of the two ways to the service is bad, too."""
        if not (self.weak and self.flows):
            return None
        if self.ours_slow == self.theirs_slow:
            return "unknown"
        return "here" if self.ours_slow else "there"

    @property
    def flows(self) -> bool:
        """Whether sound and picture come."""
        return self.up and self.silent_since is None


@dataclass(frozen=True, slots=True)
class Idle:
    """Nobody is here."""

    hint: Hint | None = None


@dataclass(frozen=True, slots=True)
class CheckingCard:
    """The service is asked whose card this is; `asked_at` names the question."""

    card: Card
    asked_at: Seconds


@dataclass(frozen=True, slots=True)
class EnterPin:
    """The holder must prove who they are; `asked_at` while a PIN is being checked."""

    card: Card
    identification: str
    tries_left: int
    leave_at: Seconds
    wrong: bool = False
    asked_at: Seconds | None = None


@dataclass(frozen=True, slots=True)
class Offered:
    """One of several bookings; `opens_at_s` is past where it can be joined now."""

    booking: Booking
    opens_at_s: Seconds
    stands: bool = True


@dataclass(frozen=True, slots=True)
class Choice:
    """A person who may join more than one visit today.

    `offered` keeps its order for as long as the person is here: its places are what a touch names,
    so what was withdrawn stays in it and does not stand.
    """

    card: Card
    person: Person
    offered: tuple[Offered, ...]
    leave_at: Seconds
    page: int = 0
    hint: Hint | None = None

    @property
    def standing(self) -> tuple[int, ...]:
        """The places of what can still be chosen."""
        return tuple(place for place, offered in enumerate(self.offered) if offered.stands)


@dataclass(frozen=True, slots=True)
class Welcome:
    """A person and their booking; `asked_at` while the service is asked to grant the visit.

    `opens_at_s` while it can not be joined yet. `choice`: what it was chosen from, to go back to.
    `visitor_came`, `visitor`, `visitor_in_lobby`, `held` and `moved_end_s` are what the service said of
    the visit before its grant was read.
    `maybe_granted`: a kiosk-core that was killed had asked, and the service may have granted it.
    """

    card: Card
    person: Person
    booking: Booking
    leave_at: Seconds
    asked_at: Seconds | None = None
    visitor_came: bool = False
    visitor: Visitor | None = None
    visitor_in_lobby: bool = False
    held: HeldReason | None = None
    moved_end_s: Seconds | None = None
    maybe_granted: bool = False
    hint: Hint | None = None
    opens_at_s: Seconds | None = None
    choice: Choice | None = None


@dataclass(frozen=True, slots=True)
class WaitingRoom:
    """The visit is granted; the camera is open; the visitor or our own offer is missing.

    `tone`: what became of trying whether the loudspeaker is heard. `volume`: how loud it is.
    `leave_at`: nobody waits any more who has not touched the screen by then.
    """

    visit: Visit
    line: Line
    leave_at: Seconds = field(kw_only=True)
    leave_asked_until: Seconds | None = None
    hint: Hint | None = None
    message: OfficerMessage | None = None
    fair: FairClock = field(default_factory=FairClock)
    volume: int = USUAL_VOLUME
    tone: ToneHeard = "untried"


@dataclass(frozen=True, slots=True)
class Connecting:
    """The offer is with the visitor; `leave_at` as in the waiting room."""

    visit: Visit
    line: Line
    leave_at: Seconds = field(kw_only=True)
    leave_asked_until: Seconds | None = None
    hint: Hint | None = None
    message: OfficerMessage | None = None
    fair: FairClock = field(default_factory=FairClock)
    volume: int = USUAL_VOLUME


@dataclass(frozen=True, slots=True)
class InVisit:
    """They have met: live while `line` is up, else reconnecting, and held while `visit` is.

    `live_since`: sound and picture can flow since then. `talked_s`: for how long they could before.
    """

    visit: Visit
    line: Line
    leave_asked_until: Seconds | None = None
    hint: Hint | None = None
    message: OfficerMessage | None = None
    fair: FairClock = field(default_factory=FairClock)
    volume: int = USUAL_VOLUME
    live_since: Seconds | None = None
    talked_s: Seconds = 0.0
    muted: bool = False
    unsupervised_since: Seconds | None = None
    cues: Cues = field(default_factory=Cues)
    phrase: Phrase | None = None


@dataclass(frozen=True, slots=True)
class Goodbye:
    """The visit is over; the camera is closed.

    `visit`: its reference. `given_s`: how much of what was lost was given back. `cut_off`: nothing came
    any more when it ended. `picture`, `sound`: how the person found them. `rebooking`, `fault`: what
    became of what the person asked for.
    """

    reason: Ending
    talked_s: Seconds
    leave_at: Seconds
    hint: Hint | None = None
    visit: str = ""
    given_s: Seconds = 0.0
    next_at: datetime | None = None
    cut_off: bool = False
    picture: Rating | None = None
    sound: Rating | None = None
    rebooking: WishState | None = None
    fault: WishState | None = None

    @property
    def went_badly(self) -> bool:
        """Nobody asks such a person how they liked it."""
        return self.cut_off or self.talked_s <= 0 or self.reason in _BAD_ENDINGS


@dataclass(frozen=True, slots=True)
class Refused:
    """No visit now, why, and what would help."""

    reason: Refusal
    leave_at: Seconds
    place: str | None = None
    at: datetime | None = None
    hint: Hint | None = None


@dataclass(frozen=True, slots=True)
class OutOfService:
    """The terminal can not be used."""

    reason: OutOfOrder


@dataclass(frozen=True, slots=True)
class MaintenanceDoor:
    """Staff are asked for their card; `refused` after one that opens nothing. `behind`: what is broken."""

    leave_at: Seconds
    refused: bool = False
    behind: OutOfOrder | None = None


Stage: TypeAlias = (
    Idle
    | CheckingCard
    | EnterPin
    | Choice
    | Welcome
    | WaitingRoom
    | Connecting
    | InVisit
    | Goodbye
    | Refused
    | Support
    | SupportCall
    | SupportOver
    | MaintenanceDoor
    | OutOfService
)
