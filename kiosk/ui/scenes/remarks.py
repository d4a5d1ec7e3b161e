"""What a person should know now, at the bottom of the picture and never on a face."""

import math
from dataclasses import replace

from kiosk.ui import words_talking
from kiosk.ui.elements import Element, Surface, Text
from kiosk.ui.geometry import Box
from kiosk.ui.names import sentence
from kiosk.ui.scenes.bar import nobody_answers, officer_said
from kiosk.ui.scenes.clock import COUNTED_S, LAST_MINUTE_S
from kiosk.ui.scenes.parts import Type, View, banner, line_px, text
from kiosk.ui.scenes.places import Places
from kiosk.ui.scenes.talking import officer_message
from kiosk.ui.theme import CAPTION, RADIUS, Ground
from kiosk.wire.screens import Screen, VisitScreen

_ALWAYS = ("time_safe", "phrase_unsaid")
"""Answers to what happened in the last minute itself; nothing else is remarked in it."""

_MOST = 3
_MOST_BELOW_WORDS = 1
_NAMED = 2
"""So many visitors are named in a remark."""

_GAP = 8.0
_PAD = 20.0
_LEAST_MESSAGE = 130.0
"""With a lens below the screen the face reaches far down: rather on a chin than too small to read."""

_SAID = Type(56, bold=True, lines=2)
_WHO = Type(CAPTION, "accent", bold=True)


def remarks(screen: VisitScreen, view: View, places: Places, own: Box | None) -> list[Element]:
    """The most important in a line at the bottom; others, and what an officer says, above it."""
    told = _told(screen, view)
    words = screen.message is not None or screen.phrase is not None
    shown: list[Element] = []
    place = places.strip
    for key, said, fill in told[: _MOST_BELOW_WORDS if words else _MOST]:
        shown += _line(view, key, place, said, fill)
        place = _above(view, places, place, own)
    if told and words:
        shown += _words(screen, view, place, places)
    elif words:
        shown += _words(screen, view, _beside(places, places.strip, own), places)
    return shown


def tells_more(before: Screen, after: VisitScreen) -> bool:
    """Whether there is something to read that was not there: no panel is to lie over it."""
    if not isinstance(before, VisitScreen):
        return False
    told = zip(_read(before), _read(after), strict=True)
    return any(now is not None and now != was for was, now in told)


def _read(screen: VisitScreen) -> tuple[object, ...]:
    return screen.message, screen.phrase, screen.cue_minutes, screen.notice


def _line(view: View, key: str, place: Box, said: str, fill: Ground) -> list[Element]:
    """Two lines of smaller letters rather than words that are cut, with all the height for them."""
    elements = banner(view, key, place, said, fill=fill)
    pad = view.px(_PAD)
    inside = Box(place.left + pad, place.top, place.width - 2 * pad, place.height)
    return [
        replace(each, box=inside, lines=2) if isinstance(each, Text) else each for each in elements
    ]


def _words(screen: VisitScreen, view: View, place: Box, places: Places) -> list[Element]:
    if screen.message is not None:
        height = max(place.bottom - places.face.bottom, view.type_px(_LEAST_MESSAGE))
        area = Box(place.left, place.bottom - height, place.width, height)
        return officer_message(view, area, screen.message, at_most=3)
    return _phrase(screen, view, place)


def _phrase(screen: VisitScreen, view: View, place: Box) -> list[Element]:
    """A prepared phrase, large, and which of the two chose it."""
    words = view.say.of(words_talking.PHRASES)
    names = sentence(view.say.people(screen.visitors))
    who = words.you_said if screen.phrase_ours else words.they_said.format(names=names)
    said = view.say.of(words_talking.PREPARED).get(screen.phrase or "", view.say.phrases.need_help)
    pad = view.px(14)
    height = line_px(view, _WHO) + line_px(view, _SAID) / 2 + 2 * pad
    card = Box(place.left, place.bottom - height, place.width, height)
    inside = card.inset(pad)
    head = inside.from_top(0, line_px(view, _WHO))
    rest = Box(inside.left, head.bottom, inside.width, inside.bottom - head.bottom)
    return [
        Surface("phrase_back", card, view.look.surface, view.px(RADIUS)),
        text(view, "phrase_from", head, who, _WHO, "surface"),
        text(view, "phrase", rest, said, _SAID, "surface"),
    ]


