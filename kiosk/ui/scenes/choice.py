"""Which of several visits: one large tile for each, with when and who."""

from kiosk.ui import theme
from kiosk.ui.elements import Button, Element, Scene, Text
from kiosk.ui.geometry import Box, side_by_side
from kiosk.ui.names import person
from kiosk.ui.scenes.bar import top_bar
from kiosk.ui.scenes.helping import support_choice
from kiosk.ui.scenes.parts import Type, View, banner, button, sheet, silent, text
from kiosk.ui.scenes.rows import Choice, row
from kiosk.ui.words_before import BEFORE
from kiosk.wire.messages import Touch
from kiosk.wire.screens import ChoiceScreen, Choosable

_HELLO = Type(theme.TITLE, bold=True)
_ASKED = Type(theme.LEAD, "soft")
_WHEN = Type(52, bold=True, across="left")
_WHO = Type(theme.LEAD, bold=True, across="left")
_COLUMNS = 2
_ROWS = 2


def choice(screen: ChoiceScreen, view: View) -> Scene:
    """Who is recognised, the visits to choose from, and a way out."""
    area = sheet(view)
    say = view.say.phrases
    name = view.say.apart(person(screen.first_name))
    hello = say.hello.format(name=name) if name else say.hello_unnamed
    title = area.from_top(0, view.px(76))
    below = title.from_top(title.height, view.px(52))
    elements: list[Element] = [*top_bar(view), text(view, "what", title, hello, _HELLO)]
    if screen.notice is None:
        elements.append(text(view, "then_0", below, view.say.of(BEFORE).choose, _ASKED))
    else:
        below = title.from_top(title.height, view.px(72))
        elements += banner(view, "notice", below, view.say.notice(screen.notice))
    ways = _ways(screen, view, area)
    tiles = Box(area.left, below.bottom, area.width, ways[0].box.top - below.bottom)
    for choosable, box in zip(screen.choices, _tiles(view, tiles), strict=False):
        elements += _tile(choosable, view, box)
    elements += ways
    return Scene(tuple(elements), view.next_minute_s())


def _tiles(view: View, area: Box) -> list[Box]:
    """Two rows of two, with a gap above, between and below."""
    gap = view.panel.gap_px
    height = (area.height - gap * (_ROWS + 1)) / _ROWS
    rows = [area.from_top(gap + row * (height + gap), height) for row in range(_ROWS)]
    return [box for row in rows for box in side_by_side(row, _COLUMNS, gap)]


def _tile(shown: Choosable, view: View, box: Box) -> list[Element]:
    """When, and from when it can be joined; below that who."""
    tile = button(view, f"{Touch.CHOOSE}:{shown.place}", box, "")
    key, words = f"choice_{shown.place}", view.say.of(BEFORE)
    inside = box.inset(view.px(14))
    inside = Box(inside.left + view.px(12), inside.top, inside.width - view.px(24), inside.height)
    half, width = inside.height / 2, inside.width * 0.38
    when = Box(inside.left, inside.top, width, half)
    then = Box(when.right, inside.top, inside.width - width, half)
    is_open = shown.opens_at <= view.utc
    opens = words.now if is_open else words.opens.format(at=view.say.clock(shown.opens_at))
    soft = Type(theme.BODY, "accent" if is_open else "soft", bold=is_open, across="right")
    return [
        tile if view.linked else silent(view, tile),
        _on(view, f"{key}_when", when, view.say.clock(shown.starts_at), _WHEN),
        _on(view, f"{key}_then", then, opens, soft),
        _on(view, f"{key}_who", inside.from_top(half, half), view.say.people(shown.visitors), _WHO),
    ]


def _on(view: View, key: str, box: Box, words: str, look: Type) -> Text:
    return text(view, key, box, words, look, "raised" if view.linked else "surface")


def _ways(screen: ChoiceScreen, view: View, area: Box) -> list[Button]:
    """The lines for help, not now, and the next few where there are more."""
    ways = [*support_choice(view), Choice(Touch.DONE, view.say.phrases.not_now)]
    if screen.pages > 1:
        ways.append(Choice(Touch.MORE, view.say.of(BEFORE).more_visits))
    return row(view, area.from_bottom(0, max(view.panel.target_px, view.px(100))), ways)
