"""Who does not read finds every button by its icon, whatever the language makes of its words."""

from dataclasses import replace

import pytest

from kiosk.ui.elements import Button, Icon, icon_box
from kiosk.ui.geometry import Box
from kiosk.ui.icons import ICONS
from kiosk.ui.theme import DARK
from kiosk.wire.manner import Manner
from tests.ui.kit import Stage
from tests.ui.lint import drawing_faults
from tests.ui.samples import LANGUAGES, PANEL, plain_samples

CROWDED = ("bar_idle", "bar_officer_unheard", "visit", "visit_deaf", "access", "help_4")
SAMPLES = [sample for sample in plain_samples() if sample.name in CROWDED]


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_icon_gives_way_to_words(stage: Stage, language: str, large: bool) -> None:
    for sample in SAMPLES:
        scene = replace(sample, manner=Manner(language, large_text=large)).scene()
        stage.paint(scene)
        assert not list(drawing_faults(scene, stage.painter.nodes, PANEL, nasty=False))


def test_an_icon_takes_what_short_words_leave() -> None:
    button = Button("x", Box(0, 0, 186, 118), "OK", 24, DARK.raised, DARK.ink, 8, "card", lines=2)
    one, two = icon_box(button, 33), icon_box(button, 66)
    assert one.height > 1.2 * two.height > 0.4 * 118
    assert 0 < one.top < one.bottom < 118 - 33
    assert 0 < two.top < two.bottom < 118 - 66


def test_there_is_no_drawing_that_no_screen_shows() -> None:
    shown = {"", "ring"}  # which the time left is drawn on
    for element in (each for sample in plain_samples() for each in sample.scene().elements):
        if isinstance(element, Button):
            shown |= {element.icon, element.mark}
        elif isinstance(element, Icon):
            shown.add(element.name)
    assert shown - {""} == set(ICONS)
