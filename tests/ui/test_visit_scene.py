"""The visit's screen: under the lens, never over a face, and nothing that moves under a finger."""

from dataclasses import replace
from itertools import combinations

import pytest
from msgspec.structs import replace as replace_in

from kiosk.ui.elements import Button, Icon, Scene, Surface, Text
from kiosk.ui.geometry import Box, Edge, Lens, Panel
from kiosk.ui.own_view import UNTOUCHED, OwnView
from kiosk.ui.scenes.places import own_places, places_of
from kiosk.ui.words_talking import PREPARED
from kiosk.visit.reasons import Prepared
from kiosk.wire.manner import Manner
from tests.ui.samples import MESSAGE, NOW_S, PANEL, PANELS, VISIT, Sample
from tests.ui.samples.talking import DEAF, PORTRAIT, SIGNING, WIDE

SHAPES = [None, (640, 480), WIDE, PORTRAIT, (720, 1280), (500, 500)]
MANNERS = [Manner(), Manner(large_text=True), Manner(left_handed=True), DEAF, SIGNING]
LENSES = [Lens("top", share) for share in (0.0, 0.3, 0.5, 0.8, 1.0)] + [
    Lens("bottom", 0.5),
    Lens("left", 0.4),
    Lens("right", 0.5),
]
on_every_panel = pytest.mark.parametrize("panel", PANELS, ids=str)
in_every_manner = pytest.mark.parametrize("manner", MANNERS, ids=str)
of_every_shape = pytest.mark.parametrize("shape", SHAPES, ids=str)


PLAIN = Manner()


def visit(manner: Manner = PLAIN, own: OwnView = UNTOUCHED, /, **changes: object) -> Sample:
    return Sample("visit", replace_in(VISIT, **changes), manner=manner, own_view=own)


def said(scene: Scene) -> str:
    return "\n".join(e.text for e in scene.elements if isinstance(e, Text))


def middle(box: Box) -> float:
    return box.left + box.width / 2


@on_every_panel
@of_every_shape
def test_the_picture_is_centred_right_below_a_lens_in_the_middle(
    panel: Panel, shape: tuple[int, int] | None
) -> None:
    seen = places_of(panel, Manner(), shape, False).seen
    assert middle(seen) == pytest.approx(panel.width_px / 2)
    assert seen.top == 0


@pytest.mark.parametrize("lens", LENSES, ids=str)
@of_every_shape
def test_the_picture_touches_the_edge_with_the_lens_and_is_as_near_to_it_as_can_be(
    lens: Lens, shape: tuple[int, int] | None
) -> None:
    panel = replace(PANEL, lens=lens)
    places = places_of(panel, Manner(), shape, False)
    seen, room = places.seen, places.room
    reached: dict[Edge, bool] = {
        "top": seen.top == 0,
        "bottom": seen.bottom == panel.height_px,
        "left": seen.left == 0,
        "right": seen.right == panel.width_px,
    }
    assert reached[lens.edge]
    if lens.edge in ("top", "bottom"):
        off_px = abs(middle(seen) - lens.share * panel.width_px)
        at_the_end = seen.left == room.left or seen.right == room.right
        assert off_px < 1 or at_the_end, "it could be nearer"


@on_every_panel
@in_every_manner
@of_every_shape
def test_the_picture_is_never_stretched_nor_cut_and_as_large_as_its_room(
    panel: Panel, manner: Manner, shape: tuple[int, int] | None
) -> None:
    places = places_of(panel, manner, shape, False)
    width, height = shape or (4, 3)
    assert places.seen.within(places.room)
    assert places.seen.width / places.seen.height == pytest.approx(width / height)
    full = (places.room.width - places.seen.width, places.room.height - places.seen.height)
    assert min(full) < 1


def test_the_picture_of_a_phone_that_stands_takes_all_the_height() -> None:
    assert places_of(PANEL, Manner(), PORTRAIT, False).seen.height == PANEL.height_px


