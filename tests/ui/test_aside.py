"""Help of four kinds on every screen, the panels, the countdown, and a screen that rests."""

from dataclasses import replace

import pytest
from msgspec.structs import replace as replace_fields

from kiosk.sandbox.trial import LANGUAGES
from kiosk.ui.elements import Button, Scene, Text, icon_box, mark_box
from kiosk.ui.geometry import Panel
from kiosk.ui.glass.nodes import TextNode
from kiosk.ui.icons import ICONS
from kiosk.ui.scenes import scene_of
from kiosk.ui.theme import look_of
from kiosk.wire.manner import MODES, Manner
from kiosk.wire.messages import Show, Touch, Touched
from kiosk.wire.screens import GoodbyeScreen, IdleScreen, VisitScreen, WelcomeScreen
from kiosk.wire.support import SupportCallScreen
from tests.ui.kit import Stage
from tests.ui.lint.layout import layout_faults
from tests.ui.memory import holders_of
from tests.ui.samples import (
    NOW_S,
    PANELS,
    PIN,
    UTC_NOW,
    VISIT,
    WAITING,
    WELCOME,
    Sample,
    plain_samples,
)

IDLE = Sample("idle", IdleScreen(), beside=(("languages", LANGUAGES),))


def beside(sample: Sample, **fields: object) -> Sample:
    return replace(sample, beside=(*sample.beside, *fields.items()))


def said(scene: Scene) -> str:
    return "\n".join(
        element.text if isinstance(element, Text) else element.label
        for element in scene.elements
        if isinstance(element, Text | Button)
    )


def test_help_is_one_touch_away_on_every_screen_that_is_linked() -> None:
    for sample in plain_samples():
        open_ = {"panel", "leaves_at_s", "resting", "officer"} & dict(sample.beside).keys()
        if sample.screen is None or isinstance(sample.screen, VisitScreen) or open_:
            continue
        if sample.linked and sample.view().touchable:
            targets = beside(sample, languages=LANGUAGES).scene().targets()
            talks = isinstance(sample.screen, SupportCallScreen)  # so that nothing is read out
            helps = {"language", "access", "ask_officer"} | (set() if talks else {"hear"})
            assert targets.keys() & {*helps, "hear"} == helps, sample.name


def test_a_terminal_of_one_language_offers_no_other() -> None:
    assert "language" not in replace(IDLE, beside=()).scene().targets()


@pytest.mark.parametrize("glass", PANELS, ids=lambda panel: f"{panel.dpi:.0f} dpi")
def test_each_language_can_be_touched_by_its_own_name(glass: Panel) -> None:
    scene = beside(IDLE, panel="language").scene(glass)
    languages = {f"language:{tag}" for tag in LANGUAGES}
    assert scene.targets().keys() == languages | {"ask_officer", "close"}
    for name in ("Cymraeg", "Polski", "Українська", "Tiếng Việt", "العربية", "اردو", "हिन्दी"):
        assert name in said(scene)


@pytest.mark.parametrize("glass", PANELS, ids=lambda panel: f"{panel.dpi:.0f} dpi")
@pytest.mark.parametrize("open_", ["language", "access"])
def test_a_panel_fits_every_glass(glass: Panel, open_: str) -> None:
    scene = beside(IDLE, panel=open_).scene(glass)
    assert "close" in scene.targets()
    assert len(scene.targets()) == (len(LANGUAGES) if open_ == "language" else len(MODES)) + 2
    assert list(layout_faults(scene, glass)) == []


def test_the_language_that_is_spoken_is_marked() -> None:
    welsh = replace(beside(IDLE, panel="language"), manner=Manner("cy")).scene()
    marked = {e.touch for e in welsh.elements if isinstance(e, Button) and e.fill == accent(welsh)}
    assert marked == {"language:cy"}


def test_no_language_is_offered_by_a_code() -> None:
    offered = ("en", "tlh-x-imaginary", "zzz", "x" * 99)
    scene = beside(IDLE, languages=offered, panel="language").scene()
    labels = {e.touch: e.label for e in scene.elements if isinstance(e, Button) and e.live}
    assert labels == {
        "language:en": "English",
        "language:tlh-x-imaginary": "Klingon",
        "ask_officer": "Ask an officer",
        "close": "Done",
    }


def accent(scene: Scene) -> str:
    """The fill of the one language that differs from the most."""
    fills = [e.fill for e in scene.elements if isinstance(e, Button) and ":" in e.touch]
    return min(fills, key=fills.count)


