"""How much of a visit is left, as a ring and in figures, and whether anybody watches."""

import math
from dataclasses import replace

from kiosk.ui.elements import Element, Icon, Ring, Surface
from kiosk.ui.geometry import Box
from kiosk.ui.scenes.parts import Type, View, line_px, text
from kiosk.ui.theme import RADIUS, Ground, ink_on
from kiosk.wire.screens import VisitScreen

COUNTED_S = 10
LAST_MINUTE_S = 60

_RING = 124.0
_WIDTH = 12.0
_LEFT = Type(36, bold=True)
_COUNT = Type(72, "caution", bold=True)
_LABEL = Type(22, "soft", lines=2)
_LIGHT = 22.0
_LIGHT_LINES = 6
_SIGN = 40.0
_PAD = 8.0
_RIM = 3.0  # of words, of which one alone may be as wide as the column
_TALLEST = 190.0

_LIGHTS: dict[str, tuple[tuple[str, ...], Ground]] = {
    "none": (("eye_off",), "surface"),
    "possible": (("eye",), "raised"),
    "watching": (("eye",), "caution"),
    "recorded": (("record",), "caution"),
    "recorded_and_watching": (("record", "eye"), "caution"),
}


def time_left(screen: VisitScreen, view: View, column: Box) -> list[Element]:
    """A ring that is used up, with the figures in it; the last seconds large."""
    left_s = max(0.0, screen.ends_at_s - view.now_s)
    side = min(column.width, view.px(_RING))
    ring = column.from_top(0, side).centred(side, side)
    figures = ring.inset(view.px(_WIDTH + 4))
    soon = left_s <= LAST_MINUTE_S
    counted = 0 < left_s <= COUNTED_S
    said = str(math.ceil(left_s)) if counted else view.say.countdown(left_s)
    look = _COUNT if counted else Type(_LEFT.size, "caution" if soon else "ink", bold=True)
    label = column.from_top(side, line_px(view, _LABEL))
    return [
        Ring(
            "left_ring",
            ring,
            share_left(screen, left_s),
            view.look.caution if soon else view.look.accent,
            view.look.raised,
        ),
        text(view, "left", figures, said, look),
        text(view, "left_label", label, _label(screen, view), _LABEL),
    ]


def share_left(screen: VisitScreen, left_s: float) -> float:
    """Of the whole visit, from its start to its end."""
    return min(1.0, left_s / screen.length_s) if screen.length_s > 0 else 1.0


def _label(screen: VisitScreen, view: View) -> str:
    if screen.given_s < 1:
        return view.say.phrases.time_left
    return view.say.phrases.time_left_given.format(given=view.say.countdown(screen.given_s))


def light(screen: VisitScreen, view: View, column: Box, bottom: float) -> list[Element]:
    """How the visit is overseen: signs, words and a colour, below the clock and above `bottom`."""
    side = min(column.width, view.px(_RING))
    top = column.top + side + line_px(view, _LABEL) + view.px(_PAD)
    names, fill = _LIGHTS.get(screen.monitoring, _LIGHTS["possible"])
    box = Box(column.left, top, column.width, min(bottom - top, view.type_px(_TALLEST)))
    inside = box.inset(view.px(_PAD))
    band = inside.from_top(0, view.px(_SIGN))
    rim = view.px(_RIM)
    words = Box(box.left + rim, band.bottom, box.width - 2 * rim, inside.bottom - band.bottom)
    role = "accent" if screen.monitoring == "none" else ink_on(fill)
    look = Type(_LIGHT, ink_on(fill), bold=fill == "caution", lines=_LIGHT_LINES)
    return [
        Surface("light", box, view.look.colour(fill), view.px(RADIUS)),
        *(
            Icon(f"light_sign_{i}", _sign(band, i, len(names)), name, view.look.colour(role))
            for i, name in enumerate(names)
        ),
        text(view, "monitoring", words, view.say.monitoring(screen.monitoring), look, fill),
    ]


def _sign(band: Box, place: int, of: int) -> Box:
    """The square for one of several signs that share a band."""
    share = band.width / of
    own = replace(band, left=band.left + place * share, width=share)
    return own.centred(band.height, band.height)
