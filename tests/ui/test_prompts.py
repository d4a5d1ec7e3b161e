"""The spoken guide has words for every screen, and none of them says what a hall must not hear."""

import re
from collections.abc import Iterator

from kiosk.core.speaking import closing_of, prompt_of
from kiosk.ui.elements import Button, Scene, Text
from kiosk.ui.pad import OK
from kiosk.ui.prompts import prompts
from kiosk.wire.messages import CHOICE_LETTERS, Touch
from kiosk.wire.screens import GoodbyeScreen, VisitScreen
from kiosk.wire.support import SupportCallScreen
from tests.ui.samples import SAY, UTC_NOW, Sample, plain_samples

TOLD = prompts(SAY)
NEWER_THAN_US = "a new reason"
ONE_OF_SEVERAL = {
    "Touch the one that you want": f"{Touch.CHOOSE}:",
    "Touch who you would like": f"{Touch.SUPPORT}:",
    "Touch the language that you speak": f"{Touch.LANGUAGE}:",
    "Touch what makes this screen easier": f"{Touch.ACCESS}:",
}
"""What is touched where a button is called by what a site or a booking says."""

LATER = {"OK": OK}
"""What can be touched once something else was, and is there before."""

DONE_BESIDE = ("Hold your card", "Lift the handset")
"""What a person is asked to do with the terminal's other devices: the screen asks for the same."""


def read_out() -> Iterator[tuple[Sample, str]]:
    """Each screen on which the guide says something, as it is while kiosk-core and the glass are there."""
    for sample in plain_samples():
        if sample.show is None or NEWER_THAN_US in sample.name:
            continue
        key = prompt_of(sample.show, UTC_NOW)
        if key is not None and sample.linked and sample.touchable:
            yield sample, key


def live(scene: Scene) -> list[Button]:
    return [each for each in scene.elements if isinstance(each, Button) and each.live]


def written(scene: Scene) -> str:
    return "\n".join(each.text for each in scene.elements if isinstance(each, Text))


def test_every_screen_can_be_read_out_but_those_on_which_people_talk() -> None:
    for sample in plain_samples():
        if sample.show is None or NEWER_THAN_US in sample.name:
            continue
        key = prompt_of(sample.show, UTC_NOW)
        if key is None:
            silent = isinstance(sample.screen, VisitScreen | SupportCallScreen)
            assert silent or sample.name.endswith(("joining", "checking")), sample.name
        else:
            assert key in TOLD, sample.name


def test_a_call_to_a_line_for_help_has_no_button_to_read_out_what_nothing_is_read_of() -> None:
    calls = [each for each in plain_samples() if isinstance(each.screen, SupportCallScreen)]
    for sample in calls:
        assert Touch.HEAR not in {each.touch for each in live(sample.scene())}, sample.name
        assert Touch.ACCESS in {each.touch for each in live(sample.scene())}, sample.name
    assert calls


def test_what_can_be_said_is_said_on_some_screen() -> None:
    shown = {key for _, key in read_out()}
    shows = [sample.show for sample in plain_samples()]
    shown |= {f"officer.{show.officer}" for show in shows if show and show.officer}
    shown |= {closing_of(show) for show in shows if show and show.leaves_at_s is not None}
    assert set(TOLD) == shown


def test_who_is_told_to_touch_something_can_touch_it() -> None:
    for sample, key in read_out():
        scene, sentence = sample.scene(), TOLD[key]
        labels = {each.label for each in live(scene)}
        there = {each.touch for each in scene.elements if isinstance(each, Button)}
        named = re.findall(r"[Tt]ouch ([A-Z]\w*)", sentence)
        for label in named:
            assert label in labels or LATER.get(label) in there, (sample.name, sentence)
        several = [touch for words, touch in ONE_OF_SEVERAL.items() if words in sentence]
        for touch in several:
            assert any(each.touch.startswith(touch) for each in live(scene)), sample.name
        asked = re.findall(r"\b[Tt]ouch\b", sentence)
        assert len(asked) == len(named) + len(several), f"{sentence!r} is not looked at"


def test_who_hears_that_a_touch_keeps_the_screen_can_touch_that_they_are_still_here() -> None:
    closing = [each for each in plain_samples() if each.show and each.show.leaves_at_s is not None]
    for sample in closing:
        assert sample.show is not None
        stays = Touch.STAY in sample.scene().targets()
        assert stays == ("Touch the screen to stay" in TOLD[closing_of(sample.show)]), sample.name
    assert closing


def test_who_is_asked_for_a_card_or_to_lift_the_handset_is_asked_so_by_the_screen() -> None:
    """But at a goodbye, whose advice gives way to how long they talked."""
    for sample, key in read_out():
        if isinstance(sample.screen, GoodbyeScreen):
            continue
        for asked in DONE_BESIDE:
            if asked in TOLD[key]:
                assert asked in written(sample.scene()), (sample.name, TOLD[key])


def test_who_can_join_or_has_to_lift_the_handset_hears_so() -> None:
    for sample, key in read_out():
        scene = sample.scene()
        joins = any(each.touch == Touch.JOIN for each in live(scene))
        assert joins == ("Touch Join" in TOLD[key]), sample.name
        lifts = "Lift the handset" in written(scene).splitlines() and "panel" not in dict(
            sample.beside
        )
        assert lifts == ("Lift the handset" in TOLD[key]), sample.name


def test_nothing_that_is_read_out_is_woven_into() -> None:
    for key, sentence in TOLD.items():
        assert "{" not in sentence, key
        assert sentence.endswith("."), key


def test_every_key_is_a_file_name_and_short_enough_for_the_wire() -> None:
    for key in TOLD:
        assert re.fullmatch(r"[a-z_]+(\.[a-z_]+)?", key)
        assert len(f"xxx-xxxxxxxx/{key}") <= CHOICE_LETTERS
