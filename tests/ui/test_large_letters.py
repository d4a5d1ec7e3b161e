"""With large letters words are large, also where much is to be said: drawings and gaps give way."""

from dataclasses import replace

import pytest

from kiosk.ui.theme import CAPTION, LARGE_TEXT
from kiosk.wire.manner import Manner
from tests.ui.kit import Stage
from tests.ui.lint import drawing_faults
from tests.ui.lint.drawn import written
from tests.ui.samples import LANGUAGES, PANEL, plain_samples

FULL = (
    "goodbye_half_rated",
    "goodbye_never_met_notice",
    "goodbye_rated",
    "goodbye_rebooking_unheard",
    "goodbye_time_up",
    "help_2",
    "help_3",
    "help_4",
    "help_talking_at_a_visit",
)
SAMPLES = [sample for sample in plain_samples() if sample.name in FULL]
NEARLY = 0.9
"""Words that nearly fit their line may be so much smaller."""


REMARKED = [sample for sample in plain_samples() if sample.name.startswith("visit_down_")]
"""What is remarked over the visitor's picture beside one's own, where there is least room."""


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_remarked_in_a_visit_is_no_smaller_than_a_caption(
    stage: Stage, language: str, large: bool
) -> None:
    least_px = PANEL.scaled(CAPTION) * (LARGE_TEXT if large else 1) * NEARLY
    for sample in REMARKED:
        scene = replace(sample, manner=Manner(language, large_text=large)).scene()
        stage.paint(scene)
        for each in written(scene, stage.painter.nodes, PANEL.height_px):
            remark = each.key in ("muted", "down")
            assert not remark or each.node.fitted.size_px > least_px, (sample.name, each.key)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_is_smaller_than_a_large_caption(stage: Stage, language: str) -> None:
    least_px = PANEL.scaled(CAPTION) * LARGE_TEXT * NEARLY
    for sample in SAMPLES:
        scene = replace(sample, manner=Manner(language, large_text=True)).scene()
        stage.paint(scene)
        nodes = stage.painter.nodes
        assert not list(drawing_faults(scene, nodes, PANEL, nasty=False))
        for each in written(scene, nodes, PANEL.height_px):
            shown = not each.key.startswith("touch_")
            assert not shown or each.node.fitted.size_px > least_px, (sample.name, each.key)
