"""What can be set about the sandbox, and what holds when nothing is."""

from pathlib import Path
from typing import Annotated

import msgspec

from kiosk.clock import Seconds
from kiosk.sandbox.records import Cause


class Listener(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where to listen; port 0 takes a free one. A certificate makes it TLS, a CA mutual TLS."""

    host: str = "127.0.0.1"
    port: int = 0
    certificate: Path | None = None
    key: Path | None = None
    client_ca: Path | None = None


class Terminal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A terminal that may use this service, and the hall where it stands."""

    id: str
    hall: str


class IceServer(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A STUN or TURN server (W3C RTCIceServer) for terminals and family pages alike."""

    urls: tuple[str, ...]
    username: str | None = None
    credential: str | None = None


class JanusSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A Janus that carries the media, with its secrets, which nobody but the service has.

    `url` is of its WebSocket. `recordings` is a folder on its machine for visits that are recorded.
    """

    url: str
    api_secret: str
    admin_key: str
    recordings: Path


class SupportLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A line for help. `key` is what the link of its page ends in; whoever has it answers the calls."""

    id: str
    key: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{16,100}\Z")]
    unrecorded: bool = False
    """Nothing of its calls is recorded: not on the way, and not where they are answered."""
    longest_s: Seconds = 3600.0


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The sandbox's configuration file.

    `prison` is where all terminals of this service are. Without `terminals` any id in any hall of
    it may speak: for a desk. Without `visitor_wait_s` a terminal waits for the visitor to the end.
    """

    database: Path
    prison: str = "MDI"
    terminals: tuple[Terminal, ...] = ()
    api: Listener = Listener()
    web: Listener = Listener()
    desk_password: str
    ice_servers: tuple[IceServer, ...] = ()
    relay_only: bool = False
    janus: JanusSettings | None = None
    """Without it the media go from peer to peer."""
    unsupervised_limit_s: Seconds = 60.0
    extension_limit_s: Seconds = 600.0
    credit_limit_s: Seconds = 600.0
    """So much lost time is given back to a visit at the most."""
    credited: tuple[Cause, ...] = ("prison", "link", "terminal")
    """What time must be lost to, to be given back."""
    visitor_wait_s: Seconds | None = None
    answer_s: Seconds = 8.0
    """How long the family's page has for an answer; the contract allows 10 s in all."""
    ping_s: Seconds = 2.5
    """The contract asks for a sign of life each 3 s."""
    grace_s: Seconds = 4.0
    """How long a page may lose its connection before the terminal hears that the visitor left."""
    terminal_silent_s: Seconds = 20.0
    """A terminal that was not heard of for so long does not keep its visit from another one."""
    overrun_s: Seconds = 2.0
    """How long after its end the service itself ends a visit that nobody ended."""
    pin_tries: int = 3
    support_lines: tuple[SupportLine, ...] = ()
