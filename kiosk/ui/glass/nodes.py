"""One node draws one element: Kivy instructions that are made once and then only changed."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from kivy.graphics import Color, InstructionGroup, Rectangle, SmoothRoundedRectangle
from kivy.graphics.texture import Texture

from kiosk.clock import Seconds
from kiosk.ui import theme
from kiosk.ui.colours import rgb
from kiosk.ui.elements import (
    Button,
    Icon,
    Picture,
    Ring,
    Surface,
    Text,
    icon_box,
    label_of,
    mark_box,
)
from kiosk.ui.feed import Blank, Feed
from kiosk.ui.fit import Fitted
from kiosk.ui.geometry import Box
from kiosk.ui.glass.lettering import Lettering
from kiosk.ui.glass.pictures import Drawing
from kiosk.ui.icons import DIRECTED, ICONS, MISSING, RING, RING_BEGINS
from kiosk.ui.shapes import Mask, mask
from kiosk.wire.frames import Frame


class Canvas:
    """What every node needs: the window's height, letters, and icons that are drawn only once."""

    def __init__(self, height_px: int, letters: Lettering) -> None:
        self.height_px = height_px
        self.letters = letters
        self._icons: dict[tuple[str, bool, int, int], Any] = {}

    def put(self, instruction: Any, box: Box) -> None:
        """Kivy's origin is the bottom left."""
        instruction.pos = (box.left, self.height_px - box.bottom)
        instruction.size = (box.width, box.height)

    def icon(self, name: str, turned: bool, width_px: int, height_px: int) -> Any:
        key = (name, turned, width_px, height_px)
        if key not in self._icons:
            self._icons[key] = _icon_texture(*key)
        return self._icons[key]


class SurfaceNode:
    """A rounded area."""

    def __init__(self, canvas: Canvas, *, rounded: bool = False) -> None:
        self._canvas = canvas
        self._colour = Color()
        self._area = SmoothRoundedRectangle() if rounded else Rectangle()
        self.group = _group(self._colour, self._area)

    def show(self, element: Surface) -> None:
        self._colour.rgba = (*rgb(element.colour), element.opacity)
        self._canvas.put(self._area, element.box)
        if element.radius_px:
            self._area.radius = [min(element.radius_px, element.box.height / 2)] * 4


class TextNode:
    """Words; the letters are drawn anew only when words, size or room change."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self._colour = Color()
        self._area = Rectangle()
        self.group = _group(self._colour, self._area)
        self._drawn: tuple[object, ...] | None = None
        self.bold = False
        self.fitted = Fitted((), 0.0, cut=False)
        """The lines that are written."""

    def show(self, element: Text) -> None:
        self._colour.rgb = rgb(element.colour)
        room = (element.box.width, element.box.height, element.lines)
        written = (element.text, element.rtl, element.size_px, element.bold, element.across)
        drawn = (*written, *room)
        if drawn != self._drawn:
            self._drawn = drawn
            self._write(element)
        self._place(element)

    @property
    def size_px(self) -> tuple[float, float]:
        """What the letters take."""
        width, height = self._area.size
        return width, height

    def _write(self, element: Text) -> None:
        letters = self._canvas.letters
        self.bold = element.bold
        self.fitted = fitted = letters.fitted(element)
        texture = letters.texture(fitted.lines, fitted.size_px, element)
        self._area.texture = texture
        self._area.size = texture.size if texture is not None else (0, 0)

    def _place(self, element: Text) -> None:
        box = element.box
        width, height = self._area.size
        left = {"left": 0.0, "center": 0.5, "right": 1.0}[element.across] * (box.width - width)
        top = {"top": 0.0, "middle": 0.5, "bottom": 1.0}[element.down] * (box.height - height)
        x, y = box.left + left, self._canvas.height_px - box.top - top - height
        self._area.pos = (round(x), round(y))  # on whole pixels letters stay sharp


class IconNode:
    """A drawing in one colour."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self._colour = Color()
        self._area = Rectangle()
        self.group = _group(self._colour, self._area)

    def show(self, element: Icon) -> None:
        self._colour.rgb = rgb(element.colour)
        left, top, width, height = element.box.in_px()
        self._area.texture = self._canvas.icon(element.name, element.turned, width, height)
        self._canvas.put(self._area, Box(left, top, width, height))


