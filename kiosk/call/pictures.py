"""Decoded pictures into a frame file, until the moment that it is shut."""

import threading
from pathlib import Path

import numpy
from av import VideoFrame
from av.video.plane import VideoPlane
from av.video.reformatter import ColorRange

from kiosk.errors import CallError
from kiosk.wire.frames import MAX_HEIGHT_PX, MAX_WIDTH_PX, FrameWriter, fits


class Pictures:
    """One frame file. Any thread may write; what comes after `shut` is dropped."""

    def __init__(self, path: Path) -> None:
        """Raises CallError when the file cannot be had."""
        self._writer = FrameWriter(path)
        self._lock = threading.Lock()
        self._call: int | None = None

    def open(self, call: int) -> None:
        """Zero the file; from now on pictures belong to `call`."""
        with self._lock:
            self._writer.clear()
            self._call = call

    def shut(self) -> None:
        """Zero the file and write no more."""
        with self._lock:
            self._call = None
            self._writer.clear()

    def write(self, picture: VideoFrame, stamp_ns: int) -> None:
        """Publish a picture that has passed through `as_i420`."""
        planes = [_packed(plane) for plane in picture.planes]
        full_range = picture.format.name == "yuvj420p" or picture.color_range == ColorRange.JPEG
        with self._lock:
            if self._call is not None:
                size_px = (picture.width, picture.height)
                self._writer.write(self._call, stamp_ns, size_px, planes, full_range=full_range)

    def close(self) -> None:
        with self._lock:
            self._call = None
            self._writer.close()


def as_i420(picture: VideoFrame) -> VideoFrame:
    """The picture in planes of 4:2:0, made smaller when no slot can hold it.

    Raises CallError for a picture that is none.
    """
    width, height = picture.width, picture.height
    if picture.format.name in ("yuv420p", "yuvj420p") and fits(width, height):
        return picture
    if width <= 0 or height <= 0:
        raise CallError("a picture without a size")
    return _reformatted(picture, *fitted(width, height, MAX_WIDTH_PX, MAX_HEIGHT_PX))


def fitted(width: int, height: int, most_width: int, most_height: int) -> tuple[int, int]:
    """The largest even size of the same shape within these bounds, never enlarged."""
    scale = min(1.0, most_width / width, most_height / height)
    return max(2, int(width * scale) // 2 * 2), max(2, int(height * scale) // 2 * 2)


def _reformatted(picture: VideoFrame, width: int, height: int) -> VideoFrame:
    return picture.reformat(
        width=width, height=height, format="yuv420p", dst_color_range=ColorRange.MPEG
    )


def _packed(plane: VideoPlane) -> bytes:
    """The rows of a plane without their padding."""
    rows = numpy.frombuffer(memoryview(plane), numpy.uint8).reshape(-1, plane.line_size)
    return bytes(rows[: plane.height, : plane.width].tobytes())
