"""Text of people is safe to draw whatever it contains, and people keep their names."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.core.service.plain_text import clean

ANYTHING = st.text(st.characters(), max_size=200)


@pytest.mark.parametrize(
    "name",
    [
        "Sam",
        "Mum",
        "Nuala O'Brien-Smith",
        "Łukasz",
        "Đặng Thị Hồng",
        "محمد",
        "נועה",
        "आरव",
        "می\u200cخواهم",  # noqa: RUF001
        "李小龍",
        "👩‍👧",
        "[b]Sam[/b]",
        "&amp; <i>",
        "",
    ],
)
def test_names_stay_as_they_are(name: str) -> None:
    assert clean(name, 60) == unicodedata.normalize("NFC", name)


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("  Sam \t of\r\nhere ", "Sam of here"),
        ("a\u2028b\u2029c\u0085d\u00a0e\u3000f", "a b c d e f"),
        ("Sam\x00\x07\x1b[31m", "Sam[31m"),
        ("\u202eliame\u202c", "liame"),
        ("\u2066a\u2067b\u2068c\u2069", "abc"),
        ("a\u200e\u200f\u061cb", "ab"),
        ("S\u200ba\u00adm\ufeff\u2060", "Sam"),
        ("\ud800Sam\udfff", "Sam"),
        ("\u200b \u202e", ""),
    ],
)
def test_what_is_not_meant_to_be_seen_is_removed(text: str, seen: str) -> None:
    assert clean(text, 60) == seen


def test_long_text_ends_in_an_ellipsis() -> None:
    assert clean("x" * 60, 60) == "x" * 60
    assert clean("x" * 61, 60) == "x" * 59 + "…"
    assert clean("word " * 20, 10) == "word word…"


def test_text_is_not_cut_within_a_letter() -> None:
    assert clean("x" * 58 + "q\u0323\u0301zz", 60) == "x" * 58 + "…"


def test_a_pile_of_marks_is_cut_down() -> None:
    cleaned = clean("Z" + "\u0335\u0489" * 40 + "a", 60)
    assert cleaned.endswith("a")
    assert len(cleaned) <= 5


def test_a_text_of_megabytes_takes_no_time_to_speak_of() -> None:
    assert len(clean("x" * 4_000_000, 60)) == 60


@given(ANYTHING, st.integers(2, 80))
def test_the_result_is_one_clean_line_of_bounded_length(text: str, characters: int) -> None:
    cleaned = clean(text, characters)
    assert len(cleaned) <= characters
    assert cleaned == cleaned.strip()
    assert len(cleaned.splitlines()) <= 1
    assert not any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") for c in cleaned)
    assert not any(unicodedata.bidirectional(c) in BIDI for c in cleaned)


BIDI = ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")


@given(ANYTHING)
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    once = clean(text, 60)
    assert clean(once, 60) == once
