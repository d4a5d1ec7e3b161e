"""What is really drawn, and what touching it does, on an offscreen window."""

import gc
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from kivy.base import EventLoop
from kivy.clock import Clock
from kivy.config import Config
from kivy.graphics.instructions import Instruction
from kivy.graphics.opengl import GL_RENDERER, glGetString
from kivy.input import MotionEventFactory

from kiosk.errors import ConfigError
from kiosk.ui.app import _on_processor
from kiosk.ui.colours import rgb
from kiosk.ui.elements import Text
from kiosk.ui.geometry import Box
from kiosk.ui.glass import window as window_module
from kiosk.ui.glass.nodes import ButtonNode, TextNode
from kiosk.ui.glass.touchscreen import touchscreen
from kiosk.ui.glass.window import draws_in_software
from kiosk.ui.settings import Screen as ScreenSettings
from kiosk.ui.showing import ANSWER_S
from kiosk.ui.theme import DARK
from kiosk.wire.manner import Manner
from kiosk.wire.messages import Drawn, PinEntered, Touch, Touched
from kiosk.wire.screens import CheckingScreen, GoodbyeScreen, IdleScreen, Screen
from kiosk.wire.threaded import LinkDown
from tests.ui.kit import Stage
from tests.ui.samples import (
    NOW_S,
    PIN,
    VISIT,
    WAITING,
    WELCOME,
    Sample,
    plain_samples,
)


def drawn_text(stage: Stage, key: str) -> TextNode:
    node = stage.painter.nodes[key]
    assert isinstance(node, TextNode)
    return node


@pytest.mark.parametrize(
    "name",
    ["idle_unreadable", "pin_wrong", "welcome", "closed_ordered", "visit_away", "visit_held_rules"],
)
@pytest.mark.parametrize("manner", [Manner(), Manner(light=True), Manner(high_contrast=True)])
def test_text_lies_on_the_colour_that_its_contrast_is_measured_against(
    stage: Stage, name: str, manner: Manner
) -> None:
    sample = next(sample for sample in plain_samples() if sample.name == name)
    scene = replace(sample, manner=manner).scene()
    stage.paint(scene)
    pixels = stage.pixels()
    for element in scene.elements:
        if isinstance(element, Text) and element.text:
            left, top, width, height = element.box.in_px()
            part = pixels[top : top + height, left : left + width].reshape(-1, 3)
            [(common, _)] = Counter(map(tuple, part.tolist())).most_common(1)
            wanted = [round(255 * share) for share in rgb(element.on)]
            assert np.abs(np.subtract(common, wanted)).max() <= 1, element.key


@pytest.mark.usefixtures("window")
def test_who_draws_is_known_by_the_name_of_the_renderer() -> None:
    renderer = str(glGetString(GL_RENDERER))
    assert draws_in_software() == bool(
        re.search("llvmpipe|softpipe|swrast|swiftshader", renderer, re.IGNORECASE)
    )


@pytest.mark.parametrize(
    ("renderer", "in_software"),
    [
        (b"llvmpipe (LLVM 15.0.6, 256 bits)", True),
        (b"Google SwiftShader", True),
        (b"V3D 4.2", False),
        (b"Mesa Intel(R) UHD Graphics 620 (KBL GT2)", False),
        (None, False),
    ],
)
def test_a_gpu_is_told_from_a_processor(
    monkeypatch: pytest.MonkeyPatch, renderer: bytes | None, in_software: bool
) -> None:
    monkeypatch.setattr(window_module, "glGetString", lambda _: renderer)
    assert draws_in_software() == in_software


@pytest.mark.parametrize("in_software", [True, False])
def test_pictures_are_drawn_where_the_settings_say_or_where_all_else_is(
    monkeypatch: pytest.MonkeyPatch, in_software: bool
) -> None:
    monkeypatch.setattr(
        window_module, "glGetString", lambda _: b"llvmpipe" if in_software else b"V3D 4.2"
    )
    assert _on_processor(ScreenSettings(cpu_video="on"))
    assert not _on_processor(ScreenSettings(cpu_video="off"))
    assert _on_processor(ScreenSettings(cpu_video="auto")) == in_software


def test_markup_in_a_name_is_drawn_as_it_is(stage: Stage) -> None:
    stage.show(msgspec.structs.replace(WELCOME, first_name="[b]Jo[/b]"))
    with_markup = drawn_text(stage, "what").size_px
    stage.show(msgspec.structs.replace(WELCOME, first_name="Jo"))
    assert with_markup[0] > drawn_text(stage, "what").size_px[0] * 1.3


