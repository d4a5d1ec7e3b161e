"""The pieces that several screens share: buttons, banners, a short story."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from kiosk.clock import Seconds
from kiosk.ui import theme
from kiosk.ui.bidi import begins_on_the_right
from kiosk.ui.breadth import breadth
from kiosk.ui.elements import Across, Button, Element, Icon, Surface, Text
from kiosk.ui.geometry import Box, Panel, squeezed, stacked
from kiosk.ui.own_view import UNTOUCHED, OwnView
from kiosk.ui.phrasebook import Phrasebook
from kiosk.ui.theme import DARK, Ground, Look, Role, ink_on
from kiosk.wire.manner import Manner
from kiosk.wire.messages import Show
from kiosk.wire.own import OwnLevels

MARGIN = 56.0
BAR_TOP = 16.0
_BAR = 110.0
_DOTS = 3
_DOT_S = 0.5
_DOT = 18.0


@dataclass(frozen=True, slots=True)
class View:
    """What a screen depends on besides what it shows: the panel, the language, the moment.

    `linked`: kiosk-core is there. `alone`: it has been away so long that a call has no sound.
    `touchable`: the glass feels fingers.
    """

    panel: Panel
    say: Phrasebook
    now_s: Seconds
    utc: datetime
    terminal: str = ""
    hall: str = ""
    linked: bool = True
    alone: bool = False
    typed: int = 0
    look: Look = DARK
    touchable: bool = True
    own: OwnLevels | None = None
    """How loud and bright it is here, before a visit."""
    show: Show | None = None
    """All that kiosk-core said; None before it said anything."""
    own_view: OwnView = UNTOUCHED
    shape: tuple[int, int] | None = None
    """Width and height of the visitor's picture, where one was seen."""
    voiced: bool = True
    """Whether the spoken guide has this language."""

    @property
    def manner(self) -> Manner:
        return self.show.manner if self.show is not None else Manner()

    def px(self, design_px: float) -> float:
        return self.panel.scaled(design_px)

    def type_px(self, size: float) -> float:
        """A size of type on this panel, as large as this person needs it."""
        return self.panel.scaled(size) * self.look.letters

    @property
    def large(self) -> bool:
        """Whether letters are so large that all else gives way to them."""
        return self.look.letters > 1

    def next_minute_s(self) -> Seconds:
        return self.now_s + 60 - self.utc.second - self.utc.microsecond / 1e6

    def next_second_s(self, left_s: Seconds) -> Seconds:
        """When a countdown that has `left_s` to go shows its next figure."""
        return self.now_s + left_s - (math.ceil(left_s) - 1)

    def next_dot_s(self) -> Seconds:
        return (math.floor(self.now_s / _DOT_S) + 1) * _DOT_S


@dataclass(frozen=True, slots=True)
class Type:
    """How a piece of text looks."""

    size: float
    role: Role = "ink"
    bold: bool = False
    lines: int = 1
    across: Across = "center"


TITLE = Type(theme.TITLE, bold=True, lines=2)
LEAD = Type(theme.LEAD, lines=2)
BODY = Type(theme.BODY, "soft", lines=2)
CAPTION = Type(theme.CAPTION, "soft")
_NOTICED = Type(theme.BODY, bold=True, lines=2)
_BANNER, _BANNER_PAD, _BANNER_AIR = 76.0, 32.0, 8.0
_FIRST = Type(36, lines=2)
_NEXT = Type(36, "soft", lines=2)
_LINE = 1.37  # of its size: how high a line is, which whole pixels round


def text(view: View, key: str, box: Box, words: str, look: Type, on: Ground = "background") -> Text:
    return Text(
        key,
        box,
        words,
        view.type_px(look.size),
        view.look.colour(look.role),
        view.look.colour(on),
        bold=look.bold,
        lines=look.lines,
        across=look.across,
    )


def given(shown: Text) -> Text:
    """The same for words from outside, in whatever language they are."""
    return replace(shown, given=True, rtl=begins_on_the_right(shown.text))


def line_px(view: View, look: Type) -> float:
    """The height that all lines of `look` need."""
    return math.ceil(view.type_px(look.size) * _LINE + 0.5) * look.lines


def bar_px(view: View) -> float:
    """The height of the bar: what stands in it is to be touched, and may have two lines of words."""
    return max(view.panel.target_px, view.px(_BAR) * view.look.letters)


def below_bar(view: View) -> Box:
    """All of the glass that the bar leaves."""
    top = view.px(2 * BAR_TOP) + bar_px(view)
    return view.panel.box.from_bottom(0, view.panel.height_px - top)


def sheet(view: View) -> Box:
    """The area below the bar."""
    margin = view.px(MARGIN)
    top = view.px(BAR_TOP + 16) + bar_px(view)
    box = view.panel.box
    return Box(margin, top, box.width - 2 * margin, box.height - top - view.px(28))


