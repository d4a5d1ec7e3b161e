"""Words keep away from the edge of what they stand on, and from what they are not about."""

from dataclasses import replace

import pytest

from kiosk.wire.manner import Manner
from kiosk.wire.messages import Touch
from tests.ui.kit import Stage
from tests.ui.lint.drawn import written
from tests.ui.samples import LANGUAGES, PANEL, plain_samples

SAMPLES = {sample.name: sample for sample in plain_samples()}
NOTICED = (
    "idle_help_notice",
    "welcome_notice",
    "goodbye_half_rated",
    "goodbye_officer_notice",
    "refused_unknown_card_notice",
    "help_card_unknown",
    "help_talking_card",
)
BESIDE_PX, ABOVE_PX = PANEL.scaled(24), PANEL.scaled(6)


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_notice_keeps_away_from_its_edges(stage: Stage, language: str, large: bool) -> None:
    for name in NOTICED:
        scene = replace(SAMPLES[name], manner=Manner(language, large_text=large)).scene()
        stage.paint(scene)
        [back] = [each.box for each in scene.elements if each.key == "notice_back"]
        found = written(scene, stage.painter.nodes, PANEL.height_px)
        [taken] = [each.taken for each in found if each.key == "notice"]
        assert taken.left - back.left > BESIDE_PX, name
        assert back.right - taken.right > BESIDE_PX, name
        assert min(taken.top - back.top, back.bottom - taken.bottom) > ABOVE_PX, name


@pytest.mark.parametrize("large", [False, True])
def test_the_last_try_of_a_pin_is_not_read_as_what_cancel_is_about(large: bool) -> None:
    scene = replace(SAMPLES["pin_last"], manner=Manner("en", large_text=large)).scene()
    [told] = [each.box for each in scene.elements if each.key == "then_1"]
    cancel = scene.targets()[Touch.DONE]
    assert cancel.top - told.bottom > cancel.height * 0.25
