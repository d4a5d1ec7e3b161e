"""Fingers as they come: ten at once, one that never lifts, fifty a second, one in a change of screens."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from kivy.base import EventLoop
from kivy.tests.common import UnitTestTouch
from numpy.typing import NDArray

from kiosk.ui.pad import KEYS
from kiosk.ui.touchscreen import STEADY_S
from kiosk.wire.messages import Drawn, PinEntered, Show, Touch, Touched
from kiosk.wire.screens import CheckingScreen, IdleScreen, VisitScreen
from kiosk.wire.threaded import LinkUp
from kiosk.wire.touchscreen import TouchscreenStatus
from tests.ui.kit import Stage
from tests.ui.samples import NOW_S, PANEL, PIN, VISIT, WELCOME


def place_of(stage: Stage, name: str) -> tuple[float, float]:
    left, top, width, height = stage.showing.targets()[name]
    return left + width / 2, top + height / 2


def down(stage: Stage, x: float, y: float) -> Any:
    """A finger that comes down, without time for the screen to notice."""
    finger = UnitTestTouch(x, stage.window.height - y)
    finger.touch_down()
    return finger


def test_ten_fingers_at_once_ask_for_one_thing_at_the_most(stage: Stage) -> None:
    stage.show(VISIT)
    places = [place_of(stage, name) for name in stage.showing.targets()]
    fingers = [down(stage, *places[i % len(places)]) for i in range(10)]
    stage.loop.step()
    for finger in fingers:
        finger.touch_up()
    stage.loop.step()
    assert len(stage.wire.said(Touched)) == 1


def test_a_palm_on_the_pad_types_no_pin(stage: Stage) -> None:
    stage.show(PIN)
    keys = [place_of(stage, name) for name in stage.showing.targets() if name in KEYS]
    fingers = [down(stage, *place) for place in keys]
    for finger in fingers:
        finger.touch_up()
    stage.loop.step()
    assert len(stage.showing._pad) <= 1


def test_a_finger_that_never_lifts_does_not_keep_others_from_touching(stage: Stage) -> None:
    number = stage.show(VISIT)
    stage.finger(*place_of(stage, "leave"))
    stage.after(3600)
    stage.show(msgspec.structs.replace(VISIT, ends_at_s=stage.clock.now_s + 60))
    stage.touch_on("mute")
    [touched] = stage.wire.said(Touched)
    assert (touched.show, touched.touch) == (number + 1, Touch.MUTE)


def test_a_finger_that_never_lifts_asks_for_nothing_on_later_screens(stage: Stage) -> None:
    stage.show(WELCOME)
    stuck = stage.finger(*place_of(stage, "join"))
    stage.show(IdleScreen())
    stage.show(WELCOME)
    stuck.touch_up()
    stage.loop.step()
    assert stage.wire.said(Touched) == []


def test_fifty_touches_a_second_are_each_answered_and_none_is_kept(stage: Stage) -> None:
    number = stage.show(VISIT)
    at = place_of(stage, "mute")
    for _ in range(500):
        stage.touch(*at)
        stage.clock.now_s += 1 / 50
    touched = stage.wire.said(Touched)
    assert len(touched) == 500
    assert {(each.show, each.touch) for each in touched} == {(number, Touch.MUTE)}
    stage.after(1)
    assert stage.showing.pressed is None


def test_fifty_touches_a_second_do_not_keep_a_new_screen_from_the_glass(stage: Stage) -> None:
    stage.show(WELCOME)
    at = place_of(stage, "join")
    number = stage.show(CheckingScreen())
    for _ in range(25):
        stage.touch(*at)
        stage.clock.now_s += 1 / 50
    assert stage.wire.said(Drawn)[-1].show == number


def tapped(stage: Stage, visit: VisitScreen, for_s: float, a_second: int) -> None:
    """Taps on Mute, each answered at once, as kiosk-core does."""
    at, muted = place_of(stage, "mute"), visit.muted
    for _ in range(round(for_s * a_second)):
        down(stage, *at).touch_up()
        stage.loop.step()
        muted = not muted
        stage.show(msgspec.structs.replace(visit, muted=muted))
        for _ in range(4):
            stage.after(1 / a_second / 4)


@pytest.mark.parametrize("a_second", [12, 50])
def test_time_left_goes_on_however_often_somebody_taps(stage: Stage, a_second: int) -> None:
    visit = msgspec.structs.replace(VISIT, ends_at_s=NOW_S + 30)
    stage.show(visit)
    left = next(e.box for e in stage.loop._scene.elements if e.key == "left").in_px()
    seen = set()
    for _ in range(5):
        tapped(stage, visit, 1.0, a_second)
        seen.add(part_of(stage, left).tobytes())
    assert len(seen) == 5


@pytest.mark.parametrize("a_second", [12, 50])
def test_a_hold_is_on_the_glass_at_once_however_often_somebody_taps(
    stage: Stage, a_second: int
) -> None:
    visit = msgspec.structs.replace(VISIT, ends_at_s=NOW_S + 600)
    stage.show(visit)
    picture = next(e.box for e in stage.loop._scene.elements if e.key == "remote").in_px()
    tapped(stage, visit, 1.0, a_second)
    before = part_of(stage, picture)
    held = msgspec.structs.replace(visit, link="held", held_reason="officer")
    tapped(stage, held, 0.2, a_second)
    assert (part_of(stage, picture) != before).any()


@pytest.mark.parametrize("a_second", [12, 50])
def test_what_is_tapped_on_is_drawn_at_most_every_tenth_of_a_second(
    stage: Stage, a_second: int
) -> None:
    visit = msgspec.structs.replace(VISIT, ends_at_s=NOW_S + 600)
    stage.show(visit)
    begun = len(stage.wire.said(Drawn))
    tapped(stage, visit, 2.0, a_second)
    assert 10 <= len(stage.wire.said(Drawn)) - begun <= 2 * 12


def part_of(stage: Stage, box: tuple[int, int, int, int]) -> NDArray[np.uint8]:
    """A part of the glass as it is."""
    left, top, width, height = box
    return stage.pixels()[top : top + height, left : left + width].copy()


def test_a_touch_in_a_change_of_screens_is_for_the_screen_that_was_touched(stage: Stage) -> None:
    number = stage.show(WELCOME)
    finger = stage.finger(*place_of(stage, "join"))
    stage.wire.waiting.append(Show(number + 1, "Terminal 3", "Hall A", WELCOME))
    finger.touch_up()
    stage.loop.step()
    [touched] = stage.wire.said(Touched)
    assert touched == Touched(number, Touch.JOIN, NOW_S)


def test_a_touch_on_what_was_there_before_asks_for_nothing_now(stage: Stage) -> None:
    stage.show(WELCOME)
    at = place_of(stage, "join")
    stage.show(CheckingScreen())
    stage.touch(*at)
    assert stage.wire.said(Touched) == []


@pytest.mark.parametrize(
    ("x", "y"), [(-1, -1), (PANEL.width_px, PANEL.height_px), (1e9, 1e9), (-1e9, 5)]
)
def test_a_touch_off_the_glass_asks_for_nothing(stage: Stage, x: float, y: float) -> None:
    stage.show(WELCOME)
    stage.touch(x, y)
    assert stage.wire.said(Touched) == []


def test_a_finger_that_lifts_without_having_come_down_asks_for_nothing(stage: Stage) -> None:
    stage.show(WELCOME)
    assert stage.showing.lift(99, *place_of(stage, "join"), NOW_S) is None


def test_a_pin_typed_fifty_keys_a_second_is_the_pin(stage: Stage) -> None:
    stage.show(PIN)
    for digit in "940716":
        stage.touch_on(f"pin_{digit}")
        stage.clock.now_s += 1 / 50
    stage.touch_on("pin_ok")
    [entered] = stage.wire.said(PinEntered)
    assert entered.pin.reveal() == "940716"


class Touchscreen:
    """Reads a device in a thread that ends when the device can not be opened, as Kivy's does."""

    def __init__(self, device: Path) -> None:
        self.input_fn = str(device)
        self.starts = 0
        self.start()

    def start(self) -> None:
        self.starts += 1
        self.pulled = threading.Event()
        if not Path(self.input_fn).exists():
            self.pulled.set()
        self.thread = threading.Thread(target=self.pulled.wait)
        self.thread.start()
        if self.pulled.is_set():
            self.thread.join()

    def stop(self) -> None:
        self.pulled.set()
        self.thread.join()

    def update(self, dispatch_fn: object) -> None:
        """Nobody touches it."""


