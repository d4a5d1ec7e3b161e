"""Where everything is in a visit: the visitor's picture under the lens, as large as it can be.

Two columns hold what is to be read and what is to be touched. Their places depend on the panel and the
person alone, so that nothing moves under a finger whatever happens; only the picture follows its shape.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from kiosk.ui.geometry import Box, Edge, Lens, Panel
from kiosk.wire.manner import Manner

USUAL_SHAPE: Final = (4, 3)
"""Of a picture that nobody has seen yet."""

_COLUMN = 152.0
_COLUMN_LARGE = 176.0
_PAD = 10.0
_STRIP = 60.0
_STRIP_LARGE = 84.0
_OWN = 196.0
_OWN_SIGNING = 264.0
_MARGIN = 10.0
_ROWS = 5
_ROW = 118.0


@dataclass(frozen=True, slots=True)
class Places:
    """`seen` is the visitor's picture in `room`, which has all the height between the columns.

    `told` is the column to read, with things to touch at its bottom; `touched` the other.
    """

    room: Box
    seen: Box
    told: Box
    touched: Box
    row_px: float
    gap_px: float
    strip_px: float
    margin_px: float

    def told_row(self, place: int) -> Box:
        """A place to touch in the column to read, from its bottom up."""
        return self._row(self.told, place)

    def touched_row(self, place: int) -> Box:
        """A place in the column to touch, from its bottom up."""
        return self._row(self.touched, place)

    def _row(self, column: Box, place: int) -> Box:
        return column.from_bottom(place * (self.row_px + self.gap_px), self.row_px)

    @property
    def strip(self) -> Box:
        """The line for remarks, at the bottom: below a wide picture, on the chest of a high one."""
        margin, room = self.margin_px, self.room
        line = room.from_bottom(margin, self.strip_px)
        return Box(room.left + margin, line.top, room.width - 2 * margin, line.height)

    @property
    def face(self) -> Box:
        """The middle of the picture, where a face is: nothing ever covers it."""
        seen = self.seen
        left, top = seen.left + 0.3 * seen.width, seen.top + 0.05 * seen.height
        return Box(left, top, 0.4 * seen.width, 0.6 * seen.height)


def places_of(panel: Panel, manner: Manner, shape: tuple[int, int] | None, rtl: bool) -> Places:
    """For a visitor's picture of this shape, and a person of this manner, who may read from the right.

    All is laid out for the right hand; where the scene is turned afterwards, the lens is turned before.
    """
    panel = replace(panel, lens=_turned(panel.lens)) if turns(manner, rtl) else panel
    column = _column_px(panel, manner)
    left, right = _left_and_right(panel, column, shape or USUAL_SHAPE)
    room = Box(left * column, 0.0, panel.width_px - (left + right) * column, panel.height_px)
    told, touched = _columns(panel, column, left, right)
    pad = panel.scaled(_PAD)
    gap = panel.gap_px
    row = min(panel.scaled(_ROW), (panel.height_px - 2 * pad - (_ROWS - 1) * gap) / _ROWS)
    return Places(
        room=room,
        seen=_under(panel.lens, room, shape or USUAL_SHAPE, panel),
        told=told.inset(pad),
        touched=touched.inset(pad),
        row_px=max(row, panel.target_px),
        gap_px=gap,
        strip_px=panel.scaled(_STRIP_LARGE if manner.large_text else _STRIP),
        margin_px=panel.scaled(_MARGIN),
    )


def turns(manner: Manner, rtl: bool) -> bool:
    """Whether left and right are exchanged, as `kiosk.ui.mirroring` does it."""
    return manner.left_handed != rtl


def own_places(
    panel: Panel, manner: Manner, shape: tuple[int, int] | None, rtl: bool = False
) -> tuple[Box, ...]:
    """Where one's own picture may be: in a corner, and never on the middle of the visitor's."""
    places = places_of(panel, manner, shape, rtl)
    width = panel.scaled(_OWN_SIGNING if manner.signing else _OWN)
    return tuple(box for box in _corners(places, width) if not box.meets(places.face))


def _turned(lens: Lens) -> Lens:
    other: dict[Edge, Edge] = {"left": "right", "right": "left"}
    if lens.edge in other:
        return replace(lens, edge=other[lens.edge])
    return replace(lens, share=1 - lens.share)


def _corners(places: Places, width: float) -> Iterator[Box]:
    """The likeliest first: at the bottom, beside the column that is to be read."""
    room, margin = places.room, places.margin_px
    height = width * 3 / 4
    top, bottom = room.top + margin, places.strip.top - margin - height
    left, right = room.left + margin, room.right - margin - width
    near, far = (left, right) if places.told.left < room.left else (right, left)
    for across, down in ((near, bottom), (far, bottom), (near, top), (far, top)):
        yield Box(across, down, width, height)


def _column_px(panel: Panel, manner: Manner) -> float:
    wide = panel.scaled(_COLUMN_LARGE if manner.large_text else _COLUMN)
    return max(wide, panel.target_px + 2 * panel.scaled(_PAD))


def _left_and_right(panel: Panel, column: float, shape: tuple[int, int]) -> tuple[int, int]:
    """How many columns stand left and right of the room that brings the picture nearest to the lens."""
    lens = panel.lens
    if lens.edge == "left":
        return 0, 2
    if lens.edge == "right":
        return 2, 0

    def miss_px(columns: tuple[int, int]) -> float:
        left, right = columns
        room = Box(left * column, 0.0, panel.width_px - (left + right) * column, panel.height_px)
        seen = _under(lens, room, shape, panel)
        return round(abs(seen.left + seen.width / 2 - lens.share * panel.width_px))

    return min(((1, 1), (0, 2), (2, 0)), key=miss_px)


def _columns(panel: Panel, column: float, left: int, right: int) -> tuple[Box, Box]:
    """Both columns, from left to right."""
    height = float(panel.height_px)
    if left == right:
        return Box(0.0, 0.0, column, height), Box(panel.width_px - column, 0.0, column, height)
    begin = 0.0 if left else panel.width_px - 2 * column
    return Box(begin, 0.0, column, height), Box(begin + column, 0.0, column, height)


def _under(lens: Lens, room: Box, shape: tuple[int, int], panel: Panel) -> Box:
    """The largest picture of this shape in `room`, as near to the lens as it can be."""
    fits = room.fitted(*shape)
    across = lens.share * panel.width_px - fits.width / 2
    down = lens.share * panel.height_px - fits.height / 2
    left = {"left": room.left, "right": room.right - fits.width}.get(lens.edge, across)
    top = {"top": room.top, "bottom": room.bottom - fits.height}.get(lens.edge, down)
    left = min(max(left, room.left), room.right - fits.width)
    top = min(max(top, room.top), room.bottom - fits.height)
    return Box(left, top, fits.width, fits.height)
