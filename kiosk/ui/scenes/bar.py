"""The bar on top of every screen but the visit: the terminal and the time, and what is always at hand."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from kiosk.ui import theme, words_aside
from kiosk.ui.elements import Button, Element, Surface
from kiosk.ui.geometry import Box, side_by_side
from kiosk.ui.names import PLACE_LETTERS, plain
from kiosk.ui.scenes.parts import BAR_TOP, Type, View, bar_px, button, line_px, silent, text
from kiosk.ui.theme import Role
from kiosk.wire.messages import Show, Touch
from kiosk.wire.screens import COUNTDOWN_S, IdleScreen
from kiosk.wire.support import SupportCallScreen

_UNTIL_CLEARED: Final = (Touch.ASK_OFFICER, Touch.LANGUAGE)
"""What stays at hand while a screen counts down: who can not read it must not be cleared away for that."""

_MARGIN = 40.0
_TARGET = 186.0
_STAY = 250.0
_CLOSES_SHARE = 0.42  # of its height, where an officer was asked, too
_WORDS = 416.0
_APART = 24.0
_LABEL = 24.0
_TIME = Type(36, bold=True, across="left")
_WHERE = Type(theme.CAPTION, "soft", across="left")
_DAY = Type(theme.CAPTION, "soft", lines=2, across="right")
_STATE = Type(28, "accent", bold=True, lines=2, across="left")
_CLOSES = Type(theme.BODY, "on_caution", bold=True, lines=2, across="left")


@dataclass(frozen=True, slots=True)
class _Target:
    touch: Touch
    icon: str
    label: str


def top_bar(view: View) -> list[Element]:
    """Which terminal this is, for talking to an officer, the time, and help of up to four kinds.

    What became of asking an officer is read where it was touched. In the last seconds of a screen the
    bar is about that, an officer and the language: nothing that is being read is covered. A panel that
    is open has all this at its own head.
    """
    if view.show is not None and view.show.panel is not None:
        return []
    bar = view.panel.box.from_top(view.px(BAR_TOP), bar_px(view))
    bar = Box(view.px(_MARGIN), bar.top, bar.width - 2 * view.px(_MARGIN), bar.height)
    if (left_s := closes_in_s(view)) is not None:
        return countdown(view, bar, left_s)
    targets = [each for each in _targets(view) if not _is_done(view.show, each.touch)]
    gap = view.panel.gap_px
    width = _target_px(view, bar, len(targets), gap)
    taken = len(targets) * (width + gap)
    place = Box(bar.right - taken + gap, bar.top, taken - gap, bar.height)
    words = Box(bar.left, bar.top, bar.width - taken - view.px(12), bar.height)
    boxes = side_by_side(place, len(targets), gap) if targets else []
    return [*_words(view, words), *map(_button, [view] * len(boxes), targets, boxes)]


def _target_px(view: View, bar: Box, count: int, gap: float) -> float:
    """As wide as larger letters need, where the time and the place leave the room for it."""
    least = max(view.px(_TARGET), view.panel.target_px)
    free = bar.width - view.px(_WORDS)
    return max(least, min(least * view.look.letters, free / max(count, 1) - gap))


def officer_said(view: View) -> str:
    """What became of asking an officer to come; empty when nobody asked."""
    if view.show is None or view.show.officer is None:
        return ""
    return view.say.of(words_aside.OFFICER_CALLS)[view.show.officer]


def closes_in_s(view: View) -> float | None:
    """For how long this screen still stands, in its last seconds."""
    if view.show is None or view.show.leaves_at_s is None or not view.linked:
        return None
    left_s = view.show.leaves_at_s - view.now_s
    return max(0.0, left_s) if left_s <= COUNTDOWN_S else None


def changes_at_s(view: View) -> float | None:
    """When the countdown begins, or shows its next second."""
    if view.show is None or view.show.leaves_at_s is None:
        return None
    left_s = view.show.leaves_at_s - view.now_s
    if left_s > COUNTDOWN_S:
        return view.show.leaves_at_s - COUNTDOWN_S
    return view.next_second_s(left_s) if left_s > 0 else None


def countdown(
    view: View, bar: Box, left_s: float, otherwise: tuple[Touch, str] | None = None
) -> list[Element]:
    """How long the screen still stands, beside what a person may need to keep it: any touch does.

    `otherwise` is what the last button asks for where none can keep it any longer.
    """
    last = _last_of(view) or otherwise
    gap = view.panel.gap_px
    targets = [
        each
        for each in _targets(view)
        if each.touch in _UNTIL_CLEARED and not _is_done(view.show, each.touch)
    ]
    target_px = max(view.px(_TARGET), view.panel.target_px)
    stay_px = view.px(_STAY) if last else -gap
    stay = Box(bar.right - stay_px, bar.top, stay_px, bar.height)
    taken = len(targets) * (target_px + gap)
    place = Box(stay.left - taken, bar.top, taken - gap, bar.height)
    boxes = side_by_side(place, len(targets), gap) if targets else []
    shown = _closes(view, Box(bar.left, bar.top, place.left - gap - bar.left, bar.height), left_s)
    shown += map(_button, [view] * len(boxes), targets, boxes)
    if last:
        touch, label = last
        ends = button(view, touch, stay, label, main=touch is Touch.STAY, size=theme.LEAD)
        shown.append(replace(ends, lines=2 if " " in label else 1))
    return shown


def _last_of(view: View) -> tuple[Touch, str] | None:
    can_stay = view.show is not None and view.show.can_stay
    return (Touch.STAY, view.say.of(words_aside.PHRASES).still_here) if can_stay else None


def officer_button(view: View, box: Box) -> Button | None:
    """To ask one to come; None where that is done."""
    asks = next((each for each in _targets(view) if each.touch is Touch.ASK_OFFICER), None)
    return None if asks is None or _is_done(view.show, asks.touch) else _button(view, asks, box)


def _closes(view: View, back: Box, left_s: float) -> list[Element]:
    """For how long still, and what became of asking an officer."""
    inside = Box(back.left, back.top + view.px(8), back.width, back.height - 2 * view.px(8))
    inside = Box(inside.left + view.px(14), inside.top, inside.width - view.px(28), inside.height)
    closes = view.say.counted(words_aside.CLOSES, math.ceil(left_s))
    said = officer_said(view)
    high = inside.height * (_CLOSES_SHARE if said else 1.0)
    look = replace(_CLOSES, lines=1 if said else 2)
    shown: list[Element] = [
        Surface("closes_back", back, view.look.caution, view.px(theme.RADIUS)),
        text(view, "closes", inside.from_top(0, high), closes, look, "caution"),
    ]
    if said:
        below = inside.from_bottom(0, inside.height - high)
        shown.append(text(view, "officer", below, said, _CLOSES, "caution"))
    return shown


def _words(view: View, box: Box) -> list[Element]:
    where = " · ".join(filter(None, (plain(p, PLACE_LETTERS) for p in (view.terminal, view.hall))))
    said = officer_said(view)
    letters = view.look.letters if said else 1.0  # what an officer does is what must be large
    idle = view.show is not None and isinstance(view.show.screen, IdleScreen) and not said
    first = box.from_top(0, box.height * 0.6 if idle else line_px(view, _TIME) / letters)
    below = box.from_bottom(0, box.height - first.height)
    clock = replace(first, width=first.width * 0.42) if idle or said else first
    apart = view.px(_APART)  # where they change sides they meet
    beside = Box(clock.right + apart, first.top, first.width - clock.width - apart, first.height)
    look = replace(_TIME, size=_TIME.size / letters)
    time = text(view, "time", clock, view.say.clock(view.utc), look)
    if said:
        look = replace(_WHERE, size=_WHERE.size / letters, lines=2, across="right")
        role: Role = "caution" if nobody_answers(view) else "accent"
        return [
            text(view, "where", beside, where, look),
            time,
            text(view, "officer", below, said, replace(_STATE, role=role)),
        ]
    shown: list[Element] = [text(view, "where", below, where, _WHERE), time]
    if idle:
        shown.append(text(view, "day", beside, view.say.day(view.utc), _DAY))
    return shown


def nobody_answers(view: View) -> bool:
    """An officer was asked to come, in vain: it must not look like that somebody comes."""
    return view.show is not None and view.show.officer == "unheard"


def _targets(view: View) -> Iterator[_Target]:
    if view.show is None:
        return
    words = view.say.of(words_aside.PHRASES)
    yield _Target(Touch.ASK_OFFICER, "officer", words.ask_officer)
    if len(view.show.languages) > 1 and view.show.panel != "language":
        yield _Target(Touch.LANGUAGE, "language", words.language)
    yield _Target(Touch.ACCESS, "access", words.easier)
    talking = isinstance(view.show.screen, SupportCallScreen)  # nothing is read while people talk
    if view.voiced and not talking:
        yield _Target(Touch.HEAR, "sound", words.read_aloud)


def _button(view: View, target: _Target, box: Box) -> Button:
    shown = button(view, target.touch, box, target.label, icon=target.icon, size=_LABEL)
    shown = replace(shown, lines=2 if " " in target.label else 1)
    return shown if view.linked and not _is_done(view.show, target.touch) else silent(view, shown)


def _is_done(show: Show | None, touch: Touch) -> bool:
    """An officer who was asked need not be asked again."""
    asked = show is not None and show.officer in ("asking", "asked", "coming")
    return touch is Touch.ASK_OFFICER and asked
