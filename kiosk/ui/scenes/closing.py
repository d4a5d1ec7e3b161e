"""The screens that say why: goodbye, refused, out of service, and one moment."""

from dataclasses import replace

from kiosk.ui import theme
from kiosk.ui.elements import Element, Scene, Surface
from kiosk.ui.geometry import Box
from kiosk.ui.names import PLACE_LETTERS, plain
from kiosk.ui.scenes.bar import top_bar
from kiosk.ui.scenes.parts import View, banner, bottom_button, sheet, silent, story
from kiosk.ui.words import Words
from kiosk.wire.messages import Touch
from kiosk.wire.screens import GoodbyeScreen, OutOfServiceScreen, RefusedScreen

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
_ENDING_ICONS = {
    "officer": "ask",
    "visitor_did_not_come": "person",
    "connection_lost": "link",
}


def goodbye(screen: GoodbyeScreen, view: View) -> Scene:
    """Why the visit is over and how long they talked."""
    why = view.say.ending(screen.reason)
    talked = view.say.talked(screen.talked_s) if screen.talked_s > 0 else ""
    icon = _ENDING_ICONS.get(screen.reason, "wave")
    return _told(view, icon, why.what, (talked, why.then), view.say.phrases.done, screen.notice)


def refused(screen: RefusedScreen, view: View) -> Scene:
    """What happened and what to do next."""
    words = view.say.refusal(screen.reason)
    icon = _REFUSAL_ICONS.get(screen.reason, "ask")
    then = (_where_and_when(words, screen, view), words.then)
    return _told(view, icon, words.what, then, view.say.phrases.ok, screen.notice)


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


def _told(
    view: View, icon: str, what: str, then: tuple[str, ...], label: str, remark: str | None
) -> Scene:
    """A story above one button; a remark comes between them."""
    done = bottom_button(view, Touch.DONE, label, 360)
    area = sheet(view)
    above = Box(area.left, area.top, area.width, done.box.top - area.top - view.px(20))
    elements: list[Element] = [*top_bar(view)]
    if remark is not None:
        strip = above.from_bottom(0, view.px(76)).centred(view.px(900), view.px(76))
        elements += banner(view, "notice", strip, view.say.notice(remark))
        above = Box(above.left, above.top, above.width, strip.top - above.top - view.px(20))
    elements += story(view, above, icon, what, then)
    elements.append(done if view.linked else silent(view, done))
    return Scene(tuple(elements), view.next_minute_s())


def _where_and_when(words: Words, screen: RefusedScreen, view: View) -> str:
    """The place and the time that help, in one line."""
    parts = []
    place = plain(screen.place or "", PLACE_LETTERS)
    if place and words.place:
        parts.append(words.place.format(place=place))
    if screen.at is not None and words.at:
        parts.append(words.at.format(at=view.say.clock(screen.at)))
    return " ".join(parts)
