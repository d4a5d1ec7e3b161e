"""Draws simple shapes as smooth masks: each is a signed distance on a grid of 100 units a side.

Lines come out smooth without multisampling, which costs a processor without a GPU too much.
"""

import math
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Plane: TypeAlias = NDArray[np.floating[Any]]
Mask: TypeAlias = NDArray[np.uint8]
Point: TypeAlias = tuple[float, float]

GRID = 100.0


@dataclass(frozen=True, slots=True)
class Disc:
    """A filled circle."""

    x: float
    y: float
    radius: float

    def distance(self, x: Plane, y: Plane) -> Plane:
        return _length(x - self.x, y - self.y) - self.radius


@dataclass(frozen=True, slots=True)
class Arc:
    """Part of a ring with round ends; degrees clockwise from the right."""

    x: float
    y: float
    radius: float
    width: float
    begin: float = 0.0
    end: float = 360.0

    def distance(self, x: Plane, y: Plane) -> Plane:
        across, down = x - self.x, y - self.y
        ring = np.abs(_length(across, down) - self.radius)
        angle = (np.degrees(np.arctan2(down, across)) - self.begin) % 360
        ends = np.minimum(*(self._from_end(across, down, at) for at in (self.begin, self.end)))
        return np.where(angle <= self.end - self.begin, ring, ends) - self.width / 2

    def _from_end(self, across: Plane, down: Plane, degrees: float) -> Plane:
        at = math.radians(degrees)
        return _length(across - self.radius * math.cos(at), down - self.radius * math.sin(at))


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line through points, with round ends."""

    points: tuple[Point, ...]
    width: float

    def distance(self, x: Plane, y: Plane) -> Plane:
        parts = zip(self.points, self.points[1:], strict=False)
        nearest = np.min([_from_segment(x, y, a, b) for a, b in parts], axis=0)
        return np.asarray(nearest - self.width / 2, dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Slab:
    """A rounded rectangle; only its outline when `line` is not zero."""

    left: float
    top: float
    width: float
    height: float
    radius: float
    line: float = 0.0

    def distance(self, x: Plane, y: Plane) -> Plane:
        half_width, half_height = self.width / 2 - self.radius, self.height / 2 - self.radius
        across = np.abs(x - self.left - self.width / 2) - half_width
        down = np.abs(y - self.top - self.height / 2) - half_height
        outside = _length(np.maximum(across, 0), np.maximum(down, 0))
        inside = np.minimum(np.maximum(across, down), 0)
        edge: Plane = outside + inside - self.radius
        rim: Plane = np.abs(edge) - self.line / 2
        return rim if self.line else edge


@dataclass(frozen=True, slots=True)
class Wedge:
    """A filled convex polygon, its corners clockwise."""

    corners: tuple[Point, ...]

    def distance(self, x: Plane, y: Plane) -> Plane:
        sides = zip(self.corners, (*self.corners[1:], self.corners[0]), strict=True)
        return np.asarray(np.max([_beyond(x, y, a, b) for a, b in sides], axis=0), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Cut:
    """Takes a shape out of what is drawn so far."""

    shape: "Disc | Arc | Stroke | Slab | Wedge"


Shape: TypeAlias = Disc | Arc | Stroke | Slab | Wedge | Cut


def mask(shapes: tuple[Shape, ...], width_px: int, height_px: int) -> Mask:
    """Coverage from 0 to 255, `height_px` rows from the top; the grid is 100 units high."""
    unit = height_px / GRID
    rows = (np.arange(height_px, dtype=np.float32) + 0.5) / unit
    columns = (np.arange(width_px, dtype=np.float32) + 0.5) / unit
    x, y = np.meshgrid(columns, rows)
    covered = np.zeros((height_px, width_px), dtype=np.float32)
    for shape in shapes:
        drawn = shape.shape if isinstance(shape, Cut) else shape
        share = np.clip(0.5 - drawn.distance(x, y) * unit, 0, 1)
        covered = covered * (1 - share) if isinstance(shape, Cut) else np.maximum(covered, share)
    return np.asarray(np.rint(covered * 255), dtype=np.uint8)


def _from_segment(x: Plane, y: Plane, begin: Point, end: Point) -> Plane:
    across, down = end[0] - begin[0], end[1] - begin[1]
    square = across * across + down * down
    along = ((x - begin[0]) * across + (y - begin[1]) * down) / square
    along = np.clip(along, 0, 1)
    return _length(x - begin[0] - along * across, y - begin[1] - along * down)


def _beyond(x: Plane, y: Plane, begin: Point, end: Point) -> Plane:
    across, down = end[0] - begin[0], end[1] - begin[1]
    length = math.hypot(across, down)
    return np.asarray(((x - begin[0]) * down - (y - begin[1]) * across) / length, dtype=np.float32)


def _length(across: Plane, down: Plane) -> Plane:
    length: Plane = np.hypot(across, down)
    return length
