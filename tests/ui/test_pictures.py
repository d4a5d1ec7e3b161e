"""Live pictures have the right colours and shape, and are never seen when they must not be."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from kiosk.ui.elements import Picture
from kiosk.ui.geometry import Box
from kiosk.ui.glass.pictures import Drawing, ProcessorDrawing, ShaderDrawing
from kiosk.wire.frames import FrameWriter
from kiosk.wire.messages import PictureStats, RemoteDrawn
from kiosk.wire.screens import IdleScreen
from tests.ui.kit import Stage
from tests.ui.samples import CALL, NOW_S, VISIT, WAITING, WELCOME

WELL = (8, 13, 18)
YELLOW = ((210, 16, 146), (255, 255, 0))
CYAN = ((170, 166, 16), (0, 255, 255))


@dataclass
class Camera:
    """Writes frames as kiosk-call would."""

    writer: FrameWriter
    stage: Stage

    def halves(self, left: tuple[int, int, int], right: tuple[int, int, int], **named: Any) -> None:
        """A picture with one colour on the left and another on the right."""
        width, height = named.pop("size", (64, 48))
        planes = []
        for plane in range(3):
            rows, columns = (height, width) if plane == 0 else (-(-height // 2), -(-width // 2))
            pixels = np.full((rows, columns), left[plane], np.uint8)
            pixels[:, columns // 2 :] = right[plane]
            planes.append(pixels.tobytes())
        call = named.pop("call", CALL)
        stamp_ns = int(self.stage.clock.now_s * 1e9)
        self.writer.write(call, stamp_ns, (width, height), planes, **named)
        self.stage.loop.step()


@pytest.fixture(params=[ShaderDrawing, ProcessorDrawing], ids=["shader", "processor"])
def shown(request: pytest.FixtureRequest, window: Any, tmp_path: Path) -> Iterator[Stage]:
    drawing: Callable[[bool], Drawing] = request.param
    stage = Stage(window, tmp_path, drawing)
    yield stage
    stage.close()


def camera(stage: Stage, path: Path) -> Camera:
    return Camera(FrameWriter(path), stage)


@pytest.fixture
def remote(shown: Stage, tmp_path: Path) -> Iterator[Camera]:
    opened = camera(shown, tmp_path / "remote")
    yield opened
    opened.writer.close()


@pytest.fixture
def own(shown: Stage, tmp_path: Path) -> Iterator[Camera]:
    opened = camera(shown, tmp_path / "self")
    yield opened
    opened.writer.close()


def box_of(stage: Stage, key: str) -> Box:
    scene = stage.showing.scene(stage.clock.now_s, stage.clock.utc())
    return next(e.box for e in scene.elements if isinstance(e, Picture) and e.key == key)


def sides(stage: Stage, box: Box) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The colours of the left and the right of a box."""
    third, half = box.width / 3, box.height / 2
    return (
        stage.colour(Box(box.left + 20, box.top + 20, third - 20, half)),
        stage.colour(Box(box.right - third, box.top + 20, third - 20, half)),
    )


def near(colour: tuple[int, ...], wanted: tuple[int, int, int]) -> bool:
    return bool(np.abs(np.subtract(colour, wanted)).max() <= 4)


def test_the_visitor_has_the_colours_that_were_sent(shown: Stage, remote: Camera) -> None:
    shown.show(VISIT)
    remote.halves(YELLOW[0], CYAN[0])
    left, right = sides(shown, box_of(shown, "remote"))
    assert near(left, YELLOW[1])
    assert near(right, CYAN[1])


def test_full_range_pictures_have_their_colours_too(shown: Stage, remote: Camera) -> None:
    shown.show(VISIT)
    remote.halves((226, 0, 149), (105, 212, 43), full_range=True)
    left, right = sides(shown, box_of(shown, "remote"))
    assert near(left, (255, 255, 0))
    assert near(right, (0, 136, 254))


def test_one_sees_oneself_as_in_a_mirror(shown: Stage, own: Camera) -> None:
    shown.show(WAITING)
    own.halves(YELLOW[0], CYAN[0])
    left, right = sides(shown, box_of(shown, "self"))
    assert near(left, CYAN[1])
    assert near(right, YELLOW[1])


