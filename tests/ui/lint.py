"""Finds what is wrong with a drawn scene: too small, too close, too pale, off the glass, cut."""

from collections.abc import Iterator
from itertools import combinations

from kiosk.ui import theme
from kiosk.ui.colours import contrast
from kiosk.ui.elements import Button, Scene, Surface, Text
from kiosk.ui.geometry import Box, Panel
from kiosk.ui.glass.nodes import ButtonNode, Node, TextNode

TARGET_MM = 20.0
GAP_MM = 3.0
CONTRAST = 7.0
"""WCAG 2.2, success criterion 1.4.6. What is asked for stands here: code does not set its own bar."""


def layout_faults(scene: Scene, panel: Panel) -> Iterator[str]:
    """What can be told without drawing."""
    targets = scene.targets()
    for touch, box in targets.items():
        if min(box.width, box.height) < panel.mm(TARGET_MM):
            yield f"{touch} is smaller than {TARGET_MM} mm"
    for one, other in combinations(targets, 2):
        if targets[one].gap_to(targets[other]) < panel.mm(GAP_MM):
            yield f"{one} and {other} are closer than {GAP_MM} mm"
    for element in scene.elements:
        if not element.box.within(panel.box):
            yield f"{element.key} is off the glass"
    yield from _pale(scene)


def drawing_faults(scene: Scene, nodes: dict[str, Node], *, nasty: bool) -> Iterator[str]:
    """What only drawing shows; with nasty data words may be cut, but nothing may overflow."""
    uncovered = _uncovered(scene)
    drawn: dict[str, Box] = {}
    for element in scene.elements:
        node = nodes[element.key]
        letters = node.label if isinstance(node, ButtonNode) else node
        if not isinstance(letters, TextNode):
            continue
        width, height = letters.size_px
        if width > element.box.width + 0.5 or height > element.box.height + 0.5:
            yield f"{element.key} overflows its box"
        if letters.cut and not nasty:
            yield f"{element.key} is cut"
        if isinstance(element, Text) and element.key in uncovered:
            drawn[element.key] = _taken(element, width, height)
    for one, other in combinations(drawn, 2):
        if drawn[one].gap_to(drawn[other]) == 0 and _overlap(drawn[one], drawn[other]):
            yield f"{one} and {other} overlap"


def _pale(scene: Scene) -> Iterator[str]:
    for element in scene.elements:
        if isinstance(element, Text):
            pairs = [(element.colour, element.on)]
        elif isinstance(element, Button):
            pressed = theme.pressed(element.fill, element.ink)
            pairs = [(element.ink, element.fill)] + [(element.ink, pressed)] * element.live
        else:
            continue
        if min(contrast(*pair) for pair in pairs) < CONTRAST:
            yield f"{element.key} is too pale"


def _uncovered(scene: Scene) -> set[str]:
    """Keys of what no shade lies over."""
    shades = [
        (place, element.box)
        for place, element in enumerate(scene.elements)
        if isinstance(element, Surface) and element.opacity < 1
    ]
    return {
        element.key
        for place, element in enumerate(scene.elements)
        if not any(place < at and _overlap(element.box, box) for at, box in shades)
    }


def _taken(text: Text, width: float, height: float) -> Box:
    share = {"left": 0.0, "center": 0.5, "right": 1.0}[text.across]
    left = text.box.left + share * (text.box.width - width)
    return Box(left, text.box.top + (text.box.height - height) / 2, width, height)


def _overlap(one: Box, other: Box) -> bool:
    """Whether they share more than the empty rim of a line of letters."""
    across = min(one.right, other.right) - max(one.left, other.left)
    down = min(one.bottom, other.bottom) - max(one.top, other.top)
    return across > 1 and down > 0.2 * min(one.height, other.height)
