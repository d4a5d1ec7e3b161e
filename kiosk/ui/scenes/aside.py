"""What lies over a screen: the languages, the access modes; and a screen that rests."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from kiosk.ui import theme, words_aside
from kiosk.ui.elements import Button, Element, Icon, Scene, Surface
from kiosk.ui.geometry import Box
from kiosk.ui.scenes.bar import closes_in_s, countdown, nobody_answers, officer_button, officer_said
from kiosk.ui.scenes.parts import Type, View, button, silent, text
from kiosk.wire.manner import MODES
from kiosk.wire.messages import Show, Touch
from kiosk.wire.screens import VisitScreen

_PAD = 24.0
_CLOSE = 230.0
_OFFICER = 200.0
_TITLE_SHARE = 0.5  # of the head, where an officer was asked, too
_TITLE = Type(48, bold=True, across="left", lines=2)
_SAID = Type(28, "accent", bold=True, across="left", lines=2)
_HIGHEST = 220.0
_DRAWINGS: Final = {
    "large_text": "letters",
    "high_contrast": "contrast",
    "light": "light",
    "left_handed": "left_hand",
    "slow": "slow",
    "signing": "signing",
    "spoken": "sound",
    "phrases": "phrases",
}
_DRIFT_PX: Final = ((0, 0), (5, 0), (5, 4), (0, 4), (-5, 4), (-5, 0), (-5, -4), (0, -4), (5, -4))
_PLACES: Final = ((0.1, 0.16), (0.55, 0.62), (0.1, 0.62), (0.55, 0.16), (0.32, 0.4))
"""Where on the glass a screen that rests says how to begin, as shares, one after the other."""


def with_panel(scene: Scene, show: Show, view: View) -> Scene:
    """`scene` with the panel that is open over it; below it nothing can be touched. None covers a visit.

    An officer can be asked and a countdown is seen in its head: it covers the bar.
    """
    if show.panel is None or isinstance(show.screen, VisitScreen):
        return scene
    box = view.panel.box
    under = tuple(replace(e, live=False) if isinstance(e, Button) else e for e in scene.elements)
    shade = Surface("panel_shade", box, view.look.well, 0.0, 0.8)
    return replace(scene, elements=(*under, shade, *_panel(show, view, box.inset(view.px(_PAD)))))


def _panel(show: Show, view: View, card: Box) -> list[Element]:
    """The panel that is open, on a card of this size."""
    language = show.panel == "language"
    choices = list((_languages if language else _modes)(show, view))
    size = theme.LEAD if language else theme.BODY
    inside = card.inset(view.px(_PAD))
    head = inside.from_top(0, max(view.panel.target_px, view.px(100)))
    area = inside.from_bottom(0, inside.height - head.height - view.panel.gap_px)
    boxes = _grid(view, area, len(choices))
    return [
        Surface("panel", card, view.look.surface, view.px(theme.RADIUS)),
        *_heading(show, view, head),
        *(_button(view, choice, at, size) for choice, at in zip(choices, boxes, strict=True)),
    ]


@dataclass(frozen=True, slots=True)
class _Choice:
    touch: str
    label: str
    on: bool = False
    icon: str = ""
    mark: str = ""


def _heading(show: Show, view: View, head: Box) -> list[Element]:
    """What it is for, an officer, and the end of it; in the last seconds of the screen, how long still."""
    done = view.say.phrases.done
    if (left_s := closes_in_s(view)) is not None:
        return countdown(view, head, left_s, (Touch.CLOSE, done))
    gap = view.panel.gap_px
    close = Box(head.right - view.px(_CLOSE), head.top, view.px(_CLOSE), head.height)
    wide = max(view.px(_OFFICER) * view.look.letters, view.panel.target_px)
    asks = officer_button(view, Box(close.left - gap - wide, head.top, wide, head.height))
    right = close.left if asks is None else asks.box.left
    name = Box(head.left, head.top, right - view.px(_PAD) - head.left, head.height)
    buttons = [_button(view, _Choice(Touch.CLOSE, done), close, theme.BODY), asks]
    return [*_name(show, view, name), *filter(None, buttons)]


def _name(show: Show, view: View, box: Box) -> list[Element]:
    """What the panel is for, and what became of asking an officer."""
    words = view.say.of(words_aside.PHRASES)
    title = words.choose_language if show.panel == "language" else words.choose_modes
    said = officer_said(view)
    if not said:
        return [text(view, "panel_title", box, title, _TITLE, "surface")]
    above = box.from_top(0, box.height * _TITLE_SHARE)
    below = box.from_bottom(0, box.height - above.height)
    look = replace(_SAID, role="caution") if nobody_answers(view) else _SAID
    return [
        text(view, "panel_title", above, title, replace(_TITLE, lines=1), "surface"),
        text(view, "officer", below, said, look, "surface"),
    ]


def _languages(show: Show, view: View) -> Iterator[_Choice]:
    """Each by its own name, as who speaks it would look for it. A code without a name is left off."""
    for tag in show.languages:
        if name := view.say.endonym(tag):
            yield _Choice(f"{Touch.LANGUAGE}:{tag}", name, tag == show.manner.language)


def _modes(show: Show, view: View) -> Iterator[_Choice]:
    """For each a drawing of what it does, and a switch that says where it stands, not its colour alone."""
    names = view.say.of(words_aside.MODES)
    for mode in MODES:
        if mode == "spoken" and not view.voiced:
            continue
        on = getattr(show.manner, mode)
        mark = "switch_on" if on else "switch_off"
        yield _Choice(f"{Touch.ACCESS}:{mode}", names[mode], on, _DRAWINGS[mode], mark)


def _button(view: View, choice: _Choice, box: Box, size: float) -> Button:
    shown = button(
        view, choice.touch, box, choice.label, main=choice.on, icon=choice.icon, size=size
    )
    shown = replace(shown, lines=2 if " " in choice.label else 1, mark=choice.mark)
    return shown if view.linked else silent(view, shown)


def _grid(view: View, area: Box, count: int) -> list[Box]:
    """Boxes for `count` things in as few columns as leave each of them high enough to touch."""
    gap = view.panel.gap_px
    columns = next(
        columns
        for columns in range(min(3, count), count + 1)
        if columns == count or _row_px(area, -(-count // columns), gap) > view.panel.target_px - 0.5
    )
    width = (area.width - gap * (columns - 1)) / columns
    height = min(_row_px(area, -(-count // columns), gap), view.px(_HIGHEST))
    return [
        Box(
            area.left + (place % columns) * (width + gap),
            area.top + (place // columns) * (height + gap),
            width,
            height,
        )
        for place in range(count)
    ]


def _row_px(area: Box, rows: int, gap: float) -> float:
    return (area.height - gap * (rows - 1)) / rows


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
