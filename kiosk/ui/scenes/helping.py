"""The screens of help: the lines to choose from, what one needs, the call, and what became of it."""

import math

from kiosk.clock import Seconds
from kiosk.ui import theme
from kiosk.ui.elements import Button, Element, Icon, Scene, Surface
from kiosk.ui.geometry import Box, stacked
from kiosk.ui.names import plain
from kiosk.ui.scenes.bar import top_bar
from kiosk.ui.scenes.parts import (
    BAR_TOP,
    Type,
    View,
    banner,
    button,
    dots,
    given,
    line_px,
    one_line_if_short,
    sheet,
    silent,
    strip,
    text,
)
from kiosk.ui.scenes.rows import Choice, above, beside, bottom_row, fitting, row_px
from kiosk.ui.scenes.telling import said, told
from kiosk.ui.words_help import CALL_ENDINGS, HELP
from kiosk.wire.messages import Touch
from kiosk.wire.support import ShownLine, SupportCallScreen, SupportOverScreen, SupportScreen

NAME_LETTERS = 40
ABOUT_LETTERS = 80
"""As much as a site may say (`SupportLineSettings`)."""

LAST_S: Seconds = 300.0
"""From when on a call says how long it can still last."""

_ROOMY = 2  # as many lines have room for all beside Call
_TITLE = Type(48, bold=True, lines=1)
_ASKED = Type(theme.LEAD, bold=True, lines=2, across="left")
_ASKED_SOON = Type(34, bold=True, across="left")
_NAME = Type(theme.LEAD, bold=True, across="left")
_ABOUT = Type(28, "soft", lines=3, across="left")
_NEEDS = Type(theme.CAPTION, "soft", lines=2, across="left")
_WARNING = Type(theme.BODY, "on_caution", bold=True, lines=2)
_SIGN = Type(theme.BODY, bold=True, lines=2, across="left")
_SO_FAR = Type(theme.LEAD)
_CALL = 144.0
_NEARLY = 1.1  # of a line: what is so long takes one, of letters that are hardly smaller
_SOON = 26.0


def support_choice(view: View) -> list[Choice]:
    """The way to the lines, where the site has any."""
    if view.show is None or not view.show.support:
        return []
    return [Choice(Touch.SUPPORT, view.say.of(HELP).support, icon="help")]


def support(screen: SupportScreen, view: View) -> Scene:
    """The lines; or what is missing for the one that was chosen."""
    chosen = next((line for line in screen.lines if line.id == screen.chosen), None)
    if chosen is not None and screen.missing is not None:
        return _missing(screen, chosen, view)
    soon = ""
    if screen.visit_at is not None:
        soon = view.say.of(HELP).visit_soon.format(at=view.say.clock(screen.visit_at))
    crowded = view.large and len(screen.lines) > _ROOMY
    shown, cards = (_head if crowded else _around)(view, soon)
    elements: list[Element] = [*top_bar(view), *shown]
    for line, box in zip(screen.lines, _grid(view, cards, len(screen.lines)), strict=True):
        elements += _card(view, line, box, crowded=crowded)
    return Scene(tuple(elements), view.next_minute_s())


def _head(view: View, soon: str) -> tuple[list[Element], Box]:
    """The question, what a person should know and the way out above; all below is for the lines."""
    area, more = sheet(view), view.px(8)
    down = max(0.0, view.panel.gap_px - view.px(BAR_TOP))  # what is touched keeps away from the bar
    area = area.from_bottom(-more, area.height + more - down)
    high = row_px(view) if not soon else row_px(view) + view.px(_SOON)
    band = area.from_top(0, row_px(view))
    out, left = beside(view, band, [Choice(Touch.DONE, view.say.phrases.done)])
    look = _ASKED_SOON if soon else _ASKED
    title = left.from_top(0, line_px(view, look)) if soon else left
    shown: list[Element] = [*out, text(view, "what", title, view.say.of(HELP).choose, look)]
    if soon:
        place = Box(left.left, title.bottom, left.width, area.top + high - title.bottom)
        shown += _told_beside(view, place, soon)
    return shown, area.from_bottom(0, area.height - high - view.px(10))


def _around(view: View, soon: str) -> tuple[list[Element], Box]:
    """The question above the lines, what a person should know and the way out below."""
    bottom = _bottom(view, Choice(Touch.DONE, view.say.phrases.done), soon)
    room = above(view, bottom)
    title = room.from_top(0, line_px(view, _TITLE))
    asked = text(view, "what", title, view.say.of(HELP).choose, _TITLE)
    return [*bottom, asked], room.from_bottom(0, room.height - title.height - view.px(10))


def _bottom(view: View, choice: Choice, words: str) -> list[Element]:
    """The way out; beside it what a person should know, if there is anything."""
    if not words:
        return [*bottom_row(view, [choice])]
    out, left = beside(view, sheet(view).from_bottom(0, row_px(view)), [choice])
    return [*out, *_told_beside(view, left, words)]


