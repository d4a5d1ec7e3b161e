"""The visit itself: the visitor under the lens, as large as can be, between two quiet columns."""

from dataclasses import replace

from kiosk.ui import theme, words_talking
from kiosk.ui.elements import Element, Picture, Scene, Surface
from kiosk.ui.geometry import Box
from kiosk.ui.scenes.clock import light, time_left
from kiosk.ui.scenes.controls import controls, has_phrases, phrases_panel
from kiosk.ui.scenes.parts import Type, View, story
from kiosk.ui.scenes.places import Places, own_places, places_of
from kiosk.ui.scenes.remarks import remarks
from kiosk.ui.scenes.talking import leave_question, own_picture
from kiosk.wire.screens import VisitScreen

_STATE = Type(52, bold=True, lines=2)
_LONG_S = 60


def visit(screen: VisitScreen, view: View) -> Scene:
    """Pictures while the link is live, else why there is none; time left, and what can be touched."""
    left_s = screen.ends_at_s - view.now_s
    places = places_of(view.panel, view.manner, view.shape, view.say.right_to_left)
    own = _own_box(screen, view)
    bottom = places.told_row(2 if has_phrases(view) else 1).top - places.gap_px
    elements = _middle(screen, view, places)
    elements += time_left(screen, view, places.told)
    elements += light(screen, view, places.told, bottom)
    elements += controls(screen, view, places)
    elements += remarks(screen, view, places, own)
    if own is not None:
        elements += own_picture(view, own, screen.call, screen.ends_at_s, "", movable=True)
    elements += _over(screen, view, places)
    return Scene(tuple(elements), view.next_second_s(left_s) if left_s > 0 else None)


def _over(screen: VisitScreen, view: View, places: Places) -> list[Element]:
    """One thing at a time lies over the picture: a question, or phrases."""
    if screen.leave_asked:
        return leave_question(view, _above_remarks(places))
    if view.own_view.phrases and has_phrases(view) and screen.link != "held":
        return phrases_panel(view, places)
    return []


def _above_remarks(places: Places) -> Box:
    """What is remarked at the bottom stays to be read below what lies over the picture."""
    return places.room.from_top(0, places.strip.top)


def _own_box(screen: VisitScreen, view: View) -> Box | None:
    """Where one's own picture is; None while there is none."""
    if view.own_view.hidden or screen.link == "held" or view.now_s >= screen.ends_at_s:
        return None
    rtl = view.say.right_to_left
    return view.own_view.box(own_places(view.panel, view.manner, view.shape, rtl))


def _middle(screen: VisitScreen, view: View, places: Places) -> list[Element]:
    """The visitor's picture, or why there is none."""
    say = view.say.phrases
    if view.now_s >= screen.ends_at_s:
        return _state(view, places, "clock", say.visit_over, "")
    match screen.link:
        case "held":
            why = view.say.hold(screen.held_reason)
            icon = "officer" if screen.held_reason == "officer" else "pause"
            return _state(view, places, icon, why.what, why.then)
        case "reconnecting":
            return _state(view, places, "link", say.picture_coming, _coming_back(screen, view))
        case "visitor_away":
            away = say.waiting_for.format(names=view.say.people(screen.visitors))
            return _state(view, places, "person", away, say.visitor_away_then)
        case "live" if not (screen.visitor_has_camera or screen.visitor_has_microphone):
            return _state(view, places, "person", say.nothing_comes, say.nothing_comes_then)
        case "live" if not screen.visitor_has_camera:
            return _state(view, places, "sound", say.sound_only, say.sound_only_then)
        case "live":
            return [_seen(screen, view, places.seen)]


def _seen(screen: VisitScreen, view: View, box: Box) -> Picture:
    return Picture(
        "remote",
        box,
        "remote",
        screen.call,
        screen.ends_at_s,
        mirrored=False,
        empty=view.say.phrases.no_picture,
        text_px=view.type_px(theme.LEAD),
        ink=view.look.soft,
        well=view.look.well,
        coming=view.say.of(words_talking.PHRASES).coming,
    )


def _coming_back(screen: VisitScreen, view: View) -> str:
    """Who has waited long is told whom to ask."""
    since_s = view.now_s if screen.lost_since_s is None else screen.lost_since_s
    long = view.now_s - since_s >= _LONG_S
    return view.say.phrases.picture_coming_in_vain if long else view.say.phrases.picture_coming_then


def _state(view: View, places: Places, icon: str, what: str, then: str) -> list[Element]:
    above = own_places(view.panel, view.manner, view.shape, view.say.right_to_left)[0].top
    middle = replace(places.room, height=above).inset(view.px(40))
    told = story(view, middle, icon, what, (then,), on="well", title=_STATE)
    return [Surface("well", places.room, view.look.well), *told]