def test_a_small_picture_of_oneself_is_there_during_the_visit(
    shown: Stage, remote: Camera, own: Camera
) -> None:
    shown.show(VISIT)
    own.halves(YELLOW[0], CYAN[0], size=(640, 480))
    box = box_of(shown, "self")
    assert near(shown.colour(Box(box.left + 5, box.top + 40, 40, 40)), CYAN[1])
    assert near(shown.colour(Box(box.right - 45, box.top + 40, 40, 40)), YELLOW[1])


def test_oneself_is_drawn_a_moment_after_a_touch(shown: Stage, own: Camera) -> None:
    shown.show(WELCOME)
    shown.touch_on("join")
    shown.show(WAITING)
    shown.after(0.1)
    own.halves(YELLOW[0], YELLOW[0])
    assert near(shown.colour(box_of(shown, "self")), WELL)
    shown.after(0.4)
    assert near(shown.colour(box_of(shown, "self")), YELLOW[1])


def test_oneself_goes_on_moving_however_often_somebody_taps(shown: Stage, own: Camera) -> None:
    shown.show(WAITING)
    for _, (yuv, rgb) in itertools.product(range(2), (YELLOW, CYAN)):
        for _ in range(25):
            shown.touch_on("leave")
            own.halves(yuv, yuv)
            shown.after(1 / 50)
        assert near(shown.colour(box_of(shown, "self")), rgb)


def test_oneself_stands_still_for_a_moment_so_that_the_visitor_is_drawn_at_once(
    shown: Stage, remote: Camera, own: Camera
) -> None:
    shown.show(VISIT)
    assert shown.painter.expects_first
    own.halves(YELLOW[0], YELLOW[0])
    own.halves(CYAN[0], CYAN[0])
    assert near(shown.colour(box_of(shown, "self")), YELLOW[1])
    shown.after(1.1)
    own.halves(CYAN[0], CYAN[0])
    assert near(shown.colour(box_of(shown, "self")), CYAN[1])
    remote.halves(YELLOW[0], YELLOW[0])
    assert not shown.painter.expects_first


@pytest.mark.parametrize("size", [(64, 48), (64, 36), (36, 64), (49, 65)])
def test_a_picture_of_any_shape_is_whole_and_never_stretched(
    shown: Stage, remote: Camera, size: tuple[int, int]
) -> None:
    shown.show(VISIT)
    remote.halves(YELLOW[0], YELLOW[0], size=size)
    area = box_of(shown, "remote")
    left, top, width, height = area.in_px()
    pixels = shown.pixels()[top : top + height, left : left + width].astype(int)
    rows, columns = np.nonzero(np.abs(pixels - YELLOW[1]).max(axis=2) <= 6)
    drawn = (np.ptp(columns) + 1, np.ptp(rows) + 1)
    wanted = area.fitted(*size)
    assert np.abs(np.subtract(drawn, (wanted.width, wanted.height))).max() <= 2
    assert np.abs(drawn[0] / drawn[1] - size[0] / size[1]) < 0.01


def test_the_first_row_of_a_picture_is_on_top(shown: Stage, remote: Camera) -> None:
    shown.show(VISIT)
    y = np.full((48, 64), 235, np.uint8)
    y[24:] = 16
    grey = bytes([128]) * (32 * 24)
    remote.writer.write(CALL, int(NOW_S * 1e9), (64, 48), (y.tobytes(), grey, grey))
    shown.loop.step()
    area = box_of(shown, "remote")
    assert near(shown.colour(area.from_top(20, 200)), (255, 255, 255))
    assert near(shown.colour(area.from_bottom(20, 200)), (0, 0, 0))


def blank(stage: Stage) -> bool:
    """The top of the well is bare, and nowhere on the glass is anything of a yellow picture."""
    red, green, blue = np.moveaxis(stage.pixels(), -1, 0)
    yellow = (red > 200) & (green > 200) & (blue < 90)
    return stage.colour(Box(200, 20, 880, 110)) == WELL and not yellow.any()


def test_a_picture_is_taken_away_after_a_second_and_a_half(shown: Stage, remote: Camera) -> None:
    shown.show(VISIT)
    remote.halves(YELLOW[0], YELLOW[0])
    shown.after(1.45)
    assert not blank(shown)
    shown.after(0.1)
    assert blank(shown)


def test_a_first_picture_is_said_to_be_coming_at_once(shown: Stage, remote: Camera) -> None:
    shown.show(VISIT)
    assert not says_nothing(shown)
    remote.halves(YELLOW[0], YELLOW[0])
    assert not blank(shown)


