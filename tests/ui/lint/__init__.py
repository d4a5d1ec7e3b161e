"""Finds what is wrong with a screen, most of it on what is really drawn.

`layout_faults` needs the scene alone, `drawing_faults` the nodes that drew it, `contrast_faults`
its pixels, and `tongue_faults` the same screen in English.
"""

from tests.ui.lint.contrast import CONTRAST, CONTRAST_LARGE, contrast_faults
from tests.ui.lint.layout import GAP_MM, TARGET_MM, layout_faults
from tests.ui.lint.letters import drawing_faults
from tests.ui.lint.tongue import tongue_faults

__all__ = [
    "CONTRAST",
    "CONTRAST_LARGE",
    "GAP_MM",
    "TARGET_MM",
    "contrast_faults",
    "drawing_faults",
    "layout_faults",
    "tongue_faults",
]