@on_every_panel
@in_every_manner
@of_every_shape
def test_oneself_is_small_whole_and_never_on_the_face(
    panel: Panel, manner: Manner, shape: tuple[int, int] | None
) -> None:
    places, own = places_of(panel, manner, shape, False), own_places(panel, manner, shape)
    assert len(own) >= 2, "there is somewhere else to put it"
    for box in own:
        assert box.within(places.room)
        assert not box.meets(places.face)
        assert box.width >= panel.target_px
        assert box.height >= panel.target_px, "a finger can take it"


def test_where_people_sign_oneself_is_larger() -> None:
    signing, plain = (own_places(PANEL, manner, None)[0] for manner in (SIGNING, Manner()))
    assert signing.width > 1.2 * plain.width


@on_every_panel
@in_every_manner
@pytest.mark.parametrize("phrase", [None, "please_write"])
@pytest.mark.parametrize("message", [None, MESSAGE, "W" * 180])
@of_every_shape
def test_no_remark_message_or_phrase_covers_the_face(
    panel: Panel,
    manner: Manner,
    phrase: str | None,
    message: str | None,
    shape: tuple[int, int] | None,
) -> None:
    everything = visit(
        manner,
        phrase=phrase,
        message=message,
        muted=True,
        notice="other_card",
        weak="here",
        cue_minutes=5,
    )
    scene = replace(everything, shape=shape).scene(panel)
    face = places_of(panel, manner, shape, False).face
    for element in scene.elements:
        if isinstance(element, Surface | Text | Button):
            assert not element.box.meets(face), element.key


@on_every_panel
@in_every_manner
def test_nothing_to_touch_moves_whatever_happens(panel: Panel, manner: Manner) -> None:
    happens: list[dict[str, object]] = [
        {"muted": True},
        {"link": "held", "held_reason": "officer"},
        {"link": "reconnecting"},
        {"message": MESSAGE, "notice": "time_safe"},
        {"ends_at_s": NOW_S + 0.2},
        {"cue_minutes": 10, "given_s": 60.0, "weak": "here", "down": ("camera",)},
        {"monitoring": "recorded", "volume": 5, "phrase": "yes"},
        {"leave_asked": True},
    ]
    before = buttons(visit(manner).scene(panel))
    for changes in happens:
        after = buttons(visit(manner, **changes).scene(panel))
        same = before.keys() & after.keys()
        assert len(same) >= 6, changes
        assert {key: before[key] for key in same} == {key: after[key] for key in same}, changes
    for shape in SHAPES:
        assert buttons(replace(visit(manner), shape=shape).scene(panel)) == before


def buttons(scene: Scene) -> dict[str, Box]:
    return {
        e.touch.replace("unmute", "mute"): e.box for e in scene.elements if isinstance(e, Button)
    }


def test_all_can_be_touched_in_the_last_second() -> None:
    live = visit().scene().targets()
    assert visit(ends_at_s=NOW_S + 0.4).scene().targets() == live


@pytest.mark.parametrize("key", ["other_card", "card_unreadable"])
def test_in_the_last_minute_nothing_is_said_that_can_wait(key: str) -> None:
    noisy: dict[str, object] = {
        "notice": key,
        "weak": "here",
        "down": ("camera",),
        "visitor_has_microphone": False,
    }
    last = said(visit(ends_at_s=NOW_S + 59, **noisy).scene())
    assert last == said(visit(ends_at_s=NOW_S + 59).scene())
    assert said(visit(ends_at_s=NOW_S + 61, **noisy).scene()) != said(
        visit(ends_at_s=NOW_S + 61).scene()
    )


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("time_safe", "The connection is back. Your time is safe."),
        ("phrase_unsaid", "Your phrase did not get through. Try again."),
    ],
)
def test_what_happened_in_the_last_minute_is_answered_in_it(key: str, words: str) -> None:
    assert words in said(visit(ends_at_s=NOW_S + 20, notice=key).scene())


def test_an_officer_is_read_also_in_the_last_minute() -> None:
    assert MESSAGE in said(visit(ends_at_s=NOW_S + 20, message=MESSAGE).scene())