def test_a_picture_that_is_away_for_a_moment_is_not_said_to_be_missing(
    shown: Stage, remote: Camera
) -> None:
    shown.show(VISIT)
    remote.halves(YELLOW[0], YELLOW[0])
    shown.after(1.6)
    shown.after(0.01)
    shown.after(0.9)
    assert says_nothing(shown)
    shown.after(0.2)
    assert not says_nothing(shown)


def says_nothing(stage: Stage) -> bool:
    """Not a letter where the visitor's picture belongs."""
    box = box_of(stage, "remote")
    _, top, _, height = box.centred(box.width, box.height / 3).in_px()
    return bool((stage.pixels()[top : top + height, 400:880] == WELL).all())


def test_no_picture_is_seen_while_the_visit_is_held(shown: Stage, remote: Camera) -> None:
    shown.show(VISIT)
    remote.halves(YELLOW[0], YELLOW[0])
    shown.show(msgspec.structs.replace(VISIT, link="held", held_reason="officer"))
    remote.halves(YELLOW[0], YELLOW[0])
    assert blank(shown)


def test_the_picture_is_back_when_the_hold_ends(shown: Stage, remote: Camera) -> None:
    shown.show(msgspec.structs.replace(VISIT, link="held", held_reason="officer"))
    shown.show(VISIT)
    remote.halves(YELLOW[0], YELLOW[0])
    assert not blank(shown)


def test_the_picture_ends_at_the_end_by_itself(shown: Stage, remote: Camera) -> None:
    shown.show(msgspec.structs.replace(VISIT, ends_at_s=NOW_S + 0.5))
    shown.after(0.49)
    remote.halves(YELLOW[0], YELLOW[0])
    assert not blank(shown)
    shown.after(0.011)
    assert blank(shown)
    remote.halves(YELLOW[0], YELLOW[0])
    assert blank(shown)


def test_a_picture_of_another_call_is_never_seen(shown: Stage, remote: Camera) -> None:
    shown.show(VISIT)
    remote.halves(YELLOW[0], YELLOW[0], call=CALL + 1)
    assert blank(shown)


def test_the_picture_of_one_call_is_gone_with_the_show_of_the_next(
    shown: Stage, remote: Camera
) -> None:
    shown.show(VISIT)
    remote.halves(YELLOW[0], YELLOW[0])
    shown.show(msgspec.structs.replace(VISIT, call=CALL + 1))
    assert blank(shown)


def test_nothing_of_a_visit_is_left_on_the_next_screen(shown: Stage, remote: Camera) -> None:
    shown.show(IdleScreen())
    before = shown.pixels().copy()
    shown.show(VISIT)
    remote.halves(YELLOW[0], YELLOW[0])
    shown.show(IdleScreen())
    assert (shown.pixels() == before).all()


def test_the_first_picture_of_a_call_is_told_once(shown: Stage, remote: Camera) -> None:
    shown.show(VISIT)
    assert shown.wire.said(RemoteDrawn) == []
    for _ in range(3):
        remote.halves(YELLOW[0], YELLOW[0])
    assert shown.wire.said(RemoteDrawn) == [RemoteDrawn(CALL, NOW_S)]


def test_pictures_are_counted_once_a_second(shown: Stage, remote: Camera) -> None:
    shown.show(VISIT)
    for _ in range(30):
        shown.clock.now_s += 1 / 30
        remote.halves(YELLOW[0], YELLOW[0])
    shown.after(0.001)
    [stats] = shown.wire.said(PictureStats)
    assert (stats.call, stats.frames_drawn) == (CALL, 30)
    assert stats.fps == pytest.approx(30, abs=0.1)


def test_nothing_is_counted_while_only_oneself_is_seen(shown: Stage, own: Camera) -> None:
    shown.show(WAITING)
    own.halves(YELLOW[0], YELLOW[0])
    shown.after(1.2)
    assert shown.wire.said(PictureStats) == []
    assert shown.wire.said(RemoteDrawn) == []


def test_a_broken_frame_file_only_blanks_the_picture(
    shown: Stage, remote: Camera, tmp_path: Path
) -> None:
    shown.show(VISIT)
    remote.halves(YELLOW[0], YELLOW[0])
    with (tmp_path / "remote").open("r+b") as file:
        file.truncate(100)
    shown.after(0.1)
    shown.after(1.6)
    assert blank(shown)
