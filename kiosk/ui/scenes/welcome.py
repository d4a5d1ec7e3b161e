"""The welcome: who is recognised, whom they will see and when, how it is overseen, and Join."""

from dataclasses import replace

from kiosk.clock import Seconds
from kiosk.ui import theme
from kiosk.ui.elements import Button, Element, Scene, Surface
from kiosk.ui.geometry import Box, stacked
from kiosk.ui.names import person
from kiosk.ui.scenes.bar import top_bar
from kiosk.ui.scenes.helping import support_choice
from kiosk.ui.scenes.parts import (
    LEAD,
    Type,
    View,
    banner,
    button,
    line_px,
    one_line_if_short,
    sheet,
    silent,
    strip,
    text,
)
from kiosk.ui.scenes.rows import row
from kiosk.ui.words_before import BEFORE
from kiosk.wire.messages import Touch
from kiosk.wire.screens import COUNTED_S, WelcomeScreen

_HELLO = Type(72, bold=True)
_SOFT = Type(theme.BODY, "soft", lines=2)
_EARLY = Type(theme.BODY, "caution", bold=True, lines=2)
_JOIN = 48.0


def welcome(screen: WelcomeScreen, view: View) -> Scene:
    """A first-time reader finds one sentence on what is booked, and one large button."""
    area = sheet(view)
    name = view.say.apart(person(screen.first_name))
    say = view.say.phrases
    hello = say.hello.format(name=name) if name else say.hello_unnamed
    title = area.from_top(0, line_px(view, _HELLO))
    answers = _answers(screen, view)
    between = Box(area.left, title.bottom, area.width, answers[0].box.top - title.bottom)
    elements: list[Element] = [*top_bar(view), text(view, "what", title, hello, _HELLO)]
    if screen.notice is not None:
        words = view.say.notice(screen.notice)
        place = strip(view, between, words)
        elements += banner(view, "notice", replace(place, top=between.top), words)
        between = between.from_bottom(0, between.height - place.height)
    card = between.inset(view.px(16)).centred(view.px(1040), between.height - view.px(32))
    elements += _booking(screen, view, card)
    waits = screen.joining or not view.linked
    elements += [
        silent(view, way)
        if waits or (way.touch == Touch.JOIN and screen.opens_at is not None)
        else way
        for way in answers
    ]
    return Scene(tuple(elements), _changes_at_s(screen, view))


def _booking(screen: WelcomeScreen, view: View, card: Box) -> list[Element]:
    """When and with whom, until when, how it is overseen; or that it is too early, and for how long."""
    say, inside = view.say.phrases, card.inset(view.px(20))
    begun = screen.starts_at <= view.utc
    when = (say.visit_has_started if begun else say.visit_will_start).format(
        names=view.say.people(screen.visitors), at=view.say.clock(screen.starts_at)
    )
    lines = [(when, replace(LEAD, bold=True))]
    lines.append((say.visit_ends.format(at=view.say.clock(screen.ends_at)), _SOFT))
    if screen.opens_at is not None:
        lines.append((_early(screen, view), _EARLY))
    elif screen.monitoring is not None:
        lines.append((view.say.monitoring(screen.monitoring), _SOFT))
    lines = [(said, one_line_if_short(view, look, said, inside.width)) for said, look in lines]
    bands = stacked(inside, [line_px(view, look) for _, look in lines], view.px(6))
    return [
        Surface("booking", card, view.look.surface, view.px(theme.RADIUS)),
        *(
            text(view, f"then_{i}", band, words, look, "surface")
            for i, (band, (words, look)) in enumerate(zip(bands, lines, strict=True))
        ),
    ]


def _early(screen: WelcomeScreen, view: View) -> str:
    words, left_s = view.say.of(BEFORE), _opens_in_s(screen, view)
    if left_s is None or screen.opens_at is None:
        at = view.say.clock(screen.opens_at or view.utc)
        return words.much_too_early.format(at=at)
    return words.early.format(left=view.say.span(left_s))


def _opens_in_s(screen: WelcomeScreen, view: View) -> Seconds | None:
    """For how long it is still too early, where that is worth waiting for."""
    if screen.opens_at is None:
        return None
    left_s = max(0.0, (screen.opens_at - view.utc).total_seconds())
    return left_s if left_s <= COUNTED_S else None


def _changes_at_s(screen: WelcomeScreen, view: View) -> Seconds:
    left_s = _opens_in_s(screen, view)
    return view.next_minute_s() if not left_s else view.next_second_s(left_s)


def _answers(screen: WelcomeScreen, view: View) -> list[Button]:
    """Help; not now, or choose again where there is a choice; and Join as the main answer."""
    say = view.say.phrases
    gap = max(view.panel.gap_px, view.px(28))
    height = max(view.panel.target_px, view.px(118))
    helps = support_choice(view)
    width = view.px(300 + 460) + gap + len(helps) * (view.px(280) + gap)
    band = sheet(view).from_bottom(0, height).centred(width, height)
    first = replace(band, width=view.px(280))
    no = replace(band, left=(first.right + gap) if helps else band.left, width=view.px(300))
    yes = replace(band, left=no.right + gap, width=view.px(460))
    join = say.joining if screen.joining else say.join
    other = button(view, Touch.DONE, no, say.not_now)
    if screen.back:
        other = button(view, Touch.BACK, no, view.say.of(BEFORE).back)
    return [
        *row(view, first, helps),
        other,
        button(view, Touch.JOIN, yes, join, main=True, size=_JOIN),
    ]
