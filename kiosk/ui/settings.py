"""The screen's settings, one table for each of its parts."""

from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import Meta, Struct, field

from kiosk.ui.geometry import MM_PER_INCH, Lens, Panel

LEAST_HIGH_MM = 118
"""Five rows to touch, with gaps and margins."""


class Wire(Struct, frozen=True, forbid_unknown_fields=True):
    """Where kiosk-core listens, and which user it must be: a name or a number, else our own."""

    socket: str
    core_user: str | int | None = None


class Frames(Struct, frozen=True, forbid_unknown_fields=True):
    """Where kiosk-call leaves the pictures `remote` and `self`."""

    directory: str


class Screen(Struct, frozen=True, forbid_unknown_fields=True):
    """The panel, how it is touched, and how pictures are drawn on it."""

    width_px: Annotated[int, Meta(ge=1280, le=7680)] = 1280
    height_px: Annotated[int, Meta(ge=720, le=4320)] = 800
    dpi: Annotated[float, Meta(ge=40, le=300)] = 149.0
    fullscreen: bool = False
    input: Literal["desk", "terminal"] = "desk"
    touch_device: Annotated[str, Meta(pattern=r"^/[^,\x00]+$")] | None = None
    """Kivy takes what stands behind a comma for an option."""
    cpu_video: Literal["auto", "on", "off"] = "auto"
    time_zone: str = "UTC"
    lens_edge: Literal["top", "bottom", "left", "right"] = "top"
    """On which edge of the glass the camera is."""
    lens_mm: Annotated[float, Meta(ge=0)] | None = None
    """How far along that edge, from its left or top end; without it, in the middle."""

    def __post_init__(self) -> None:
        if self.input == "terminal" and self.touch_device is None:
            raise ValueError("touch_device is needed when input is terminal")
        high_mm = self.height_px / self.dpi * MM_PER_INCH
        if high_mm < LEAST_HIGH_MM:
            raise ValueError(
                f"a panel of {self.height_px} px at {self.dpi:g} dpi is {high_mm:.1f} mm high, and what is"
                f" touched needs {LEAST_HIGH_MM} mm: look up height_px and dpi in its data sheet"
            )
        try:
            ZoneInfo(self.time_zone)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"time_zone {self.time_zone} is not known") from error

    def panel(self, width_px: int, height_px: int) -> Panel:
        """The glass of a window of this size."""
        edge_px = width_px if self.lens_edge in ("top", "bottom") else height_px
        along_px = edge_px / 2 if self.lens_mm is None else self.lens_mm * self.dpi / MM_PER_INCH
        lens = Lens(self.lens_edge, min(along_px / edge_px, 1.0))
        return Panel(width_px, height_px, self.dpi, lens)

    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    wire: Wire
    frames: Frames
    screen: Screen = field(default_factory=Screen)
