"""Opens the one window of the terminal, which nothing typed or clicked can close."""

from typing import Any

from kivy.base import EventLoop
from kivy.config import Config
from kivy.graphics.opengl import GL_RENDERER, glGetString
from kivy.input import MotionEventFactory

from kiosk.ui.colours import rgb
from kiosk.ui.elements import Scene
from kiosk.ui.glass.touchscreen import touchscreen
from kiosk.ui.settings import Screen

_SOFTWARE_GL = ("llvmpipe", "softpipe", "swrast", "swiftshader")


def open_window(screen: Screen) -> Any:
    """The window, its input started; the first GL object may be built after this.

    Raises ConfigError when nothing here can read a touchscreen; one that is dead or missing may come later.
    """
    provider = _input(screen)
    _configure(screen)
    # Kivy opens the window on this import, and building anything of GL before it crashes.
    from kivy.core.window import Window

    Window.bind(on_request_close=lambda *_args, **_named: True)
    for other in tuple(EventLoop.input_providers):
        EventLoop.remove_input_provider(other)
    EventLoop.add_input_provider(provider)
    EventLoop.ensure_window()
    EventLoop.start()
    return Window


def lay_ground(window: Any, scene: Scene) -> None:
    """What `scene` does not cover is its ground from the next frame on."""
    window.clearcolor = (*rgb(scene.ground), 1)


def draws_in_software() -> bool:
    """Whether the processor does the work of a GPU."""
    renderer = str(glGetString(GL_RENDERER) or "").lower()
    return any(name in renderer for name in _SOFTWARE_GL)


def _configure(screen: Screen) -> None:
    Config.remove_section("input")
    Config.add_section("input")
    for name, value in {
        "width": screen.width_px,
        "height": screen.height_px,
        "fullscreen": "auto" if screen.fullscreen else 0,
        "borderless": int(screen.fullscreen),
        "resizable": 0,
        "multisamples": 0,
        "show_cursor": int(screen.input == "desk"),
        "allow_screensaver": 0,
    }.items():
        Config.set("graphics", name, str(value))
    Config.set("kivy", "exit_on_escape", "0")


def _input(screen: Screen) -> Any:
    """One provider: with more, one tap would be two touches."""
    if screen.input == "desk":
        return MotionEventFactory.get("mouse")("mouse", "disable_multitouch,disable_hover")
    return touchscreen(str(screen.touch_device))
