"""Text always fits its box: broken, then smaller, then cut."""

from hypothesis import given
from hypothesis import strategies as st

from kiosk.ui import fit as fitting
from kiosk.ui.fit import Fitted, Measure, Room

LINE = 1.37


def even(text: str, size_px: float) -> float:
    """Every letter is half as wide as it is high."""
    return len(text) * size_px / 2


def high(size_px: float) -> float:
    return size_px * LINE


def fitted(text: str, room: Room, size_px: float, smallest_px: float, measure: Measure) -> Fitted:
    return fitting.fitted(text, room, size_px, smallest_px, measure, high)


def test_text_that_fits_keeps_its_size() -> None:
    fit = fitted("Hello Sam", Room(200, 60, 1), 40, 20, even)
    assert (fit.lines, fit.size_px, fit.cut) == (("Hello Sam",), 40, False)


def test_text_breaks_between_words() -> None:
    assert fitted("one two three", Room(150, 120, 2), 40, 20, even).lines == ("one two", "three")


def test_text_shrinks_before_it_is_cut() -> None:
    fit = fitted("one two three", Room(150, 60, 1), 40, 20, even)
    assert fit.lines == ("one two three",)
    assert 20 <= fit.size_px < 40
    assert not fit.cut


def test_text_shrinks_into_a_room_that_is_lower_than_a_line() -> None:
    fit = fitted("one", Room(150, 40, 1), 40, 20, even)
    assert fit.size_px * LINE <= 40.5
    assert not fit.cut


def test_text_is_cut_with_an_ellipsis_at_the_smallest_size() -> None:
    fit = fitted("one two three four five", Room(150, 60, 1), 40, 20, even)
    assert fit.lines == ("one two three…",)
    assert fit.cut


def test_a_word_longer_than_a_line_is_broken() -> None:
    fit = fitted("abcdefghij", Room(100, 120, 2), 40, 40, even)
    assert (fit.lines, fit.broken) == (("abcde", "fghij"), True)


def test_a_word_with_a_hyphen_is_broken_there_and_stays_large() -> None:
    fit = fitted("Ascunde-mi", Room(160, 120, 2), 40, 20, even)
    assert (fit.lines, fit.size_px, fit.cut) == (("Ascunde-", "mi"), 40, False)


def test_a_soft_hyphen_is_shown_only_where_the_word_must_be_broken() -> None:
    word = "Funkcjo\u00adnariusz"
    narrow = fitted(f"{word} tu", Room(160, 180, 3), 40, 20, even)
    assert (narrow.lines, narrow.broken) == (("Funkcjo-", "nariusz", "tu"), False)
    assert fitted(word, Room(400, 60, 1), 40, 20, even).lines == ("Funkcjonariusz",)


def test_a_letter_wider_than_its_line_is_not_lost() -> None:
    assert fitted("ab", Room(10, 120, 2), 40, 40, even).lines == ("a", "b")


def test_lines_of_one_letter_each_are_as_narrow_as_they_can_be() -> None:
    assert fitted("a a", Room(60, 200, 4, balanced=True), 60, 20, even).lines == ("a", "a")


def test_text_shrinks_before_a_word_is_broken() -> None:
    for balanced in (False, True):
        fit = fitted("Zrobyty lehshym", Room(120, 120, 2, balanced), 40, 20, even)
        assert fit.lines == ("Zrobyty", "lehshym")
        assert fit.size_px < 40


def test_lines_are_balanced_when_asked() -> None:
    text = "Your visit with Mum is at 14:00."
    plain = fitted(text, Room(540, 120, 2), 36, 36, even)
    balanced = fitted(text, Room(540, 120, 2, balanced=True), 36, 36, even)
    assert plain.lines == ("Your visit with Mum is at", "14:00.")
    assert len(balanced.lines) == 2
    assert len(balanced.lines[1]) > len("14:00.")
    assert " ".join(balanced.lines) == text


@given(
    st.text(alphabet="abW W", max_size=80),
    st.floats(60, 900),
    st.floats(40, 300),
    st.integers(1, 4),
    st.booleans(),
)
def test_any_text_fits_any_room(
    text: str, width_px: float, height_px: float, lines: int, balanced: bool
) -> None:
    fit = fitted(text, Room(width_px, height_px, lines, balanced), 60, 20, even)
    assert len(fit.lines) <= lines
    assert all(even(line, fit.size_px) <= width_px for line in fit.lines)
    assert len(fit.lines) * fit.size_px * LINE <= max(height_px + 0.5, fit.size_px * LINE)
    assert 20 <= fit.size_px <= 60


def test_sizes_that_can_not_fit_are_not_measured() -> None:
    sizes: set[float] = set()

    def counted(text: str, size_px: float) -> float:
        sizes.add(size_px)
        return even(text, size_px)

    fit = fitted("one two three four five six", Room(150, 60, 2), 80, 10, counted)
    assert fit.size_px < 80 * 0.92**6
    assert len(sizes) <= 3


@given(
    st.text("abcd ", min_size=1, max_size=60), st.floats(60, 400), st.integers(1, 3), st.booleans()
)
def test_no_larger_size_would_have_fitted(
    text: str, width_px: float, lines: int, balanced: bool
) -> None:
    room = Room(width_px, lines * 60, lines, balanced)
    fit = fitted(text, room, 80, 10, even)
    larger_px = fit.size_px / 0.92
    if fit.size_px > 10 and larger_px < 80.1:
        larger = fitted(text, room, larger_px, larger_px, even)
        assert larger.cut or larger.broken or high(larger.size_px) > room.height_px
