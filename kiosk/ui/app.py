"""Builds the screen from its settings, runs it, and takes it down in reverse."""

import argparse
import logging
import signal
import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path

from kiosk.catalogues import ENGLISH
from kiosk.clock import SystemClock
from kiosk.config import load
from kiosk.errors import ConfigError, KioskError
from kiosk.memory import settle
from kiosk.speech import voices
from kiosk.ui.elements import Scene
from kiosk.ui.endonyms import ENDONYMS
from kiosk.ui.glass.lettering import Lettering
from kiosk.ui.glass.loop import Loop, Wake
from kiosk.ui.glass.nodes import Canvas
from kiosk.ui.glass.painter import Painter
from kiosk.ui.glass.pictures import ProcessorDrawing, ShaderDrawing
from kiosk.ui.glass.window import draws_in_software, open_window
from kiosk.ui.phrasebook import Phrasebooks
from kiosk.ui.scenes import View, scene_of
from kiosk.ui.settings import Screen, Settings
from kiosk.ui.showing import Showing
from kiosk.ui.theme import look_of
from kiosk.wire.manner import Manner
from kiosk.wire.messages import Panel, Program, Show
from kiosk.wire.screens import IdleScreen
from kiosk.wire.threaded import ThreadWireClient
from kiosk.wire.users import uid_of

_ASSETS = Path(__file__).resolve().parents[2] / "assets"
_FAULT = 1
_BAD_SETTINGS = 2

log = logging.getLogger(__name__)


def main() -> int:
    """Run until SIGTERM or SIGINT; 2 for settings that can not be used, 1 for another fault."""
    parser = argparse.ArgumentParser(prog="kiosk-ui", description="The screen of a visit terminal.")
    parser.add_argument("--config", type=Path, required=True, help="settings in TOML")
    logging.basicConfig(
        level=logging.INFO, stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s"
    )
    try:
        settings = load(parser.parse_args().config, Settings)
        _run(settings, uid_of(settings.wire.core_user, "wire.core_user"))
    except ConfigError as error:
        log.error("%s", error)
        return _BAD_SETTINGS
    except KioskError as error:
        log.error("%s", error)
        return _FAULT
    return 0


def _run(settings: Settings, core_uid: int) -> None:
    clock = SystemClock()
    window = open_window(settings.screen)
    panel = settings.screen.panel(window.width, window.height)
    letters = Lettering(_ASSETS / "fonts", panel.scaled(1))
    drawing = ProcessorDrawing if _on_processor(settings.screen) else ShaderDrawing
    canvas = Canvas(panel.height_px, letters)
    painter = Painter(window.canvas, canvas, Path(settings.frames.directory), drawing)
    books = Phrasebooks(settings.screen.zone())
    showing = Showing(panel, books, clock.monotonic(), voices(), poor_letters=letters.poor)
    view = View(panel, books.of(ENGLISH), clock.monotonic(), clock.utc())
    _warm_up(painter, view)
    wake = Wake()
    wire = ThreadWireClient(
        Path(settings.wire.socket), Program.UI, Program.CORE, core_uid, wake=wake
    )
    terminal = settings.screen.input == "terminal"
    spare = _rehearse(painter, view)
    loop = Loop(window, showing, painter, wire, wake, clock, spare, terminal=terminal)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: loop.stop())
    wire.start()
    try:
        loop.run()
    finally:
        wire.stop()
        window.close()


def _warm_up(painter: Painter, view: View) -> None:
    """Make what takes long the first time, so that it keeps nobody from touching later.

    The idle screen has drawings and the words of a day; nothing that is made here is made again.
    """
    painter.paint(scene_of(Show(0, "", "", IdleScreen()), view), None)
    painter.paint(Scene(()), None)
    settle()


def _rehearse(painter: Painter, view: View) -> Iterator[None]:
    """The same for what can be touched on the idle screen, a little at each step: there is time for it."""
    panels: tuple[Panel, ...] = ("language", "access")
    for manner, panel in product((Manner(), Manner(large_text=True)), panels):
        idle = Show(0, "", "", IdleScreen(), manner=manner, panel=panel, languages=tuple(ENDONYMS))
        yield from painter.rehearse(scene_of(idle, replace(view, look=look_of(manner))))


def _on_processor(screen: Screen) -> bool:
    if screen.cpu_video == "auto":
        return draws_in_software()
    return screen.cpu_video == "on"
