"""What every kind of card reader has in common: bytes go in, readings come out."""

from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

from kiosk.errors import BridgeError
from kiosk.wire.secret import Secret


@dataclass(frozen=True, slots=True)
class CardRead:
    """One whole frame of a card; `credential` is in the one form that its technology has."""

    technology: str
    assurance: Literal["identifier", "secure_channel"]
    credential: Secret


@dataclass(frozen=True, slots=True)
class BadFrame:
    """What came was no card; `reason` says why and never quotes it."""

    reason: str


@dataclass(frozen=True, slots=True)
class OtherFrame:
    """A sound frame about no card, such as an acknowledgement; `what` names it for who watches."""

    what: str


@dataclass(frozen=True, slots=True)
class CaseSeen:
    """The reader says whether its case is open."""

    is_open: bool


@dataclass(frozen=True, slots=True)
class PowerSeen:
    """The reader says whether its power fails."""

    fails: bool


Reading: TypeAlias = CardRead | BadFrame | OtherFrame | CaseSeen | PowerSeen


class FrameError(BridgeError):
    """These bytes are no frame; the text never quotes them."""


class Decoder(Protocol):
    """Turns the bytes of one line into readings, without I/O, in bounded memory, never raising."""

    def feed(self, data: bytes) -> list[Reading]:
        """The readings that `data` completes."""

    def quiet(self) -> list[Reading]:
        """The line is silent, so whatever was begun will not be finished."""
