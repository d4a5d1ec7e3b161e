"""The screens before a visit: idle, checking, PIN, welcome."""

from dataclasses import replace

from kiosk.ui import theme
from kiosk.ui.elements import Element, Icon, Scene, Surface
from kiosk.ui.geometry import Box, squeezed, stacked
from kiosk.ui.pad import CLEAR, DIGITS_AT_LEAST, KEYS, OK
from kiosk.ui.scenes.bar import top_bar
from kiosk.ui.scenes.helping import support_choice
from kiosk.ui.scenes.parts import (
    LEAD,
    Type,
    View,
    banner,
    button,
    dots,
    line_px,
    sheet,
    silent,
    story,
    strip,
    text,
)
from kiosk.ui.scenes.rows import above, row, row_px
from kiosk.ui.theme import Role
from kiosk.wire.messages import Touch
from kiosk.wire.screens import CheckingScreen, IdleScreen, PinScreen

_DRAWING: tuple[tuple[str, Role], ...] = (
    ("reader_back", "surface"),
    ("reader_body", "skin"),
    ("reader_light", "accent"),
    ("reader_waves", "accent"),
    ("card_body", "ink"),
    ("card_face", "skin"),
)
_HELLO = Type(72, bold=True)
_ENDS = Type(theme.BODY, "soft")
_DIGIT = 48.0
_APART = 0.3  # of a button's height: how far words keep away from it


def idle(screen: IdleScreen, view: View) -> Scene:
    """Nobody is here: where to hold a card. The drawing takes what the words leave."""
    area, below = _below_idle(screen, view)
    words = line_px(view, _HELLO) + line_px(view, LEAD) / 2
    high = min(view.px(330), area.height - words - view.px(34))
    drawing = area.from_top(view.px(10), high)
    title = area.from_top(high + view.px(20), line_px(view, _HELLO))
    then = title.from_top(title.height, line_px(view, LEAD) / 2)
    picture = drawing.centred(drawing.height * 1.4, drawing.height)
    elements: list[Element] = [
        *top_bar(view),
        *(Icon(name, picture, name, view.look.colour(role)) for name, role in _DRAWING),
        text(view, "what", title, view.say.phrases.hold_card, _HELLO),
        text(view, "then_0", then, view.say.phrases.hold_card_then, Type(theme.LEAD, "soft")),
        *below,
    ]
    return Scene(tuple(elements), view.next_minute_s())


def _below_idle(screen: IdleScreen, view: View) -> tuple[Box, list[Element]]:
    """The help lines and a remark, and the area that they leave."""
    area, shown = sheet(view), list[Element]()
    if helps := support_choice(view):
        bottom = row(view, area.from_bottom(0, row_px(view)), helps)
        shown += bottom
        area = above(view, bottom, 12)
    if screen.notice is not None:
        words = view.say.notice(screen.notice)
        place = strip(view, area, words)
        shown += banner(view, "notice", place, words)
        area = replace(area, height=place.top - view.px(12) - area.top)
    return area, shown


def checking(_screen: CheckingScreen, view: View) -> Scene:
    """The card is being looked up."""
    area = sheet(view)
    then = (view.say.phrases.checking_card_then,)
    elements = [
        *top_bar(view),
        *story(view, area, "card", view.say.phrases.checking_card, then),
        *dots(view, area.from_bottom(view.px(60), view.px(60))),
    ]
    return Scene(tuple(elements), view.next_dot_s())


def pin(screen: PinScreen, view: View) -> Scene:
    """A pad on the right; on the left what to do and how many digits there are."""
    area = sheet(view)
    keys = _keys(view, area, screen)
    side = Box(area.left, area.top, keys[0].box.left - area.left - view.px(56), area.height)
    place = replace(keys[-1].box, left=side.left, width=view.px(260))
    cancel = button(view, Touch.DONE, place, view.say.phrases.cancel)
    elements: list[Element] = [
        *top_bar(view),
        *_pin_story(view, _above(side, place), screen),
        *keys,
    ]
    elements.append(silent(view, cancel) if screen.checking or not view.linked else cancel)
    return Scene(tuple(elements), view.next_dot_s() if screen.checking else view.next_minute_s())


def _above(side: Box, place: Box) -> Box:
    """What is left of `side` over the button at `place`, and well away from it."""
    return Box(side.left, side.top, side.width, place.top - side.top - place.height * _APART)


def _pin_story(view: View, side: Box, screen: PinScreen) -> list[Element]:
    title = Type(theme.TITLE, bold=True, across="left")
    line = line_px(view, Type(theme.BODY))
    heights = squeezed(
        [view.px(104), line_px(view, title), line, line],
        view.px(18),
        side.height,
        least=view.px(72),
    )
    left, field, first, second = stacked(side, [heights[1], heights[0], *heights[2:]], view.px(18))
    what = view.say.phrases.checking_pin if screen.checking else view.say.phrases.enter_pin
    elements: list[Element] = [text(view, "what", left, what, title)]
    elements.append(Surface("field", field, view.look.surface, view.px(theme.RADIUS)))
    if screen.checking:
        return elements + dots(view, field)
    elements += _digits(view, field)
    soft = Type(theme.BODY, "soft", across="left")
    if screen.wrong:
        caution = Type(theme.BODY, "caution", bold=True, across="left")
        elements.append(text(view, "then_0", first, view.say.phrases.pin_wrong, caution))
        elements.append(text(view, "then_1", second, view.say.tries_left(screen.tries_left), soft))
    else:
        elements.append(text(view, "then_0", first, view.say.phrases.enter_pin_then, soft))
    return elements


def _digits(view: View, field: Box) -> list[Element]:
    """A dot for each digit: how many, never which."""
    size = view.px(24)
    top = field.top + (field.height - size) / 2
    return [
        Surface(
            f"digit_{i}",
            Box(field.left + view.px(28) + i * size * 1.5, top, size, size),
            view.look.ink,
            size / 2,
        )
        for i in range(view.typed)
    ]


def _keys(view: View, area: Box, screen: PinScreen) -> list[Element]:
    gap = view.panel.gap_px
    height = max(view.panel.target_px, min(view.px(124), (area.height - 3 * gap) / 4))
    width = max(view.panel.target_px, view.px(150))
    left = area.right - 3 * width - 2 * gap
    top = area.top + (area.height - 4 * height - 3 * gap) / 2
    needed = {CLEAR: 1, OK: DIGITS_AT_LEAST}
    keys: list[Element] = []
    for place, key in enumerate(KEYS):
        row, column = divmod(place, 3)
        box = Box(left + column * (width + gap), top + row * (height + gap), width, height)
        label = {CLEAR: view.say.phrases.pin_clear, OK: view.say.phrases.pin_ok}.get(key, key[-1])
        size = theme.BODY if key == CLEAR else _DIGIT
        shown = button(view, key, box, label, main=key == OK, size=size)
        idle_key = not view.linked or screen.checking or view.typed < needed.get(key, 0)
        keys.append(silent(view, shown) if idle_key else shown)
    return keys
