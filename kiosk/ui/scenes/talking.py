"""The visit itself: the visitor's picture as large as can be, one quiet column beside it."""

import math
from dataclasses import replace

from kiosk.ui import theme
from kiosk.ui.elements import Element, Icon, Picture, Scene, Surface, Text
from kiosk.ui.geometry import Box, side_by_side
from kiosk.ui.names import MESSAGE_LETTERS, plain, sentence
from kiosk.ui.scenes.parts import CAPTION, Type, View, banner, button, line_px, silent, story, text
from kiosk.ui.theme import Ground, Role
from kiosk.wire.messages import Touch
from kiosk.wire.screens import VisitScreen

_COLUMN = 640 / 3  # leaves 4:3 for the picture on a panel of 16:10
_PAD = 18.0
_STATE = Type(52, bold=True, lines=2)
_LEFT = Type(54, bold=True)
_MESSAGE = Type(theme.BODY, across="left")
_WEAK = Type(22, "caution", bold=True, lines=2)
_LETTER_SHARE = 0.7  # of its size: what a letter may need, capitals and ends of lines included
_LAST_MINUTE_S = 60
_LONG_S = 60


def visit(screen: VisitScreen, view: View) -> Scene:
    """Pictures while the link is live, else why there is none; time left, Mute, Leave."""
    left_s = screen.ends_at_s - view.now_s
    area, column = _areas(view)
    elements = _middle(screen, view, area)
    elements += _column(screen, view, column)
    elements += _banners(screen, view, area)
    if screen.leave_asked:
        elements += leave_question(view, area)
    return Scene(tuple(elements), view.next_second_s(left_s) if left_s > 0 else None)


def leave_question(view: View, area: Box) -> list[Element]:
    """Leave, yes or no, over `area`; staying is the main answer."""
    gap = max(view.panel.gap_px, view.px(28))
    height = max(view.panel.target_px, view.px(124))
    card = area.centred(min(view.px(780), area.width), height + view.px(270))
    inside = card.inset(view.px(40))
    title = inside.from_top(0, line_px(view, Type(52)))
    then = title.from_top(title.height, view.px(52))
    answers = side_by_side(inside.from_bottom(0, height), 2, gap)
    yes = button(view, Touch.LEAVE_YES, answers[0], view.say.phrases.leave_yes, size=theme.LEAD)
    no = button(
        view, Touch.LEAVE_NO, answers[1], view.say.phrases.leave_no, main=True, size=theme.LEAD
    )
    soft = Type(theme.BODY, "soft")
    shown: list[Element] = [
        Surface("shade", area, view.look.well, 0.0, 0.72),
        Surface("card", card, view.look.surface, view.px(theme.RADIUS)),
        text(view, "ask", title, view.say.phrases.leave_visit, Type(52, bold=True), "surface"),
        text(view, "ask_then", then, view.say.phrases.leave_visit_then, soft, "surface"),
    ]
    return shown + [b if view.linked else silent(view, b) for b in (yes, no)]


def own_picture(view: View, box: Box, call: int, until_s: float, empty: str) -> list[Element]:
    """Your own picture, as in a mirror."""
    return [
        Picture(
            "self",
            box,
            "self",
            call,
            until_s,
            mirrored=True,
            empty=empty,
            text_px=view.type_px(theme.BODY),
            ink=view.look.soft,
            well=view.look.well,
        )
    ]


def leave_button(view: View, box: Box, leave_asked: bool) -> Element:
    shown = button(view, Touch.LEAVE, box, view.say.phrases.leave, icon="leave")
    return silent(view, shown) if leave_asked or not view.linked else shown


def _areas(view: View) -> tuple[Box, Box]:
    """Where the picture is, and the column."""
    box = view.panel.box
    width = max(view.px(_COLUMN), view.panel.target_px + 2 * view.px(_PAD))
    return (
        Box(0, 0, box.width - width, box.height),
        Box(box.width - width, 0, width, box.height),
    )


