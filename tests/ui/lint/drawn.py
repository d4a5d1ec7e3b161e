"""The words of a scene as they were drawn: which node, where, how large, and what covers them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kiosk.ui.elements import Element, Scene, Surface
from kiosk.ui.geometry import Box
from kiosk.ui.glass.nodes import ButtonNode, Node, PictureNode, TextNode


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
            shaded = is_shaded(element, scene.elements[place + 1 :])
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


def is_shaded(element: Element, over: tuple[Element, ...]) -> bool:
    """Whether something lies over all of it, on purpose: it is not to be read now."""
    return any(
        isinstance(other, Surface) and element.box.within(other.box, slack=1.0) for other in over
    )