@pytest.mark.parametrize(
    ("left_s", "changes", "words"),
    [
        (600, {"cue_minutes": 10}, "10 minutes left"),
        (60, {"cue_minutes": 1}, "This is the last minute. Say goodbye."),
        (9.5, {}, "Your visit ends in 10 seconds."),
        (0.5, {}, "Your visit ends in 1 second."),
    ],
)
def test_the_time_left_is_told_in_words(
    left_s: float, changes: dict[str, object], words: str
) -> None:
    assert words in said(visit(ends_at_s=NOW_S + left_s, **changes).scene())


def test_a_monitoring_light_has_a_sign_words_and_a_colour_of_its_own() -> None:
    lights = set()
    for monitoring in ("none", "possible", "watching", "recorded", "recorded_and_watching"):
        scene = visit(monitoring=monitoring).scene()
        by_key = {e.key: e for e in scene.elements}
        lights.add((by_key["light_sign_0"], by_key["monitoring"]))
        assert by_key["light"].box.within(PANEL.box)
    assert len({(sign, words) for sign, words in lights}) == 5


def signs(monitoring: str) -> list[str]:
    elements = visit(monitoring=monitoring).scene().elements
    light = next(e for e in elements if e.key == "light")
    shown = [e for e in elements if isinstance(e, Icon) and e.key.startswith("light_sign")]
    assert all(e.box.within(light.box) for e in shown)
    assert not any(one.box.meets(other.box) for one, other in combinations(shown, 2))
    return [e.name for e in shown]


def test_what_is_recorded_and_watched_has_the_signs_of_both() -> None:
    assert signs("recorded_and_watching") == [*signs("recorded"), *signs("watching")]
    assert "Being recorded and watched" in said(visit(monitoring="recorded_and_watching").scene())


def test_what_concerns_a_person_is_left_to_an_officer() -> None:
    held = said(visit(link="held", held_reason="officer").scene())
    assert "An officer will speak with you." in held
    assert "paused" not in held


def test_who_uses_the_left_hand_has_what_is_touched_on_the_left() -> None:
    for manner, side in ((Manner(), "right"), (Manner(left_handed=True), "left")):
        leave = visit(manner).scene().targets()["leave"]
        assert (middle(leave) < PANEL.width_px / 2) == (side == "left")


def test_phrases_are_at_hand_for_who_asked_and_where_people_sign() -> None:
    for manner in (DEAF, SIGNING):
        assert "phrases_open" in visit(manner).scene().targets()
    assert "phrases_open" not in visit().scene().targets()
    assert set(PREPARED) == set(Prepared)
    opened = visit(DEAF, OwnView(phrases=True)).scene().targets()
    assert {f"phrase:{key}" for key in Prepared} <= set(opened)


@pytest.mark.parametrize("manner", [Manner(), Manner(large_text=True)], ids=str)
def test_the_time_left_can_be_read_while_a_person_is_asked_whether_to_leave(manner: Manner) -> None:
    scene = visit(manner, leave_asked=True, ends_at_s=NOW_S + 9.5).scene()
    [cue] = [each.box for each in scene.elements if each.key == "cue_back"]
    over = [each for each in scene.elements if each.key in ("shade", "card")]
    assert len(over) == 2
    assert not any(each.box.meets(cue) for each in over)


@of_every_shape
def test_open_phrases_leave_the_face_free(shape: tuple[int, int] | None) -> None:
    for manner in (DEAF, SIGNING, replace_in(DEAF, large_text=True)):
        opened = replace(visit(manner, OwnView(phrases=True)), shape=shape).scene()
        face = places_of(PANEL, manner, shape, False).face
        for element in opened.elements:
            if element.key.startswith(("phrases", "touch_phrase:")):
                assert not element.box.meets(face), element.key


def test_nothing_can_be_said_while_an_officer_holds() -> None:
    held = visit(DEAF, OwnView(phrases=True), link="held").scene().targets()
    assert not any(touch.startswith("phrase") for touch in held)


def test_a_phrase_is_read_large_and_by_whom_it_was_said() -> None:
    assert "You said\nI love you" in said(visit(phrase="i_love_you", phrase_ours=True).scene())
    assert "Mum said\nYes" in said(visit(phrase="yes").scene())
