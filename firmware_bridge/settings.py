"""What firmware-bridge is told in bridge.toml."""

from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Annotated, TypeAlias

from msgspec import Meta, Struct, field

from firmware_bridge.board.settings import BoardSettings
from firmware_bridge.readers import AnyReader
from firmware_bridge.readers.settings import ReaderSettings
from kiosk.config import raise_faults

_Placed: TypeAlias = tuple[str, ReaderSettings | BoardSettings]
"""A device, and where it is in the file."""


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
        paths = [f"reader[{i}]" for i in range(len(self.readers))] + ["board"]
        placed = zip(paths, self.devices, strict=False)
        raise_faults(*(_shared(a, b) for a, b in combinations(placed, 2)))


def _shared(one: _Placed, other: _Placed) -> Iterator[str]:
    (here, first), (there, second) = one, other
    if first.name == second.name:
        yield f"{there}.name: the same as {here}.name"
    if first.port == second.port:
        yield f"{there}.port: the same as {here}.port"
