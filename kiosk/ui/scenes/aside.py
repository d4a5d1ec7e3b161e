"""What lies over a screen: the languages, the access modes; and a screen that rests."""

from dataclasses import replace
from typing import Final

from kiosk.ui import theme, words_aside
from kiosk.ui.elements import Button, Element, Icon, Scene, Surface
from kiosk.ui.geometry import Box
from kiosk.ui.scenes.parts import Type, View, button, silent, text
from kiosk.wire.manner import MODES
from kiosk.wire.messages import Show, Touch
from kiosk.wire.screens import VisitScreen

_PAD = 24.0
_CLOSE = 230.0
_TITLE = Type(48, bold=True, across="left", lines=2)
_FEW = 6
_MANY = 12
_DRIFT_PX: Final = ((0, 0), (5, 0), (5, 4), (0, 4), (-5, 4), (-5, 0), (-5, -4), (0, -4), (5, -4))
_PLACES: Final = ((0.1, 0.16), (0.55, 0.62), (0.1, 0.62), (0.55, 0.16), (0.32, 0.4))
"""Where on the glass a screen that rests says how to begin, as shares, one after the other."""


def with_panel(scene: Scene, show: Show, view: View) -> Scene:
    """`scene` with the panel that is open over it; below it nothing can be touched.

    A visit places it by itself, beside the picture.
    """
    if show.panel is None or isinstance(show.screen, VisitScreen):
        return scene
    box = view.panel.box
    under = tuple(replace(e, live=False) if isinstance(e, Button) else e for e in scene.elements)
    shade = Surface("panel_shade", box, view.look.well, 0.0, 0.8)
    card = box.inset(view.px(_PAD))
    return replace(scene, elements=(*under, shade, *panel(show, view, card)))


def panel(show: Show, view: View, card: Box) -> list[Element]:
    """The panel that is open, on a card of this size."""
    words = view.say.of(words_aside.PHRASES)
    title = words.choose_language if show.panel == "language" else words.choose_modes
    inside = card.inset(view.px(_PAD))
    height = max(view.panel.target_px, view.px(100))
    head = inside.from_top(0, height)
    close = Box(head.right - view.px(_CLOSE), head.top, view.px(_CLOSE), height)
    name = Box(head.left, head.top, head.width - close.width - view.px(_PAD), height)
    below = inside.from_bottom(0, inside.height - height - view.panel.gap_px)
    done = button(view, Touch.CLOSE, close, view.say.phrases.done, size=theme.BODY)
    rows = _languages(show, view, below) if show.panel == "language" else _modes(show, view, below)
    return [
        Surface("panel", card, view.look.surface, view.px(theme.RADIUS)),
        text(view, "panel_title", name, title, _TITLE, "surface"),
        done if view.linked else silent(view, done),
        *rows,
    ]


def _languages(show: Show, view: View, area: Box) -> list[Element]:
    """Each by its own name, as who speaks it would look for it."""
    count = len(show.languages)
    columns = 3 if count <= _FEW else 4 if count <= _MANY else 5
    boxes = _grid(view, area, count, columns)
    return [
        _choice(
            view, f"{Touch.LANGUAGE}:{tag}", box, view.say.endonym(tag), tag == show.manner.language
        )
        for tag, box in zip(show.languages, boxes, strict=True)
    ]


def _modes(show: Show, view: View, area: Box) -> list[Element]:
    """A switch for each, whose drawing says where it stands, not its colour alone."""
    names = view.say.of(words_aside.MODES)
    shown: list[Element] = []
    for mode, box in zip(MODES, _grid(view, area, len(MODES), 4), strict=True):
        on = getattr(show.manner, mode)
        switch = _choice(view, f"{Touch.ACCESS}:{mode}", box, names[mode], on)
        shown.append(replace(switch, icon="switch_on" if on else "switch_off"))
    return shown


def _choice(view: View, touch: str, box: Box, label: str, on: bool) -> Button:
    shown = replace(button(view, touch, box, label, main=on, size=theme.BODY), lines=2)
    return shown if view.linked else silent(view, shown)


def _grid(view: View, area: Box, count: int, columns: int) -> list[Box]:
    """Boxes for `count` things in rows, no higher than is needed to touch them with ease."""
    gap = view.panel.gap_px
    rows = -(-count // columns)
    width = (area.width - gap * (columns - 1)) / columns
    height = min((area.height - gap * (rows - 1)) / rows, view.px(220))
    return [
        Box(
            area.left + (place % columns) * (width + gap),
            area.top + (place // columns) * (height + gap),
            width,
            height,
        )
        for place in range(count)
    ]


def resting(view: View) -> Scene:
    """Nobody has come for long: a dark screen that says how to begin, each minute in another place."""
    box = view.panel.box
    across, down = _PLACES[_minute(view) % len(_PLACES)]
    place = Box(box.width * across, box.height * down, view.px(440), view.px(250))
    sign = place.from_top(0, view.px(110)).centred(view.px(110), view.px(110))
    words = place.from_bottom(0, view.px(130))
    elements: tuple[Element, ...] = (
        Icon("card", sign, "card", view.look.faint),
        text(view, "what", words, view.say.phrases.hold_card, Type(theme.LEAD, "faint", lines=2)),
    )
    return Scene(elements, view.next_minute_s())


def drifted(scene: Scene, view: View) -> Scene:
    """The scene a few pixels further each minute, so that nothing burns into the glass."""
    across, down = _DRIFT_PX[_minute(view) % len(_DRIFT_PX)]
    moved = tuple(
        replace(e, box=replace(e.box, left=e.box.left + across, top=e.box.top + down))
        for e in scene.elements
    )
    return replace(scene, elements=moved)


def _minute(view: View) -> int:
    return int(view.utc.timestamp()) // 60
