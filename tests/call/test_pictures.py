"""Pictures of every kind into a frame file."""

import threading
from pathlib import Path

import numpy
import pytest
from av import VideoFrame
from av.video.reformatter import ColorRange

from kiosk.call.pictures import Pictures, as_i420, fitted
from kiosk.errors import CallError
from kiosk.wire.frames import FrameReader


def picture_of(width: int, height: int, kind: str = "yuv420p", luminance: int = 90) -> VideoFrame:
    picture = VideoFrame(width, height, kind)
    for plane, value in zip(picture.planes, (luminance, 128, 140), strict=False):
        plane.update(bytes([value]) * plane.buffer_size)
    return picture


def is_zeroed(path: Path) -> bool:
    """But for the file's magic."""
    return not path.read_bytes()[8:].strip(b"\0")


@pytest.mark.parametrize(
    "size_px", [(640, 480), (642, 482), (321, 241), (1, 1), (720, 1280), (16, 16)]
)
def test_rows_are_written_without_their_padding(tmp_path: Path, size_px: tuple[int, int]) -> None:
    width, height = size_px
    pictures = Pictures(tmp_path / "remote")
    pictures.open(7)
    picture = picture_of(width, height)
    rows = numpy.frombuffer(memoryview(picture.planes[0]), numpy.uint8)
    marked = rows.reshape(-1, picture.planes[0].line_size).copy()
    marked[:, width:] = 255
    marked[:, width - 1] = 17
    picture.planes[0].update(marked.tobytes())
    pictures.write(picture, 5)
    frame = FrameReader(tmp_path / "remote").newest(7)
    assert frame is not None
    assert (frame.width, frame.height, frame.stamp_ns) == (width, height, 5)
    seen = numpy.frombuffer(frame.y, numpy.uint8).reshape(height, width)
    assert (seen[:, -1] == 17).all()
    assert (seen[:, :-1] == 90).all()
    assert set(frame.u) == {128}
    assert set(frame.v) == {140}


def test_a_picture_too_large_for_a_slot_becomes_smaller(tmp_path: Path) -> None:
    pictures = Pictures(tmp_path / "remote")
    pictures.open(7)
    pictures.write(as_i420(picture_of(1920, 1080)), 5)
    frame = FrameReader(tmp_path / "remote").newest(7)
    assert frame is not None
    assert (frame.width, frame.height) == (1280, 720)
    assert abs(frame.y[1000] - 90) <= 1


def test_a_full_range_picture_says_so(tmp_path: Path) -> None:
    pictures = Pictures(tmp_path / "remote")
    pictures.open(7)
    reader = FrameReader(tmp_path / "remote")
    for picture, full in (
        (picture_of(64, 48), False),
        (picture_of(64, 48, "yuvj420p"), True),
    ):
        pictures.write(as_i420(picture), 5)
        frame = reader.newest(7)
        assert frame is not None
        assert frame.full_range is full


def test_another_kind_of_picture_is_converted_to_limited_range(tmp_path: Path) -> None:
    converted = as_i420(picture_of(64, 48, "yuvj422p", luminance=255))
    assert converted.format.name == "yuv420p"
    assert converted.color_range == ColorRange.MPEG
    assert converted.planes[0].line_size
    assert abs(bytes(converted.planes[0])[0] - 235) <= 1


def test_nothing_is_written_once_it_is_shut(tmp_path: Path) -> None:
    path = tmp_path / "remote"
    pictures = Pictures(path)
    pictures.open(7)
    pictures.write(picture_of(640, 480), 5)
    assert not is_zeroed(path)
    pictures.shut()
    pictures.write(picture_of(640, 480), 6)
    assert is_zeroed(path)


def test_a_thread_that_writes_while_it_is_shut_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "self"
    pictures = Pictures(path)
    enough = threading.Event()

    def write() -> None:
        while not enough.is_set():
            pictures.write(picture_of(640, 480), 5)

    writer = threading.Thread(target=write)
    pictures.open(7)
    writer.start()
    try:
        for _ in range(20):
            pictures.shut()
            assert is_zeroed(path)
            pictures.open(7)
        pictures.shut()
    finally:
        enough.set()
        writer.join()
    assert is_zeroed(path)


def test_a_new_call_finds_no_picture_of_the_old_one(tmp_path: Path) -> None:
    pictures = Pictures(tmp_path / "remote")
    pictures.open(7)
    pictures.write(picture_of(64, 48), 5)
    pictures.open(8)
    assert is_zeroed(tmp_path / "remote")
    pictures.write(picture_of(64, 48), 6)
    reader = FrameReader(tmp_path / "remote")
    assert reader.newest(7) is None
    assert reader.newest(8) is not None


@pytest.mark.parametrize(
    ("size", "fits_in"),
    [
        ((640, 480), (640, 480)),
        ((1920, 1080), (1280, 720)),
        ((1080, 1920), (404, 720)),
        ((4, 4000), (2, 720)),
        ((641, 481), (640, 480)),
    ],
)
def test_a_picture_keeps_its_shape_when_it_becomes_smaller(
    size: tuple[int, int], fits_in: tuple[int, int]
) -> None:
    assert fitted(*size, 1280, 720) == fits_in


def test_a_picture_without_a_size_is_refused() -> None:
    with pytest.raises(CallError):
        as_i420(VideoFrame())


def test_a_place_that_can_not_be_had_is_named(tmp_path: Path) -> None:
    with pytest.raises(CallError, match="nowhere"):
        Pictures(tmp_path / "nowhere" / "remote")
