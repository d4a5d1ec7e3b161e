"""What can come of asking the visit service something. Asking never raises."""

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeAlias, TypeVar

from kiosk.clock import Seconds

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Ok(Generic[T]):
    """The service did it; between the two moments on CLOCK_MONOTONIC it looked at its clock."""

    value: T
    sent_at_s: Seconds
    got_at_s: Seconds


@dataclass(frozen=True, slots=True)
class Problem:
    """The service understood and said no; `code` is the contract's word for why."""

    status: int
    code: str
    place: str | None = None
    at: datetime | None = None
    tries_left: int | None = None


@dataclass(frozen=True, slots=True)
class Away:
    """The service can not be reached, is too slow, or is out of order itself.

    `was_sent`: the request may have arrived all the same.
    """

    reason: str
    was_sent: bool = True


@dataclass(frozen=True, slots=True)
class Fault:
    """The service answered what the contract does not allow. The reason quotes nothing of it."""

    reason: str


Outcome: TypeAlias = Ok[T] | Problem | Away | Fault
