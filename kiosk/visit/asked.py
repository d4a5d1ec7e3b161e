"""What can happen to asking an officer to come."""

from dataclasses import dataclass

from kiosk.visit.stages import Seconds


@dataclass(frozen=True, slots=True)
class OfficerTold:
    """The service knows that an officer was asked for, and calls it `request`; one may have `seen` it."""

    asked_at: Seconds
    request: str
    seen: bool = False


@dataclass(frozen=True, slots=True)
class OfficerUnheard:
    """Nobody could be told that an officer was asked for."""

    asked_at: Seconds


@dataclass(frozen=True, slots=True)
class OfficerComes:
    """An officer has seen the request."""

    request: str
