"""Names and messages from outside are harmless by the time they are drawn."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.ui.bidi import FIRST_STRONG_ISOLATE, POP_ISOLATE, isolated, visual
from kiosk.ui.names import NAME_LETTERS, person, plain, sentence
from tests.ui.samples import NASTY, SAY
from tests.ui.samples.base import BOOKS

ISOLATES = (FIRST_STRONG_ISOLATE, POP_ISOLATE)


def test_an_ordinary_name_stays_as_it_is() -> None:
    assert [person(name) for name in ("Sam", "Zoë", "Łukasz", "Νίκος", "Ольга", "O'Neil")] == [
        "Sam",
        "Zoë",
        "Łukasz",
        "Νίκος",
        "Ольга",
        "O'Neil",
    ]


def test_markup_stays_literal_text() -> None:
    assert plain("[b]Mum[/b] &bl;", 40) == "[b]Mum[/b] &bl;"


def test_a_very_long_name_is_shortened() -> None:
    shown = person("x" * 10_000)
    assert len(shown) == NAME_LETTERS
    assert shown.endswith("…")


def test_control_and_bidi_characters_are_removed() -> None:
    assert plain("\u202eevil\u202c\x00\x1b\u2066\u200b", 40) == "evil"


def test_line_breaks_become_spaces() -> None:
    assert plain(" a\r\n\tb\u2028c ", 40) == "a b c"


def test_marks_do_not_pile_up_on_a_letter() -> None:
    assert plain("Z" + "\u0335" * 500 + "algo", 40) == "Z\u0335algo"
    assert plain("Z" + "\u0301" * 500 + "algo", 40) == "\u0179algo"


def test_a_letter_keeps_the_marks_that_its_language_needs() -> None:
    assert plain("O\u0323\u0301ba\u0300", 40) == "\u1ecc\u0301b\u00e0"


def test_letters_that_the_fonts_lack_do_not_become_boxes() -> None:
    assert SAY.people(("明美",)) == "your visitor"
    assert SAY.people(("😀",)) == "your visitor"
    assert person("明美 Ali") == "Ali"


def test_names_of_other_scripts_are_shown_as_they_are_written() -> None:
    for name in ("محمد", "فاطمہ", "प्रिया", "हिन्दी", "Олена", "Đặng"):
        assert person(name) == name


@pytest.mark.parametrize(
    ("names", "phrase"),
    [
        ((), "your visitor"),
        (("Mum",), "Mum"),
        (("Mum", "Ali"), "Mum and Ali"),
        (("Mum", "Ali", "Jo"), "Mum, Ali and 1 more"),
        (("Mum", "Ali", "Jo", "Kit"), "Mum, Ali and 2 more"),
        (("Mum", "", "Jo"), "Mum, Jo and 1 more"),
        (("Bartholomew-Alexander", "Maximiliana-Theodora"), "Bartholomew-Alexand… and 1 more"),
    ],
)
def test_visitors_make_one_phrase(names: tuple[str, ...], phrase: str) -> None:
    assert SAY.people(names) == phrase


def test_a_sentence_begins_with_a_capital() -> None:
    assert sentence("your visitor is here") == "Your visitor is here"
    assert sentence("McCoy is here") == "McCoy is here"
    assert sentence(f"{isolated('mum')} is here") == f"{isolated('Mum')} is here"


@given(st.text(max_size=300) | st.sampled_from(NASTY), st.integers(2, 60))
def test_any_text_comes_out_short_and_drawable(text: str, letters: int) -> None:
    shown = plain(text, letters)
    assert len(shown) <= letters
    assert all(unicodedata.category(char)[0] != "C" for char in shown)
    assert shown == " ".join(shown.split())


@given(st.lists(st.text(max_size=60) | st.sampled_from(NASTY), max_size=9))
def test_any_visitors_make_a_short_phrase(names: list[str]) -> None:
    phrase = SAY.people(names)
    assert 0 < sum(char not in ISOLATES for char in phrase) <= 40


def test_a_name_from_the_right_does_not_turn_what_stands_around_it() -> None:
    name = "\u0645\u062d\u0646"
    sentence = f"Your visit with {SAY.people([name])} 14:00"
    assert visual(sentence, rtl=False) == f"Your visit with {name[::-1]} 14:00"


def test_a_latin_name_does_not_turn_a_sentence_from_the_right() -> None:
    arabic = BOOKS.of("ar")
    drawn = visual(f"\u0627 {arabic.people(['Mum'])} - 14:00", rtl=True)
    assert drawn == "14:00 - Mum \u0627"
