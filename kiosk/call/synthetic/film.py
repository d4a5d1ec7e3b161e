"""A video file as a camera that sees the same thing again and again."""

import threading
from collections.abc import Generator

import av
from av import VideoFrame
from av.container import InputContainer

from kiosk.clock import Clock
from kiosk.errors import CallError


class Film:
    """See `camera.CameraSource`."""

    def __init__(self, path: str, clock: Clock) -> None:
        self._path = path
        self._clock = clock

    def pictures(self, stop: threading.Event) -> Generator[VideoFrame, None, None]:
        try:
            with av.open(self._path) as film:
                while not stop.is_set():
                    yield from self._once(film, stop)
                    film.seek(0)
        except (av.FFmpegError, OSError, IndexError) as error:
            raise CallError(f"{self._path}: is no film: {error}") from error

    def interrupt(self) -> None:
        """Every wait here is for `stop`."""

    def _once(
        self, film: InputContainer, stop: threading.Event
    ) -> Generator[VideoFrame, None, None]:
        began_s = None
        for picture in film.decode(video=0):
            if picture.time is None:
                raise CallError(f"{self._path}: pictures without a time")
            if began_s is None:
                began_s = self._clock.monotonic() - picture.time
            if stop.wait(max(0.0, began_s + picture.time - self._clock.monotonic())):
                return
            yield picture
        if began_s is None:
            raise CallError(f"{self._path}: holds no picture")
