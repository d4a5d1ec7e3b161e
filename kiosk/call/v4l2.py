"""A camera of the kernel's Video4Linux2 interface, opened through FFmpeg."""

import contextlib
import fcntl
import os
import struct
import threading
from collections.abc import Generator
from pathlib import Path
from typing import Final

import av
from av import VideoFrame
from av.container import InputContainer

from kiosk.errors import CallError

_STREAMOFF: Final = 0x40045613  # VIDIOC_STREAMOFF, linux/videodev2.h
_VIDEO_CAPTURE: Final = struct.pack("i", 1)  # V4L2_BUF_TYPE_VIDEO_CAPTURE


class V4l2Source:
    """See `camera.CameraSource`. A camera that can compresses its pictures: USB is narrow."""

    def __init__(self, device: str, width_px: int, height_px: int, fps: int) -> None:
        self._device = device
        self._options = {"video_size": f"{width_px}x{height_px}", "framerate": str(fps)}

    def pictures(self, stop: threading.Event) -> Generator[VideoFrame, None, None]:
        try:
            with self._open() as device:
                pictures = device.decode(video=0)
                while not stop.is_set() and (picture := next(pictures, None)) is not None:
                    yield picture
        except (av.FFmpegError, OSError) as error:
            if not stop.is_set():
                raise CallError(f"{self._device}: {error.strerror or error}") from error
        if not stop.is_set():
            raise CallError(f"{self._device}: gives no more pictures")

    def interrupt(self) -> None:
        """Stop the camera's stream: the kernel wakes whoever waits for its next picture.

        FFmpeg keeps its descriptor to itself, but the process's own table names them all.
        """
        device = os.path.realpath(self._device)
        for entry in Path("/proc/self/fd").iterdir():
            with contextlib.suppress(OSError):
                if str(entry.readlink()) == device:
                    fcntl.ioctl(int(entry.name), _STREAMOFF, _VIDEO_CAPTURE)

    def _open(self) -> InputContainer:
        try:
            return self._open_with({"input_format": "mjpeg"})
        except (av.FFmpegError, OSError):
            return self._open_with({})

    def _open_with(self, options: dict[str, str]) -> InputContainer:
        return av.open(self._device, format="video4linux2", options={**self._options, **options})
