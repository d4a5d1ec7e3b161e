"""What firmware-bridge is told in bridge.toml."""

from pathlib import Path
from typing import Annotated

from msgspec import Meta, Struct, field

from firmware_bridge.presence import REMOVED_AFTER_S
from firmware_bridge.readers import READERS
from kiosk.clock import Seconds


class WireSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """The socket to listen on, and which user may be whom there; without a user, our own."""

    socket: Path
    core_user: str | int | None = None
    observer_user: str | int | None = None
    """Only a desk or a test has an observer: unset means that none may connect."""


class ReaderSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """One card reader: its name on this terminal, its kind, and the serial device it is."""

    name: Annotated[str, Meta(pattern="^[a-z0-9_-]{1,40}$")]
    kind: str
    port: Annotated[str, Meta(pattern="^/")]
    baud: Annotated[int, Meta(ge=1200, le=115200)] | None = None
    removed_after_s: Annotated[Seconds, Meta(ge=0.1, le=5)] = REMOVED_AFTER_S

    def __post_init__(self) -> None:
        if self.kind not in READERS:
            raise ValueError(f"kind {self.kind} is not known; there are {', '.join(READERS)}")


class BridgeSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    wire: WireSettings
    readers: Annotated[tuple[ReaderSettings, ...], Meta(min_length=1)] = field(name="reader")

    def __post_init__(self) -> None:
        for what, values in (
            ("name", [reader.name for reader in self.readers]),
            ("port", [reader.port for reader in self.readers]),
        ):
            if len(set(values)) < len(values):
                raise ValueError(f"two readers have the same {what}")
