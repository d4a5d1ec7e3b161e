"""Faults of what is written: too much for its box, cut, over something else, or not there."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import combinations

from kiosk.ui.elements import Button, Icon, Picture, Scene, Surface
from kiosk.ui.geometry import Box, Panel
from kiosk.ui.glass.nodes import ButtonNode, Node
from tests.ui.lint.drawn import Letters, is_shaded, written

ICON_SHARE = 1 / 3
"""Of the height of what is touched: the least that its icon may take."""

_RIM = 0.2
"""So much of a line's height is empty above and below its letters."""

_SPACE = 0.5
"""Of the size of letters: what at least parts words that are not one sentence."""


def drawing_faults(
    scene: Scene, nodes: Mapping[str, Node], panel: Panel, *, nasty: bool
) -> Iterator[str]:
    """What only drawing shows; with nasty data words may be cut, but nothing may overflow."""
    words = list(written(scene, nodes, panel.height_px))
    for each in words:
        width, height = each.node.size_px
        if width > each.room.width + 0.5 or height > each.room.height + 0.5:
            yield f"{each.key} overflows its box"
        if not each.taken.within(panel.box, slack=1.0):
            yield f"{each.key} is written beside the glass"
        if not nasty:
            yield from _lost(each)
    yield from _overlaps(scene, words)
    yield from _hidden(scene, words)
    yield from _small_icons(scene, nodes)


def _lost(letters: Letters) -> Iterator[str]:
    fitted = letters.node.fitted
    if fitted.cut:
        yield f"{letters.key} is cut"
    elif fitted.broken:
        yield f"{letters.key} breaks a word"


def _small_icons(scene: Scene, nodes: Mapping[str, Node]) -> Iterator[str]:
    """Who does not read finds a button by its icon alone."""
    for element in scene.elements:
        node = nodes[element.key]
        if isinstance(node, ButtonNode) and node._icon is not None:
            side = node._icon._area.size[1]
            if side < ICON_SHARE * element.box.height - 0.5:
                yield f"{element.key} has an icon of {side:.0f} px"


def _overlaps(scene: Scene, words: list[Letters]) -> Iterator[str]:
    """Words over words, over things to touch or over drawings; what lies in a shade does not count."""
    read = [each for each in words if not each.shaded]
    for one, other in combinations(read, 2):
        if _overlap(one.taken, other.taken):
            yield f"{one.key} and {other.key} overlap"
        elif _run_together(one, other):
            yield f"{one.key} and {other.key} run together"
    for place, element in enumerate(scene.elements):
        if not isinstance(element, Button | Icon | Picture):
            continue
        if is_shaded(element.box, scene.elements[place + 1 :]):
            continue
        for each in read:
            if each.key == element.key or _meant(scene, element, each.key):
                continue
            if isinstance(element, Button) and not element.label and each.room.within(element.box):
                continue  # what is to be touched has these words instead of a label
            if _overlap(each.taken, element.box):
                yield f"{each.key} is written over {element.key}"


def _hidden(scene: Scene, words: list[Letters]) -> Iterator[str]:
    """Words under a surface that lies over them and is no shade."""
    places = {element.key: place for place, element in enumerate(scene.elements)}
    for place, element in enumerate(scene.elements):
        for each in words:
            over = isinstance(element, Surface) and places[each.key] < place and not each.shaded
            if over and _overlap(each.taken, element.box):
                yield f"{each.key} lies under {element.key}"


def _meant(scene: Scene, element: Button | Icon | Picture, key: str) -> bool:
    """Words on a picture, in front of it, are meant to be there."""
    if not isinstance(element, Picture):
        return False
    keys = [each.key for each in scene.elements]
    return keys.index(element.key) < keys.index(key)


def _run_together(one: Letters, other: Letters) -> bool:
    """Whether they stand beside each other with hardly a space between them."""
    left, right = sorted((one.taken, other.taken), key=lambda box: box.left)
    space_px = _SPACE * min(one.node.fitted.size_px, other.node.fitted.size_px)
    return _overlap(replace(left, width=left.width + space_px), right)


def _overlap(one: Box, other: Box) -> bool:
    """Whether they share more than the empty rim of a line of letters."""
    across = min(one.right, other.right) - max(one.left, other.left)
    down = min(one.bottom, other.bottom) - max(one.top, other.top)
    return across > 1 and down > _RIM * min(one.height, other.height)
