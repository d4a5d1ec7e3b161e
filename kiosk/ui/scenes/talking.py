"""What the visit and the way to it share: one's own picture, Leave, and what an officer says."""

import math
from dataclasses import replace

from kiosk.ui import theme
from kiosk.ui.elements import Element, Picture, Surface
from kiosk.ui.geometry import Box, side_by_side
from kiosk.ui.names import MESSAGE_LETTERS, plain
from kiosk.ui.scenes.parts import Type, View, button, given, line_px, silent, text
from kiosk.wire.messages import Touch

_MESSAGE = Type(theme.BODY, across="left")
_LETTER_SHARE = 0.7  # of its size: what a letter may need, capitals and ends of lines included


def leave_question(view: View, area: Box) -> list[Element]:
    """Leave, yes or no, over `area`; staying is the main answer."""
    gap = max(view.panel.gap_px, view.px(28))
    height = max(view.panel.target_px, view.px(124))
    card = area.centred(min(view.px(780), area.width), height + view.px(270))
    inside = card.inset(view.px(40))
    title = inside.from_top(0, line_px(view, Type(52)))
    soft = Type(theme.BODY, "soft")
    then = title.from_top(title.height, line_px(view, soft))
    answers = side_by_side(inside.from_bottom(0, height), 2, gap)
    yes = button(view, Touch.LEAVE_YES, answers[0], view.say.phrases.leave_yes, size=theme.LEAD)
    no = button(
        view, Touch.LEAVE_NO, answers[1], view.say.phrases.leave_no, main=True, size=theme.LEAD
    )
    shown: list[Element] = [
        Surface("shade", area, view.look.well, 0.0, 0.72),
        Surface("card", card, view.look.surface, view.px(theme.RADIUS)),
        text(view, "ask", title, view.say.phrases.leave_visit, Type(52, bold=True), "surface"),
        text(view, "ask_then", then, view.say.phrases.leave_visit_then, soft, "surface"),
    ]
    return shown + [b if view.linked else silent(view, b) for b in (yes, no)]


def own_picture(
    view: View, box: Box, call: int, until_s: float, empty: str, *, movable: bool = False
) -> list[Element]:
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
            movable=movable,
        )
    ]


def leave_button(view: View, box: Box, leave_asked: bool) -> Element:
    shown = button(view, Touch.LEAVE, box, view.say.phrases.leave, icon="leave")
    return silent(view, shown) if leave_asked or not view.linked else shown


def officer_message(view: View, area: Box, message: str, at_most: int) -> list[Element]:
    """An officer's words, with who says them, on a card at the bottom of `area` and no higher than it."""
    pad = view.px(24)
    said = plain(message, MESSAGE_LETTERS) or view.say.phrases.need_help
    full_lines = len(said) * _LETTER_SHARE * view.type_px(_MESSAGE.size) / (area.width - 2 * pad)
    look = replace(_MESSAGE, lines=min(math.ceil(full_lines), at_most))
    caption = Type(theme.CAPTION, "accent", bold=True, across="left")
    head = line_px(view, caption)
    frame = head + 2 * view.px(14)
    words = min(line_px(view, look), area.height - frame)
    height = words + frame
    card = Box(area.left, area.bottom - height, area.width, height)
    inside = Box(card.left + pad, card.top + view.px(14), card.width - 2 * pad, height)
    return [
        Surface("message_back", card, view.look.surface, view.px(theme.RADIUS)),
        text(
            view,
            "message_from",
            inside.from_top(0, head),
            view.say.phrases.message_from_officer,
            caption,
            "surface",
        ),
        given(text(view, "message", inside.from_top(head, words), said, look, "surface")),
    ]