def test_a_new_show_is_told_with_its_targets_once_it_is_drawn(stage: Stage) -> None:
    number = stage.show(WELCOME)
    [drawn] = stage.wire.said(Drawn)
    assert (drawn.show, drawn.screen, drawn.at_s) == (number, "WelcomeScreen", NOW_S)
    assert list(drawn.targets) == ["ask_officer", "access", "hear", "done", "join"]
    left, top, width, _height = drawn.targets["join"]
    accent = tuple(round(255 * share) for share in rgb(DARK.accent))
    rim = Box(left + 30, top + 10, width - 60, 10)
    assert stage.colour(rim) == accent
    stage.after(1)
    assert len(stage.wire.said(Drawn)) == 1


def test_every_new_show_is_told_even_if_it_looks_the_same(stage: Stage) -> None:
    numbers = [stage.show(IdleScreen()), stage.show(IdleScreen())]
    assert [drawn.show for drawn in stage.wire.said(Drawn)] == numbers


def test_a_touch_on_a_target_asks_for_it(stage: Stage) -> None:
    number = stage.show(VISIT)
    stage.touch_on("mute")
    stage.touch_on("leave")
    assert stage.wire.said(Touched) == [
        Touched(number, Touch.MUTE, NOW_S),
        Touched(number, Touch.LEAVE, NOW_S),
    ]


def test_a_touch_beside_every_target_asks_for_nothing(stage: Stage) -> None:
    stage.show(WELCOME)
    stage.touch(10, 10)
    assert stage.wire.said(Touched) == []


def test_a_button_under_a_finger_looks_different(stage: Stage) -> None:
    stage.show(WELCOME)
    left, top, width, height = stage.showing.targets()["join"]
    rim = Box(left + 30, top + 10, width - 60, 10)
    before = stage.colour(rim)
    finger = stage.finger(left + width / 2, top + height / 2)
    assert stage.colour(rim) != before
    finger.touch_up()
    stage.loop.step()
    assert stage.colour(rim) != before  # it waits for an answer
    stage.after(ANSWER_S)
    assert stage.colour(rim) == before


def test_an_answer_lets_a_button_go(stage: Stage) -> None:
    stage.show(WELCOME)
    left, top, width, _height = stage.showing.targets()["join"]
    rim = Box(left + 30, top + 10, width - 60, 10)
    before = stage.colour(rim)
    stage.touch_on("join")
    stage.show(WELCOME)
    stage.after(0.1)
    assert stage.colour(rim) == before


def test_what_a_touch_brings_about_at_once_is_drawn_once(stage: Stage) -> None:
    stage.show(WELCOME)
    stage.touch_on("join")
    stage.show(msgspec.structs.replace(WELCOME, joining=True))
    last = stage.show(WAITING)
    stage.window.canvas.ask_update()  # as a live picture would
    stage.loop.step()
    assert len(stage.wire.said(Drawn)) == 1
    stage.after(0.1)
    assert [drawn.show for drawn in stage.wire.said(Drawn)][1:] == [last]


def test_a_visit_that_a_touch_brings_about_is_drawn_at_once(stage: Stage) -> None:
    stage.show(WELCOME)
    stage.touch_on("join")
    stage.show(WAITING)
    visit = stage.show(VISIT)
    assert [drawn.show for drawn in stage.wire.said(Drawn)][1:] == [visit]


def test_a_pin_is_typed_on_the_glass(stage: Stage) -> None:
    number = stage.show(PIN)
    for digit in "4071":
        stage.touch_on(f"pin_{digit}")
    stage.touch_on("pin_ok")
    [entered] = stage.wire.said(PinEntered)
    assert (entered.show, entered.pin.reveal()) == (number, "4071")
    assert stage.wire.said(Touched) == []


@pytest.mark.usefixtures("stage")
def test_kivy_never_makes_the_loop_wait() -> None:
    """Its clock sleeps up to 16 ms a turn as it comes, and a picture would be that much later."""
    assert Clock._max_fps == 0


def test_time_left_counts_down_by_itself(stage: Stage) -> None:
    stage.show(msgspec.structs.replace(VISIT, ends_at_s=NOW_S + 100))
    before = stage.pixels().copy()
    stage.after(1)
    assert (stage.pixels() != before).any()


def test_a_still_screen_is_not_drawn_again(stage: Stage) -> None:
    stage.show(IdleScreen())
    drawn = []
    stage.window.bind(on_draw=lambda *_: drawn.append(1))
    for _ in range(39):
        stage.after(1)
    assert drawn == []
    stage.after(1)
    assert drawn == [1]


def test_the_screen_says_so_when_kiosk_core_is_gone_for_long(stage: Stage) -> None:
    stage.show(WAITING)
    stage.wire.waiting.append(LinkDown("gone"))
    stage.after(0)
    stage.after(1.9)
    assert "over_what" not in stage.painter.nodes
    stage.after(0.2)
    assert "over_what" in stage.painter.nodes
    assert stage.showing.targets() == {}