def button(
    view: View,
    touch: str,
    box: Box,
    label: str,
    *,
    main: bool = False,
    icon: str = "",
    size: float = theme.BODY,
) -> Button:
    """A button that asks for `touch`; `main` for the one most likely wanted."""
    return Button(
        touch,
        box,
        label,
        view.type_px(size),
        view.look.accent if main else view.look.raised,
        view.look.on_accent if main else view.look.ink,
        view.px(theme.RADIUS),
        icon,
        rim=view.look.rim,
    )


def silent(view: View, shown: Button) -> Button:
    """The same button while it can not be touched."""
    look = view.look
    return replace(shown, fill=look.surface, ink=look.faint, live=False, rim=None)


def bottom_button(view: View, touch: str, label: str, width: float) -> Button:
    """One main button in the middle of the bottom."""
    area = sheet(view)
    height = max(view.panel.target_px, view.px(118))
    box = area.from_bottom(0, height).centred(view.px(width), height)
    return button(view, touch, box, label, main=True, size=theme.LEAD)


def strip(view: View, room: Box, words: str, across: float = 900) -> Box:
    """Where at the bottom of `room` a banner stands: as wide, and then as high, as its words need."""
    wide = view.px(across)
    if words_px(view, _NOTICED, words) > wide - 2 * view.px(_BANNER_PAD):
        wide = room.width
    look = one_line_if_short(view, _NOTICED, words, wide - 2 * view.px(_BANNER_PAD))
    high = max(view.px(_BANNER), line_px(view, look) + 2 * view.px(_BANNER_AIR))
    return room.from_bottom(0, high).centred(wide, high)


def banner(
    view: View, key: str, box: Box, words: str, *, fill: Ground = "caution"
) -> list[Element]:
    """What a person should notice, in one line or two; a low one needs all its height for them."""
    look = replace(_NOTICED, role=ink_on(fill))
    pad = view.px(_BANNER_PAD)
    air = view.px(_BANNER_AIR) if box.height > view.px(_BANNER) - 1 else 0.0
    inside = Box(box.left + pad, box.top + air, box.width - 2 * pad, box.height - 2 * air)
    return [
        Surface(f"{key}_back", box, view.look.colour(fill), view.px(theme.RADIUS)),
        text(view, key, inside, words, look, fill),
    ]


def dots(view: View, box: Box, *, centred: bool = True) -> list[Element]:
    """Three dots that take turns: something is going on."""
    bright = int(view.now_s / _DOT_S) % _DOTS
    size = view.px(_DOT)
    left = box.left + ((box.width - size * (2 * _DOTS - 1)) / 2 if centred else 0)
    top = box.top + (box.height - size) / 2
    return [
        Surface(
            f"dot_{i}",
            Box(left + 2 * i * size, top, size, size),
            view.look.accent if i == bright else view.look.raised,
            size / 2,
        )
        for i in range(_DOTS)
    ]


def story(
    view: View,
    area: Box,
    icon: str,
    what: str,
    then: Sequence[str],
    *,
    on: Ground = "background",
    tint: Role = "accent",
    title: Type = TITLE,
    prefix: str = "",
) -> list[Element]:
    """A picture, what happened, and what to do next, in the middle of `area`."""
    lines = [line for line in then if line]
    title = one_line_if_short(view, title, what, area.width)
    looks = [
        one_line_if_short(view, _FIRST if i == 0 else _NEXT, line, area.width)
        for i, line in enumerate(lines)
    ]
    wanted = [view.px(136), line_px(view, title), *(line_px(view, look) for look in looks)]
    loose = view.px(18)
    gap = loose if sum(wanted) + loose * len(lines) <= area.height else view.px(6)
    heights = squeezed(wanted, gap, area.height, least=view.px(64))
    bands = stacked(area, heights, gap)
    badge = heights[0]
    round_box = bands[0].centred(badge, badge)
    return [
        Surface(
            f"{prefix}badge",
            round_box,
            view.look.surface if on != "surface" else view.look.raised,
            badge / 2,
        ),
        Icon(f"{prefix}badge_icon", round_box.inset(badge * 0.23), icon, view.look.colour(tint)),
        text(view, f"{prefix}what", bands[1], what, title, on),
        *(
            text(view, f"{prefix}then_{i}", band, line, look, on)
            for i, (band, line, look) in enumerate(zip(bands[2:], lines, looks, strict=True))
        ),
    ]


def one_line_if_short(view: View, look: Type, words: str, width: float) -> Type:
    """Words that about fit one line take the room of one, so that what follows stays close."""
    return look if words_px(view, look, words) > width else replace(look, lines=1)


def words_px(view: View, look: Type, words: str) -> float:
    """About the width that words need on one line."""
    return breadth(words, bold=look.bold) * view.type_px(look.size)