def _middle(screen: VisitScreen, view: View, area: Box) -> list[Element]:
    """The visitor's picture, or why there is none."""
    if view.now_s >= screen.ends_at_s:
        return _state(view, area, "clock", view.say.phrases.visit_over, "")
    match screen.link:
        case "held":
            why = view.say.hold(screen.held_reason)
            return _state(view, area, "pause", why.what, why.then)
        case "reconnecting":
            return _state(
                view, area, "link", view.say.phrases.picture_coming, _coming_back(screen, view)
            )
        case "visitor_away":
            away = view.say.phrases.waiting_for.format(names=view.say.people(screen.visitors))
            return _state(view, area, "person", away, view.say.phrases.visitor_away_then)
        case "live" if not (screen.visitor_has_camera or screen.visitor_has_microphone):
            then = view.say.phrases.nothing_comes_then
            return _state(view, area, "person", view.say.phrases.nothing_comes, then)
        case "live" if not screen.visitor_has_camera:
            return _state(
                view, area, "sound", view.say.phrases.sound_only, view.say.phrases.sound_only_then
            )
        case "live":
            return [
                Picture(
                    "remote",
                    area,
                    "remote",
                    screen.call,
                    screen.ends_at_s,
                    mirrored=False,
                    empty=view.say.phrases.no_picture,
                    text_px=view.type_px(theme.LEAD),
                    ink=view.look.soft,
                    well=view.look.well,
                )
            ]


def _coming_back(screen: VisitScreen, view: View) -> str:
    """Who has waited long is told whom to ask."""
    since_s = view.now_s if screen.lost_since_s is None else screen.lost_since_s
    long = view.now_s - since_s >= _LONG_S
    return view.say.phrases.picture_coming_in_vain if long else view.say.phrases.picture_coming_then


def _state(view: View, area: Box, icon: str, what: str, then: str) -> list[Element]:
    middle = area.inset(view.px(60))
    told = story(view, middle, icon, what, (then,), on="well", title=_STATE)
    return [Surface("well", area, view.look.well), *told]


def _column(screen: VisitScreen, view: View, column: Box) -> list[Element]:
    inside = column.inset(view.px(_PAD))
    height = max(view.panel.target_px, view.px(118))
    leave = inside.from_bottom(0, height)
    mute = inside.from_bottom(height + view.panel.gap_px, height)
    label = inside.from_top(0, line_px(view, CAPTION))
    left = label.from_top(label.height - view.px(4), line_px(view, _LEFT))
    own = left.from_top(left.height + view.px(8), inside.width * 3 / 4)
    watched = own.from_top(own.height + view.px(12), view.px(116))
    sign = inside.from_bottom(2 * height + 2 * view.panel.gap_px, 2 * line_px(view, _WEAK))
    return [
        text(view, "left_label", label, _time_left_label(screen, view), CAPTION),
        _time_left(screen, view, left),
        *_own(screen, view, own),
        text(
            view,
            "monitoring",
            watched,
            view.say.monitoring(screen.monitoring),
            Type(22, "soft", lines=4),
        ),
        *_weak(screen, view, sign),
        _mute_button(screen, view, mute),
        leave_button(view, leave, screen.leave_asked),
    ]


def _weak(screen: VisitScreen, view: View, box: Box) -> list[Element]:
    """Beside the picture, which it never covers."""
    if screen.weak is None or screen.link != "live" or view.now_s >= screen.ends_at_s:
        return []
    return [text(view, "weak", box, view.say.weak(screen.weak), _WEAK)]


def _time_left_label(screen: VisitScreen, view: View) -> str:
    if screen.given_s < 1:
        return view.say.phrases.time_left
    return view.say.phrases.time_left_given.format(given=view.say.countdown(screen.given_s))


def _time_left(screen: VisitScreen, view: View, box: Box) -> Text:
    left_s = screen.ends_at_s - view.now_s
    role: Role = "caution" if left_s <= _LAST_MINUTE_S else "ink"
    return text(view, "left", box, view.say.countdown(left_s), replace(_LEFT, role=role))


