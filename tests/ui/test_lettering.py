"""Letters of every script are drawn as they are written, and a missing font costs no screen."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kiosk.ui.elements import Icon, Scene, Text
from kiosk.ui.geometry import Box
from kiosk.ui.glass import lettering
from kiosk.ui.glass.lettering import Lettering, script_of
from kiosk.ui.theme import DARK
from tests.ui.kit import FONTS, Stage

WIDE = Box(0, 0, 2000, 100)


def written(words: str, *, rtl: bool = False, bold: bool = False) -> Text:
    return Text("words", WIDE, words, 40, DARK.ink, DARK.background, bold=bold, rtl=rtl)


def pixels(letters: Lettering, text: Text) -> Any:
    """How much of each pixel the letters cover."""
    texture = letters.texture((text.text,), text.size_px, text)
    rgba = np.frombuffer(texture.pixels, np.uint8)
    return rgba.reshape(texture.height, texture.width, 4)[..., 3]


@pytest.fixture
def letters(window: Any) -> Lettering:
    assert window
    return Lettering(FONTS, 1)


@pytest.mark.parametrize(
    ("words", "script"),
    [
        ("Hello Zoë 14:00", "Latn"),
        ("Привіт", "Latn"),
        ("محمد", "Arab"),
        ("Mum یہاں ہے", "Arab"),
        ("Mum यहाँ", "Deva"),
        ("“…” € ₹", "Latn"),
        ("", "Latn"),
    ],
)
def test_the_script_is_known_by_its_letters(words: str, script: str) -> None:
    assert script_of(words) == script


def test_letters_of_arabic_join_and_take_the_room_of_joined_ones(letters: Lettering) -> None:
    joined, alone = (pixels(letters, written(words, rtl=True)) for words in ("ببب", "ب"))
    assert joined.shape[1] < 0.7 * 3 * alone.shape[1]
    assert joined[:, -8:].any()


def test_letters_of_devanagari_join_and_take_the_room_of_joined_ones(letters: Lettering) -> None:
    joined, parts = (pixels(letters, written(words)) for words in ("क्त", "कत"))
    assert joined.shape[1] < parts.shape[1]
    assert joined[:, -4:].any()
    narrow = Text("", Box(0, 0, joined.shape[1] + 1, 100), "क्त", 40, DARK.ink, DARK.well)
    assert letters.fitted(narrow).size_px == 40


def test_without_the_library_a_line_is_measured_as_kivy_does(
    letters: Lettering, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lettering, "extents_px", lambda *_: None)
    assert pixels(letters, written("ببب", rtl=True)).any()


def test_a_sentence_from_the_right_ends_on_the_left(letters: Lettering) -> None:
    line = pixels(letters, written("ب 14.", rtl=True))
    baseline = line.shape[0] * 3 // 4
    assert line[baseline - 6 : baseline + 6, :12].any()  # its full stop
    assert not line[: line.shape[0] // 2, :8].any()


def test_marks_of_a_name_stay_within_the_line(letters: Lettering) -> None:
    for words in ("Ỗ Ặ", "हिं ट्र", "بُّ لآ"):
        assert pixels(letters, written(words, rtl="ب" in words)).any()


@pytest.mark.parametrize("broken", [False, True], ids=["missing", "broken"])
def test_without_its_fonts_a_screen_still_has_letters(
    window: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture, broken: bool
) -> None:
    assert window
    if broken:
        for name in ("Noto-Regular.ttf", "Noto-Bold.ttf"):
            (tmp_path / name).write_bytes(b"no font" * 100)
    bare = Lettering(tmp_path, 1)
    for bold in (False, True):
        assert pixels(bare, written("Hold your card here", bold=bold)).max() > 200
    assert "Noto-Bold.ttf cannot be used" in caplog.text


def test_a_drawing_that_there_is_not_becomes_a_sign_and_no_fault(stage: Stage) -> None:
    box = Box(100, 100, 80, 80)
    stage.paint(Scene((Icon("badge", box, "no such drawing", DARK.ink),), ground=DARK.background))
    assert stage.colour(box.centred(10, 10)) == (243, 247, 249)


def test_what_points_the_way_is_drawn_as_in_a_mirror(stage: Stage) -> None:
    drawn = []
    for turned in (False, True):
        stage.paint(
            Scene(
                (Icon("way", Box(100, 100, 80, 80), "leave", DARK.ink, turned),), ground=DARK.well
            )
        )
        drawn.append(stage.pixels()[100:180, 100:180].astype(int))
    assert np.abs(drawn[0] - drawn[1]).max() > 100
    assert np.abs(drawn[0][:, ::-1] - drawn[1]).max() <= 2
