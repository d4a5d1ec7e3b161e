"""What can happen around a call to a line for help, and around what is asked for after a visit."""

from dataclasses import dataclass, field
from typing import TypeAlias

from kiosk.visit.helplines import SupportGrant, SupportLine
from kiosk.visit.lost import Seconds
from kiosk.visit.reasons import Wish


@dataclass(frozen=True, slots=True)
class SupportAsked:
    """A person wants to see the lines that this site has; `lifted`: the handset is."""

    lines: tuple[SupportLine, ...]
    lifted: bool


@dataclass(frozen=True, slots=True)
class HandsetMoved:
    """The handset was lifted or put down."""

    lifted: bool


@dataclass(frozen=True, slots=True)
class HandsetUnknown:
    """Nobody can tell any more whether the handset is lifted: the board is gone."""


@dataclass(frozen=True, slots=True)
class CardKnown:
    """The service knows the card that was held to the reader for a line."""

    asked_at: Seconds


@dataclass(frozen=True, slots=True)
class SupportGranted:
    """The service lets the line be called."""

    asked_at: Seconds
    grant: SupportGrant


@dataclass(frozen=True, slots=True)
class SupportDeclined:
    """The service does not, or gave no answer."""

    asked_at: Seconds


@dataclass(frozen=True, slots=True)
class SupportAnswered:
    """Somebody took the call."""

    call: int
    sdp: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SupportUnanswered:
    """Nobody took it so far."""

    call: int


@dataclass(frozen=True, slots=True)
class WishHeard:
    """What the person asked for after a visit is with the prison; or could not be `taken` there."""

    visit: str
    wish: Wish
    taken: bool


SupportEvent: TypeAlias = (
    SupportAsked
    | HandsetMoved
    | HandsetUnknown
    | CardKnown
    | SupportGranted
    | SupportDeclined
    | SupportAnswered
    | SupportUnanswered
)
