"""Between Join and the visit: the waiting room and connecting, with one's own side."""

from datetime import timedelta

from kiosk.ui import theme
from kiosk.ui.elements import Button, Element, Scene
from kiosk.ui.geometry import Box, side_by_side
from kiosk.ui.names import sentence
from kiosk.ui.scenes.bar import top_bar
from kiosk.ui.scenes.own import foot_of, own_side
from kiosk.ui.scenes.parts import (
    Type,
    View,
    below_bar,
    button,
    dots,
    line_px,
    one_line_if_short,
    sheet,
    silent,
    text,
)
from kiosk.ui.scenes.talking import leave_button, leave_question
from kiosk.ui.words_before import BEFORE
from kiosk.wire.messages import Touch
from kiosk.wire.screens import ConnectingScreen, WaitingScreen

_OWN_WIDTH = 560.0
_WHO = Type(44, bold=True, lines=2, across="left")
_COUNT = Type(92, bold=True, across="left")
_FOR = Type(theme.BODY, "soft", lines=2, across="left")
_LATE = Type(28, "soft", lines=2, across="left")


def waiting(screen: WaitingScreen, view: View) -> Scene:
    """Who is expected, how long still, what happens if they are late, one's own side, Leave."""
    if screen.in_lobby:
        return _is_here(screen, view, view.say.phrases.officer_lets_in)
    own, side = _halves(view)
    until_start_s = (screen.starts_at - view.utc).total_seconds()
    left_s = until_start_s if until_start_s > 0 else screen.waits_until_s - view.now_s
    label = view.say.phrases.until_start if until_start_s > 0 else view.say.phrases.until_given_up
    who = view.say.phrases.waiting_for.format(names=view.say.people(screen.visitors))
    look = one_line_if_short(view, _WHO, who, side.width)
    title = side.from_top(0, line_px(view, look))
    count = title.from_top(title.height, line_px(view, _COUNT))
    below = count.from_top(count.height - view.px(6), line_px(view, _FOR) / 2)
    ways = _ways(screen, view, side)
    late = below.from_top(below.height + view.px(4), ways[0].box.top - below.bottom - view.px(12))
    elements: list[Element] = [
        *top_bar(view),
        *own_side(screen, view, own, _remark(screen, view)),
        text(view, "what", title, who, look),
        text(view, "count", count, view.say.span(left_s), _COUNT),
        text(view, "count_for", below, label, _FOR),
        *_told(screen, view, late),
        *ways,
        *_question(screen, view),
    ]
    return Scene(
        tuple(elements), view.next_second_s(left_s) if left_s > 0 else view.next_minute_s()
    )


def connecting(screen: ConnectingScreen, view: View) -> Scene:
    """The visitor is here: one's own side, Leave."""
    words = view.say.phrases
    return _is_here(screen, view, words.connecting_in_vain if screen.in_vain else words.connecting)


def _is_here(screen: WaitingScreen | ConnectingScreen, view: View, happens: str) -> Scene:
    """The visitor is here, and what happens next."""
    own, side = _halves(view)
    here = view.say.phrases.is_here if len(screen.visitors) < 2 else view.say.phrases.are_here
    who = sentence(here.format(names=view.say.people(screen.visitors)))
    look = one_line_if_short(view, _WHO, who, side.width)
    title = side.from_top(view.px(70), line_px(view, look))
    then = title.from_top(title.height + view.px(12), line_px(view, _FOR))
    elements: list[Element] = [
        *top_bar(view),
        *own_side(screen, view, own, _remark(screen, view)),
        text(view, "what", title, who, look),
        text(view, "count_for", then, happens, _FOR),
        *dots(view, then.from_top(then.height + view.px(20), view.px(60)), centred=False),
        leave_button(view, foot_of(view, side), screen.leave_asked),
        *_question(screen, view),
    ]
    return Scene(tuple(elements), view.next_dot_s())


def _halves(view: View) -> tuple[Box, Box]:
    """One's own side on the left, words on the right."""
    area = sheet(view)
    own = Box(area.left, area.top, view.px(_OWN_WIDTH), area.height)
    left = own.right + view.px(44)
    return own, Box(left, area.top, area.right - left, area.height)


def _told(screen: WaitingScreen, view: View, box: Box) -> list[Element]:
    """What happens if they are late; or, while the loudspeaker is tried, what to say or do."""
    words = view.say.of(BEFORE)
    if screen.tone == "played":
        asked = Type(theme.BODY, bold=True, lines=2, across="left")
        return [text(view, "tone_asked", box, words.tone_asked, asked)]
    if screen.tone == "no":
        caution = Type(theme.CAPTION, "caution", bold=True, lines=3, across="left")
        return [text(view, "tone_told", box, words.tone_unheard, caution)]
    until = view.utc + timedelta(seconds=screen.waits_until_s - view.now_s)
    first = words.if_late.format(at=view.say.clock(until))
    runs = screen.starts_at <= view.utc
    second = words.tone_heard if screen.tone == "yes" else words.time_runs if runs else ""
    half = min(box.height / 2, line_px(view, _LATE))
    told: list[Element] = [text(view, "late_0", box.from_top(0, half), first, _LATE)]
    if second:
        told.append(text(view, "late_1", box.from_top(half, half), second, _LATE))
    return told


def _ways(screen: WaitingScreen, view: View, side: Box) -> list[Button]:
    """Hear a tone, or say whether it was heard; and Leave."""
    words = view.say.of(BEFORE)
    tries = [(f"{Touch.TONE}", words.hear_tone, "tone")]
    if screen.tone == "played":
        tries = [(f"{Touch.TONE}:yes", words.tone_yes, ""), (f"{Touch.TONE}:no", words.tone_no, "")]
    boxes = side_by_side(foot_of(view, side), len(tries) + 1, view.panel.gap_px)
    asked = [
        button(view, touch, box, label, icon=icon)
        for (touch, label, icon), box in zip(tries, boxes, strict=False)
    ]
    if screen.leave_asked or not view.linked:
        asked = [silent(view, way) for way in asked]
    leave = leave_button(view, boxes[-1], screen.leave_asked)
    assert isinstance(leave, Button)
    return [*asked, leave]


def _question(screen: WaitingScreen | ConnectingScreen, view: View) -> list[Element]:
    """Leave is asked again before it is done."""
    return leave_question(view, below_bar(view)) if screen.leave_asked else []


def _remark(screen: WaitingScreen | ConnectingScreen, view: View) -> str | None:
    if screen.notice is not None:
        return view.say.notice(screen.notice)
    return view.say.down(screen.down) if screen.down else None
