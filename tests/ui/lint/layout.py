"""Faults that a scene shows before it is drawn: where things are, how large and how close."""

from collections.abc import Iterator
from itertools import combinations

from kiosk.ui.elements import Button, Element, Scene, Text
from kiosk.ui.geometry import Box, Panel
from kiosk.ui.icons import ICONS

TARGET_MM = 20.0
GAP_MM = 3.0
"""What is asked for stands here: code does not set its own bar."""


def layout_faults(scene: Scene, panel: Panel) -> Iterator[str]:
    """What can be told without drawing."""
    yield from _targets(scene, panel)
    for element in scene.elements:
        if not element.box.within(panel.box):
            yield f"{element.key} is off the glass"
        icon = getattr(element, "icon", "") or getattr(element, "name", "")
        if icon and icon not in ICONS:
            yield f"{element.key} has no drawing named {icon}"


def _targets(scene: Scene, panel: Panel) -> Iterator[str]:
    targets = scene.targets()
    for touch, box in targets.items():
        if min(box.width, box.height) < panel.mm(TARGET_MM):
            yield f"{touch} is smaller than {TARGET_MM} mm"
    for one, other in combinations(targets, 2):
        if targets[one].gap_to(targets[other]) < panel.mm(GAP_MM):
            yield f"{one} and {other} are closer than {GAP_MM} mm"
    yield from _covered(scene)


def _is_written_on(button: Button, element: Element) -> bool:
    """Words that stand on a button are its own."""
    return isinstance(element, Text) and element.box.within(button.box)


def _covered(scene: Scene) -> Iterator[str]:
    """What lies behind something else must not answer to a finger."""
    for place, element in enumerate(scene.elements):
        if isinstance(element, Button) and element.live:
            over = [e for e in scene.elements[place + 1 :] if not _is_written_on(element, e)]
            if any(_share(element.box, other.box) > 0 for other in over):
                yield f"{element.touch} can be touched though something lies over it"


def _share(one: Box, other: Box) -> float:
    """The area that two boxes have in common."""
    across = min(one.right, other.right) - max(one.left, other.left)
    down = min(one.bottom, other.bottom) - max(one.top, other.top)
    return max(0.0, across) * max(0.0, down)