def _own(screen: VisitScreen, view: View, box: Box) -> list[Element]:
    if screen.link == "held" or view.now_s >= screen.ends_at_s:
        pause = box.centred(box.height / 3, box.height / 3)
        return [
            Surface("self_back", box, view.look.well),
            Icon("self_paused", pause, "pause", view.look.faint),
        ]
    return own_picture(view, box, screen.call, screen.ends_at_s, "")


def _mute_button(screen: VisitScreen, view: View, box: Box) -> Element:
    if screen.muted:
        shown = button(view, Touch.UNMUTE, box, view.say.phrases.unmute, icon="microphone_off")
        shown = replace(shown, fill=view.look.caution, ink=view.look.on_caution)
    else:
        shown = button(view, Touch.MUTE, box, view.say.phrases.mute, icon="microphone")
    return shown if view.linked else silent(view, shown)


def _banners(screen: VisitScreen, view: View, area: Box) -> list[Element]:
    """What a person should know now, from the bottom of the picture upwards."""
    strip = area.inset(view.px(20)).from_bottom(0, view.px(68))
    shown: list[Element] = []
    if not view.linked:
        shown += banner(view, "moment", strip, view.say.phrases.one_moment, fill="raised")
        strip = _above(view, strip)
    for key, words in _remarks(screen, view):
        fill: Ground = "raised" if key == "back" else "caution"  # it asks nothing of a person
        shown += banner(view, key, strip, words, fill=fill)
        strip = _above(view, strip)
    if screen.message is not None:
        shown += officer_message(view, strip, screen.message, at_most=3)
    return shown


def _above(view: View, strip: Box) -> Box:
    return Box(strip.left, strip.top - view.px(80), strip.width, strip.height)


def _remarks(screen: VisitScreen, view: View) -> list[tuple[str, str]]:
    remarks = []
    if view.alone and view.now_s < screen.ends_at_s:
        remarks.append(("alone", view.say.phrases.alone))
    told = screen.notice == "message" and screen.message is not None
    if screen.notice is not None and not told:
        key = "back" if screen.notice == "time_safe" else "notice"
        remarks.append((key, view.say.notice(screen.notice)))
    if screen.down:
        remarks.append(("down", view.say.down(screen.down)))
    if screen.link == "live" and screen.visitor_has_camera and not screen.visitor_has_microphone:
        remarks.append(
            ("unheard", view.say.phrases.not_heard.format(names=view.say.people(screen.visitors)))
        )
    if screen.muted:
        unheard = view.say.phrases.muted_then.format(names=view.say.people(screen.visitors))
        remarks.append(("muted", f"{view.say.phrases.muted} {sentence(unheard)}"))
    return remarks


def officer_message(view: View, area: Box, message: str, at_most: int) -> list[Element]:
    """An officer's words, with who says them, on a card at the bottom of `area`."""
    pad = view.px(24)
    said = plain(message, MESSAGE_LETTERS) or view.say.phrases.need_help
    full_lines = len(said) * _LETTER_SHARE * view.type_px(_MESSAGE.size) / (area.width - 2 * pad)
    look = replace(_MESSAGE, lines=min(math.ceil(full_lines), at_most))
    words = line_px(view, look)
    height = words + view.px(40) + 2 * view.px(14)
    card = Box(area.left, area.bottom - height, area.width, height)
    inside = Box(card.left + pad, card.top + view.px(14), card.width - 2 * pad, height)
    caption = Type(theme.CAPTION, "accent", bold=True, across="left")
    return [
        Surface("message_back", card, view.look.surface, view.px(theme.RADIUS)),
        text(
            view,
            "message_from",
            inside.from_top(0, view.px(40)),
            view.say.phrases.message_from_officer,
            caption,
            "surface",
        ),
        text(
            view,
            "message",
            inside.from_top(view.px(40), words),
            said,
            look,
            "surface",
        ),
    ]
