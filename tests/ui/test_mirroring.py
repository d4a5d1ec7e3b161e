"""Who reads from the right or touches with the left hand gets the same screen, turned."""

from dataclasses import replace
from typing import TypeVar

import msgspec
import pytest

from kiosk.ui.elements import Button, Element, Icon, Picture, Scene, Text
from kiosk.ui.geometry import Box
from kiosk.ui.mirroring import mirrored
from kiosk.ui.pad import KEYS
from kiosk.ui.phrasebook import Phrasebook
from kiosk.ui.scenes import scene_of
from kiosk.ui.scenes.parts import given
from kiosk.ui.theme import DARK
from kiosk.ui.tongue import Tongue
from tests.ui.samples import PANEL, ZONE, Sample, plain_samples

E = TypeVar("E", bound=Element)

WORDS = Text("words", Box(10, 0, 200, 40), "x", 20, DARK.ink, DARK.background, across="left")
LEAVE = Button("leave", Box(800, 0, 150, 150), "x", 20, DARK.raised, DARK.ink, 9, icon="leave")
WAY = Icon("way", Box(0, 100, 50, 50), "leave", DARK.ink)
CLOCK = Icon("clock", Box(0, 200, 50, 50), "clock", DARK.ink)
SCENE = Scene((WORDS, LEAVE, WAY, CLOCK))


def turned(element: E, *, rtl: bool = False, left_handed: bool = False) -> E:
    scene = mirrored(SCENE, 1000, rtl=rtl, left_handed=left_handed)
    found = scene.elements[SCENE.elements.index(element)]
    assert isinstance(found, type(element))
    return found


def test_who_reads_from_the_right_finds_everything_on_the_other_side() -> None:
    assert turned(WORDS, rtl=True) == replace(
        WORDS, box=Box(790, 0, 200, 40), across="right", rtl=True
    )
    assert turned(LEAVE, rtl=True) == replace(LEAVE, box=Box(50, 0, 150, 150), rtl=True)


def test_what_points_the_way_turns_with_reading_and_a_clock_does_not() -> None:
    assert turned(WAY, rtl=True).turned
    assert not turned(CLOCK, rtl=True).turned
    assert not turned(WAY, left_handed=True).turned


def test_who_touches_with_the_left_hand_finds_the_controls_there_and_reads_as_before() -> None:
    assert turned(LEAVE, left_handed=True) == replace(LEAVE, box=Box(50, 0, 150, 150))
    assert turned(WORDS, left_handed=True) == replace(WORDS, box=Box(790, 0, 200, 40))


def test_who_does_both_finds_things_where_they_are_and_reads_from_the_right() -> None:
    assert turned(WORDS, rtl=True, left_handed=True) == replace(WORDS, across="right", rtl=True)


def test_words_from_outside_stay_in_their_own_direction_wherever_they_stand() -> None:
    for words, rtl in (("Questions, and answers", False), ("أسئلة، وأجوبة", True)):
        said = given(replace(WORDS, text=words))
        for screen_rtl in (False, True):
            [found] = mirrored(Scene((said,)), 1000, rtl=screen_rtl, left_handed=False).elements
            assert isinstance(found, Text)
            assert found.rtl is rtl
            assert found.across == ("right" if screen_rtl else "left")


def test_who_needs_neither_gets_the_scene_as_it_is() -> None:
    assert mirrored(SCENE, 1000, rtl=False, left_handed=False) is SCENE


def seen(sample: Sample, language: str = "en", *, left_handed: bool = False) -> Scene:
    """A sample as this person sees it; without a catalogue the sentences stay English."""
    manner = msgspec.structs.replace(sample.manner, left_handed=left_handed)
    shown = replace(sample, manner=manner)
    say = Phrasebook(ZONE, Tongue.without_words(language))
    return scene_of(shown.show, replace(shown.view(), say=say))


@pytest.mark.parametrize(("language", "left_handed"), [("ar", False), ("en", True)])
def test_the_keys_of_the_pin_move_as_one_and_keep_their_order(
    language: str, left_handed: bool
) -> None:
    sample = next(sample for sample in plain_samples() if sample.name == "pin_typed")
    before = sample.scene().targets()
    after = seen(sample, language, left_handed=left_handed).targets()
    [step] = {round(after[key].left - before[key].left) for key in KEYS}
    assert step < 0
    assert after["done"].left > after["pin_3"].right


@pytest.mark.parametrize("left_handed", [False, True])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_visits_to_choose_from_stand_as_they_are_read_for_either_hand(
    language: str, left_handed: bool
) -> None:
    sample = next(sample for sample in plain_samples() if sample.name == "choice")
    shown = seen(sample, language, left_handed=left_handed).elements
    at = {each.key: each.box.left for each in shown}
    [when, then] = (next(e for e in shown if e.key == f"choice_0_{k}") for k in ("when", "then"))
    from_the_right = language == "ar"
    assert (at["choice_0_when"] > at["choice_1_when"]) == from_the_right
    assert (when.box.left > then.box.left) == from_the_right
    assert isinstance(when, Text)
    assert when.across == ("right" if from_the_right else "left")


@pytest.mark.parametrize(("language", "left_handed"), [("ur", False), ("en", True), ("ar", True)])
def test_every_screen_stays_on_the_glass_and_keeps_its_targets(
    language: str, left_handed: bool
) -> None:
    for sample in plain_samples():
        before, after = sample.scene(), seen(sample, language, left_handed=left_handed)
        assert after.targets().keys() == before.targets().keys(), sample.name
        for element in after.elements:
            assert element.box.within(PANEL.box), (sample.name, element.key)


def test_every_sentence_of_a_screen_from_the_right_begins_there() -> None:
    for sample in plain_samples():
        for element in seen(sample, "ar").elements:
            if isinstance(element, Text) and element.given:
                continue
            if sample.screen is not None and isinstance(element, Text | Button | Picture):
                assert element.rtl, (sample.name, element.key)
