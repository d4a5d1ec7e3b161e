"""What the service grants of the media: which connections to make, and through which servers."""

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class MediaEntry:
    """One peer connection that the service wants, where its offer goes, and who offers."""

    url: str
    direction: Literal["sendrecv", "sendonly", "recvonly"]
    offerer: Literal["terminal", "service"]


@dataclass(frozen=True, slots=True)
class IceServer:
    """A STUN or TURN server that a call may use."""

    urls: tuple[str, ...]
    username: str | None = None
    credential: str | None = field(default=None, repr=False)