def _above(view: View, places: Places, place: Box, own: Box | None) -> Box:
    higher = Box(place.left, place.top - view.px(_GAP) - place.height, place.width, place.height)
    return _beside(places, higher, own)


def _beside(places: Places, place: Box, own: Box | None) -> Box:
    """So much of the line as one's own picture leaves, where that stands at the bottom."""
    if own is None or own.bottom < places.room.top + places.room.height / 2:
        return place
    strip, margin = places.strip, places.margin_px
    if own.left < places.room.left + places.room.width / 2:
        left = max(place.left, own.right + margin)
        return Box(left, place.top, strip.right - left, place.height)
    return Box(place.left, place.top, own.left - margin - place.left, place.height)


def _told(screen: VisitScreen, view: View) -> list[tuple[str, str, Ground]]:
    """The most important first; in the last minute nothing but of time, sound and an officer."""
    left_s = screen.ends_at_s - view.now_s
    told: list[tuple[str, str, Ground]] = []
    if not view.linked:
        told.append(("moment", view.say.phrases.one_moment, "raised"))
    if left_s <= 0:
        return told
    if view.alone:
        told.append(("alone", view.say.phrases.alone, "caution"))
    told += _of_time(screen, view, left_s)
    if screen.muted:
        told.append(("muted", _muted(screen, view), "caution"))
    if officer := officer_said(view):
        told.append(("officer", officer, "caution" if nobody_answers(view) else "raised"))
    if screen.notice in _ALWAYS:
        fill: Ground = "raised" if screen.notice == "time_safe" else "caution"
        told.append(("notice", view.say.notice(screen.notice), fill))
    return told if left_s <= LAST_MINUTE_S else [*told, *_that_can_wait(screen, view)]


def _muted(screen: VisitScreen, view: View) -> str:
    """Who can not hear; of many it would be more than there is room for beside all else."""
    words = view.say.phrases
    if len(screen.visitors) > _NAMED:
        return words.muted
    unheard = words.muted_then.format(names=view.say.people(screen.visitors))
    return f"{words.muted} {sentence(unheard)}"


def _of_time(screen: VisitScreen, view: View, left_s: float) -> list[tuple[str, str, Ground]]:
    if left_s <= COUNTED_S:
        said = view.say.counted(words_talking.ENDS, math.ceil(left_s))
        return [("cue", said, "caution")]
    if screen.cue_minutes is None:
        return []
    if screen.cue_minutes <= 1:
        return [("cue", view.say.notice("last_minute"), "caution")]
    return [("cue", view.say.counted(words_talking.LEFT, screen.cue_minutes), "caution")]


def _that_can_wait(screen: VisitScreen, view: View) -> list[tuple[str, str, Ground]]:
    told: list[tuple[str, str, Ground]] = []
    announced = screen.notice == "message" and screen.message is not None
    if screen.notice is not None and screen.notice not in _ALWAYS and not announced:
        told.append(("notice", view.say.notice(screen.notice), "caution"))
    if screen.down:
        told.append(("down", view.say.down(screen.down), "caution"))
    live = screen.link == "live"
    if live and screen.visitor_has_camera and not screen.visitor_has_microphone:
        names = view.say.people(screen.visitors)
        told.append(("unheard", view.say.phrases.not_heard.format(names=names), "caution"))
    if live and screen.weak is not None:
        told.append(("weak", view.say.weak(screen.weak), "caution"))
    return told
