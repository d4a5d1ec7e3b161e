"""One's own side before a visit: the picture, a bar that moves with the sound, what would help, and
how loud it is.
"""

from typing import Final

from kiosk.ui import theme
from kiosk.ui.elements import Element, Icon, Surface
from kiosk.ui.geometry import Box
from kiosk.ui.scenes.loudness import loudness_row
from kiosk.ui.scenes.parts import Type, View, text
from kiosk.ui.scenes.talking import officer_message, own_picture
from kiosk.ui.words_before import BEFORE
from kiosk.wire.screens import ConnectingScreen, WaitingScreen

_BAR = 40.0
_HINT = 92.0
_MESSAGE_LINES = 5  # as much as three lines of the visit's wider picture
_SOFT = Type(theme.CAPTION, "soft", lines=2)
_ICONS: Final = {"silent": "microphone", "quiet": "microphone", "dark": "lamp"}


def own_side(
    screen: WaitingScreen | ConnectingScreen, view: View, area: Box, remark: str | None
) -> list[Element]:
    """Yourself as in a mirror, below it how loud you are and how loud what you hear; `remark` goes
    before any hint.
    """
    gap, bar, hint = view.px(10), view.px(_BAR), view.px(_HINT)
    foot = foot_of(view, area)
    room = area.from_top(0, foot.top - view.panel.gap_px - area.top - bar - hint - 2 * gap)
    high = min(room.height, room.width * 3 / 4)
    own = room.from_top(0, high).centred(high * 4 / 3, high)
    level = room.from_top(own.height + gap, bar)
    below = level.from_top(level.height + gap, hint)
    nothing = view.say.phrases.no_own_picture
    shown = own_picture(view, own, screen.call, screen.ends_at_s, nothing)
    if screen.message is None:
        shown += _bar(view, level)
    else:  # which needs the room of both
        over = room.from_top(0, level.bottom - room.top)
        shown += officer_message(view, over, screen.message, _MESSAGE_LINES)
    if remark is not None:
        shown += _told(view, "notice", "ask", remark, below)
    else:
        shown += _hint(view, below)
    return shown + loudness_row(screen, view, foot)


def foot_of(view: View, area: Box) -> Box:
    """The row at the bottom of `area` that is to be touched."""
    return area.from_bottom(0, max(view.panel.target_px, view.px(118)))


def _bar(view: View, box: Box) -> list[Element]:
    """A microphone, and beside it as much of a bar as there is sound."""
    level = view.own.level if view.own else 0.0
    icon = Box(box.left, box.top, box.height, box.height)
    left = icon.right + view.px(12)
    rail = Box(left, box.top + box.height * 0.2, box.right - left, box.height * 0.6)
    full = Box(rail.left, rail.top, max(rail.height, rail.width * level), rail.height)
    look = view.look
    return [
        Icon("sound_icon", icon, "microphone", look.ink),
        Surface("sound_rail", rail, look.raised, rail.height / 2),
        Surface("sound_level", full, look.accent if level > 0 else look.raised, rail.height / 2),
    ]


def _hint(view: View, box: Box) -> list[Element]:
    """What would help, with a picture of it."""
    words = view.say.of(BEFORE)
    hint = view.own.hint if view.own else ""
    if not hint:
        said = words.all_well if view.own and view.own.heard else words.in_picture
        return [text(view, "own_hint", box, said, _SOFT)]
    said = {"silent": words.silent, "quiet": words.quiet, "dark": words.dark}[hint]
    return _told(view, "own_hint", _ICONS[hint], said, box)


def _told(view: View, key: str, name: str, words: str, box: Box) -> list[Element]:
    """A sentence that a person should notice, beside a picture of what it is about."""
    side = box.height * 0.62
    inside = box.inset(view.px(8))
    icon = Box(inside.left + view.px(8), box.top + (box.height - side) / 2, side, side)
    left = icon.right + view.px(14)
    look = Type(theme.CAPTION, "on_caution", bold=True, lines=2, across="left")
    return [
        Surface(f"{key}_back", box, view.look.caution, view.px(theme.RADIUS)),
        Icon(f"{key}_icon", icon, name, view.look.on_caution),
        text(
            view,
            key,
            Box(left, inside.top, inside.right - view.px(10) - left, inside.height),
            words,
            look,
            "caution",
        ),
    ]
