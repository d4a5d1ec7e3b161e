"""The goodbye: how long they talked, how it was, or what to ask of the prison after a bad ending."""

from dataclasses import replace

from msgspec.structs import replace as replace_in

from kiosk.ui import theme
from kiosk.ui.elements import Element, Scene
from kiosk.ui.geometry import Box
from kiosk.ui.scenes.bar import top_bar
from kiosk.ui.scenes.helping import support_choice
from kiosk.ui.scenes.parts import (
    Type,
    View,
    banner,
    line_px,
    sheet,
    strip,
    text,
)
from kiosk.ui.scenes.rows import Choice, above, beside, fitting, row, row_px
from kiosk.ui.scenes.telling import told
from kiosk.ui.theme import Role
from kiosk.ui.times import MINUTE_S, minutes
from kiosk.ui.words_after import AFTER, GIVEN_BACK, RATINGS, WISHES
from kiosk.wire.messages import Touch
from kiosk.wire.screens import Aftermath, GoodbyeScreen

_QUESTION = Type(theme.BODY, bold=True)
_SMALL = Type(28, "soft")
_OUTCOME = Type(28, lines=2)


def goodbye(screen: GoodbyeScreen, view: View) -> Scene:
    """Why the visit is over, and what the person can say to it.

    Large letters have a remark beside the buttons: the height goes to the words above.
    """
    if screen.badly is not None and "unheard" in (screen.badly.fault, screen.badly.rebooking):
        screen = replace_in(screen, notice=None)  # what did not reach the prison says more
    choices = [*support_choice(view), Choice(Touch.DONE, view.say.phrases.done, main=True)]
    low = sheet(view).from_bottom(0, row_px(view))
    bottom, aside = row(view, low, choices), None
    if view.large and (screen.notice is not None or screen.badly is None):
        bottom, aside = beside(view, low, choices)
    elements: list[Element] = [*top_bar(view), *bottom]
    room = above(view, bottom)
    if screen.notice is not None:
        words = view.say.notice(screen.notice)
        place = aside or strip(view, room, words)
        elements += banner(view, "notice", place, words)
        if aside is None:
            room = Box(room.left, room.top, room.width, place.top - room.top - view.px(16))
    if screen.badly is None:
        elements += _well(screen, view, room, aside)
    else:
        elements += _badly(screen, screen.badly, view, room)
    return Scene(tuple(elements), view.next_minute_s())


def _well(screen: GoodbyeScreen, view: View, room: Box, aside: Box | None) -> list[Element]:
    """Two questions of three answers each; whom they tell stands `aside`, or else below."""
    say = view.say.of(AFTER)
    elements: list[Element] = []
    faces = room.from_bottom(0, row_px(view))
    if screen.notice is None:  # it takes the room
        look = replace(_SMALL, lines=3, across="left") if aside else _SMALL
        small = aside or room.from_bottom(0, line_px(view, look))
        thanks = screen.picture is not None and screen.sound is not None
        elements.append(text(view, "small", small, say.thanks if thanks else say.no_name, look))
        if aside is None:
            faces = small.from_top(-row_px(view) - view.px(10), row_px(view))
    asked = faces.from_top(-line_px(view, _QUESTION) - view.px(6), line_px(view, _QUESTION))
    half = (room.width - view.px(40)) / 2
    for name, touch, left, question, answer in (
        ("picture", Touch.RATE_PICTURE, 0.0, say.how_picture, screen.picture),
        ("sound", Touch.RATE_SOUND, half + view.px(40), say.how_sound, screen.sound),
    ):
        line = Box(room.left + left, asked.top, half, asked.height)
        elements.append(text(view, f"how_{name}", line, question, _QUESTION))
        band = Box(line.left, faces.top, half, faces.height)
        elements += row(view, band, _faces(view, touch, answer), widest=165)
    upper = Box(room.left, room.top, room.width, asked.top - room.top - view.px(12))
    return [*_told(screen, view, upper), *elements]


def _faces(view: View, touch: str, answer: str | None) -> list[Choice]:
    return [
        Choice(f"{touch}:{rating}", label, main=rating == answer, icon=f"face_{rating}")
        for rating, label in view.say.of(RATINGS).items()
    ]


def _told(screen: GoodbyeScreen, view: View, area: Box) -> list[Element]:
    """Why it is over, how long they talked, when the next visit is."""
    why = view.say.ending(screen.reason)
    lines = [each for each in (_lengths(screen, view), _next(screen, view)) if each] or [why.then]
    return told(view, area, why.what, lines)


def _lengths(screen: GoodbyeScreen, view: View) -> str:
    """How long they talked, and what was given back of what was lost."""
    if screen.talked_s <= 0:
        return ""
    talked = view.say.talked(screen.talked_s)
    if screen.given_s < MINUTE_S / 2:
        return talked
    return f"{talked} {view.say.counted(GIVEN_BACK, max(1, minutes(screen.given_s)))}"


def _next(screen: GoodbyeScreen, view: View) -> str:
    if screen.next_at is None:
        return ""
    day, at = view.say.day(screen.next_at), view.say.clock(screen.next_at)
    return view.say.of(AFTER).next_visit.format(day=day, at=at)


def _badly(screen: GoodbyeScreen, wishes: Aftermath, view: View, room: Box) -> list[Element]:
    """No question, but what to ask for and who to speak to."""
    say, why = view.say.of(AFTER), view.say.ending(screen.reason)
    fault = Choice(Touch.REPORT_FAULT, say.report_fault), say.fault_reported
    rebooking = Choice(Touch.ASK_REBOOKING, say.ask_rebooking), say.rebooking_asked
    half = (room.width - view.px(40)) / 2
    outcomes = {} if screen.notice is not None else view.say.of(WISHES)  # it takes the room
    states = (f"fault_{wishes.fault}", f"rebooking_{wishes.rebooking}")
    looks = {key: _outcome(view, outcomes[key], half) for key in states if key in outcomes}
    told_px = max((line_px(view, look) for look in looks.values()), default=0.0)
    band = room.from_bottom(told_px + view.px(8), row_px(view))
    elements: list[Element] = []
    for key, left, (choice, sent), state in (
        (states[0], room.left, fault, wishes.fault),
        (states[1], room.right - half, rebooking, wishes.rebooking),
    ):
        column = Box(left, band.top, half, band.height)
        elements += row(view, column, [_wish(view, choice, sent, state)], widest=460)
        if key in looks:
            below = Box(left, band.bottom + view.px(8), half, told_px)
            role: Role = "caution" if state == "unheard" else "ink"
            elements.append(text(view, key, below, outcomes[key], replace(looks[key], role=role)))
    upper = Box(room.left, room.top, room.width, band.top - room.top - view.px(12))
    lines = [each for each in (_lengths(screen, view), _next(screen, view), why.then) if each]
    return [*told(view, upper, why.what, lines), *elements]


def _outcome(view: View, words: str, width: float) -> Type:
    """Large letters may take a third line below a button, rather than be small on two."""
    room = Box(0, 0, width, line_px(view, _OUTCOME) * 1.3)
    [look] = fitting(view, room, [(replace(_OUTCOME, lines=3), words)], 0)
    return look


def _wish(view: View, choice: Choice, sent: str, state: str | None) -> Choice:
    """What can be asked for, once; what was not heard can be asked for again."""
    match state:
        case "asking":
            return replace(choice, label=view.say.of(AFTER).sending, live=False)
        case "asked":
            return replace(choice, label=sent, icon="check", live=False)
        case _:
            return choice