_RIM_SHARE: Final = 0.18
"""How thick a rim is, as a share of the radius of the corners."""


class RingNode:
    """A ring that is used up; its one texture is filled anew when the share changes, as the clock does."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self._rest, self._used = IconNode(canvas), Rectangle()
        self._colour = Color()
        self._drawn: tuple[float, int] | None = None
        self.group = _group(self._rest.group, self._colour, self._used)

    def show(self, element: Ring) -> None:
        side = round(element.box.width)
        self._rest.show(Icon("", element.box, "ring", element.rest))
        self._colour.rgb = rgb(element.colour)
        left, top, _, _ = element.box.in_px()
        self._canvas.put(self._used, Box(left, top, side, side))
        drawn = (round(element.share, 3), side)
        if drawn != self._drawn:
            self._fill(*drawn)
            self._drawn = drawn

    def _fill(self, share: float, side: int) -> None:
        """A texture is made once for each size; there is no arc of nothing."""
        if self._drawn is None or self._drawn[1] != side:
            self._used.texture = _texture(side, side)
        turned = RING_BEGINS + 360 * min(share, 0.9999)
        shapes = (replace(RING, begin=RING_BEGINS, end=turned),) if share > 0 else ()
        _blit(self._used.texture, mask(shapes, side, side))


class ButtonNode:
    """A surface with a label, and an icon above it where there is one."""

    def __init__(self, canvas: Canvas, element: Button) -> None:
        self._rim = SurfaceNode(canvas, rounded=True)
        self._rimmed = False
        self._back = SurfaceNode(canvas, rounded=True)
        self._label = TextNode(canvas)
        self._icon = IconNode(canvas) if element.icon else None
        self._mark = IconNode(canvas) if element.mark else None
        parts = (self._back, self._icon, self._mark, self._label)
        self.group = _group(*(part.group for part in parts if part is not None))

    def show(self, element: Button, *, pressed: bool) -> None:
        fill = theme.pressed(element.fill, element.ink) if pressed else element.fill
        rim = element.ink if pressed else element.rim
        if (rim is not None) != self._rimmed:
            self._rimmed = rim is not None
            if self._rimmed:
                self.group.insert(0, self._rim.group)
            else:
                self.group.remove(self._rim.group)
        inside = element.box
        if rim is not None:
            self._rim.show(Surface("", element.box, rim, element.radius_px))
            inside = element.box.inset(element.radius_px * _RIM_SHARE)
        self._back.show(Surface("", inside, fill, element.radius_px))
        self._label.show(label_of(element))
        if self._icon is not None:
            turned = element.rtl and element.icon in DIRECTED
            box = icon_box(element, self._label.size_px[1])
            self._icon.show(Icon("", box, element.icon, element.ink, turned))
            if self._mark is not None:
                self._mark.show(Icon("", mark_box(element, box), element.mark, element.ink))

    @property
    def label(self) -> TextNode:
        return self._label


EMPTY_S: Final[Seconds] = 1.0
"""How long a picture may be on its way before its place says that there is none."""


class PictureNode:
    """A live picture in its own shape, or words when there is none for longer than a moment."""

    def __init__(self, canvas: Canvas, feed: Feed, drawing: Callable[[bool], Drawing]) -> None:
        self._canvas = canvas
        self._feed = feed
        self._new_drawing = drawing
        self._drawing: Drawing | None = None
        self._well = SurfaceNode(canvas)
        self._words = TextNode(canvas)
        self._shape = (0, 0)
        self._element: Picture | None = None
        self._empty_since_s: Seconds | None = None
        self._told = False
        self._had_one = False
        self.group = _group(self._well.group)

    @property
    def live(self) -> bool:
        """Whether there is a picture of a person to be seen."""
        return self._drawing is not None

    @property
    def shape(self) -> tuple[int, int] | None:
        """The width and height of what is to be seen."""
        return self._shape if self.live else None

    def show(self, element: Picture) -> None:
        another = self._element is not None and element.call != self._element.call
        self._element = element
        if another:
            self._had_one = False
            self._empty()
        self._feed.follow(element)
        self._well.show(Surface("", element.box, element.well))
        self._write()
        self._place()

    def _write(self) -> None:
        """What is said while there is no picture: that it comes, before the first one, at once."""
        assert self._element is not None
        element = self._element
        words = element.empty if self._had_one or not element.coming else element.coming
        room = element.box.inset(element.text_px * 0.3)
        size_px, colours = element.text_px, (element.ink, element.well)
        self._words.show(Text("", room, words, size_px, *colours, lines=2, rtl=element.rtl))
        if element.coming and not self._had_one and not self._told:
            self._told = True
            self.group.add(self._words.group)

    def poll(self, now_s: Seconds) -> bool:
        """Whether what is to be seen has changed."""
        match self._feed.poll(now_s):
            case Frame() as frame:
                self._load(frame)
                return True
            case Blank.BLANK:
                return self._blank() or self._tell(now_s)
            case None:
                return False

    def close(self) -> None:
        self._feed.close()

    def _load(self, frame: Frame) -> None:
        assert self._element is not None
        if self._drawing is None:
            self._drawing = self._new_drawing(self._element.mirrored)
            self._shape = (0, 0)
            self.group.clear()
            self.group.add(self._drawing.group)
        self._had_one = True
        if self._shape != (frame.width, frame.height):
            self._shape = (frame.width, frame.height)
            self._place()
        self._drawing.load(frame)

    def _place(self) -> None:
        if self._drawing is not None and self._element is not None:
            self._canvas.put(self._drawing.rectangle, self._element.box.fitted(*self._shape))

    def _blank(self) -> bool:
        """Take the picture away, textures and all."""
        if self._drawing is None:
            return False
        self._empty()
        return True

    def _empty(self) -> None:
        self._drawing = None
        self._empty_since_s = None
        self._told = False
        self.group.clear()
        self.group.add(self._well.group)
        self._write()

    def _tell(self, now_s: Seconds) -> bool:
        """Say that there is no picture, once it should have come: a moment's words would only flash."""
        if self._empty_since_s is None:
            self._empty_since_s = now_s
        if self._told or now_s - self._empty_since_s < EMPTY_S:
            return False
        self._told = True
        self.group.add(self._words.group)
        return True


Node = SurfaceNode | TextNode | IconNode | ButtonNode | PictureNode | RingNode


def _group(*instructions: Any) -> Any:
    group = InstructionGroup()
    for instruction in instructions:
        group.add(instruction)
    return group


def _icon_texture(name: str, turned: bool, width_px: int, height_px: int) -> Any:
    covered = mask(ICONS.get(name, MISSING), width_px, height_px)
    texture = _texture(width_px, height_px)
    _blit(texture, covered[:, ::-1] if turned else covered)
    return texture


def _texture(width_px: int, height_px: int) -> Any:
    return Texture.create(size=(width_px, height_px), colorfmt="rgba", bufferfmt="ubyte")


def _blit(texture: Any, covered: Mask) -> None:
    """White, as far as it is covered; rows come from the top, and GL's from the bottom."""
    height, width = covered.shape
    rgba = bytearray(b"\xff" * (width * height * 4))
    rgba[3::4] = covered[::-1].tobytes()
    texture.blit_buffer(rgba, colorfmt="rgba", bufferfmt="ubyte")
