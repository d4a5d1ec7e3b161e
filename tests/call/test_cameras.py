"""Where pictures come from when there is no camera, and what is said of one that is not there."""

import contextlib
import fcntl
import itertools
import sys
import threading
from pathlib import Path

import numpy
import pytest

from kiosk.call.camera import CameraSource, camera_source
from kiosk.call.settings import Camera
from kiosk.errors import CallError, ConfigError
from tests.call.film import make_film
from tests.call.kit import CLOCK, now_s


def source_of(name: str) -> CameraSource:
    return camera_source(Camera(source=name), CLOCK)


def pictures_of(name: str, count: int) -> list[numpy.ndarray]:
    stop = threading.Event()
    with contextlib.closing(source_of(name).pictures(stop)) as pictures:
        return [
            picture.to_ndarray(format="yuv420p") for picture in itertools.islice(pictures, count)
        ]


def test_the_pattern_moves_at_its_pace() -> None:
    began_s = now_s()
    pictures = pictures_of("pattern", 16)
    assert now_s() - began_s == pytest.approx(15 / 30, abs=0.05)
    assert pictures[0].shape == (720, 640)
    for before, after in itertools.pairwise(pictures):
        assert (before != after).any()
    assert len(numpy.unique(pictures[0][:480])) > 4


def test_a_film_begins_anew_when_it_is_over(tmp_path: Path) -> None:
    film = tmp_path / "film.mp4"
    make_film(film, pictures=5)
    began_s = now_s()
    pictures = pictures_of(f"file:{film}", 12)
    assert now_s() - began_s == pytest.approx(10 / 25, abs=0.1)
    assert pictures[0].shape == (360, 320)
    assert (pictures[0] == pictures[5]).all()
    assert (pictures[0] != pictures[1]).any()


@pytest.mark.parametrize("name", ["pattern", "film"])
def test_a_source_ends_when_it_is_asked_to(name: str, tmp_path: Path) -> None:
    film = tmp_path / "film.mp4"
    make_film(film, pictures=5)
    stop = threading.Event()
    seen = 0
    for _ in source_of(f"file:{film}" if name == "film" else name).pictures(stop):
        seen += 1
        if seen == 3:
            stop.set()
    assert seen == 3


@pytest.fixture
def broken_films(tmp_path: Path) -> list[Path]:
    text = tmp_path / "text.mp4"
    text.write_text("no film")
    return [tmp_path / "missing.mp4", text, tmp_path]


def test_what_is_no_film_is_a_camera_that_failed(broken_films: list[Path]) -> None:
    for path in broken_films:
        with pytest.raises(CallError, match=str(path)):
            pictures_of(f"file:{path}", 1)


@pytest.mark.parametrize("device", ["/dev/video99", "/dev/null", "/etc/hostname"])
def test_what_is_no_camera_is_a_camera_that_failed(device: str) -> None:
    with pytest.raises(CallError, match=device):
        pictures_of(f"v4l2:{device}", 1)


def test_an_interrupt_reaches_a_camera_only_while_it_is_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reached: list[int] = []
    monkeypatch.setattr(fcntl, "ioctl", lambda descriptor, *_: reached.append(descriptor))
    camera = source_of("v4l2:/dev/full")
    camera.interrupt()
    assert reached == []
    with Path("/dev/full").open("wb") as opened:
        camera.interrupt()
        assert reached == [opened.fileno()]


def test_a_release_without_synthetic_cameras_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "kiosk.call.synthetic", None)
    with pytest.raises(ConfigError, match=r"camera\.source"):
        source_of("pattern")
    source_of("v4l2:/dev/video99")
