"""The real program on a real display, with a kiosk-core on the other end of a real socket."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest

from kiosk.clock import SystemClock
from kiosk.wire.frames import FrameWriter
from kiosk.wire.messages import Drawn, PictureStats, PinEntered, RemoteDrawn, Touch, Touched
from kiosk.wire.screens import IdleScreen
from kiosk.wire.touchscreen import TouchscreenStatus
from tests.ui.process import Core, core_at, display, screen_program, settings, xdo
from tests.ui.samples import PIN, VISIT, WELCOME

CLOCK = SystemClock()


@pytest.fixture(scope="module")
def on_display() -> Iterator[str]:
    with display() as name:
        yield name


@dataclass
class Terminal:
    """A running screen that shows the idle screen."""

    core: Core
    program: subprocess.Popen[str]
    display: str
    directory: Path

    def click(self, drawn: Drawn, touch: str) -> None:
        left, top, width, height = drawn.targets[touch]
        xdo(self.display, "mousemove", left + width // 2, top + height // 2, "click", 1)


@pytest.fixture
async def terminal(tmp_path: Path, on_display: str) -> AsyncIterator[Terminal]:
    async with core_at(tmp_path / "core.sock") as core:
        with screen_program(settings(tmp_path), on_display) as program:
            async with asyncio.timeout(20):
                await core.up.wait()
            core.show(IdleScreen())
            await core.hears(Drawn)
            yield Terminal(core, program, on_display, tmp_path)


async def test_a_click_on_a_drawn_target_arrives_as_a_touch(terminal: Terminal) -> None:
    before_s = CLOCK.monotonic()
    number = terminal.core.show(WELCOME)
    drawn = await terminal.core.hears(Drawn)
    assert (drawn.show, drawn.screen) == (number, "WelcomeScreen")
    assert before_s < drawn.at_s < CLOCK.monotonic()
    terminal.click(drawn, "join")
    touched = await terminal.core.hears(Touched)
    assert (touched.show, touched.touch) == (number, Touch.JOIN)
    assert drawn.at_s < touched.at_s < CLOCK.monotonic()


async def test_a_pin_is_clicked_and_never_logged(terminal: Terminal) -> None:
    number = terminal.core.show(PIN)
    drawn = await terminal.core.hears(Drawn)
    for digit in "7391":
        terminal.click(drawn, f"pin_{digit}")
    terminal.click(msgspec.structs.replace(drawn, targets={"pin_ok": _ok(drawn)}), "pin_ok")
    entered = await terminal.core.hears(PinEntered)
    assert (entered.show, entered.pin.reveal()) == (number, "7391")
    terminal.program.terminate()
    _, log = terminal.program.communicate(timeout=5)
    assert "7391" not in log


async def test_pictures_that_kiosk_call_writes_are_drawn_and_told(terminal: Terminal) -> None:
    writer = FrameWriter(terminal.directory / "remote")
    ends_at_s = CLOCK.monotonic() + 600
    terminal.core.show(msgspec.structs.replace(VISIT, ends_at_s=ends_at_s))
    await terminal.core.hears(Drawn)
    told = asyncio.create_task(terminal.core.hears(RemoteDrawn))
    begun_s = CLOCK.monotonic()
    while not told.done():
        _write(writer)
        await asyncio.sleep(1 / 30)
    first = await told
    assert first.call == VISIT.call
    assert begun_s < first.at_s < begun_s + 0.5
    stats = asyncio.create_task(terminal.core.hears(PictureStats))
    while not stats.done():
        _write(writer)
        await asyncio.sleep(1 / 30)
    assert (await stats).frames_drawn > 15
    writer.close()


async def test_keys_and_the_window_manager_do_not_close_it(terminal: Terminal) -> None:
    xdo(terminal.display, "mousemove", 5, 5, "click", 1)
    for key in ("Escape", "F1", "F11", "F12", "alt+F4", "ctrl+q", "ctrl+c", "Print"):
        xdo(terminal.display, "key", key)
    terminal.core.show(WELCOME)
    assert (await terminal.core.hears(Drawn)).screen == "WelcomeScreen"
    assert terminal.program.poll() is None


async def test_it_ends_within_a_second_of_sigterm_and_leaves_no_file(terminal: Terminal) -> None:
    before_s = CLOCK.monotonic()
    terminal.program.send_signal(signal.SIGTERM)
    _, log = terminal.program.communicate(timeout=5)
    assert CLOCK.monotonic() - before_s < 1
    assert terminal.program.returncode == 0
    assert "Traceback" not in log
    home = terminal.directory / "home"
    left = [path for path in home.rglob("*") if path.is_file() and ".cache" not in path.parts]
    assert left == []


async def test_it_finds_kiosk_core_again(terminal: Terminal) -> None:
    await terminal.core.close()
    async with core_at(terminal.directory / "core.sock") as again:
        async with asyncio.timeout(10):
            await again.up.wait()
        again.show(WELCOME)
        assert (await again.hears(Drawn)).screen == "WelcomeScreen"


def test_bad_settings_end_it_with_the_fault(tmp_path: Path) -> None:
    config = settings(tmp_path, width_px=3)
    done = subprocess.run(
        [sys.executable, "-m", "kiosk.ui", "--config", str(config)],
        capture_output=True,
        text=True,
        env={**os.environ, "SDL_VIDEODRIVER": "offscreen"},
        check=False,
    )
    assert done.returncode == 2
    assert "screen.width_px" in done.stderr
    assert "Traceback" not in done.stderr


def _ok(drawn: Drawn) -> tuple[int, int, int, int]:
    """OK is right of 0; it is no target before the PIN is long enough."""
    left, top, width, height = drawn.targets["pin_0"]
    across = drawn.targets["pin_9"][0] - drawn.targets["pin_8"][0]
    return left + across, top, width, height


def _write(writer: FrameWriter) -> None:
    planes = [bytes([145]) * (640 * 480), *[bytes([54]) * (320 * 240)] * 2]
    writer.write(VISIT.call, int(CLOCK.monotonic() * 1e9), (640, 480), planes)


async def test_a_terminal_that_starts_without_its_touchscreen_shows_the_visit_and_tells_of_it(
    tmp_path: Path, on_display: str
) -> None:
    config = settings(tmp_path, input="terminal", touch_device="/dev/input/no-such-panel")
    async with core_at(tmp_path / "core.sock") as core:
        with screen_program(config, on_display) as program:
            status = await core.hears(TouchscreenStatus)
            assert not status.up
            core.show(VISIT)
            drawn = await core.hears(Drawn)
            assert (drawn.screen, drawn.targets) == ("VisitScreen", {})
            program.terminate()
            _, log = program.communicate(timeout=5)
    assert "/dev/input/no-such-panel" in log
    assert "Traceback" not in log
