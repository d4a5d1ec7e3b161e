"""The words of a scene as they were drawn: which node, where, how large, and what covers them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kiosk.ui.elements import Element, Scene, Surface
from kiosk.ui.geometry import Box
from kiosk.ui.glass.nodes import ButtonNode, Node, PictureNode, TextNode

_CLEAREST = 0.5
"""What lets more than this through is no shade, and what lets nothing through hides."""


@dataclass(frozen=True)
class Letters:
    """What one node wrote, and where it was meant to be."""

    key: str
    room: Box
    """What the words may take."""
    node: TextNode
    taken: Box
    """What they take."""
    shaded: bool


def written(scene: Scene, nodes: Mapping[str, Node], height_px: int) -> Iterator[Letters]:
    """All words of a scene, from back to front."""
    for place, element in enumerate(scene.elements):
        node = _letters(nodes[element.key])
        if node is not None:
            width, height = node.size_px
            left, bottom = node._area.pos
            taken = Box(left, height_px - bottom - height, width, height)
            shaded = is_shaded(taken, scene.elements[place + 1 :])
            yield Letters(element.key, element.box, node, taken, shaded)


def _letters(node: Node) -> TextNode | None:
    match node:
        case TextNode():
            return node
        case ButtonNode():
            return node.label
        case PictureNode():
            return node._words if node._told and not node.live else None
        case _:
            return None


def is_shaded(box: Box, over: tuple[Element, ...]) -> bool:
    """Whether a shade lies over all of this place: what is there is not to be read now, and looks so."""
    return any(
        isinstance(other, Surface)
        and _CLEAREST <= other.opacity < 1
        and box.within(other.box, slack=1.0)
        for other in over
    )
