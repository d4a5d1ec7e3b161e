"""What can be touched in a visit: each in a place of its own, which nothing ever moves."""

from dataclasses import replace

from kiosk.ui import theme, words_talking
from kiosk.ui.elements import Button, Element, Surface
from kiosk.ui.geometry import Box
from kiosk.ui.own_view import HIDE, NO_PHRASES, PHRASES, SHOW
from kiosk.ui.scenes.loudness import as_far_as_there_is, steps
from kiosk.ui.scenes.parts import Type, View, button, silent, words_px
from kiosk.ui.scenes.places import Places
from kiosk.wire.messages import Touch
from kiosk.wire.screens import VisitScreen

_LABEL = 24.0
_PHRASE = 28.0
_MOST_LETTERS = 1.12  # a column has no room for more, and the sign is what is found first
_SHORT = 8  # letters that one line has room for
_ASKED = ("asking", "asked", "coming")
_COLUMNS = 6
_SOME = 4.0
_ROOM = 28.0  # of a button, beside its words


def controls(screen: VisitScreen, view: View, places: Places) -> list[Element]:
    """Leave, mute, an officer, oneself and letters on one side; loudness and phrases on the other."""
    shown = [
        _leave(screen, view, places.touched_row(0)),
        _mute(screen, view, places.touched_row(1)),
        _officer(view, places.touched_row(2)),
        _self(view, places.touched_row(3)),
        _letters(view, places.touched_row(4)),
        *_loudness(screen, view, places),
        *_phrases(screen, view, places.told_row(2)),
    ]
    live = shown if view.linked else [silent(view, each) for each in shown]
    return [*live, *steps(screen, view, places.told_row(0), places.gap_px)]


def control(view: View, touch: str, box: Box, label: str, icon: str) -> Button:
    """A button of a column; its words take two lines where they need them."""
    size = _LABEL * min(1.0, _MOST_LETTERS / view.look.letters)
    shown = button(view, touch, box, label, icon=icon, size=size)
    return replace(shown, lines=1 if len(label) <= _SHORT else 2)


def phrases_panel(view: View, places: Places) -> list[Element]:
    """All that can be said without a voice, below the visitor's face."""
    gap, pad = view.panel.gap_px, view.px(12)
    prepared = list(view.say.of(words_talking.PREPARED).items())
    rows = [prepared[at : at + _COLUMNS] for at in range(0, len(prepared), _COLUMNS)]
    card = places.room.from_bottom(0, len(rows) * (places.row_px + gap) - gap + 2 * pad)
    inside = card.inset(pad)
    shown: list[Element] = [Surface("phrases", card, view.look.surface, view.px(theme.RADIUS))]
    for down, row in enumerate(rows):
        place = inside.from_top(down * (places.row_px + gap), places.row_px)
        boxes = _as_wide_as_needed(view, place, [words for _, words in row])
        for (key, words), box in zip(row, boxes, strict=True):
            said = button(view, f"{Touch.PHRASE}:{key}", box, words, size=_PHRASE)
            said = replace(said, lines=3)
            shown.append(said if view.linked else silent(view, said))
    return shown


def _as_wide_as_needed(view: View, row: Box, labels: list[str]) -> list[Box]:
    """Side by side, each wide enough for a finger; what is left goes to the longest words."""
    gap, least = view.panel.gap_px, view.panel.target_px
    look = Type(_PHRASE, bold=True)
    longest = [max(words_px(view, look, word) for word in words.split()) for words in labels]
    wants = [max(view.px(_SOME), px + view.px(_ROOM) - least) for px in longest]
    free = row.width - len(labels) * least - (len(labels) - 1) * gap
    boxes, left = [], row.left
    for want in wants:
        box = Box(left, row.top, least + free * want / sum(wants), row.height)
        boxes.append(box)
        left = box.right + gap
    return boxes


def has_phrases(view: View) -> bool:
    """Whether they are at hand: for who asked for them, and where people sign."""
    return view.manner.phrases or view.manner.signing


def _leave(screen: VisitScreen, view: View, box: Box) -> Button:
    shown = control(view, Touch.LEAVE, box, view.say.phrases.leave, "leave")
    return silent(view, shown) if screen.leave_asked else shown


def _mute(screen: VisitScreen, view: View, box: Box) -> Button:
    if not screen.muted:
        return control(view, Touch.MUTE, box, view.say.phrases.mute, "microphone")
    shown = control(view, Touch.UNMUTE, box, view.say.phrases.unmute, "microphone_off")
    return replace(shown, fill=view.look.caution, ink=view.look.on_caution)


def _officer(view: View, box: Box) -> Button:
    """Short words, as a column has room for; the sign says whom it calls."""
    words = view.say.of(words_talking.PHRASES)
    shown = control(view, Touch.ASK_OFFICER, box, words.officer, "officer")
    asked = view.show is not None and view.show.officer in _ASKED
    return silent(view, shown) if asked else shown


def _self(view: View, box: Box) -> Button:
    words = view.say.of(words_talking.PHRASES)
    if view.own_view.hidden:
        return control(view, SHOW, box, words.show_self, "person")
    return control(view, HIDE, box, words.hide_self, "person_off")


def _phrases(screen: VisitScreen, view: View, box: Box) -> list[Button]:
    """While nothing may pass they can not be chosen."""
    if not has_phrases(view):
        return []
    words = view.say.of(words_talking.PHRASES)
    if view.own_view.phrases and screen.link != "held":
        return [control(view, NO_PHRASES, box, words.close, "closed")]
    shown = control(view, PHRASES, box, words.phrases, "phrases")
    return [silent(view, shown) if screen.link == "held" else shown]


def _loudness(screen: VisitScreen, view: View, places: Places) -> list[Button]:
    words = view.say.of(words_talking.PHRASES)
    quieter = control(view, Touch.VOLUME_DOWN, places.told_row(0), words.quieter, "quieter")
    louder = control(view, Touch.VOLUME_UP, places.told_row(1), words.louder, "louder")
    return as_far_as_there_is(screen, view, quieter, louder)


def _letters(view: View, box: Box) -> Button:
    words = view.say.of(words_talking.PHRASES)
    label = words.smaller if view.manner.large_text else words.bigger
    return control(view, f"{Touch.ACCESS}:large_text", box, label, "letters")