@pytest.fixture
def panel(
    window: Any, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[tuple[Stage, Touchscreen]]:
    """A terminal with a touchscreen that can be pulled; with the parameter False it is not there yet."""
    device = tmp_path / "touch"
    if getattr(request, "param", True):
        device.touch()
    touchscreen = Touchscreen(device)
    desk = list(EventLoop.input_providers)
    EventLoop.input_providers[:] = [touchscreen]
    shown = Stage(window, tmp_path, terminal=True)
    yield shown, touchscreen
    shown.close()
    touchscreen.stop()
    EventLoop.input_providers[:] = desk


@pytest.mark.parametrize("thread_ends", [True, False])
def test_a_panel_that_dies_is_told_and_one_that_comes_back_works_again(
    panel: tuple[Stage, Touchscreen], thread_ends: bool
) -> None:
    stage, touchscreen = panel
    stage.show(WELCOME)
    assert "untouchable" not in stage.painter.nodes
    Path(touchscreen.input_fn).unlink()
    if thread_ends:
        touchscreen.stop()
    stage.after(1)
    assert "untouchable" in stage.painter.nodes
    assert stage.showing.targets() == {}
    stage.after(1)
    Path(touchscreen.input_fn).touch()
    stage.after(1)
    stage.after(1)
    assert "untouchable" not in stage.painter.nodes
    assert "join" in stage.showing.targets()
    assert touchscreen.starts == 1 + thread_ends


def test_a_visit_goes_on_while_the_panel_is_dead(panel: tuple[Stage, Touchscreen]) -> None:
    stage, touchscreen = panel
    stage.show(VISIT)
    Path(touchscreen.input_fn).unlink()
    stage.after(1)
    number = stage.show(msgspec.structs.replace(VISIT, muted=True))
    assert stage.wire.said(Drawn)[-1].show == number
    assert {"remote", "self", "untouchable"} <= set(stage.painter.nodes)


@pytest.mark.parametrize("panel", [False], ids=["missing at the start"], indirect=True)
def test_without_a_panel_from_the_start_the_screens_say_so_and_it_is_taken_when_it_comes(
    panel: tuple[Stage, Touchscreen],
) -> None:
    stage, touchscreen = panel
    stage.show(VISIT)
    assert {"remote", "self", "untouchable"} <= set(stage.painter.nodes)
    stage.show(WELCOME)
    assert stage.showing.targets() == {}
    Path(touchscreen.input_fn).touch()
    stage.after(1)
    stage.after(1)
    assert "join" in stage.showing.targets()


def test_kiosk_core_is_told_of_a_panel_that_dies_and_of_one_that_works_again(
    panel: tuple[Stage, Touchscreen],
) -> None:
    stage, touchscreen = panel
    Path(touchscreen.input_fn).unlink()
    stage.after(1)
    stage.after(1)
    Path(touchscreen.input_fn).touch()
    for _ in range(round(STEADY_S) + 2):
        stage.after(1)
    assert [status.up for status in stage.wire.said(TouchscreenStatus)] == [True, False, True]


def test_a_kiosk_core_that_comes_back_is_told_again_of_a_dead_panel(
    panel: tuple[Stage, Touchscreen],
) -> None:
    stage, touchscreen = panel
    Path(touchscreen.input_fn).unlink()
    stage.after(1)
    stage.wire.sent.clear()
    stage.wire.waiting.append(LinkUp())
    stage.after(0.1)
    assert stage.wire.said(TouchscreenStatus) == [TouchscreenStatus(up=False)]


def test_a_panel_that_flaps_ten_times_a_second_does_not_fill_the_wire(
    panel: tuple[Stage, Touchscreen],
) -> None:
    stage, touchscreen = panel
    device = Path(touchscreen.input_fn)
    for _ in range(300):
        (device.unlink if device.exists() else device.touch)()
        stage.after(0.1)
    assert len(stage.wire.said(TouchscreenStatus)) <= 2


def test_a_desk_without_a_touchscreen_tells_nothing_of_one(stage: Stage) -> None:
    stage.after(2)
    assert stage.wire.said(TouchscreenStatus) == []
