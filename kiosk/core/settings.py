"""What kiosk-core is told in core.toml."""

from pathlib import Path
from typing import Annotated, Literal, TypeAlias

import msgspec
from msgspec import Meta

Language: TypeAlias = Annotated[
    str, Meta(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z", max_length=35)
]
"""A tag of BCP 47."""

Assurance: TypeAlias = Literal["identifier", "secure_channel"]


class SupportLineSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A line that can be called for help. What is not said of it is taken for the safe side."""

    id: Annotated[str, Meta(pattern=r"^[a-z0-9-]{1,40}\Z")]
    """As the service knows it."""
    name: Annotated[str, Meta(min_length=1, max_length=40)]
    about: Annotated[str, Meta(min_length=1, max_length=80)]
    """What it is for, in a few plain words."""
    about_in: dict[Language, Annotated[str, Meta(min_length=1, max_length=80)]] = {}
    """The same for who reads another language; English, or whatever `about` is in, for all others."""
    confidential: bool = False
    needs_card: bool = True
    unrecorded: bool = False
    """The site attests that nothing on the way to this line is recorded."""


class TerminalSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which terminal this is and where it stands; `name` and `hall` are shown on the screen."""

    id: str
    name: str
    prison: str
    hall: str
    trusted_cards: Annotated[tuple[Assurance, ...], Meta(min_length=1)] = (
        "identifier",
        "secure_channel",
    )
    """How much a card must prove here: an identifier can be copied by who stands near."""
    languages: Annotated[tuple[Language, ...], Meta(min_length=1, max_length=40)] = ("en",)
    """What the screens speak here, in the order to show it; the first is what idle speaks."""
    unreviewed_languages: bool = False
    """Only for demos and for reviewers: languages are offered whose catalogue nobody has reviewed."""
    handset: bool = False
    """There is one, so that nobody else hears what is said on a confidential line."""
    support_lines: Annotated[tuple[SupportLineSettings, ...], Meta(max_length=4)] = ()
    """In the order to show them."""


class ServiceSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the visit service is; `ca`, `certificate` and `key` together make mutual TLS."""

    url: str
    ca: Path | None = None
    certificate: Path | None = None
    key: Path | None = None


class WireSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The sockets, and which user may be which program; without a user, our own."""

    socket: Path
    bridge_socket: Path
    bridge_user: str | int | None = None
    ui_user: str | int | None = None
    call_user: str | int | None = None
    observer_user: str | int | None = None
    """Only a desk or a test has an observer: unset means that none may connect."""


class StateSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where core keeps what it must: `fleeting` is on tmpfs, `lasting` on disk."""

    fleeting: Path
    lasting: Path


class CoreSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    terminal: TerminalSettings
    service: ServiceSettings
    wire: WireSettings
    state: StateSettings
