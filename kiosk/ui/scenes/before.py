"""Between Join and the visit: the waiting room and connecting, with one's own picture."""

from kiosk.ui import theme
from kiosk.ui.elements import Element, Scene
from kiosk.ui.geometry import Box
from kiosk.ui.names import sentence
from kiosk.ui.scenes.bar import top_bar
from kiosk.ui.scenes.parts import (
    Type,
    View,
    banner,
    below_bar,
    dots,
    line_px,
    one_line_if_short,
    sheet,
    text,
)
from kiosk.ui.scenes.talking import leave_button, leave_question, officer_message, own_picture
from kiosk.wire.screens import ConnectingScreen, WaitingScreen

_OWN_WIDTH = 680.0
_WHO = Type(48, bold=True, lines=2, across="left")
_COUNT = Type(theme.CLOCK, bold=True, across="left")
_FOR = Type(theme.BODY, "soft", lines=2, across="left")
_MESSAGE_LINES = 5  # as much as three lines of the visit's wider picture


def waiting(screen: WaitingScreen, view: View) -> Scene:
    """Who is expected, how long still, one's own picture, Leave."""
    if screen.in_lobby:
        return _is_here(screen, view, view.say.phrases.officer_lets_in)
    own, side = _halves(view)
    until_start_s = (screen.starts_at - view.utc).total_seconds()
    left_s = until_start_s if until_start_s > 0 else screen.waits_until_s - view.now_s
    label = view.say.phrases.until_start if until_start_s > 0 else view.say.phrases.until_given_up
    who = view.say.phrases.waiting_for.format(names=view.say.people(screen.visitors))
    look = one_line_if_short(view, _WHO, who, side.width)
    title = side.from_top(view.px(40), line_px(view, look))
    count = title.from_top(title.height + view.px(12), line_px(view, _COUNT))
    below = count.from_top(count.height - view.px(6), line_px(view, _FOR) / 2)
    elements: list[Element] = [
        *_own_side(screen, view, own),
        text(view, "what", title, who, look),
        text(view, "count", count, view.say.countdown(left_s), _COUNT),
        text(view, "count_for", below, label, _FOR),
        *_way_out(screen, view, own, side),
    ]
    return Scene(
        tuple(elements), view.next_second_s(left_s) if left_s > 0 else view.next_minute_s()
    )


def connecting(screen: ConnectingScreen, view: View) -> Scene:
    """The visitor is here: one's own picture, Leave."""
    return _is_here(screen, view, view.say.phrases.connecting)


def _is_here(screen: WaitingScreen | ConnectingScreen, view: View, happens: str) -> Scene:
    """The visitor is here, and what happens next."""
    own, side = _halves(view)
    here = view.say.phrases.is_here if len(screen.visitors) < 2 else view.say.phrases.are_here
    who = sentence(here.format(names=view.say.people(screen.visitors)))
    look = one_line_if_short(view, _WHO, who, side.width)
    title = side.from_top(view.px(130), line_px(view, look))
    then = title.from_top(title.height + view.px(12), line_px(view, _FOR) / 2)
    elements = [
        *_own_side(screen, view, own),
        text(view, "what", title, who, look),
        text(view, "count_for", then, happens, _FOR),
        *dots(view, then.from_top(then.height + view.px(20), view.px(60)), centred=False),
        *_way_out(screen, view, own, side),
    ]
    return Scene(tuple(elements), view.next_dot_s())


def _halves(view: View) -> tuple[Box, Box]:
    """One's own picture on the left, words on the right."""
    area = sheet(view)
    width = view.px(_OWN_WIDTH)
    own = Box(area.left, area.top, width, width * 3 / 4)
    left = own.right + view.px(48)
    return own, Box(left, area.top, area.right - left, area.height)


def _own_side(screen: WaitingScreen | ConnectingScreen, view: View, own: Box) -> list[Element]:
    """One's own picture, and over its lower part what an officer says."""
    caption = own.from_top(own.height + view.px(8), view.px(44))
    shown = [
        *top_bar(view),
        *own_picture(view, own, screen.call, screen.ends_at_s, view.say.phrases.no_own_picture),
        text(
            view,
            "own_label",
            caption,
            view.say.phrases.own_picture,
            Type(theme.CAPTION, "soft"),
        ),
    ]
    if screen.message is not None:
        shown += officer_message(view, own, screen.message, _MESSAGE_LINES)
    return shown


def _way_out(
    screen: WaitingScreen | ConnectingScreen, view: View, own: Box, side: Box
) -> list[Element]:
    """Leave, asked again before it is done; and a remark below one's own picture."""
    height = max(view.panel.target_px, view.px(118))
    elements = [leave_button(view, side.from_bottom(0, height), screen.leave_asked)]
    remark = _remark(screen, view)
    if remark is not None:
        strip = sheet(view).from_bottom(0, view.px(76))
        elements += banner(view, "notice", _left_part(strip, own), remark)
    if screen.leave_asked:
        elements += leave_question(view, below_bar(view))
    return elements


def _remark(screen: WaitingScreen | ConnectingScreen, view: View) -> str | None:
    if screen.notice is not None:
        return view.say.notice(screen.notice)
    if screen.down:
        return view.say.down(screen.down)
    in_vain = isinstance(screen, ConnectingScreen) and screen.in_vain
    return view.say.phrases.connecting_in_vain if in_vain else None


def _left_part(strip: Box, own: Box) -> Box:
    return Box(strip.left, strip.top, own.width, strip.height)
