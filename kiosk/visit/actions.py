"""What the rules ask for. An action is a wish: its outcome comes back as an event."""

from dataclasses import dataclass, field
from typing import TypeAlias

from kiosk.visit.booking import Card
from kiosk.visit.helplines import SupportGrant
from kiosk.visit.lost import Lost
from kiosk.visit.reasons import (
    Ending,
    Prepared,
    Tone,
    Wish,
)
from kiosk.visit.stages import Seconds, Visit


@dataclass(frozen=True, slots=True)
class Identify:
    """Ask the service whose card this is."""

    card: Card
    asked_at: Seconds


@dataclass(frozen=True, slots=True)
class CheckPin:
    """Ask the service whether this is the PIN."""

    identification: str
    asked_at: Seconds
    pin: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Join:
    """Ask the service to grant the visit to the holder of the card."""

    reference: str
    prisoner_number: str
    card: Card
    asked_at: Seconds


@dataclass(frozen=True, slots=True)
class LeaveVisit:
    """Tell the service that the terminal has left."""

    reference: str
    reason: Ending
    talked_s: Seconds


@dataclass(frozen=True, slots=True)
class ReportLost:
    """Tell the service all the time that was lost to the visit since it was granted."""

    reference: str
    lost: Lost


@dataclass(frozen=True, slots=True)
class MakeWish:
    """Ask the prison for something after the visit; the same again changes nothing."""

    reference: str
    wish: Wish


@dataclass(frozen=True, slots=True)
class PrepareCall:
    """Have kiosk-call open its devices and make its offers; this replaces any other call."""

    visit: Visit
    attempt: int
    call: int
    muted: bool
    held: bool


@dataclass(frozen=True, slots=True)
class SendOffer:
    """Send one offer to the visitor's page through the service."""

    url: str
    call: int
    join_id: str
    medium: int
    sdp: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class AskOffer:
    """Ask the service for its own offer of what the visitor sends."""

    url: str
    call: int
    join_id: str
    medium: int


@dataclass(frozen=True, slots=True)
class GiveOffer:
    """Give the service's offer to kiosk-call."""

    call: int
    medium: int
    sdp: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SendAnswer:
    """Send our answer to the offer that the service made for a medium."""

    call: int
    join_id: str
    medium: int
    sdp: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class GiveAnswer:
    """Give the visitor's answer to kiosk-call."""

    call: int
    medium: int
    sdp: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class MoveDeadline:
    """Have kiosk-call arm the new end of the visit."""

    call: int
    ends_at_s: Seconds


@dataclass(frozen=True, slots=True)
class Mute:
    """Stop or resume our sound."""

    call: int
    on: bool


@dataclass(frozen=True, slots=True)
class Hold:
    """Stop or resume sound and picture both ways."""

    call: int
    on: bool


@dataclass(frozen=True, slots=True)
class Play:
    """Let the person hear something of the terminal's own."""

    tone: Tone


@dataclass(frozen=True, slots=True)
class SayPhrase:
    """Have the visitor read a prepared phrase."""

    reference: str
    key: Prepared
    said_at: Seconds


@dataclass(frozen=True, slots=True)
class EndCall:
    """Stop all media and close every device."""

    call: int


@dataclass(frozen=True, slots=True)
class AskOfficer:
    """Tell the service that somebody at this terminal asks for an officer."""

    asked_at: Seconds


@dataclass(frozen=True, slots=True)
class CheckCard:
    """Ask the service whether it knows this card, for a line that needs one; whose it is is not asked."""

    card: Card
    asked_at: Seconds


@dataclass(frozen=True, slots=True)
class CallSupport:
    """Ask the service for a call to a line; who calls is not said."""

    line: str
    asked_at: Seconds


@dataclass(frozen=True, slots=True)
class PrepareSupport:
    """Have kiosk-call open microphone and loudspeaker, and no camera, and make an offer."""

    call: int
    grant: SupportGrant


@dataclass(frozen=True, slots=True)
class OfferSupport:
    """Let the line ring with our offer."""

    url: str
    call: int
    sdp: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class EndSupport:
    """Tell the service that nobody calls any more."""

    id: str


@dataclass(frozen=True, slots=True)
class Survey:
    """Say again whether every part of the terminal can be used, and whether the service is lost."""


Action: TypeAlias = (
    Identify
    | CheckPin
    | Join
    | LeaveVisit
    | ReportLost
    | MakeWish
    | PrepareCall
    | SendOffer
    | AskOffer
    | GiveOffer
    | SendAnswer
    | GiveAnswer
    | MoveDeadline
    | Mute
    | Hold
    | Play
    | SayPhrase
    | EndCall
    | AskOfficer
    | CheckCard
    | CallSupport
    | PrepareSupport
    | OfferSupport
    | EndSupport
    | Survey
)
