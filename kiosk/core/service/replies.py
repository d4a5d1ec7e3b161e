"""Every reply, problem and event of the contract, decoded strictly; unknown fields are let be."""

from datetime import UTC, datetime
from typing import Annotated, Literal, TypeAlias, TypeVar

import msgspec
from msgspec import Meta
from msgspec.structs import force_setattr

from kiosk.core.service.plain_text import MESSAGE_CHARACTERS, NAME_CHARACTERS, clean
from kiosk.errors import ServiceError

Id: TypeAlias = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{1,64}\Z")]
Instant: TypeAlias = Annotated[datetime, Meta(tz=True)]
PrisonerNumber: TypeAlias = Annotated[str, Meta(pattern=r"^[A-Z][0-9]{4}[A-Z]{2}\Z")]
PrisonCode: TypeAlias = Annotated[str, Meta(pattern=r"^[A-Z]{3}\Z")]
Hall: TypeAlias = Annotated[str, Meta(min_length=1, max_length=60)]
VisitReference: TypeAlias = Annotated[str, Meta(pattern=r"^[A-Za-z0-9-]{1,40}\Z")]
PhraseKey: TypeAlias = Annotated[str, Meta(pattern=r"^[a-z_]{1,60}\Z")]
Digest: TypeAlias = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]
Uuid: TypeAlias = Annotated[
    str, Meta(pattern=r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\Z")
]
Tries: TypeAlias = Annotated[int, Meta(ge=0, le=100)]
Url: TypeAlias = Annotated[str, Meta(max_length=2048)]
Text60: TypeAlias = Annotated[str, Meta(max_length=60)]
Text300: TypeAlias = Annotated[str, Meta(max_length=300)]
IceUrl: TypeAlias = Annotated[str, Meta(pattern=r"^(stun|stuns|turn|turns):", max_length=300)]

Privacy: TypeAlias = Literal["social", "legal", "confidential"]
Monitoring: TypeAlias = Literal["none", "possible", "watching", "recorded", "recorded_and_watching"]


class Said(msgspec.Struct, frozen=True):
    """Something that the service said; it prints as its type alone, whatever it holds."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}(...)"


class _Timed(Said, frozen=True):
    """Something with moments in it, which are in UTC and of these centuries."""

    def __post_init__(self) -> None:
        for name in self.__struct_fields__:
            value = getattr(self, name)
            if isinstance(value, datetime):
                force_setattr(self, name, _in_utc(value))


class Person(Said, frozen=True):
    """The prisoner; `first_name` is clean and may be empty."""

    prisoner_number: PrisonerNumber
    first_name: str
    access: Annotated[tuple[Text60, ...], Meta(max_length=20)] = ()

    def __post_init__(self) -> None:
        force_setattr(self, "first_name", clean(self.first_name, NAME_CHARACTERS))


class BookedVisitor(Said, frozen=True):
    """One of the family; `display_name` is clean and may be empty."""

    display_name: str

    def __post_init__(self) -> None:
        force_setattr(self, "display_name", clean(self.display_name, NAME_CHARACTERS))


Visitors: TypeAlias = Annotated[tuple[BookedVisitor, ...], Meta(min_length=1, max_length=20)]


class Booking(_Timed, frozen=True):
    """A visit as it was booked; without a `privacy` class it can not be joined."""

    reference: VisitReference
    prison: PrisonCode
    hall: Hall
    opens_at: Instant
    starts_at: Instant
    ends_at: Instant
    status: Literal["booked", "cancelled"]
    visitors: Visitors
    privacy: Privacy | None = None
    monitoring: Monitoring | None = None
    language: Annotated[str, Meta(max_length=35)] | None = None


Bookings: TypeAlias = Annotated[tuple[Booking, ...], Meta(max_length=50)]


class Identification(_Timed, frozen=True):
    """Whose card it is, and what is booked for them today."""

    now: Instant
    identification: Id
    person: Person
    pin_required: bool
    bookings: Bookings
    tries_left: Tries | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.pin_required and self.bookings:
            raise ValueError("bookings were told before the PIN was verified")


class PersonToday(Said, frozen=True):
    """One person's bookings, found by the digest of their credential."""

    digest: Digest
    person: Person
    bookings: Bookings


class TodaysBookings(_Timed, frozen=True):
    """Everybody with a booking in the hall today."""

    now: Instant
    digest_key: Digest
    people: Annotated[tuple[PersonToday, ...], Meta(max_length=5000)]


class MediaEntry(Said, frozen=True):
    """One peer connection that the terminal is to open."""

    url: Url
    direction: Literal["sendrecv", "sendonly", "recvonly"]
    offerer: Literal["terminal", "service"]


class IceServer(Said, frozen=True):
    """A STUN or TURN server that this visit may use."""

    urls: Annotated[tuple[IceUrl, ...], Meta(min_length=1, max_length=8)]
    username: Text300 | None = None
    credential: Text300 | None = None


class Join(_Timed, frozen=True):
    """The visit is granted."""

    now: Instant
    visit: VisitReference
    starts_at: Instant
    ends_at: Instant
    latest_end_at: Instant
    privacy: Privacy
    monitoring: Monitoring
    visitors: Visitors
    media: Annotated[tuple[MediaEntry, ...], Meta(min_length=1, max_length=4)]
    ice_servers: Annotated[tuple[IceServer, ...], Meta(max_length=8)]
    relay_only: bool
    unsupervised_limit_s: Annotated[float, Meta(ge=1, le=86400)]
    wait_until: Instant | None = None
    visitor_came: bool = False
    next_visit_at: Instant | None = None


class SupportCall(_Timed, frozen=True):
    """A line may be called until `ends_at`; `unrecorded`: nothing of this call is recorded anywhere."""

    now: Instant
    call: Id
    ends_at: Instant
    media: Annotated[tuple[MediaEntry, ...], Meta(min_length=1, max_length=1)]
    ice_servers: Annotated[tuple[IceServer, ...], Meta(max_length=8)]
    relay_only: bool
    unrecorded: bool = False


class Credit(_Timed, frozen=True):
    """When the visit ends now, and how much of what was lost was given back."""

    now: Instant
    ends_at: Instant
    given_s: Annotated[float, Meta(ge=0, le=86400)]


class OfficerCall(Said, frozen=True):
    """The call for an officer is known as `request`; `seen`: an officer has seen it."""

    request: Id
    seen: bool = False


class AuditAccepted(Said, frozen=True):
    """Which records the service keeps safely."""

    accepted: Annotated[tuple[Uuid, ...], Meta(max_length=100)]


class HeartbeatReply(_Timed, frozen=True):
    """The service's time and the terminal's settings."""

    now: Instant
    out_of_service: bool | None = None


class ProblemBody(_Timed, frozen=True):
    """The body of a problem; its title and detail are for people who debug the service."""

    code: Annotated[str, Meta(pattern=r"^[a-z_]{1,60}\Z")]
    place: str | None = None
    at: Instant | None = None
    tries_left: Tries | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.place is not None:
            force_setattr(self, "place", clean(self.place, NAME_CHARACTERS) or None)


class VisitorCame(Said, frozen=True):
    """The visitor's page was opened."""

    visit: VisitReference


class VisitorReady(Said, frozen=True):
    """The visitor is admitted, and this page load can answer an offer."""

    visit: VisitReference
    join_id: Id
    camera: bool
    microphone: bool


class VisitorLeft(Said, frozen=True):
    """That page load is gone."""

    visit: VisitReference
    join_id: Id


class VisitorLine(Said, frozen=True):
    """The page's own way to the service is slow, or not any more."""

    visit: VisitReference
    slow: bool


class VisitorInLobby(Said, frozen=True):
    """The visitor's page is open and nobody has let them in, or not any more."""

    visit: VisitReference
    present: bool


class OfficerMessage(Said, frozen=True):
    """What an officer wrote; clean."""

    visit: VisitReference
    text: str

    def __post_init__(self) -> None:
        force_setattr(self, "text", clean(self.text, MESSAGE_CHARACTERS))


class VisitorPhrase(Said, frozen=True):
    """The visitor chose a prepared phrase, by its key; a terminal lets be what it does not know."""

    visit: VisitReference
    phrase: PhraseKey


class HoldVisit(Said, frozen=True):
    """Sound and picture are to stop both ways."""

    visit: VisitReference
    reason: Literal["officer", "rules"]


class ReleaseVisit(Said, frozen=True):
    """The visit may go on."""

    visit: VisitReference


class ExtendVisit(_Timed, frozen=True):
    """The visit has another end."""

    visit: VisitReference
    ends_at: Instant


class MonitoringChanged(Said, frozen=True):
    """The visit is overseen otherwise than before."""

    visit: VisitReference
    monitoring: Monitoring


class EndVisit(Said, frozen=True):
    """The visit is over."""

    visit: VisitReference
    reason: Literal["officer", "visitor_ended", "ended", "booking_cancelled"]


class BookingChanged(Said, frozen=True):
    """A booking that may be on the screen is now so."""

    booking: Booking


class OfficerComes(Said, frozen=True):
    """An officer has seen the call that is known as `request`."""

    request: Id


class SettingsChanged(Said, frozen=True):
    """The terminal's settings are to be asked for again."""


class UpdateOffered(Said, frozen=True):
    """An update is to be looked for."""


class OutOfServiceOrdered(Said, frozen=True):
    """The terminal goes out of service, or back into it."""

    ordered: bool


Command: TypeAlias = (
    VisitorCame
    | VisitorReady
    | VisitorLeft
    | VisitorInLobby
    | VisitorLine
    | VisitorPhrase
    | OfficerMessage
    | HoldVisit
    | ReleaseVisit
    | ExtendVisit
    | MonitoringChanged
    | EndVisit
    | BookingChanged
    | OfficerComes
    | SettingsChanged
    | UpdateOffered
    | OutOfServiceOrdered
)

_COMMANDS: dict[str, type[Command]] = {
    "visitor_came": VisitorCame,
    "visitor_ready": VisitorReady,
    "visitor_left": VisitorLeft,
    "visitor_in_lobby": VisitorInLobby,
    "visitor_line": VisitorLine,
    "visitor_phrase": VisitorPhrase,
    "message": OfficerMessage,
    "hold": HoldVisit,
    "release": ReleaseVisit,
    "extend": ExtendVisit,
    "monitoring": MonitoringChanged,
    "end": EndVisit,
    "booking_changed": BookingChanged,
    "officer_comes": OfficerComes,
    "settings": SettingsChanged,
    "update": UpdateOffered,
    "out_of_service": OutOfServiceOrdered,
}

T = TypeVar("T", bound=Said)


def decode(kind: type[T], body: bytes | str) -> T:
    """`body` as `kind`. Raises ServiceError, which names the place of the fault and no content."""
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.ValidationError as error:
        raise ServiceError(f"{kind.__name__} is wrong{_place(str(error))}") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise ServiceError(f"{kind.__name__} of {len(body)} bytes is not JSON") from None


def command(name: str, data: str) -> Command | None:
    """An event of that name; None for a name that this release does not know.

    Raises ServiceError for data that is not what the name promises.
    """
    kind = _COMMANDS.get(name)
    return None if kind is None else decode(kind, data)


def _in_utc(moment: datetime) -> datetime:
    if not 2000 <= moment.year < 2200:
        raise ValueError("a year that no clock of ours will see")
    return moment.astimezone(UTC)


def _place(error: str) -> str:
    """Where msgspec found the fault; the rest of its text may quote the value."""
    missing = error.startswith("Object missing required field")
    what, found, place = error.partition(" - at ")
    return (f": {what}" if missing else "") + (f" at {place.strip('`')}" if found else "")
