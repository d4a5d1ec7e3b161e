"""Without its own fonts a terminal shows no letter that Kivy's font draws as a box."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import kivy
import msgspec
import pytest
from fontTools.ttLib import TTFont

from kiosk.ui.legible import legible
from kiosk.wire.manner import Manner
from kiosk.wire.messages import Show
from tests.ui.kit import drawn_words
from tests.ui.samples import LANGUAGES, SAY, WELCOME, Sample, nasty_samples, plain_samples

ROBOTO = Path(kivy.__file__).parent / "data" / "fonts" / "Roboto-Regular.ttf"


def shown(language: str, screen: object = WELCOME) -> Show:
    manner = Manner(language=language, large_text=True)
    show = Show(1, "Terminal 3", "Hall A", WELCOME, manner=manner, languages=LANGUAGES)
    return legible(msgspec.structs.replace(show, screen=screen), SAY.endonym)


def words_of(sample: Sample) -> str:
    show = sample.show
    assert show is not None
    left = legible(show, SAY.endonym)
    beside = (*sample.beside, ("languages", left.languages))
    plain = replace(
        sample,
        screen=left.screen,
        terminal=left.terminal,
        hall=left.hall,
        manner=left.manner,
        beside=beside,
    )
    return drawn_words(plain.scene())


@pytest.mark.parametrize(
    ("samples", "language"),
    [*((plain_samples, each) for each in LANGUAGES), (nasty_samples, "ar"), (nasty_samples, "uk")],
)
def test_every_letter_of_every_screen_is_one_that_kivys_font_has(
    samples: Callable[[], list[Sample]], language: str
) -> None:
    held = set(map(chr, TTFont(ROBOTO).getBestCmap()))
    for sample in samples():
        if sample.screen is None:
            continue
        spoken = replace(sample, manner=msgspec.structs.replace(sample.manner, language=language))
        assert set(words_of(spoken)) <= held, sample.name


def test_a_language_is_english_only_where_its_letters_are_missing() -> None:
    spoken = {tag for tag in LANGUAGES if shown(tag).manner.language == tag}
    assert set(LANGUAGES) - spoken == {"ar", "hi", "ur"}
    assert set(shown("pl").languages) == spoken


def test_a_site_that_speaks_only_what_can_not_be_drawn_speaks_english() -> None:
    show = msgspec.structs.replace(shown("hi"), languages=("hi", "ur"))
    assert legible(show, SAY.endonym).languages == ("en",)


def test_a_name_keeps_the_letters_that_can_be_drawn() -> None:
    named = msgspec.structs.replace(
        WELCOME, first_name="Zoe\u0308", visitors=("محمد", "Mum راشد", "Ngọc Ánh", "Олена", "Ελένη")
    )
    screen = shown("en", named).screen
    assert screen == msgspec.structs.replace(
        named, first_name="Zoë", visitors=("", "Mum ", "Ngọc Ánh", "Олена", "Ελένη")
    )


def test_all_else_stays_as_it_was_told() -> None:
    show = Show(7, "Terminal 3", "Hall A", WELCOME, ahead_s=5, leaves_at_s=9.0, panel="access")
    assert legible(show, SAY.endonym) == show
