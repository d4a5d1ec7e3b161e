"""The frame file: whole pictures or none, whatever the state of file and writer."""

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kiosk.errors import CallError
from kiosk.wire import frames
from kiosk.wire.frames import FILE_BYTES, Frame, FrameReader, FrameWriter, fits, plane_bytes
from tests.wire import frame_writer

ROOT = Path(__file__).parents[2]
SMALL = (4, 2)
GREY = [b"YYYYYYYY", b"UU", b"VV"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "remote"


@pytest.fixture
def writer(path: Path) -> Iterator[FrameWriter]:
    with closing(FrameWriter(path)) as opened:
        yield opened


@pytest.fixture
def reader(path: Path) -> Iterator[FrameReader]:
    with closing(FrameReader(path)) as opened:
        yield opened


def _planes(size_px: tuple[int, int], seed: int = 0) -> list[bytes]:
    """Planes of three patterns that no shift and no swap maps onto each other."""
    y_bytes, c_bytes = plane_bytes(*size_px)
    pattern = bytes((n * n + seed) % 251 for n in range(1021))
    whole = pattern * (y_bytes // len(pattern) + 2)
    return [whole[:y_bytes], whole[1 : 1 + c_bytes], whole[2 : 2 + c_bytes]]


def _content(frame: Frame | None) -> list[bytes]:
    assert frame is not None
    return [bytes(frame.y), bytes(frame.u), bytes(frame.v)]


_sizes = st.tuples(st.integers(1, 1280), st.integers(1, 1280)).filter(lambda size: fits(*size))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    size_px=_sizes,
    call=st.integers(0, 2**64 - 1),
    stamp_ns=st.integers(0, 2**64 - 1),
    full=st.booleans(),
)
@example((1280, 720), 1, 1, False)
@example((720, 1280), 1, 1, True)
@example((641, 479), 1, 1, False)
@example((1, 1), 1, 1, False)
@example((1279, 719), 1, 1, False)
def test_every_size_round_trips(
    writer: FrameWriter,
    reader: FrameReader,
    size_px: tuple[int, int],
    call: int,
    stamp_ns: int,
    full: bool,
) -> None:
    planes = _planes(size_px, seed=call)
    writer.write(call, stamp_ns, size_px, planes, full_range=full)
    frame = reader.newest(call)
    assert _content(frame) == planes
    assert frame is not None
    assert (frame.width, frame.height) == size_px
    assert (frame.call, frame.stamp_ns, frame.full_range) == (call, stamp_ns, full)


def test_the_newest_picture_is_read_and_only_once(writer: FrameWriter, reader: FrameReader) -> None:
    assert reader.newest(1) is None
    for number in range(1, 10):
        writer.write(1, number * 10, SMALL, _planes(SMALL, number))
        frame = reader.newest(1, after=number - 1)
        assert frame is not None
        assert (frame.number, frame.stamp_ns) == (number, number * 10)
        assert _content(frame) == _planes(SMALL, number)
        assert reader.newest(1, after=number) is None


def test_a_picture_of_another_call_is_not_read(writer: FrameWriter, reader: FrameReader) -> None:
    writer.write(1, 0, SMALL, GREY)
    assert reader.newest(2) is None
    writer.write(2, 0, SMALL, GREY)
    assert reader.newest(1) is None
    assert reader.newest(2) is not None


@pytest.mark.parametrize("newer", range(1, 8))
def test_a_write_into_the_slot_that_is_being_read_is_seen_by_its_sequence(
    writer: FrameWriter,
    reader: FrameReader,
    monkeypatch: pytest.MonkeyPatch,
    newer: int,
) -> None:
    """While the pixels of a picture are copied, so many newer ones are written."""
    writer.write(1, 0, SMALL, GREY)
    copy = os.preadv

    def copy_late(fd: int, buffers: Any, offset: int) -> int:
        for number in range(newer):
            writer.write(1, 0, SMALL, _planes(SMALL, number))
        return copy(fd, buffers, offset)

    monkeypatch.setattr(os, "preadv", copy_late)
    frame = reader.newest(1)
    if newer < frames.SLOTS:
        assert _content(frame) == GREY
    else:
        assert frame is None


def test_a_picture_that_is_half_overwritten_while_it_is_read_is_not_shown(
    writer: FrameWriter, reader: FrameReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The writer has come to the colours of the picture that takes the slot, no further."""
    for _ in range(frames.SLOTS):
        writer.write(1, 0, SMALL, GREY)
    copy, write_pixels = os.preadv, os.pwritev

    def die_at_the_colours(fd: int, planes: Any, offset: int) -> int:
        write_pixels(fd, planes[:1], offset)
        raise KeyboardInterrupt

    def copy_late(fd: int, buffers: Any, offset: int) -> int:
        for _ in range(frames.SLOTS - 1):
            writer.write(1, 0, SMALL, GREY)
        with monkeypatch.context() as broken, pytest.raises(KeyboardInterrupt):
            broken.setattr(os, "pwritev", die_at_the_colours)
            writer.write(1, 0, SMALL, _planes(SMALL))
        return copy(fd, buffers, offset)

    monkeypatch.setattr(os, "preadv", copy_late)
    assert reader.newest(1) is None


def test_a_writer_that_died_in_the_middle_of_a_picture_leaves_the_one_before(
    writer: FrameWriter, reader: FrameReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer.write(1, 0, SMALL, GREY)

    def die(*_: object) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken, pytest.raises(KeyboardInterrupt):
        broken.setattr(os, "pwritev", die)
        writer.write(1, 0, SMALL, _planes(SMALL, 1))
    frame = reader.newest(1)
    assert _content(frame) == GREY
    assert frame is not None
    assert frame.number == 1


def test_a_slot_named_newest_while_it_is_being_written_is_not_read(
    writer: FrameWriter, reader: FrameReader, path: Path
) -> None:
    writer.write(1, 0, SMALL, GREY)
    slot = frames._slot_offset(1)
    with path.open("r+b") as file:
        file.seek(slot)
        file.write((1).to_bytes(8, "little"))
    assert reader.newest(1) is None


@pytest.mark.parametrize(
    "left_bytes",
    [0, 1, 15, 16, 63, 64, frames._slot_offset(1) + 8, frames._slot_offset(1) + 64 + 5],
)
def test_a_truncated_file_is_no_picture_and_never_raises(
    writer: FrameWriter, reader: FrameReader, path: Path, left_bytes: int
) -> None:
    writer.write(1, 0, SMALL, GREY)
    assert reader.newest(1) is not None
    os.truncate(path, left_bytes)
    assert reader.newest(1) is None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(head=st.binary(min_size=0, max_size=64), slot=st.binary(min_size=0, max_size=64))
def test_noise_in_the_headers_never_raises(
    writer: FrameWriter, reader: FrameReader, path: Path, head: bytes, slot: bytes
) -> None:
    writer.write(1, 0, SMALL, GREY)
    with path.open("r+b") as file:
        file.write(head)
        for number in range(frames.SLOTS):
            file.seek(frames._slot_offset(number))
            file.write(slot)
    for call in (0, 1):
        reader.newest(call)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(
    number=st.integers(1, 2**62),
    size_px=st.tuples(st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1)),
)
@example(1, (2**32 - 1, 2**32 - 1))
@example(1, (0, 0))
def test_a_lying_size_never_raises(
    writer: FrameWriter, reader: FrameReader, path: Path, number: int, size_px: tuple[int, int]
) -> None:
    with path.open("r+b") as file:
        file.write(frames._FILE.pack(frames._MAGIC, number))
        file.seek(frames._slot_offset(number))
        file.write(frames._SLOT.pack(number * 2, 1, 0, *size_px, 0))
    frame = reader.newest(1)
    assert (frame is not None) == fits(*size_px)


def test_a_reader_may_come_before_the_file(path: Path, reader: FrameReader) -> None:
    assert reader.newest(1) is None
    with closing(FrameWriter(path)) as writer:
        writer.write(1, 0, SMALL, GREY)
        assert _content(reader.newest(1)) == GREY


def test_a_reader_finds_a_file_that_was_removed_and_made_anew(
    path: Path, writer: FrameWriter, reader: FrameReader
) -> None:
    writer.write(1, 0, SMALL, GREY)
    assert reader.newest(1) is not None
    path.unlink()
    assert reader.newest(1) is None
    with closing(FrameWriter(path)) as successor:
        successor.write(1, 0, SMALL, _planes(SMALL, 5))
        assert _content(reader.newest(1)) == _planes(SMALL, 5)


def test_what_is_no_file_is_no_picture(tmp_path: Path) -> None:
    with closing(FrameReader(tmp_path)) as reader:
        assert reader.newest(1) is None


def test_a_writer_that_starts_again_shows_nothing_of_its_predecessor(
    path: Path, writer: FrameWriter, reader: FrameReader
) -> None:
    for _ in range(5):
        writer.write(1, 0, SMALL, GREY)
    with closing(FrameWriter(path)) as successor:
        assert reader.newest(1) is None
        successor.write(1, 0, SMALL, _planes(SMALL, 5))
        assert _content(reader.newest(1)) == _planes(SMALL, 5)


def test_clear_zeroes_every_picture(path: Path, writer: FrameWriter, reader: FrameReader) -> None:
    size_px = (1280, 720)
    y_bytes, c_bytes = plane_bytes(*size_px)
    for _ in range(frames.SLOTS):
        writer.write(1, 1, size_px, [b"\xaa" * y_bytes, b"\xbb" * c_bytes, b"\xcc" * c_bytes])
    assert path.read_bytes().count(b"\xaa") >= frames.SLOTS * y_bytes
    writer.clear()
    whole = path.read_bytes()
    assert whole == frames._MAGIC + bytes(FILE_BYTES - len(frames._MAGIC))
    assert reader.newest(1) is None
    writer.write(1, 2, SMALL, GREY)
    assert _content(reader.newest(1)) == GREY
    for _ in range(2):
        writer.clear()
        assert path.read_bytes() == whole


def test_a_picture_that_is_cleared_while_it_is_read_is_not_shown(
    writer: FrameWriter, reader: FrameReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer.write(1, 0, SMALL, GREY)
    copy = os.preadv

    def copy_late(fd: int, buffers: Any, offset: int) -> int:
        writer.clear()
        return copy(fd, buffers, offset)

    monkeypatch.setattr(os, "preadv", copy_late)
    assert reader.newest(1) is None


@pytest.mark.parametrize(
    ("size_px", "planes"),
    [
        (SMALL, [b"YYYYYYY", b"UU", b"VV"]),
        (SMALL, [b"YYYYYYYY", b"UU"]),
        (SMALL, [b"YYYYYYYY", b"U", b"VV"]),
        ((0, 0), [b"", b"", b""]),
        ((-4, -2), [b"YYYYYYYY", b"UU", b"VV"]),
        ((1282, 720), _planes((1282, 720))),
    ],
    ids=["short luminance", "no third plane", "short colour", "nothing", "negative", "too wide"],
)
def test_a_picture_that_does_not_fit_is_refused_and_changes_nothing(
    writer: FrameWriter, path: Path, size_px: tuple[int, int], planes: list[bytes]
) -> None:
    before = path.read_bytes()
    with pytest.raises(CallError):
        writer.write(1, 0, size_px, planes)
    assert path.read_bytes() == before


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077])
def test_the_file_is_for_its_user_and_readable_by_its_group(path: Path, mask: int) -> None:
    before = os.umask(mask)
    try:
        FrameWriter(path).close()
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert path.stat().st_size == FILE_BYTES


@pytest.mark.parametrize("place", ["absent/remote", "."])
def test_a_place_that_cannot_hold_pictures_is_told(tmp_path: Path, place: str) -> None:
    with pytest.raises(CallError, match="cannot hold pictures"):
        FrameWriter(tmp_path / place)


def test_a_full_disk_is_told_and_leaves_no_descriptor(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    before = list(Path("/proc/self/fd").iterdir())
    monkeypatch.setattr(os, "pwrite", full)
    with pytest.raises(CallError, match="No space left"):
        FrameWriter(path)
    assert len(list(Path("/proc/self/fd").iterdir())) == len(before)


def test_a_reader_never_sees_a_mixture_while_another_process_writes(
    path: Path, reader: FrameReader
) -> None:
    command = [sys.executable, "-m", frame_writer.__name__, str(path)]
    seen: list[int] = [0]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE) as process:
        while len(seen) < 200:
            frame = reader.newest(frame_writer.CALL, seen[-1])
            if frame is None:
                assert process.poll() is None
                continue
            shades = {value for plane in _content(frame) for value in set(plane)}
            assert shades == {frame.number % 251}
            assert frame.number == frame.stamp_ns
            seen.append(frame.number)
    assert process.returncode == 0
    assert seen == sorted(set(seen))