def _told_beside(view: View, box: Box, words: str) -> list[Element]:
    """What a person should know."""
    inside = Box(box.left + view.px(24), box.top, box.width - view.px(48), box.height)
    look = one_line_if_short(view, _WARNING, words, inside.width)
    return [
        Surface("notice_back", box, view.look.caution, view.px(theme.RADIUS)),
        text(view, "notice", inside, words, look, "caution"),
    ]


def _grid(view: View, area: Box, count: int) -> list[Box]:
    """One column for two lines, two for more."""
    across = 1 if count < 3 else 2
    down = max(1, math.ceil(count / across))
    gap = max(view.panel.gap_px, view.px(20))
    width = (area.width - gap * (across - 1)) / across
    height = min((area.height - gap * (down - 1)) / down, view.px(240 if count > _ROOMY else 220))
    return [
        Box(
            area.left + (place % across) * (width + gap),
            area.top + (place // across) * (height + gap),
            width,
            height,
        )
        for place in range(count)
    ]


def _card(view: View, line: ShownLine, box: Box, *, crowded: bool) -> list[Element]:
    """Its name, what it is for, what it needs, and Call; a crowded one has what it needs at its foot."""
    pad = view.px(20)
    about, needs = plain(line.about, ABOUT_LETTERS), _needs(view, line)
    foot = Box(box.left + pad, box.bottom, box.width - 2 * pad, 0)
    below: list[Element] = []
    if crowded and needs:
        look = one_line_if_short(view, _NEEDS, needs, foot.width * _NEARLY)
        most = box.height - view.panel.target_px - view.px(8)
        foot = foot.from_bottom(view.px(4), min(line_px(view, look) + view.px(6), most))
        below = [text(view, f"needs_{line.id}", foot, needs, look, "surface")]
        needs = ""
    upper = Box(box.left, box.top, box.width, foot.top - box.top)
    call = _call(view, line, upper)
    room = Box(upper.left + pad, upper.top, call.box.left - upper.left - 1.5 * pad, upper.height)
    shown = [(f"name_{line.id}", plain(line.name, NAME_LETTERS), _NAME)]
    shown += [(f"about_{line.id}", about, _ABOUT)] * bool(about)
    shown += [(f"needs_{line.id}", needs, _NEEDS)] * bool(needs)
    rim = view.px(6)
    looks = fitting(view, room, [(look, words) for _, words, look in shown], rim)
    bands = stacked(room, [line_px(view, look) + rim for look in looks], 0)
    written = [
        text(view, key, band, words, look, "surface")
        for (key, words, _), look, band in zip(shown, looks, bands, strict=True)
    ]
    return [
        Surface(f"line_{line.id}", box, view.look.surface, view.px(theme.RADIUS)),
        *(each if each.key.startswith("needs_") else given(each) for each in written),
        *below,
        call,
    ]


def _call(view: View, line: ShownLine, box: Box) -> Button:
    """At the right of `box`."""
    pad = view.px(20)
    side = max(view.panel.target_px, view.px(_CALL))
    high = min(max(view.panel.target_px, view.px(118)), box.height - view.px(4))
    place = Box(box.right - side - pad / 2, box.top + (box.height - high) / 2, side, high)
    label = view.say.of(HELP).call
    call = button(view, f"{Touch.SUPPORT}:{line.id}", place, label, main=True, icon="phone")
    return call if view.linked else silent(view, call)


def _needs(view: View, line: ShownLine) -> str:
    say = view.say.of(HELP)
    needs = [say.confidential] * line.confidential
    needs += [say.with_card] * ("card" in line.needs)
    needs += [say.with_handset] * ("handset" in line.needs)
    return " ".join(needs)


def _missing(screen: SupportScreen, line: ShownLine, view: View) -> Scene:
    """Hold your card, or lift the handset."""
    say, name = view.say.of(HELP), view.say.apart(plain(line.name, NAME_LETTERS))
    bottom = bottom_row(view, [Choice(Touch.DONE, say.back)])
    room = above(view, bottom)
    elements: list[Element] = [*top_bar(view), *bottom]
    if screen.missing == "handset":
        then = say.lift_handset_then.format(line=name)
        elements += said(view, room, "handset", say.lift_handset, (then,))
        return Scene(tuple(elements), view.next_minute_s())
    if screen.checking:
        phrases = view.say.phrases
        elements += said(view, room, "card", phrases.checking_card, (phrases.checking_card_then,))
        elements += dots(view, room.from_bottom(0, view.px(60)))
        return Scene(tuple(elements), view.next_dot_s())
    if screen.refused is not None:
        words = view.say.refusal(screen.refused)
        elements += (shown := _strip(view, room, words.what))
        room = _over(view, room, shown[0].box)
    then = say.hold_card_then.format(line=name)
    elements += said(view, room, "card", say.hold_card, (then,))
    return Scene(tuple(elements), view.next_minute_s())


def support_call(screen: SupportCallScreen, view: View) -> Scene:
    """The line, how long, whether it is private, Hang up. Nothing of the person."""
    say = view.say.of(HELP)
    name = view.say.apart(plain(screen.line.name, NAME_LETTERS))
    live = screen.live_since_s is not None
    hang_up = Choice(Touch.LEAVE, say.hang_up, icon="hang_up")
    bottom = bottom_row(view, [*_volume(screen, view)[:1], hang_up, *_volume(screen, view)[1:]])
    room = above(view, bottom)
    elements: list[Element] = [*top_bar(view), *bottom]
    if warned := _warning(screen, view):
        elements += (shown := _strip(view, room, warned))
        room = _over(view, room, shown[0].box)
    if live:
        sign = room.from_bottom(0, view.px(84)).centred(view.px(940), view.px(84))
        elements += _privacy(screen, view, sign)
        room = Box(room.left, room.top, room.width, sign.top - room.top - view.px(12))
        then = [say.talked_for.format(span=view.say.span(view.now_s - _since(screen)))]
        then += [say.put_down] * screen.by_handset
        elements += told(view, room, say.talking.format(line=name), then)
        return Scene(tuple(elements), view.now_s + 1 - (view.now_s - _since(screen)) % 1)
    elements += (waits := dots(view, room.from_bottom(0, view.px(50))))
    room = _over(view, room, waits[0].box)
    elements += said(view, room, "phone", say.calling.format(line=name), (say.calling_then,))
    return Scene(tuple(elements), view.next_dot_s())


def _volume(screen: SupportCallScreen, view: View) -> list[Choice]:
    """Quieter and louder, once there is something to be heard."""
    if screen.live_since_s is None:
        return []
    say = view.say.of(HELP)
    softer, stronger = screen.volume > 1, screen.volume < screen.loudest
    return [
        Choice(Touch.VOLUME_DOWN, say.quieter, icon="quieter", live=softer),
        Choice(Touch.VOLUME_UP, say.louder, icon="louder", live=stronger),
    ]


def _since(screen: SupportCallScreen) -> Seconds:
    assert screen.live_since_s is not None
    return screen.live_since_s


def _warning(screen: SupportCallScreen, view: View) -> str:
    """What a person should know beside the call: a card that was shown, their visit, the end."""
    say = view.say.of(HELP)
    if screen.notice is not None:
        return view.say.notice(screen.notice)
    if screen.visit_at is not None:
        due = screen.visit_at <= view.utc
        return say.visit_now if due else say.visit_due.format(at=view.say.clock(screen.visit_at))
    left_s = math.inf if screen.ends_at_s is None else screen.ends_at_s - view.now_s
    if screen.live_since_s is not None and left_s < LAST_S:
        return say.ends_in.format(left=view.say.countdown(left_s))
    return ""


def _privacy(screen: SupportCallScreen, view: View, box: Box) -> list[Element]:
    """What is attested, and otherwise that it is not."""
    say = view.say.of(HELP)
    words, icon = (say.private, "lock") if screen.private else (say.not_private, "ask")
    pad = view.px(22)
    mark = Box(box.left + pad, box.top + pad * 0.7, box.height - pad * 1.4, box.height - pad * 1.4)
    room = Box(mark.right + pad, box.top, box.right - mark.right - 2 * pad, box.height)
    look = one_line_if_short(view, _SIGN, words, room.width)
    return [
        Surface("privacy_back", box, view.look.surface, view.px(theme.RADIUS)),
        Icon("privacy_icon", mark, icon, view.look.accent if screen.private else view.look.caution),
        text(view, "privacy", room, words, look, "surface"),
    ]


def support_over(screen: SupportOverScreen, view: View) -> Scene:
    """What became of a call, and what to do next."""
    say = view.say.of(HELP)
    words = view.say.of(CALL_ENDINGS).get(screen.reason) or view.say.of(CALL_ENDINGS)["broken"]
    bottom = bottom_row(
        view,
        [
            Choice(f"{Touch.SUPPORT}:{screen.line.id}", say.call_again, icon="phone"),
            Choice(Touch.SUPPORT, say.other_lines, icon="help"),
            Choice(Touch.DONE, view.say.phrases.done, main=True),
        ],
    )
    room = above(view, bottom)
    elements: list[Element] = [*top_bar(view), *bottom]
    if screen.visit_at is not None:
        soon = say.visit_soon.format(at=view.say.clock(screen.visit_at))
        elements += (shown := _strip(view, room, soon))
        room = _over(view, room, shown[0].box)
    then = [view.say.apart(plain(screen.line.name, NAME_LETTERS)), words.then]
    elements += said(view, room, "phone", words.what, then)
    return Scene(tuple(elements), view.next_minute_s())


def _strip(view: View, room: Box, words: str) -> list[Element]:
    return banner(view, "notice", strip(view, room, words, across=1000), words)


def _over(view: View, room: Box, below: Box) -> Box:
    """What is left of `room` above what stands at its bottom."""
    return Box(room.left, room.top, room.width, below.top - room.top - view.px(12))
