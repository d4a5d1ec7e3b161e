"""A camera that gives no more pictures, and no error, is told of and opened again."""

import asyncio
import threading
from collections.abc import Generator
from pathlib import Path

import pytest
from av import VideoFrame

from kiosk.call import camera
from kiosk.call.camera import Camera
from kiosk.call.newest import Newest
from kiosk.call.pictures import Pictures
from kiosk.errors import CallError
from kiosk.wire.messages import MediaDevice
from tests.call.kit import CLOCK

LOOK_S = 0.05
WAIT_S = 10.0


class Source:
    """Waits so many looks before each picture; for good at the end, until it is interrupted."""

    def __init__(self, *looks: int) -> None:
        self._looks = looks
        self._woken = threading.Event()

    def pictures(self, stop: threading.Event) -> Generator[VideoFrame, None, None]:
        for looks in self._looks:
            if self._woken.wait(looks * LOOK_S):
                break
            yield VideoFrame(64, 48, "yuv420p")
        if not stop.is_set():
            assert self._woken.wait(WAIT_S)
            raise CallError("interrupted")

    def interrupt(self) -> None:
        self._woken.set()


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(camera, "LOOK_S", LOOK_S)


def made(source: Source, directory: Path) -> Camera:
    newest = Newest(asyncio.get_running_loop())
    return Camera(source, (64, 48), newest, Pictures(directory / "self"), CLOCK)


async def test_a_camera_that_hangs_is_told_and_given_up(tmp_path: Path) -> None:
    told: list[MediaDevice] = []
    watched = made(Source(0, 0, 0), tmp_path)
    with pytest.raises(CallError, match="interrupted"):
        await asyncio.to_thread(watched.work, threading.Event(), told.append)
    assert [state.up for state in told] == [True, True, True, False]


async def test_a_camera_that_opens_slowly_or_gives_a_picture_now_and_then_does_not_hang(
    tmp_path: Path,
) -> None:
    told: list[MediaDevice] = []
    source, stop = Source(8, 1, 1, 2, 1), threading.Event()
    watched = made(source, tmp_path)

    def tell(state: MediaDevice) -> None:
        told.append(state)
        if len(told) == 5:
            stop.set()

    await asyncio.to_thread(watched.work, stop, tell)
    assert all(state.up for state in told)
    assert len(told) == 5


async def test_nothing_watches_a_camera_that_is_closed(tmp_path: Path) -> None:
    stop = threading.Event()
    watched = made(Source(0, 0), tmp_path)
    await asyncio.to_thread(watched.work, stop, lambda _state: stop.set())
    assert not [each for each in threading.enumerate() if each.name.endswith("watched")]