def test_each_access_mode_is_a_switch_whose_drawing_says_where_it_stands() -> None:
    for on in MODES:
        scene = replace(beside(IDLE, panel="access"), manner=Manner("en", **{on: True})).scene()
        marks = {e.touch: e.mark for e in scene.elements if isinstance(e, Button)}
        for mode in MODES:
            expected = "switch_on" if mode == on else "switch_off"
            assert marks[f"access:{mode}"] == expected


@pytest.mark.parametrize("rtl", [False, True])
def test_each_access_mode_has_a_drawing_of_its_own_beside_its_switch(rtl: bool) -> None:
    scene = replace(beside(IDLE, panel="access"), manner=Manner("ar" if rtl else "en")).scene()
    switches = [e for e in scene.elements if isinstance(e, Button) and e.mark]
    assert len({e.icon for e in switches}) == len(switches) == len(MODES)
    assert {e.icon for e in switches} <= set(ICONS)
    for each in switches:
        icon = icon_box(each, words_px=50)
        mark = mark_box(each, icon)
        assert icon.within(each.box)
        assert mark.within(each.box)
        assert not icon.meets(mark)
        assert (mark.left < icon.left) == rtl


@pytest.mark.parametrize("open_", ["language", "access"])
def test_below_an_open_panel_nothing_can_be_touched(open_: str) -> None:
    for screen in (WELCOME, WAITING):
        targets = beside(replace(IDLE, screen=screen), panel=open_).scene().targets()
        own = {touch for touch in targets if touch.startswith(f"{open_}:")}
        assert own
        assert targets.keys() - own == {"ask_officer", "close"}


@pytest.mark.parametrize("open_", ["language", "access"])
@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("asking", "Asking for an officer…"),
        ("coming", "An officer is coming."),
        ("unheard", "No answer. Please wave to an officer."),
    ],
)
def test_what_became_of_asking_an_officer_is_read_in_an_open_panel(
    open_: str, state: str, words: str
) -> None:
    scene = beside(IDLE, panel=open_, officer=state).scene()
    assert words in said(scene)
    assert ("ask_officer" in scene.targets()) == (state == "unheard")
    assert "close" in scene.targets()


@pytest.mark.parametrize("open_", ["language", "access"])
def test_a_screen_counts_down_in_the_panel_that_lies_over_it(open_: str) -> None:
    scene = closing(5, panel=open_)
    assert "This screen closes in 5 seconds." in said(scene)
    assert {"stay", "ask_officer"} <= scene.targets().keys()
    assert scene.changes_at_s == NOW_S + 1
    assert any(touch.startswith(f"{open_}:") for touch in scene.targets())
    last = closing(5, can_stay=False, panel=open_)
    assert "This screen closes in 5 seconds." in said(last)
    assert {"close", "ask_officer"} <= last.targets().keys()
    assert "stay" not in last.targets()


def test_no_panel_lies_over_a_visit_by_itself() -> None:
    plain = replace(IDLE, screen=VISIT)
    shown = beside(plain, panel="access").scene()
    assert shown.pictures() == plain.scene().pictures()
    assert "panel_shade" not in {element.key for element in shown.elements}


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("asking", "Asking for an officer…"),
        ("asked", "An officer knows. Please wait here."),
        ("coming", "An officer is coming."),
        ("unheard", "No answer. Please wave to an officer."),
    ],
)
def test_what_became_of_asking_an_officer_is_read_beside_the_terminal(
    state: str, words: str
) -> None:
    for screen in (IdleScreen(), WELCOME, GoodbyeScreen("left", 60.0)):
        scene = beside(replace(IDLE, screen=screen), officer=state).scene()
        assert words in said(scene)
        assert "Terminal 3" in said(scene)
        assert ("ask_officer" in scene.targets()) == (state == "unheard")


def closing(left_s: float, *, can_stay: bool = True, **others: object) -> Scene:
    welcome = replace(IDLE, screen=WELCOME)
    return beside(welcome, leaves_at_s=NOW_S + left_s, can_stay=can_stay, **others).scene()


def test_a_screen_counts_its_last_seconds_and_a_touch_keeps_it() -> None:
    assert "closes" not in said(closing(20.5))
    assert closing(20.5).changes_at_s == NOW_S + 0.5
    assert "This screen closes in 20 seconds." in said(closing(20))
    assert "This screen closes in 1 second." in said(closing(0.4))
    assert "stay" in closing(5).targets()
    assert closing(5.25).changes_at_s == NOW_S + 0.25


def test_the_countdown_covers_nothing_of_the_screen() -> None:
    assert {"done", "join"} <= closing(5).targets().keys()
    assert "Your visit with Mum is at 14:00." in said(closing(5))


