"""Turns a whole scene: for who reads from the right, and for who touches with the left hand."""

from collections.abc import Sequence
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
    as one: on every telephone 1 stands before 2. So do, for the left hand, tiles with what is written
    on them: they are read.
    """
    if not (rtl or left_handed):
        return scene
    turned = _Turned(scene.elements, width_px, moves=rtl != left_handed, rtl=rtl)
    elements = tuple(map(turned.moved, scene.elements))
    if rtl:
        elements = tuple(_read_from_the_right(element) for element in elements)
    return replace(scene, elements=elements)


class _Turned:
    """Where the elements of a scene go: as the hand needs them, and what is read as it is read."""

    def __init__(
        self, elements: Sequence[Element], width_px: float, *, moves: bool, rtl: bool
    ) -> None:
        self._width_px, self._moves, self._rtl = width_px, moves, rtl
        buttons = [each for each in elements if isinstance(each, Button)]
        self._pad = _around([each.box for each in buttons if _is_key(each)])
        self._tiles = _around([each.box for each in buttons if _is_tile(each)])

    def moved(self, element: Element) -> Element:
        box = element.box
        if self._pad is not None and _is_key(element):
            left = self._left_of(self._pad) + box.left - self._pad.left
        elif self._tiles is not None and _is_read_on(element, self._tiles):
            tiles = self._tiles
            inside = tiles.right - box.right if self._rtl else box.left - tiles.left
            left = self._left_of(tiles) + inside
        else:
            left = self._left_of(box)
        return replace(element, box=replace(box, left=left))

    def _left_of(self, whole: Box) -> float:
        return self._width_px - whole.right if self._moves else whole.left


def _is_key(element: Element) -> bool:
    return isinstance(element, Button) and element.touch in KEYS


def _is_tile(element: Element) -> bool:
    """A button that carries more than a label."""
    return isinstance(element, Button) and not element.label


def _is_read_on(element: Element, tiles: Box) -> bool:
    return _is_tile(element) or (isinstance(element, Text) and element.box.within(tiles))


def _around(boxes: Sequence[Box]) -> Box | None:
    """What they cover together."""
    if not boxes:
        return None
    left, top = min(box.left for box in boxes), min(box.top for box in boxes)
    right, bottom = max(box.right for box in boxes), max(box.bottom for box in boxes)
    return Box(left, top, right - left, bottom - top)


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
