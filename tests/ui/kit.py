"""The screen's real parts on an offscreen window, with a clock and a wire that a test leads."""

import itertools
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from kivy.graphics.opengl import GL_RGBA, GL_UNSIGNED_BYTE, glReadPixels
from kivy.tests.common import UnitTestTouch
from numpy.typing import NDArray

from kiosk.ui.elements import Button, Scene, Text
from kiosk.ui.geometry import Box, Panel
from kiosk.ui.glass.lettering import Lettering
from kiosk.ui.glass.loop import Loop, Wake
from kiosk.ui.glass.nodes import Canvas
from kiosk.ui.glass.painter import Painter
from kiosk.ui.glass.pictures import Drawing, ProcessorDrawing
from kiosk.ui.glass.window import lay_ground, open_window
from kiosk.ui.settings import Screen as ScreenSettings
from kiosk.ui.showing import Showing
from kiosk.wire.messages import Message, Show
from kiosk.wire.screens import Screen
from kiosk.wire.threaded import LinkDown, LinkUp
from tests.ui.samples import LANGUAGES, NOW_S, PANEL, UTC_NOW
from tests.ui.samples.base import BOOKS

FONTS = Path(__file__).parents[2] / "assets" / "fonts"


class LedClock:
    """Stands still until a test moves it."""

    def __init__(self) -> None:
        self.now_s = NOW_S

    def monotonic(self) -> float:
        return self.now_s

    def utc(self) -> datetime:
        return UTC_NOW + timedelta(seconds=self.now_s - NOW_S)


class LedWire:
    """Hands the screen what a test puts in, and keeps what the screen sends."""

    def __init__(self) -> None:
        self.waiting: list[Message | LinkUp | LinkDown] = []
        self.sent: list[Message] = []

    def receive(self) -> list[Message | LinkUp | LinkDown]:
        items, self.waiting = self.waiting, []
        return items

    def send(self, message: Message) -> None:
        self.sent.append(message)

    def said(self, kind: type[Message]) -> list[Any]:
        return [message for message in self.sent if isinstance(message, kind)]


class Stage:
    """A fresh screen on the one window of this process."""

    def __init__(
        self,
        window: Any,
        frames: Path,
        drawing: Callable[[bool], Drawing] = ProcessorDrawing,
        panel: Panel = PANEL,
        spare: Iterable[None] = (),
        *,
        terminal: bool = False,
        fonts: Path = FONTS,
    ) -> None:
        self.window = window
        self.clock = LedClock()
        self.wire = LedWire()
        letters = Lettering(fonts, panel.scaled(1))
        self.showing = Showing(panel, BOOKS, self.clock.now_s, LANGUAGES, poor_letters=letters.poor)
        window.canvas.clear()
        canvas = Canvas(panel.height_px, letters)
        self.painter = Painter(window.canvas, canvas, frames, drawing)
        self.wake = Wake()
        parts = (self.painter, self.wire, self.wake, self.clock, spare)
        self.loop = Loop(window, self.showing, *parts, terminal=terminal)
        self._numbers = itertools.count(1)
        self.wire.waiting.append(LinkUp())
        self.loop.step()

    def show(self, screen: Screen, terminal: str = "Terminal 3", hall: str = "Hall A") -> int:
        """Show a screen, as kiosk-core would; its number."""
        number = next(self._numbers)
        self.wire.waiting.append(Show(number, terminal, hall, screen))
        self.loop.step()
        return number

    def lay(self, scene: Scene) -> None:
        """Let a scene be what is drawn next."""
        lay_ground(self.window, scene)
        self.painter.paint(scene, None)
        self.window.canvas.ask_update()

    def paint(self, scene: Scene) -> None:
        """Draw a scene as it is."""
        self.lay(scene)
        self.window.dispatch("on_draw")

    def after(self, seconds: float) -> None:
        """Let time pass, and the screen notice."""
        self.clock.now_s += seconds
        self.loop.step()

    def touch(self, x: float, y: float) -> None:
        """Touch and let go."""
        finger = self.finger(x, y)
        finger.touch_up()
        self.loop.step()

    def touch_on(self, name: str) -> None:
        left, top, width, height = self.showing.targets()[name]
        self.touch(left + width / 2, top + height / 2)

    def finger(self, x: float, y: float) -> Any:
        """A finger that came down and stays."""
        finger = UnitTestTouch(x, self.window.height - y)
        finger.touch_down()
        self.loop.step()
        return finger

    def pixels(self) -> NDArray[np.uint8]:
        """The window's pixels: rows from the top, red, green and blue."""
        self.window.dispatch("on_draw")
        width, height = self.window.size
        raw = glReadPixels(0, 0, width, height, GL_RGBA, GL_UNSIGNED_BYTE)
        return np.frombuffer(raw, np.uint8).reshape(height, width, 4)[::-1, :, :3]

    def colour(self, box: Box) -> tuple[int, ...]:
        """The mean colour in a box."""
        left, top, width, height = box.in_px()
        part = self.pixels()[top : top + height, left : left + width]
        return tuple(round(float(value)) for value in part.reshape(-1, 3).mean(axis=0))

    def close(self) -> None:
        self.loop.leave()
        self.wake.close()


def drawn_words(scene: Scene) -> str:
    """All that is to be read in a scene."""
    texts = [each.text for each in scene.elements if isinstance(each, Text)]
    labels = [each.label for each in scene.elements if isinstance(each, Button)]
    return " ".join([*texts, *labels])


def offscreen_window() -> Any:
    """The window that all stages of a process share; other programs keep their displays."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("SDL_VIDEODRIVER", "offscreen")
        return open_window(ScreenSettings())
