"""The screens that say why: refused, out of service, and one moment."""

from dataclasses import replace

from kiosk.ui import theme
from kiosk.ui.elements import Element, Scene, Surface
from kiosk.ui.geometry import Box
from kiosk.ui.names import PLACE_LETTERS, plain
from kiosk.ui.scenes.bar import top_bar
from kiosk.ui.scenes.helping import support_choice
from kiosk.ui.scenes.parts import View, banner, sheet, story, strip
from kiosk.ui.scenes.rows import Choice, above, bottom_row
from kiosk.ui.scenes.telling import said
from kiosk.ui.words import Words
from kiosk.ui.words_after import AFTER
from kiosk.wire.messages import Touch
from kiosk.wire.screens import OutOfServiceScreen, RefusedScreen

_REFUSAL_ICONS = {
    "unknown_card": "card",
    "card_not_trusted": "card",
    "too_early": "clock",
    "too_late": "clock",
    "wrong_hall": "place",
    "wrong_prison": "place",
    "moved": "place",
    "taken": "place",
    "service_away": "link",
}
_WORTH_ANOTHER_TRY = frozenset({"unknown_card", "pin_wrong", "service_away", "service_fault"})
"""What may be otherwise when the card is held there again."""


def refused(screen: RefusedScreen, view: View) -> Scene:
    """What happened and what to do next; of a card only where it is to be held there again."""
    words = view.say.refusal(screen.reason)
    icon = _REFUSAL_ICONS.get(screen.reason, "ask")
    then = (_where_and_when(words, screen, view), words.then)
    again = screen.reason in _WORTH_ANOTHER_TRY
    label = view.say.of(AFTER).try_again if again else view.say.phrases.ok
    bottom = bottom_row(view, [*support_choice(view), Choice(Touch.DONE, label, main=True)])
    room = above(view, bottom)
    elements: list[Element] = [*top_bar(view), *bottom]
    if screen.notice is not None and again:
        remark = view.say.notice(screen.notice)
        place = strip(view, room, remark)
        elements += banner(view, "notice", place, remark)
        room = Box(room.left, room.top, room.width, place.top - room.top - view.px(20))
    elements += said(view, room, icon, words.what, then)
    return Scene(tuple(elements), view.next_minute_s())


def closed(screen: OutOfServiceScreen, view: View) -> Scene:
    """This terminal can not be used."""
    words = view.say.out_of_service(screen.reason)
    elements = [
        *top_bar(view),
        *story(view, sheet(view), "closed", words.what, (words.then,), tint="caution"),
    ]
    return Scene(tuple(elements), view.next_minute_s())


def starting(view: View) -> Scene:
    """Nothing is known yet."""
    elements = [
        *top_bar(view),
        *story(
            view,
            sheet(view),
            "clock",
            view.say.phrases.one_moment,
            (view.say.phrases.one_moment_then,),
        ),
    ]
    return Scene(tuple(elements), view.next_minute_s())


def one_moment(scene: Scene, view: View) -> Scene:
    """`scene` under a calm card, while what it shows may no longer be true."""
    box = view.panel.box
    card = box.centred(view.px(720), view.px(440))
    inside = card.inset(view.px(30))
    told = story(
        view,
        inside,
        "clock",
        view.say.phrases.one_moment,
        (view.say.phrases.one_moment_then,),
        on="surface",
        prefix="over_",
    )
    return replace(
        scene,
        elements=(
            *scene.elements,
            Surface("shade", box, view.look.well, 0.0, 0.72),
            Surface("card", card, view.look.surface, view.px(theme.RADIUS)),
            *told,
        ),
    )


def _where_and_when(words: Words, screen: RefusedScreen, view: View) -> str:
    """The place and the time that help, in one line."""
    parts = []
    place = plain(screen.place or "", PLACE_LETTERS)
    if place and words.place:
        parts.append(words.place.format(place=view.say.apart(place)))
    if screen.at is not None and words.at:
        parts.append(words.at.format(at=view.say.clock(screen.at)))
    return " ".join(parts)
