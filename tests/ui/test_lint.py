"""Every kind of fault that the gallery looks for is found where there is one, and only there."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from kiosk.ui.colours import Colour
from kiosk.ui.elements import Button, Element, Icon, Scene, Surface, Text
from kiosk.ui.geometry import Box
from kiosk.ui.theme import DARK
from kiosk.wire.messages import Show
from kiosk.wire.screens import IdleScreen
from tests.ui.kit import Stage
from tests.ui.lint import contrast_faults, drawing_faults, layout_faults, tongue_faults
from tests.ui.samples import PANEL

MM = PANEL.mm(1)
GREY_ON_WHITE_4_6 = Colour("#757575")
GREY_ON_WHITE_4_4 = Colour("#787878")
WHITE = Colour("#FFFFFF")

WORDS = Text("words", Box(100, 100, 600, 60), "Hold your card here", 24, DARK.ink, DARK.background)
LARGE_PX = PANEL.dpi * 18 / 72 + 0.5
LARGE_BOLD_PX = PANEL.dpi * 14 / 72 + 0.5


def touch(left: float, top: float, width_mm: float = 21, height_mm: float = 21) -> Button:
    box = Box(left, top, width_mm * MM, height_mm * MM)
    return Button(f"at {left}", box, "OK", 24, DARK.raised, DARK.ink, 8)


def layout(*elements: Element) -> list[str]:
    return list(layout_faults(Scene(elements), PANEL))


def drawing(stage: Stage, *elements: Element, nasty: bool = False) -> list[str]:
    scene = Scene(elements)
    stage.paint(scene)
    return list(drawing_faults(scene, stage.painter.nodes, PANEL, nasty=nasty))


def contrast(stage: Stage, *elements: Element, ground: Colour = DARK.background) -> list[str]:
    scene = Scene(elements, ground=ground)
    stage.paint(scene)
    nodes = stage.painter.nodes
    return list(contrast_faults(scene, nodes, PANEL, stage.pixels(), stage.pixels))


@pytest.mark.parametrize("size_mm", [(19.9, 21), (21, 19.9)])
def test_a_target_that_a_finger_misses_is_found(size_mm: tuple[float, float]) -> None:
    assert layout(touch(100, 100, *size_mm)) == ["at 100 is smaller than 20.0 mm"]
    assert layout(touch(100, 100, 20, 20)) == []


def test_targets_that_are_too_close_are_found() -> None:
    right = 100 + 21 * MM
    too_close = [touch(100, 100), touch(right + 2.9 * MM, 100)]
    assert [fault[-22:] for fault in layout(*too_close)] == ["are closer than 3.0 mm"]
    assert layout(touch(100, 100), touch(right + 3.1 * MM, 100)) == []


@pytest.mark.parametrize(
    "box", [Box(-2, 0, 100, 40), Box(0, 770, 100, 40), Box(1200, 0, 100, 40), Box(0, -5, 9, 9)]
)
def test_what_is_off_the_glass_is_found(box: Box) -> None:
    assert layout(replace(WORDS, box=box)) == ["words is off the glass"]


def test_a_target_behind_something_is_found() -> None:
    shade = Surface("shade", PANEL.box, DARK.background, opacity=0.8)
    found = layout(touch(100, 100), shade)
    assert found == ["at 100 can be touched though something lies over it"]
    assert layout(shade, touch(100, 100)) == []
    assert layout(replace(touch(100, 100), live=False), shade) == []


@pytest.mark.parametrize(
    "element",
    [
        Icon("sign", Box(10, 10, 50, 50), "unheard_of", DARK.ink),
        replace(touch(100, 100), icon="unheard_of"),
    ],
)
def test_a_drawing_that_there_is_not_is_found(element: Element) -> None:
    assert [fault[-27:] for fault in layout(element)] == ["no drawing named unheard_of"]


def test_words_that_are_cut_are_found(stage: Stage) -> None:
    long = replace(WORDS, text="Hold your card here " * 9)
    assert drawing(stage, long) == ["words is cut"]
    assert drawing(stage, long, nasty=True) == []
    assert drawing(stage, replace(long, lines=9, box=Box(100, 100, 600, 400))) == []


def test_a_word_that_is_broken_but_at_a_hyphen_is_found(stage: Stage) -> None:
    narrow = replace(WORDS, text="Larger letters for everybody", lines=9, box=Box(9, 9, 60, 600))
    assert drawing(stage, narrow) == ["words breaks a word"]
    assert (
        drawing(stage, replace(narrow, text="lar-ger let\u00adters for eve\u00adry-bo\u00addy"))
        == []
    )


def test_words_on_a_button_that_are_cut_are_found(stage: Stage) -> None:
    long = replace(touch(100, 100), label="Take me to the waiting room")
    assert drawing(stage, long) == ["touch_at 100 is cut"]


def test_words_that_leave_their_box_are_found(stage: Stage) -> None:
    low = replace(WORDS, box=Box(100, 100, 600, 20))
    assert drawing(stage, low) == ["words overflows its box"]


def test_words_that_are_written_beside_the_glass_are_found(stage: Stage) -> None:
    beside = replace(WORDS, box=Box(PANEL.width_px - 40, 100, 600, 60), across="left")
    assert "words is written beside the glass" in drawing(stage, beside)


def test_words_over_words_are_found(stage: Stage) -> None:
    other = replace(WORDS, key="other", box=Box(120, 110, 600, 60))
    assert drawing(stage, WORDS, other) == ["words and other overlap"]
    below = replace(WORDS, key="other", box=Box(100, 160, 600, 60))
    assert drawing(stage, WORDS, below) == []


def test_words_that_run_together_are_found(stage: Stage) -> None:
    when = replace(WORDS, across="right", box=Box(100, 100, 400, 60))
    other = replace(WORDS, key="other", across="left", box=Box(504, 100, 400, 60))
    assert drawing(stage, when, other) == ["words and other run together"]
    assert drawing(stage, when, replace(other, box=Box(520, 100, 400, 60))) == []
    below = replace(other, box=Box(504, 160, 400, 60))
    assert drawing(stage, when, below) == []


def test_words_over_a_button_or_a_drawing_are_found(stage: Stage) -> None:
    in_the_way: list[Element] = [
        touch(380, 100),
        Icon("sign", Box(380, 100, 60, 60), "card", DARK.ink),
    ]
    for element in in_the_way:
        assert drawing(stage, element, WORDS) == [f"words is written over {element.key}"]


def test_an_icon_that_is_hardly_seen_is_found(stage: Stage) -> None:
    shown = replace(touch(100, 100), icon="card")
    assert drawing(stage, shown) == []
    narrow = replace(touch(100, 100, height_mm=40), icon="card")
    assert drawing(stage, narrow) == ["touch_at 100 has an icon of 62 px"]


@pytest.mark.parametrize("box", [Box(200, 90, 300, 80), Box(90, 90, 700, 80)])
@pytest.mark.parametrize("opacity", [1.0, 0.4, 0.0])
def test_words_under_a_surface_that_is_no_shade_are_found(
    stage: Stage, box: Box, opacity: float
) -> None:
    surface = Surface("back", box, DARK.surface, opacity=opacity)
    assert drawing(stage, WORDS, surface) == ["words lies under back"]
    assert drawing(stage, surface, WORDS) == []


def test_what_lies_in_a_shade_is_not_to_be_read(stage: Stage) -> None:
    shade = Surface("shade", PANEL.box, DARK.background, opacity=0.8)
    over = replace(WORDS, key="over")
    assert drawing(stage, WORDS, touch(380, 100), shade, over) == []
    assert contrast(stage, WORDS, shade) == []


@pytest.mark.parametrize(
    ("size_px", "bold", "needed"),
    [
        (LARGE_PX, False, 4.5),
        (LARGE_PX - 1, False, 7.0),
        (LARGE_BOLD_PX, True, 4.5),
        (LARGE_BOLD_PX - 1, True, 7.0),
    ],
)
def test_pale_words_are_found_where_they_are_not_large(
    stage: Stage, size_px: float, bold: bool, needed: float
) -> None:
    words = replace(WORDS, size_px=size_px, bold=bold, colour=GREY_ON_WHITE_4_6)
    found = contrast(stage, words, ground=WHITE)
    assert found == ([] if needed == 4.5 else ["words stands out by 4.6, not 7.0"])
    paler = replace(words, colour=GREY_ON_WHITE_4_4)
    assert contrast(stage, paler, ground=WHITE) == [f"words stands out by 4.4, not {needed}"]


def test_what_is_measured_is_what_is_behind_the_words_and_not_what_they_say_is(
    stage: Stage,
) -> None:
    behind = Surface("behind", WORDS.box, DARK.ink)
    assert contrast(stage, behind, WORDS) == ["words stands out by 1.0, not 7.0"]
    half = Surface("behind", Box(100, 100, 305, 60), DARK.soft)
    [fault] = contrast(stage, half, WORDS)
    assert fault.startswith("words stands out by 1.")


def test_a_pale_label_of_a_button_is_found(stage: Stage) -> None:
    pale = replace(touch(100, 100), ink=Colour("#8090A0"))
    [fault] = contrast(stage, pale)
    assert fault.startswith("touch_at 100 stands out by ")


SHOW = Show(1, "Terminal 3", "Hall A", IdleScreen())


def tongue(*texts: Sequence[str]) -> list[str]:
    """Faults of a screen in another language, of pairs of what it says and the English for it."""
    scenes = [
        Scene(
            tuple(
                replace(WORDS, key=f"words_{i}", text=pair[which]) for i, pair in enumerate(texts)
            )
        )
        for which in (0, 1)
    ]
    return list(tongue_faults(scenes[0], scenes[1], SHOW))


def test_a_sentence_that_nobody_translated_is_found() -> None:
    assert tongue(("Na twoją kartę", "Hold your card"), ("Join", "Join")) == ["words_1 is English"]


def test_an_english_label_of_a_button_is_found() -> None:
    scene = Scene((replace(touch(100, 100), label="Not now"),))
    assert list(tongue_faults(scene, scene, SHOW)) == ["touch_at 100 is English"]


@pytest.mark.parametrize("text", ["14:05", "OK", "Terminal 3 · Hall A", "7", "", "+2:35"])
def test_names_and_figures_are_in_no_language(text: str) -> None:
    assert tongue((text, text)) == []