def test_what_stays_on_the_screen_is_not_built_anew(stage: Stage) -> None:
    stage.show(VISIT)
    before = stage.painter.nodes
    stage.show(msgspec.structs.replace(VISIT, leave_asked=True, muted=True))
    after = stage.painter.nodes
    for key in ("remote", "self", "left", "monitoring"):
        assert before[key] is after[key], key


def test_the_switch_of_a_panel_does_not_stay_on_the_button_of_the_visit(stage: Stage) -> None:
    samples = {sample.name: sample for sample in plain_samples()}
    for name, is_switch in (("visit", False), ("access", True), ("visit", False)):
        stage.paint(samples[name].scene())
        node = stage.painter.nodes["touch_access:large_text"]
        assert isinstance(node, ButtonNode)
        assert (node._mark is not None) == is_switch


def test_nothing_of_who_was_here_stays_behind_an_idle_screen(stage: Stage) -> None:
    stage.show(IdleScreen())
    gc.collect()
    before = instructions()
    stage.show(WELCOME)
    assert instructions() > before
    stage.show(IdleScreen())
    assert instructions() == before


def instructions() -> int:
    """How many there are to draw something, of what is to be seen and of what was."""
    return sum(issubclass(type(each), Instruction) for each in gc.get_objects())


def test_every_screen_can_follow_every_other(stage: Stage) -> None:
    screens: list[Screen] = [
        CheckingScreen(),
        WELCOME,
        VISIT,
        GoodbyeScreen("left", 5),
        PIN,
        WAITING,
    ]
    for one in screens:
        for other in screens:
            stage.show(one)
            stage.show(other)
            wanted = {e.key for e in Sample("", other).scene().elements}
            assert set(stage.painter.nodes) == wanted


@pytest.fixture
def keys(stage: Stage) -> Iterator[Stage]:
    stage.show(WELCOME)
    yield stage
    assert EventLoop.status == "started"
    assert not EventLoop.quit


@pytest.mark.parametrize(
    ("key", "modifiers"),
    [
        (27, []),  # Escape
        (282, []),  # F1, settings
        (292, []),  # F11
        (293, []),  # F12
        (285, ["alt"]),  # Alt+F4
        (113, ["ctrl"]),  # Ctrl+Q
    ],
)
def test_no_key_closes_or_changes_the_screen(keys: Stage, key: int, modifiers: list[str]) -> None:
    before = keys.pixels().copy()
    keys.window.dispatch("on_key_down", key, 0, None, modifiers)
    keys.window.dispatch("on_keyboard", key, 0, None, modifiers)
    keys.loop.step()
    assert (keys.pixels() == before).all()


def test_the_window_can_not_be_closed_from_outside(keys: Stage) -> None:
    assert keys.window.dispatch("on_request_close")


def test_there_is_one_way_in_for_touches(stage: Stage) -> None:
    [provider] = EventLoop.input_providers
    assert type(provider).__name__ == "MouseMotionEventProvider"
    assert provider.disable_multitouch
    assert provider.disable_hover
    assert Config.items("input") == []


def test_kivy_keeps_no_files_and_its_dangerous_defaults_are_off(stage: Stage) -> None:
    assert not Path("/nonexistent").exists()
    assert Config.getint("graphics", "multisamples") == 0
    assert not Config.getboolean("kivy", "exit_on_escape")


@pytest.fixture
def terminal(window: Any, tmp_path: Path) -> Iterator[Stage]:
    shown = Stage(window, tmp_path, terminal=True)
    yield shown
    shown.close()


def test_a_still_screen_of_a_terminal_is_drawn_once_a_second(terminal: Stage) -> None:
    terminal.show(IdleScreen())
    drawn = []
    terminal.window.bind(on_draw=lambda *_: drawn.append(1))
    for _ in range(30):
        terminal.after(0.1)
    assert len(drawn) == 3


def test_a_screen_of_a_terminal_that_stays_is_drawn_seldom(terminal: Stage) -> None:
    terminal.show(IdleScreen())
    for _ in range(3):
        terminal.after(1)
    drawn = []
    terminal.window.bind(on_draw=lambda *_: drawn.append(1))
    for _ in range(30):
        terminal.after(1)
    assert len(drawn) == 6


@pytest.mark.parametrize("device", ["/nonexistent/touch", "/dev/null", "/etc/passwd"])
def test_a_touchscreen_that_can_not_be_read_is_named_and_waited_for(
    device: str, caplog: pytest.LogCaptureFixture
) -> None:
    provider = touchscreen(device)
    assert f"screen.touch_device: {device} cannot be read" in caplog.text
    for _ in range(2):
        provider.start()
        provider.thread.join(5)  # a traceback in it would fail this test
        assert not provider.thread.is_alive()


def test_without_the_library_for_touchscreens_the_setting_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(MotionEventFactory, "get", lambda _name: None)
    with pytest.raises(ConfigError, match=r"screen\.input: .*libmtdev1"):
        touchscreen("/dev/input/kiosk-touch")
