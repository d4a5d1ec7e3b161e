"""One's own picture in a visit: where the person put it, and whether they want to see it at all.

It is the screen's own and is forgotten with the visit; kiosk-core never hears of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from kiosk.ui.geometry import Box

HIDE: Final = "self_hide"
SHOW: Final = "self_show"
PHRASES: Final = "phrases_open"
NO_PHRASES: Final = "phrases_close"
LOCAL: Final = (HIDE, SHOW, PHRASES, NO_PHRASES)
"""What is asked of the screen itself."""


@dataclass(frozen=True, slots=True)
class OwnView:
    """`place` counts the places that there are; `dragged` is where a finger holds it now.

    `phrases`: whether the prepared phrases lie open, which is the screen's own business, too.
    """

    place: int = 0
    hidden: bool = False
    dragged: Box | None = None
    phrases: bool = False

    def asked(self, touch: str) -> "OwnView":
        """After one of `LOCAL` was touched."""
        match touch:
            case "self_hide" | "self_show":
                return replace(self, hidden=touch == HIDE, dragged=None)
            case _:
                return replace(self, phrases=touch == PHRASES, dragged=None)

    def dropped(self, places: Sequence[Box]) -> "OwnView":
        """A finger let go of it: it goes to the nearest of the places that it may be in."""
        held = self.dragged
        if held is None or not places:
            return replace(self, dragged=None)
        nearest = min(range(len(places)), key=lambda at: _distance(places[at], held))
        return replace(self, place=nearest, dragged=None)

    def box(self, places: Sequence[Box]) -> Box:
        """Where it is."""
        return self.dragged or places[min(self.place, len(places) - 1)]


UNTOUCHED: Final = OwnView()
"""As every visit begins."""


def _distance(one: Box, other: Box) -> float:
    across = one.left + one.width / 2 - other.left - other.width / 2
    down = one.top + one.height / 2 - other.top - other.height / 2
    return across * across + down * down
