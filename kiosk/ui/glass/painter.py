"""Brings a scene to the canvas: nodes are kept by key, so that what stays is only changed."""

import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from kivy.graphics import InstructionGroup

from kiosk.clock import Seconds
from kiosk.ui.elements import Button, Element, Icon, Picture, Ring, Scene, Surface, Text
from kiosk.ui.feed import Feed
from kiosk.ui.glass.nodes import (
    ButtonNode,
    Canvas,
    IconNode,
    Node,
    PictureNode,
    RingNode,
    SurfaceNode,
    TextNode,
)
from kiosk.ui.glass.pictures import Drawing

_OWN_WAITS_S: Seconds = 0.1
_FIRST_WAITS_S: Seconds = 1.0
"""So long oneself stands still when the visitor's first picture may come at any moment."""


class Painter:
    """Draws one scene after another on `root`."""

    def __init__(
        self, root: Any, canvas: Canvas, frames: Path, drawing: Callable[[bool], Drawing]
    ) -> None:
        self._canvas = canvas
        self._frames = frames
        self._drawing = drawing
        self._group = InstructionGroup()
        root.add(self._group)
        self._nodes: dict[str, Node] = {}
        self._shown: dict[str, tuple[Element, bool]] = {}
        self._remote_at_s: Seconds = 0.0
        self._expected_s: Seconds | None = None
        self._rests_until_s: Seconds = -math.inf

    @property
    def nodes(self) -> dict[str, Node]:
        return self._nodes

    def paint(self, scene: Scene, pressed: str | None) -> None:
        """Draw `scene`, the button `pressed` as held down."""
        elements = {element.key: element for element in scene.elements}
        assert len(elements) == len(scene.elements), "two elements of a scene share a key"
        same = [(k, type(e)) for k, e in elements.items()] == [
            (k, type(e)) for k, (e, _) in self._shown.items()
        ]
        if not same:
            self._arrange(elements)
        for key, element in elements.items():
            held = isinstance(element, Button) and element.touch == pressed
            if self._shown.get(key) != (element, held):
                _show(self._nodes[key], element, held)
            self._shown[key] = (element, held)

    def rehearse(self, scene: Scene) -> Iterator[None]:
        """Make one thing of `scene` at each step and show none: what takes long the first time is kept."""
        for element in scene.elements:
            if not isinstance(element, Picture):
                _show(self._made(element), element, held=False)
                yield

    def poll(self, now_s: Seconds) -> tuple[bool, bool]:
        """Look for new pictures: whether anything changed, and whether a remote one is drawn.

        One's own picture rides along with the visitor's, so that two streams are not drawn at
        two rhythms, which would double the work; but not with the first, which is waited for.
        """
        waited = self.expects_first
        remote, own = (self._picture(source) for source in ("remote", "self"))
        changed = remote is not None and remote.poll(now_s)
        if changed:
            self._remote_at_s = now_s
        drawn = changed and remote is not None and remote.live
        if waited and drawn:
            return changed, drawn
        if own is not None and (changed or self._is_due(own, now_s)):
            changed = own.poll(now_s) or changed
        return changed, drawn

    def _is_due(self, own: PictureNode, now_s: Seconds) -> bool:
        if not self.expects_first:
            self._expected_s = None
        elif self._expected_s is None:
            self._expected_s = now_s
        expects = self._expected_s is not None and now_s - self._expected_s < _FIRST_WAITS_S
        rests = now_s < self._rests_until_s or (expects and own.live)
        return not rests and now_s - self._remote_at_s >= _OWN_WAITS_S

    def rest(self, now_s: Seconds, for_s: Seconds) -> None:
        """Oneself is drawn only together with the visitor for so long, and then freely for as long."""
        if now_s >= self._rests_until_s + for_s:
            self._rests_until_s = now_s + for_s

    @property
    def expects_first(self) -> bool:
        """Whether the visitor's picture is to be drawn and none has come yet."""
        remote = self._picture("remote")
        return remote is not None and not remote.live

    @property
    def shape(self) -> tuple[int, int] | None:
        """Of the visitor's picture, while there is one."""
        remote = self._picture("remote")
        return remote.shape if remote is not None else None

    def _picture(self, source: str) -> PictureNode | None:
        node = self._nodes.get(source)
        return node if isinstance(node, PictureNode) else None

    def _arrange(self, elements: dict[str, Element]) -> None:
        """Keep the nodes of what stays, make new ones, and put all in their order."""
        old = dict(self._nodes)
        self._group.clear()
        self._nodes = {}
        shown = {}
        for key, element in elements.items():
            before = self._shown.get(key)
            if before is not None and _alike(before[0], element):
                self._nodes[key] = old.pop(key)
                shown[key] = before
            else:
                self._nodes[key] = self._made(element)
            self._group.add(self._nodes[key].group)
        for node in old.values():
            if isinstance(node, PictureNode):
                node.close()
        self._shown = shown

    def _made(self, element: Element) -> Node:
        match element:
            case Text():
                return TextNode(self._canvas)
            case Surface():
                return SurfaceNode(self._canvas, rounded=element.radius_px > 0)
            case Icon():
                return IconNode(self._canvas)
            case Button():
                return ButtonNode(self._canvas, element)
            case Picture():
                return PictureNode(self._canvas, Feed(self._frames / element.source), self._drawing)
            case Ring():
                return RingNode(self._canvas)


def _show(node: Node, element: Element, held: bool) -> None:
    match node, element:
        case ButtonNode(), Button():
            node.show(element, pressed=held)
        case SurfaceNode(), Surface():
            node.show(element)
        case TextNode(), Text():
            node.show(element)
        case IconNode(), Icon():
            node.show(element)
        case PictureNode(), Picture():
            node.show(element)
        case RingNode(), Ring():
            node.show(element)


def _alike(one: Element, other: Element) -> bool:
    """Whether the same node can draw both."""
    match one, other:
        case Surface(), Surface():
            return (one.radius_px > 0) == (other.radius_px > 0)
        case Button(), Button():
            return (one.icon == "", one.mark == "") == (other.icon == "", other.mark == "")
        case _:
            return type(one) is type(other)
