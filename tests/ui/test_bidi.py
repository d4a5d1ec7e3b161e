"""A line from the right reads right, and neither digits nor names in it turn around."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.ui.bidi import isolated, visual

# Capitals stand for Arabic letters, as in Unicode's own examples; each line is read from the right.
_ARABIC = dict(zip("ABCDEFGHIJ", "ابتثجحخدذر", strict=True))
_LATIN = {arabic: latin for latin, arabic in _ARABIC.items()}


def drawn(line: str, *, rtl: bool) -> str:
    arabic = "".join(_ARABIC.get(char, char) for char in line)
    return "".join(_LATIN.get(char, char) for char in visual(arabic, rtl=rtl))


@pytest.mark.parametrize(
    ("line", "glass"),
    [
        ("ABC DEF", "FED CBA"),
        ("ABC 14:00", "14:00 CBA"),
        ("ABC 14:00 DEF", "FED 14:00 CBA"),
        ("ABC mum DEF", "FED mum CBA"),
        ("ABC.", ".CBA"),
        ("ABC (DEF) GHI", "IHG (FED) CBA"),
        ("ABC (mum) DEF", "FED (mum) CBA"),
        ("ABC «mum»", "«mum» CBA"),
        ("mum", "mum"),
        ("ABC 50%", "%50 CBA"),
        ("ABC 1-2", "2-1 CBA"),
        ("ABC mum  ", "  mum CBA"),
        ("", ""),
    ],
)
def test_a_line_that_begins_on_the_right(line: str, glass: str) -> None:
    assert drawn(line, rtl=True) == glass


@pytest.mark.parametrize(
    ("line", "glass"),
    [
        ("hello ABC", "hello CBA"),
        ("ABC is here", "CBA is here"),
        ("ABC DEF is here.", "FED CBA is here."),
        ("a (ABC) b", "a (CBA) b"),
        ("plain words 14:00", "plain words 14:00"),
        ("Zoë — 14:00", "Zoë — 14:00"),
    ],
)
def test_arabic_in_a_line_that_begins_on_the_left(line: str, glass: str) -> None:
    assert drawn(line, rtl=False) == glass


def test_arabic_digits_keep_their_order() -> None:
    assert visual("ب ٣٤", rtl=True) == "٣٤ ب"


def test_a_mark_stays_behind_its_letter() -> None:
    assert visual("بُت", rtl=True) == "تبُ"


def test_a_name_does_not_draw_the_time_behind_it_into_itself() -> None:
    assert drawn("ABC mum 14:00", rtl=True) == "mum 14:00 CBA"
    assert drawn(f"ABC {isolated('mum')} 14:00", rtl=True) == "14:00 mum CBA"
    assert drawn(f"{isolated('ABC')}, {isolated('DEF')} 14:00", rtl=False) == "CBA, FED 14:00"


def test_an_isolate_reads_from_the_side_of_its_first_letter() -> None:
    assert drawn(f"ABC {isolated('mum DEF')}", rtl=True) == "mum FED CBA"
    assert drawn(f"ABC {isolated('DEF mum')}", rtl=True) == "mum FED CBA"


def test_an_override_in_a_name_has_no_effect() -> None:
    assert visual("\u202eevil\u202c 14:00", rtl=False) == "evil 14:00"
    assert drawn("ABC \u202dmum\u202c DEF", rtl=True) == "FED mum CBA"


def test_isolates_that_never_end_or_never_began_have_no_effect_beyond_the_line() -> None:
    assert visual("a \u2068b c", rtl=False) == "a b c"
    assert visual("a\u2069 b", rtl=False) == "a b"
    assert visual("\u2068" * 5000 + "b", rtl=True) == "b"


@given(st.text(alphabet="aZ1 .:-+%(){}<>אבג ابج٣\u064e\u2066\u2067\u2068\u2069\u202e", max_size=40))
def test_no_letter_is_lost_or_won(line: str) -> None:
    mirrored = str.maketrans(dict(zip("({<)}>", "((((((", strict=True)))
    seen = [c for c in line if not 0x2000 < ord(c) < 0x2070]
    for rtl in (False, True):
        assert sorted(visual(line, rtl=rtl).translate(mirrored)) == sorted(
            "".join(seen).translate(mirrored)
        )
