"""Turns a whole scene: for who reads from the right, and for who touches with the left hand."""

from dataclasses import replace
from typing import Final

from kiosk.ui.elements import Across, Button, Element, Icon, Picture, Scene, Text
from kiosk.ui.geometry import Box
from kiosk.ui.icons import DIRECTED
from kiosk.ui.pad import KEYS

_OTHER: Final[dict[Across, Across]] = {"left": "right", "center": "center", "right": "left"}


def mirrored(scene: Scene, width_px: float, *, rtl: bool, left_handed: bool) -> Scene:
    """`scene`, which is made for reading from the left and for the right hand, as this person needs it.

    Where both hold, things stay in their places, and only what is read turns. A pad of digits moves
    as one: on every telephone 1 stands before 2.
    """
    if not (rtl or left_handed):
        return scene
    elements = scene.elements
    if rtl != left_handed:
        pad = _pad(elements)
        elements = tuple(_moved(element, width_px, pad) for element in elements)
    if rtl:
        elements = tuple(_read_from_the_right(element) for element in elements)
    return replace(scene, elements=elements)


def _moved(element: Element, width_px: float, pad: Box | None) -> Element:
    box = element.box
    left = width_px - box.right
    if pad is not None and isinstance(element, Button) and element.touch in KEYS:
        left = width_px - pad.right + box.left - pad.left
    return replace(element, box=replace(box, left=left))


def _read_from_the_right(element: Element) -> Element:
    match element:
        case Text():
            rtl = element.rtl if element.given else True
            return replace(element, across=_OTHER[element.across], rtl=rtl)
        case Button() | Picture():
            return replace(element, rtl=True)
        case Icon():
            return replace(element, turned=element.name in DIRECTED)
        case _:
            return element


def _pad(elements: tuple[Element, ...]) -> Box | None:
    """What the keys of the PIN cover."""
    keys = [e.box for e in elements if isinstance(e, Button) and e.touch in KEYS]
    if not keys:
        return None
    left, right = min(key.left for key in keys), max(key.right for key in keys)
    return Box(left, keys[0].top, right - left, keys[0].height)
