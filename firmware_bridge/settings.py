"""What firmware-bridge is told in bridge.toml."""

from pathlib import Path
from typing import Annotated

from msgspec import Meta, Struct, field

from firmware_bridge.board.settings import BoardSettings
from firmware_bridge.readers import AnyReader
from firmware_bridge.readers.settings import ReaderSettings


class WireSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """The socket to listen on, and which user may be whom there; without a user, our own."""

    socket: Path
    core_user: str | int | None = None
    observer_user: str | int | None = None
    """Only a desk or a test has an observer: unset means that none may connect."""
    staff_user: str | int | None = None
    """Who may say at the command line that staff have seen to a tamper; unset means nobody."""


class BridgeSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    wire: WireSettings
    readers: Annotated[tuple[AnyReader, ...], Meta(min_length=1)] = field(name="reader")
    board: BoardSettings | None = None
    tamper_file: Path | None = None
    """Where tampers stand over a restart; unset on a desk, where nobody tampers."""

    @property
    def devices(self) -> tuple[ReaderSettings | BoardSettings, ...]:
        """The readers, and the board if there is one."""
        return (*self.readers, *((self.board,) if self.board else ()))

    def __post_init__(self) -> None:
        for what, values in (
            ("name", [device.name for device in self.devices]),
            ("port", [device.port for device in self.devices]),
        ):
            if len(set(values)) < len(values):
                raise ValueError(f"two devices have the same {what}")
