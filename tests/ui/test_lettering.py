"""Letters of every script are drawn as they are written, and a missing font costs no screen."""

import re
import shutil
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from kiosk.ui.elements import Icon, Scene, Text
from kiosk.ui.geometry import Box
from kiosk.ui.glass import lettering
from kiosk.ui.glass.lettering import Lettering, script_of
from kiosk.ui.theme import DARK
from kiosk.wire.manner import Manner
from kiosk.wire.messages import Show
from tests.ui.kit import FONTS, Stage, drawn_words
from tests.ui.samples import NOW_S, UTC_NOW, WELCOME

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


@pytest.mark.parametrize("bold", [False, True], ids=["regular", "bold"])
@pytest.mark.parametrize("half", [False, True], ids=["missing", "half of it missing"])
def test_one_font_alone_draws_every_script_in_both_weights(
    letters: Lettering, tmp_path: Path, caplog: pytest.LogCaptureFixture, bold: bool, half: bool
) -> None:
    names = {False: "Noto-Regular.ttf", True: "Noto-Bold.ttf"}
    shutil.copy(FONTS / names[bold], tmp_path)
    lost = names[not bold]
    if half:
        whole = (FONTS / lost).read_bytes()
        (tmp_path / lost).write_bytes(whole[: len(whole) // 2])
    one = Lettering(tmp_path, 1)
    assert not one.poor
    for words in ("Hello", "हिन्दी", "محمد"):
        expected = pixels(letters, written(words, bold=bold))
        for weight in (False, True):
            assert np.array_equal(pixels(one, written(words, bold=weight)), expected)
    assert caplog.text.count("cannot be used") == 1
    assert f"{lost} cannot be used" in caplog.text


@pytest.mark.parametrize("language", ["hi", "ur", "ar"])
def test_without_its_fonts_a_screen_in_another_script_speaks_english_and_has_no_boxes(
    window: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture, language: str
) -> None:
    welcome = msgspec.structs.replace(WELCOME, first_name="محمد", visitors=("राम",))
    with closing(Stage(window, tmp_path, fonts=tmp_path)) as bare:
        for number in (1, 2):
            manner = Manner(language=language)
            bare.wire.waiting.append(Show(number, "Terminal 3", "Hall A", welcome, manner=manner))
            bare.loop.step()
        drawn = drawn_words(bare.showing.scene(NOW_S, UTC_NOW))
        assert "Join" in drawn
        assert not re.search("[\u0600-\u06ff\u0900-\u097f]", drawn)
        assert bare.pixels().std() > 10
    assert caplog.text.count("Noto-Bold.ttf cannot be used") == 1
    assert caplog.text.count("speak only the languages") == 1


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
