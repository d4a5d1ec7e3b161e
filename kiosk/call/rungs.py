"""What kinds of picture can be sent, from the smallest to the largest."""

from dataclasses import dataclass, replace
from typing import Final

FLUENT_FPS: Final = 25


@dataclass(frozen=True, slots=True)
class Rung:
    """One kind of picture."""

    width_px: int
    height_px: int
    fps: int
    least_bps: int
    """With less than this the rung below looks better."""
    most_bps: int
    """With more than this nobody sees a difference; the rung above must be in reach of it."""

    @property
    def work(self) -> int:
        """Pixels in a second."""
        return self.width_px * self.height_px * self.fps

    @property
    def fluent(self) -> "Rung":
        """What suits this much better where people sign: more pictures rather than larger ones.

        Hands are read from 25 pictures a second on, and at a fifth of the size a face needs (ITU-T
        series H supplement 1).
        """
        return (
            self if self.fps >= FLUENT_FPS else replace(self, width_px=240, height_px=180, fps=30)
        )


@dataclass(frozen=True, slots=True)
class Sending:
    """What is to be sent now."""

    rung: Rung
    bps: int


RUNGS: Final = (
    Rung(320, 240, 15, 60_000, 250_000),
    Rung(320, 240, 15, 100_000, 250_000),
    Rung(320, 240, 30, 150_000, 250_000),
    Rung(480, 360, 30, 225_000, 500_000),
    Rung(480, 360, 30, 320_000, 500_000),
    Rung(640, 480, 30, 450_000, 1_500_000),
    Rung(640, 480, 30, 700_000, 1_500_000),
    Rung(640, 480, 30, 1_050_000, 1_500_000),
    Rung(960, 720, 30, 1_350_000, 2_200_000),
    Rung(1280, 720, 30, 1_900_000, 3_000_000),
    Rung(1280, 720, 30, 2_500_000, 3_000_000),
)
"""Sizes are bounds. An encoder whose rate is fixed takes the least of a rung: it is 1.5 times that
of the one below, or less."""


def rungs_for(width_px: int, height_px: int) -> tuple[Rung, ...]:
    """The rungs for a camera of this size: none that could not show more than the one below."""
    covers = (r for r in RUNGS if r.width_px >= width_px and r.height_px >= height_px)
    top = next(covers, RUNGS[-1])
    return tuple(rung for rung in RUNGS if rung.most_bps <= top.most_bps)
