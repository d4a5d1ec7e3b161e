"""Whether every word stands out from what is really behind it, measured on the glass's pixels."""

from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from kiosk.ui.elements import Scene
from kiosk.ui.geometry import Panel
from kiosk.ui.glass.nodes import Node
from tests.ui.lint.drawn import Letters, written

CONTRAST = 7.0
"""WCAG 2.2, success criterion 1.4.6 (AAA)."""
CONTRAST_LARGE = 4.5
LARGE_PT = 18.0
LARGE_BOLD_PT = 14.0
"""WCAG's large text: 18 point, or 14 point bold, in points of 1/72 inch of the panel."""

Pixels: TypeAlias = NDArray[np.uint8]

_SAME = 0.5
"""Of 255: a pixel that is as close to the colour of the letters as any is all letter."""
_LOWEST = 0.05
"""So many of those pixels may be worse."""


def contrast_faults(
    scene: Scene,
    nodes: Mapping[str, Node],
    panel: Panel,
    over: Pixels,
    drawn: Callable[[], Pixels],
) -> Iterator[str]:
    """The scene is on the glass as `over`, rows from the top; `drawn` draws its nodes once more."""
    words = [each for each in written(scene, nodes, panel.height_px) if not each.shaded]
    words = [each for each in words if each.node.size_px[0] > 0]
    under = _without(words, drawn)
    for each in words:
        found, needed = _measured(each, over, under), _needed(each, panel)
        if found < needed:
            yield f"{each.key} stands out by {found:.1f}, not {needed}"


def _without(words: list[Letters], drawn: Callable[[], Pixels]) -> Pixels:
    """The same pixels where nothing is written."""
    colours = [each.node._colour for each in words]
    before = [colour.a for colour in colours]
    for colour in colours:
        colour.a = 0
    under = drawn()
    for colour, opacity in zip(colours, before, strict=True):
        colour.a = opacity
    return under


def _measured(letters: Letters, over: Pixels, under: Pixels) -> float:
    """The least contrast of what is all letter; 1 where nothing is to be seen."""
    left, top, width, height = letters.taken.in_px()
    rows, columns = slice(max(0, top), top + height), slice(max(0, left), left + width)
    shown, behind = over[rows, columns].reshape(-1, 3), under[rows, columns].reshape(-1, 3)
    written = (shown != behind).any(axis=1)
    if not written.any():
        return 1.0
    shown, behind = shown[written], behind[written]
    ink = 255 * np.array(letters.node._colour.rgb)
    distance = np.abs(shown - ink).max(axis=1)
    whole = distance <= distance.min() + _SAME
    return float(np.quantile(_ratio(shown[whole], behind[whole]), _LOWEST))


def _needed(letters: Letters, panel: Panel) -> float:
    points = letters.node.fitted.size_px * 72 / panel.dpi
    large = points >= (LARGE_BOLD_PT if letters.node.bold else LARGE_PT)
    return CONTRAST_LARGE if large else CONTRAST


def _ratio(one: Pixels, other: Pixels) -> NDArray[np.float64]:
    light, dark = _luminance(one), _luminance(other)
    return (np.maximum(light, dark) + 0.05) / (np.minimum(light, dark) + 0.05)


def _luminance(rgb: Pixels) -> NDArray[np.float64]:
    found: NDArray[np.float64] = _LINEAR[rgb] @ np.array([0.2126, 0.7152, 0.0722])
    return found


_SHARES = np.arange(256) / 255
_LINEAR: NDArray[np.float64] = np.where(
    _SHARES <= 0.04045, _SHARES / 12.92, ((_SHARES + 0.055) / 1.055) ** 2.4
)