@pytest.mark.parametrize("can_stay", [True, False])
def test_an_officer_can_be_asked_and_the_language_chosen_while_a_screen_counts_down(
    can_stay: bool,
) -> None:
    assert {"ask_officer", "language"} <= closing(5, can_stay=can_stay).targets().keys()


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("asked", "An officer knows. Please wait here."),
        ("unheard", "No answer. Please wave to an officer."),
    ],
)
def test_what_became_of_asking_an_officer_is_read_while_a_screen_counts_down(
    state: str, words: str
) -> None:
    scene = closing(5, officer=state)
    assert words in said(scene)
    assert "This screen closes in 5 seconds." in said(scene)
    assert ("ask_officer" in scene.targets()) == (state == "unheard")


def test_a_screen_that_can_not_be_kept_any_longer_offers_no_touch_for_it() -> None:
    assert "This screen closes in 5 seconds." in said(closing(5, can_stay=False))
    assert "stay" not in closing(5, can_stay=False).targets()


def test_an_idle_screen_stands_a_little_elsewhere_each_minute_and_never_off_the_glass() -> None:
    places = set()
    for minute in range(9):
        view = replace(IDLE.view(), utc=UTC_NOW.replace(minute=minute))
        scene = scene_of(IDLE.show, view)
        (what,) = [e.box for e in scene.elements if e.key == "what"]
        places.add((what.left, what.top))
        assert all(e.box.within(view.panel.box) for e in scene.elements)
    assert len(places) == 9


def test_a_screen_that_rests_is_touched_anywhere(stage: Stage) -> None:
    stage.wire.waiting.append(Show(1, "Terminal 3", "Hall A", IdleScreen(), resting=True))
    stage.loop.step()
    assert stage.showing.targets() == {}
    stage.touch(3, 3)
    assert stage.wire.said(Touched) == [Touched(1, Touch.WAKE, NOW_S)]


def test_a_screen_that_does_not_rest_tells_of_no_touch_beside_its_targets(stage: Stage) -> None:
    stage.show(IdleScreen())
    stage.touch(3, 797)
    assert stage.wire.said(Touched) == []


@pytest.mark.parametrize("can_stay", [True, False])
def test_a_screen_that_counts_down_is_kept_by_a_touch_anywhere_while_it_can_be(
    stage: Stage, can_stay: bool
) -> None:
    closes_at_s = NOW_S + 5
    show = Show(1, "T", "H", WELCOME, leaves_at_s=closes_at_s, can_stay=can_stay)
    stage.wire.waiting.append(show)
    stage.loop.step()
    stage.touch(3, 797)
    assert stage.wire.said(Touched) == [Touched(1, Touch.STAY, NOW_S)] * can_stay


def test_what_is_typed_is_seen_before_anything_is_answered(stage: Stage) -> None:
    show = Show(1, "T", "H", PIN, leaves_at_s=NOW_S + 60, can_stay=True)
    stage.wire.waiting.append(show)
    stage.loop.step()
    stage.touch_on("pin_4")
    assert stage.wire.said(Touched) == [Touched(1, Touch.STAY, NOW_S)]
    stage.after(0.1)
    assert "pin_clear" in stage.showing.targets()


def test_a_choice_is_told_with_the_touch(stage: Stage) -> None:
    show = Show(1, "T", "H", IdleScreen(), languages=LANGUAGES, panel="language")
    stage.wire.waiting.append(show)
    stage.loop.step()
    stage.touch_on("language:ur")
    assert stage.wire.said(Touched) == [Touched(1, Touch.LANGUAGE, NOW_S, "ur")]


def test_nothing_of_a_person_is_left_in_the_screens_program_once_it_is_idle(stage: Stage) -> None:
    name = "".join(("Zaph", "odine"))
    stage.show(welcome_of(name))
    assert holders_of(name), "the search finds what is there"
    stage.show(IdleScreen())
    stage.wire.sent.clear()
    assert holders_of(name) == []


def welcome_of(name: str) -> WelcomeScreen:
    """Of a person of that name, held in texts of its own."""
    return replace_fields(WELCOME, first_name=name[:1] + name[1:], visitors=(f"{name}'s Mum",))


@pytest.mark.parametrize("manner", [Manner(), Manner(large_text=True)])
def test_the_longest_day_of_the_year_is_read_whole(stage: Stage, manner: Manner) -> None:
    view = replace(IDLE.view(), utc=UTC_NOW.replace(month=9, day=23), look=look_of(manner))
    stage.paint(scene_of(IDLE.show, view))
    node = stage.painter.nodes["day"]
    assert isinstance(node, TextNode)
    assert " ".join(node.fitted.lines) == "Wednesday 23 September"
