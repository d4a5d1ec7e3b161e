"""Only fresh pictures of the right call are seen, and none after its end."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.ui.colours import BLACK, WHITE
from kiosk.ui.elements import Picture
from kiosk.ui.feed import STALE_S, Blank, Feed
from kiosk.ui.geometry import Box
from kiosk.wire.frames import Frame, FrameWriter

CALL = 4
AT_S = 100.0
END_S = AT_S + 1000


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "remote"


@pytest.fixture
def writer(path: Path) -> Iterator[FrameWriter]:
    opened = FrameWriter(path)
    yield opened
    opened.close()


@pytest.fixture
def feed(path: Path) -> Iterator[Feed]:
    opened = Feed(path)
    opened.follow(picture())
    yield opened
    opened.close()


def picture(call: int = CALL, until_s: float = END_S) -> Picture:
    return Picture(
        "remote", Box(0, 0, 640, 480), "remote", call, until_s, False, "", 20, WHITE, BLACK
    )


def write(writer: FrameWriter, at_s: float, call: int = CALL) -> None:
    writer.write(call, int(at_s * 1e9), (4, 4), (b"y" * 16, b"u" * 4, b"v" * 4))


def test_a_new_picture_is_given_once(feed: Feed, writer: FrameWriter) -> None:
    write(writer, AT_S)
    assert isinstance(feed.poll(AT_S), Frame)
    assert feed.poll(AT_S + 0.1) is None
    write(writer, AT_S + 0.1)
    assert isinstance(feed.poll(AT_S + 0.1), Frame)


def test_there_is_nothing_before_the_first_picture(feed: Feed, writer: FrameWriter) -> None:
    assert feed.poll(AT_S) is Blank.BLANK


def test_there_is_nothing_without_a_file(feed: Feed) -> None:
    assert feed.poll(AT_S) is Blank.BLANK


def test_a_picture_is_taken_away_when_no_other_follows(feed: Feed, writer: FrameWriter) -> None:
    write(writer, AT_S)
    feed.poll(AT_S)
    assert feed.poll(AT_S + STALE_S - 0.01) is None
    assert feed.poll(AT_S + STALE_S) is Blank.BLANK


def test_pictures_are_seen_again_when_they_come_back(feed: Feed, writer: FrameWriter) -> None:
    write(writer, AT_S)
    feed.poll(AT_S)
    feed.poll(AT_S + STALE_S)
    write(writer, AT_S + 5)
    assert isinstance(feed.poll(AT_S + 5), Frame)


def test_a_picture_that_was_left_behind_is_not_seen(feed: Feed, writer: FrameWriter) -> None:
    write(writer, AT_S)
    assert feed.poll(AT_S + STALE_S) is Blank.BLANK


def test_a_picture_of_another_call_is_not_seen(feed: Feed, writer: FrameWriter) -> None:
    write(writer, AT_S, call=CALL + 1)
    assert feed.poll(AT_S) is Blank.BLANK


def test_the_last_picture_of_one_call_does_not_count_for_the_next(
    feed: Feed, writer: FrameWriter
) -> None:
    write(writer, AT_S)
    feed.poll(AT_S)
    feed.follow(picture(call=CALL + 1))
    assert feed.poll(AT_S) is Blank.BLANK


def test_nothing_is_seen_after_the_end_whatever_is_written(feed: Feed, writer: FrameWriter) -> None:
    write(writer, END_S - 0.1)
    assert isinstance(feed.poll(END_S - 0.1), Frame)
    write(writer, END_S)
    assert feed.poll(END_S) is Blank.BLANK


def test_the_end_can_be_moved(feed: Feed, writer: FrameWriter) -> None:
    feed.follow(picture(until_s=END_S + 60))
    write(writer, END_S)
    assert isinstance(feed.poll(END_S), Frame)


def test_a_writer_that_starts_again_is_followed(
    feed: Feed, writer: FrameWriter, path: Path
) -> None:
    for number in range(5):
        write(writer, AT_S + number / 30)
    feed.poll(AT_S + 1)
    again = FrameWriter(path)
    write(again, AT_S + 1)
    assert isinstance(feed.poll(AT_S + 1), Frame)
    again.close()
