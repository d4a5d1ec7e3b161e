"""How wide scenes take words to be is about how wide the fonts make them."""

import pytest

from kiosk.ui import words
from kiosk.ui.bidi import visual
from kiosk.ui.breadth import breadth
from kiosk.ui.glass.lettering import Lettering, script_of
from tests.ui.kit import FONTS
from tests.ui.samples import LANGUAGES
from tests.ui.samples.base import BOOKS

SIZE_PX = 40


@pytest.mark.usefixtures("window")
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("bold", [False, True])
def test_a_sentence_is_as_wide_as_it_is_taken_to_be(language: str, bold: bool) -> None:
    letters = Lettering(FONTS, 1)
    book = BOOKS.of(language)
    for said in book.of(words.NOTICES).values():
        label = letters._label(SIZE_PX, bold, "left", script_of(said))
        real_px = label.get_extents(visual(said, rtl=book.right_to_left))[0]
        assert 0.85 < breadth(said, bold=bold) * SIZE_PX / real_px < 1.2, said


def test_what_is_not_seen_takes_no_room() -> None:
    assert breadth("é\u0301\u2068") == breadth("e")
    assert breadth("") == 0
