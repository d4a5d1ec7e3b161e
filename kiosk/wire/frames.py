"""Pictures between kiosk-call and kiosk-ui: a fixed-size file on tmpfs that is never replaced.

The file is a header and three slots, each sized for 1280x720 I420. The writer fills the slot after
the newest one, its sequence odd meanwhile, and then names it the newest. A reader copies a slot and
checks the sequence again: no lock, and a dead writer can not stop a reader. Nothing is ever mapped,
because a file truncated under a mapping kills the process that holds it.
"""

import os
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from kiosk.errors import CallError

Buffer: TypeAlias = bytes | bytearray | memoryview

MAX_WIDTH_PX = 1280
MAX_HEIGHT_PX = 720
SLOTS = 3

_MAGIC = b"VKFRAME1"
_FILE = struct.Struct("<8sQ")  # magic, number of the newest frame (0: none)
_SLOT = struct.Struct("<QQQIII")  # sequence, call, stamp_ns, width, height, full_range
_FILE_HEADER_BYTES = 64
_SLOT_HEADER_BYTES = 64
_PIXEL_BYTES = MAX_WIDTH_PX * MAX_HEIGHT_PX * 3 // 2
_SLOT_BYTES = _SLOT_HEADER_BYTES + _PIXEL_BYTES
_MODE = 0o640
FILE_BYTES = _FILE_HEADER_BYTES + SLOTS * _SLOT_BYTES


@dataclass(frozen=True, slots=True)
class Frame:
    """One I420 picture: `y` is width x height bytes, `u` and `v` are half of each side, rounded up.

    The views belong to the reader and are overwritten by its next read.
    """

    number: int
    call: int
    stamp_ns: int
    width: int
    height: int
    full_range: bool
    y: memoryview
    u: memoryview
    v: memoryview


def plane_bytes(width: int, height: int) -> tuple[int, int]:
    """Bytes of the luminance plane and of each colour plane."""
    return width * height, ((width + 1) // 2) * ((height + 1) // 2)


def fits(width: int, height: int) -> bool:
    """Whether a picture has a size that a slot can hold, in either orientation."""
    y, c = plane_bytes(width, height)
    return width > 0 and height > 0 and y + 2 * c <= _PIXEL_BYTES


class FrameWriter:
    """The one writer of a frame file."""

    def __init__(self, path: Path) -> None:
        """Open `path`, creating it at its full size; it is readable by its group.

        Raises CallError when it cannot be had.
        """
        self._newest = 0
        self._blank = False
        try:
            self._fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, _MODE)
        except OSError as error:
            raise CallError(f"{path}: cannot hold pictures: {error.strerror}") from error
        try:
            os.fchmod(self._fd, _MODE)  # whatever the umask made of it
            os.ftruncate(self._fd, FILE_BYTES)
            self.clear()
        except OSError as error:
            self.close()
            raise CallError(f"{path}: cannot hold pictures: {error.strerror}") from error

    def write(
        self,
        call: int,
        stamp_ns: int,
        size_px: tuple[int, int],
        planes: Sequence[Buffer],
        *,
        full_range: bool = False,
    ) -> None:
        """Publish one I420 picture; `planes` are y, u, v without row padding.

        Raises CallError when size and planes do not belong together or do not fit a slot.
        """
        width, height = size_px
        y_bytes, c_bytes = plane_bytes(width, height)
        if not fits(width, height) or [len(p) for p in planes] != [y_bytes, c_bytes, c_bytes]:
            raise CallError(f"a picture of {width}x{height} does not fit its planes or a slot")
        number = self._newest + 1
        slot_at = _slot_offset(number)
        head = (call, stamp_ns, width, height, int(full_range))
        self._blank = False
        os.pwrite(self._fd, _SLOT.pack(number * 2 - 1, *head), slot_at)
        os.pwritev(self._fd, planes, slot_at + _SLOT_HEADER_BYTES)
        os.pwrite(self._fd, _SLOT.pack(number * 2, *head), slot_at)
        os.pwrite(self._fd, _FILE.pack(_MAGIC, number), 0)
        self._newest = number

    def clear(self) -> None:
        """Zero every picture, so that nothing of a person stays behind."""
        if self._blank:  # it takes 2 ms
            return
        os.pwrite(self._fd, _FILE.pack(_MAGIC, 0), 0)
        zeros = bytes(_SLOT_BYTES)
        for slot in range(SLOTS):
            os.pwrite(self._fd, zeros, _FILE_HEADER_BYTES + slot * _SLOT_BYTES)
        self._blank = True

    def close(self) -> None:
        os.close(self._fd)


class FrameReader:
    """Copies the newest picture out of a frame file; survives any state of that file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._fd: int | None = None
        self._pixels = bytearray(_PIXEL_BYTES)

    def newest(self, call: int, after: int = 0) -> Frame | None:
        """The newest picture of `call` if its number is not `after`; None when there is none."""
        try:
            if self._fd is not None and os.fstat(self._fd).st_nlink == 0:
                self.close()  # its directory was removed with the writer's program, and made anew
            if self._fd is None:
                self._fd = os.open(self._path, os.O_RDONLY | os.O_CLOEXEC)
            return self._read(call, after)
        except OSError:
            return None

    def close(self) -> None:
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None

    def _read(self, call: int, after: int) -> Frame | None:
        assert self._fd is not None
        head = os.pread(self._fd, _FILE.size, 0)
        if len(head) < _FILE.size:
            return None
        magic, number = _FILE.unpack(head)
        if magic != _MAGIC or number in (0, after):
            return None
        offset = _slot_offset(number)
        slot = os.pread(self._fd, _SLOT.size, offset)
        if len(slot) < _SLOT.size:
            return None
        sequence, of_call, stamp_ns, width, height, full_range = _SLOT.unpack(slot)
        if sequence != number * 2 or of_call != call or not fits(width, height):
            return None
        y, c = plane_bytes(width, height)
        whole = memoryview(self._pixels)
        got = os.preadv(self._fd, [whole[: y + 2 * c]], offset + _SLOT_HEADER_BYTES)
        if got != y + 2 * c or os.pread(self._fd, _SLOT.size, offset) != slot:
            return None
        return Frame(
            number,
            of_call,
            stamp_ns,
            width,
            height,
            bool(full_range),
            whole[:y],
            whole[y : y + c],
            whole[y + c : y + 2 * c],
        )


def _slot_offset(number: int) -> int:
    return _FILE_HEADER_BYTES + (number % SLOTS) * _SLOT_BYTES
