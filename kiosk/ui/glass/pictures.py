"""Draws one live picture: three planes and a shader, or RGBA from the processor without a GPU."""

from typing import Any, Protocol

from kivy.graphics import BindTexture, Color, InstructionGroup, Rectangle, RenderContext
from kivy.graphics.texture import Texture

from kiosk.ui.yuv import RgbaPicture
from kiosk.wire.frames import Frame

_SHADER = """
$HEADER$
uniform sampler2D plane_u;
uniform sampler2D plane_v;
uniform vec3 range;  // black of y, scale of y, scale of u and v
void main(void) {
    float y = (texture2D(texture0, tex_coord0).r - range.x) * range.y;
    float u = (texture2D(plane_u, tex_coord0).r - 0.501961) * range.z;
    float v = (texture2D(plane_v, tex_coord0).r - 0.501961) * range.z;
    gl_FragColor = vec4(
        y + 1.402 * v, y - 0.344136 * u - 0.714136 * v, y + 1.772 * u, 1.0);
}
"""
_FULL_RANGE = (0.0, 1.0, 1.0)
_LIMITED_RANGE = (16 / 255, 255 / 219, 255 / 224)


class Drawing(Protocol):
    """A way to bring pictures to the glass: where `rectangle` is, once its group is drawn."""

    group: Any
    rectangle: Any

    def load(self, frame: Frame) -> None:
        """Take over the pixels of `frame`."""


class ShaderDrawing:
    """BT.601 on the GPU; the planes are uploaded as they are."""

    def __init__(self, mirrored: bool) -> None:
        self._mirrored = mirrored
        self._sizes: list[tuple[int, int]] = []
        self._planes: list[Any] = []
        self._bindings = [BindTexture(index=1), BindTexture(index=2)]
        self.rectangle = Rectangle()
        self.group = RenderContext(
            fs=_SHADER, use_parent_projection=True, use_parent_modelview=True
        )
        self.group["plane_u"] = 1
        self.group["plane_v"] = 2
        for instruction in (*self._bindings, self.rectangle):
            self.group.add(instruction)

    def load(self, frame: Frame) -> None:
        half = ((frame.width + 1) // 2, (frame.height + 1) // 2)
        sizes = [(frame.width, frame.height), half, half]
        if self._sizes != sizes:
            self._sizes = sizes
            self._planes = [_texture(size, "luminance") for size in sizes]
            _dress(self.rectangle, self._planes[0], self._mirrored)
            for binding, plane in zip(self._bindings, self._planes[1:], strict=True):
                binding.texture = plane
        for texture, pixels in zip(self._planes, (frame.y, frame.u, frame.v), strict=True):
            texture.blit_buffer(pixels, colorfmt="luminance", bufferfmt="ubyte")
        self.group["range"] = _FULL_RANGE if frame.full_range else _LIMITED_RANGE


class ProcessorDrawing:
    """RGBA made by numpy; a picture that is drawn small is made at half its size."""

    def __init__(self, mirrored: bool) -> None:
        self._mirrored = mirrored
        self._rgba = RgbaPicture()
        self._texture: Any = None
        self.rectangle = Rectangle()
        self.group = InstructionGroup()
        self.group.add(Color(1, 1, 1, 1))
        self.group.add(self.rectangle)

    def load(self, frame: Frame) -> None:
        rgba = self._rgba.convert(frame, half=self.rectangle.size[0] * 2 <= frame.width)
        size = (rgba.shape[1], rgba.shape[0])
        if self._texture is None or self._texture.size != size:
            self._texture = _texture(size, "rgba")
            _dress(self.rectangle, self._texture, self._mirrored)
        self._texture.blit_buffer(rgba.reshape(-1), colorfmt="rgba", bufferfmt="ubyte")


def _texture(size: tuple[int, int], colours: str) -> Any:
    return Texture.create(size=size, colorfmt=colours, bufferfmt="ubyte")


def _dress(rectangle: Any, texture: Any, mirrored: bool) -> None:
    """Rows come from the top, and GL draws the first row at the bottom."""
    rectangle.texture = texture
    left, right = (1, 0) if mirrored else (0, 1)
    rectangle.tex_coords = (left, 1, right, 1, right, 0, left, 0)
