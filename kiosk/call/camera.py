"""The camera: what it sees is shown to its own side, and kept as the newest picture to send."""

import threading
from collections.abc import Callable, Generator
from contextlib import closing
from fractions import Fraction
from importlib import import_module
from typing import Final, Protocol, Self

from av import VideoFrame
from av.video.frame import PictureType
from av.video.reformatter import ColorRange

from kiosk.call import settings
from kiosk.call.keeper import THREADS, Tell
from kiosk.call.newest import Newest
from kiosk.call.pictures import Pictures, fitted
from kiosk.call.v4l2 import V4l2Source
from kiosk.clock import Clock, Seconds
from kiosk.errors import ConfigError
from kiosk.wire.messages import MediaDevice

TIME_BASE: Final = Fraction(1, 90_000)
"""The clock rate of video on the network (RFC 3551, RFC 7741)."""


LOOK_S: Final[Seconds] = 1.0
MOST_LOOKS: Final = 3
"""A camera that gave pictures, and none between so many looks, hangs. Time alone does not tell: the
whole program may have been stopped."""


class CameraSource(Protocol):
    """Where pictures come from, at the pace at which they come."""

    def pictures(self, stop: threading.Event) -> Generator[VideoFrame, None, None]:
        """Pictures until `stop` is set. Raises CallError when the source fails.

        The source is closed when the generator is.
        """

    def interrupt(self) -> None:
        """Make a wait for the next picture end; called from another thread."""


class Camera:
    """A device for a Keeper."""

    parts: Final = ("camera",)

    def __init__(
        self,
        source: CameraSource,
        size_px: tuple[int, int],
        newest: Newest,
        own_view: Pictures,
        clock: Clock,
    ) -> None:
        self._source = source
        self._size_px = size_px
        self._newest = newest
        self._own_view = own_view
        self._clock = clock

    def work(self, stop: threading.Event, tell: Tell) -> None:
        """See `keeper.Device`."""

        def hangs() -> None:
            tell(MediaDevice("camera", up=False, reason="gives no more pictures, and no error"))
            self._source.interrupt()

        try:
            with closing(self._source.pictures(stop)) as pictures, _Watch(hangs) as watch:
                for picture in pictures:
                    at_s = self._clock.monotonic()
                    if stop.is_set():
                        return
                    watch.pictures += 1
                    tell(MediaDevice("camera", up=True))
                    self._pass_on(_ready(picture, self._size_px), at_s)
        finally:
            self._newest.forget()

    def interrupt(self) -> None:
        self._source.interrupt()

    def _pass_on(self, picture: VideoFrame, at_s: Seconds) -> None:
        picture.pts, picture.time_base = round(at_s / TIME_BASE), TIME_BASE
        self._own_view.write(picture, round(at_s * 1e9))
        self._newest.put(picture)


class _Watch:
    """Calls `hangs` when no more is counted; a camera may take its time for the first."""

    def __init__(self, hangs: Callable[[], None]) -> None:
        self.pictures = 0
        self._hangs = hangs
        self._over = threading.Event()
        name = f"{THREADS}camera, watched"
        self._thread = threading.Thread(target=self._look, name=name, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        before, still = 0, 0
        while not self._over.wait(LOOK_S):
            still = still + 1 if 0 < self.pictures == before else 0
            before = self.pictures
            if still == MOST_LOOKS:
                self._hangs()


def camera_source(camera: settings.Camera, clock: Clock) -> CameraSource:
    """The source that the settings name.

    Raises ConfigError for a synthetic camera where none is installed: a terminal has none.
    """
    kind, _, place = camera.source.partition(":")
    if kind == "v4l2":
        return V4l2Source(place, camera.width_px, camera.height_px, camera.fps)
    try:
        synthetic = import_module("kiosk.call.synthetic")
    except ModuleNotFoundError as error:
        raise ConfigError("camera.source", ["this release has no synthetic cameras"]) from error
    source: CameraSource = synthetic.source(kind, place, camera, clock)
    return source


def _ready(picture: VideoFrame, size_px: tuple[int, int]) -> VideoFrame:
    """A picture as the encoder and the screen want it."""
    size_px = fitted(picture.width, picture.height, *size_px)
    if picture.format.name != "yuv420p" or (picture.width, picture.height) != size_px:
        width, height = size_px
        picture = picture.reformat(
            width=width, height=height, format="yuv420p", dst_color_range=ColorRange.MPEG
        )
    # A camera's JPEG pictures say that they are keyframes, and the encoder would obey.
    picture.pict_type = PictureType.NONE
    return picture
