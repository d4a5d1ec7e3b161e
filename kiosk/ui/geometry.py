"""Where things are: boxes in pixels from the window's top left, and the panel they are on."""

import math
from dataclasses import dataclass
from typing import Literal, TypeAlias

from kiosk.ui.theme import GAP_MM, TARGET_MM

_DESIGN_WIDTH_PX = 1280
_DESIGN_HEIGHT_PX = 800
MM_PER_INCH = 25.4


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle; `top` grows downwards."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.left + self.width

    @property
    def bottom(self) -> float:
        return self.top + self.height

    def inset(self, by: float) -> "Box":
        return Box(self.left + by, self.top + by, self.width - 2 * by, self.height - 2 * by)

    def centred(self, width: float, height: float) -> "Box":
        """A box of this size in the middle of this one."""
        left = self.left + (self.width - width) / 2
        return Box(left, self.top + (self.height - height) / 2, width, height)

    def from_top(self, skip: float, height: float) -> "Box":
        """A band of this height, `skip` below the top."""
        return Box(self.left, self.top + skip, self.width, height)

    def from_bottom(self, skip: float, height: float) -> "Box":
        """A band of this height, `skip` above the bottom."""
        return Box(self.left, self.bottom - skip - height, self.width, height)

    def fitted(self, width: float, height: float) -> "Box":
        """The largest box of this shape in the middle of this one: never stretched."""
        scale = min(self.width / width, self.height / height)
        return self.centred(width * scale, height * scale)

    def holds(self, x: float, y: float) -> bool:
        return self.left <= x < self.right and self.top <= y < self.bottom

    def meets(self, other: "Box") -> bool:
        """Whether they share anything."""
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return across > 0 and down > 0

    def within(self, other: "Box", slack: float = 0.5) -> bool:
        return (
            self.left >= other.left - slack
            and self.top >= other.top - slack
            and self.right <= other.right + slack
            and self.bottom <= other.bottom + slack
        )

    def gap_to(self, other: "Box") -> float:
        """The straight distance to a box beside this one; zero when they touch or overlap."""
        across = max(self.left - other.right, other.left - self.right, 0)
        down = max(self.top - other.bottom, other.top - self.bottom, 0)
        return math.hypot(across, down)

    def in_px(self) -> tuple[int, int, int, int]:
        return round(self.left), round(self.top), round(self.width), round(self.height)


Edge: TypeAlias = Literal["top", "bottom", "left", "right"]


@dataclass(frozen=True, slots=True)
class Lens:
    """Where the camera looks out: on which edge of the glass, and how far along it from its left or top."""

    edge: Edge = "top"
    share: float = 0.5


@dataclass(frozen=True, slots=True)
class Panel:
    """The glass that people see and touch, and the lens above it that they look into."""

    width_px: int
    height_px: int
    dpi: float
    lens: Lens = Lens()

    @property
    def box(self) -> Box:
        return Box(0, 0, self.width_px, self.height_px)

    @property
    def target_px(self) -> float:
        """The least side of anything to touch."""
        return self.mm(TARGET_MM) + 1

    @property
    def gap_px(self) -> float:
        """The least distance between two things to touch."""
        return max(self.mm(GAP_MM) + 1, self.scaled(18))

    def mm(self, length_mm: float) -> float:
        return length_mm * self.dpi / MM_PER_INCH

    def scaled(self, design_px: float) -> float:
        """A length or size of type of the 1280x800 design, on this panel."""
        scale = min(self.width_px / _DESIGN_WIDTH_PX, self.height_px / _DESIGN_HEIGHT_PX)
        return design_px * scale


def stacked(area: Box, heights: list[float], gap: float) -> list[Box]:
    """Bands of these heights, one below the other, centred as a group in `area`."""
    total = sum(heights) + gap * (len(heights) - 1)
    top = (area.height - total) / 2
    bands = []
    for height in heights:
        bands.append(area.from_top(top, height))
        top += height + gap
    return bands


def squeezed(heights: list[float], gap: float, room: float, *, least: float) -> list[float]:
    """`heights` that fit `room`: the first, a picture, gives way down to `least`, then the others."""
    over = sum(heights) + gap * (len(heights) - 1) - room
    if over <= 0:
        return heights
    first = max(least, heights[0] - over)
    left = room - gap * (len(heights) - 1) - first
    share = min(1.0, left / sum(heights[1:]))
    return [first, *(height * share for height in heights[1:])]


def side_by_side(area: Box, count: int, gap: float) -> list[Box]:
    """`count` equal boxes that fill `area` from left to right."""
    width = (area.width - gap * (count - 1)) / count
    return [Box(area.left + i * (width + gap), area.top, width, area.height) for i in range(count)]
