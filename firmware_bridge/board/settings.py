"""What bridge.toml says of the terminal board: where on it everything is, and what it shall show.

Addresses are those on the line, which count from 0: a manual's 40018 or 4x0018 is address 17.
"""

from collections.abc import Iterator
from typing import Annotated, Literal, TypeAlias

from msgspec import Meta, Struct

from firmware_bridge.board.places import REGISTERS, Place, Table
from firmware_bridge.readers.settings import Baud
from firmware_bridge.serial_port import Parity
from kiosk.config import raise_faults
from kiosk.wire.devices import Indication

Address: TypeAlias = Annotated[int, Meta(ge=0, le=65535)]
Value: TypeAlias = Annotated[int, Meta(ge=0, le=65535)]
Bit: TypeAlias = Annotated[int, Meta(ge=0, le=15)]
Percent: TypeAlias = Annotated[int, Meta(ge=0, le=100)]
OutputTable: TypeAlias = Literal["coil", "holding_register"]
LedName: TypeAlias = Annotated[str, Meta(pattern="^[a-z0-9_-]{1,40}$")]


class _Bit(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One bit: a coil or an input as it is, or a bit of a register."""

    table: Table
    address: Address
    bit: Bit | None = None

    def __post_init__(self) -> None:
        if (self.bit is not None) != (self.table in REGISTERS):
            what = "needs a `bit`" if self.bit is None else "has no `bit`"
            raise ValueError(f"a {self.table} {what}")

    @property
    def place(self) -> Place:
        return Place(self.table, self.address)

    def of(self, value: int) -> bool:
        """The bit in what was read from its place."""
        return bool(value >> (self.bit or 0) & 1)


class HookSettings(_Bit, frozen=True, kw_only=True):
    """The switch under the handset."""

    lifted_when: bool
    """What is read while the handset is off its hook."""


class CaseSettings(_Bit, frozen=True, kw_only=True):
    """The switch that opens with the enclosure."""

    open_when: bool = False
    """A loop that is closed while the case is: cutting its wire reads like opening it."""


class LedSettings(_Bit, frozen=True, kw_only=True):
    """A light. Of a register that has lights, the other bits are written as 0."""

    table: OutputTable


class BacklightSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """The screen's backlight: a register of its own, or a coil that switches it from 50 % on."""

    table: OutputTable
    address: Address
    full: Value = 1
    """What is written for 100 %."""
    off: Value = 0

    def __post_init__(self) -> None:
        if self.table == "coil" and {self.full, self.off} != {0, 1}:
            raise ValueError("`full` and `off` of a coil are 1 and 0, or 0 and 1")
        if self.full == self.off:
            raise ValueError("`full` and `off` are the same")

    @property
    def place(self) -> Place:
        return Place(self.table, self.address)

    def value(self, percent: int) -> int:
        """What is written for so many percent."""
        return self.off + ((self.full - self.off) * percent + 50) // 100


class PresetSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """A value that belongs in a place."""

    table: OutputTable
    address: Address
    value: Value

    def __post_init__(self) -> None:
        if self.table == "coil" and self.value > 1:
            raise ValueError("a coil is 0 or 1")

    @property
    def place(self) -> Place:
        return Place(self.table, self.address)


class WatchdogSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """The board's own watch over us: silent for its time, it goes to its safe values by itself."""

    arm: Annotated[tuple[PresetSettings, ...], Meta(min_length=1)]
    """Its time, and what else switches it on."""
    safe: tuple[PresetSettings, ...] = ()
    """What the outputs fall back to, where the board can be told."""
    pet: PresetSettings | None = None
    """Written each second, where the board wants more than to be spoken to."""


class LookSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """What the board shows: these lights and no others, and the backlight."""

    leds: tuple[str, ...]
    backlight: Percent = 100


class LooksSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """What it shows for each thing that there is to tell."""

    ready: LookSettings
    busy: LookSettings
    accepted: LookSettings
    refused: LookSettings
    visit: LookSettings
    closed: LookSettings
    resting: LookSettings | None = None
    """As `ready` where it is left out."""

    def of(self, indication: Indication) -> LookSettings:
        """How the board tells it."""
        look: LookSettings | None = getattr(self, indication.value)
        return look or self.ready


class BoardSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The table `[board]`."""

    name: Annotated[str, Meta(pattern="^[a-z0-9_-]{1,40}$")] = "board"
    port: Annotated[str, Meta(pattern="^/")]
    baud: Baud = 9600
    parity: Parity = "even"
    """Even is Modbus' own default; many boards are sold with none."""
    unit: Annotated[int, Meta(ge=1, le=247)] = 1
    hook: HookSettings | None = None
    case: CaseSettings
    leds: dict[LedName, LedSettings]
    backlight: BacklightSettings | None = None
    watchdog: WatchdogSettings | None = None
    show: LooksSettings

    def __post_init__(self) -> None:
        raise_faults(self._unknown_leds(), self._shared_places())

    def _unknown_leds(self) -> Iterator[str]:
        for indication in Indication:
            for name in self.show.of(indication).leds:
                if name not in self.leds:
                    yield f"show.{indication}.leds: there is no light {name!r} in `leds`"

    def _shared_places(self) -> Iterator[str]:
        """One place that two things write would never be right for both."""
        taken: dict[Place, dict[int | None, str]] = {}
        for what, place, bit in self._written():
            others = taken.setdefault(place, {})
            for other_bit, other in others.items():
                if bit is None or other_bit in (None, bit):
                    yield f"{what}: is at the place of {other}, {place}"
            others.setdefault(bit, what)

    def _written(self) -> Iterator[tuple[str, Place, int | None]]:
        for name, led in self.leds.items():
            yield f"leds.{name}", led.place, led.bit
        if self.backlight is not None:
            yield "backlight", self.backlight.place, None
        if self.watchdog is not None:
            for i, preset in enumerate(self.watchdog.safe):
                yield f"watchdog.safe[{i}]", preset.place, None
            for i, preset in enumerate(self.watchdog.arm):
                yield f"watchdog.arm[{i}]", preset.place, None
