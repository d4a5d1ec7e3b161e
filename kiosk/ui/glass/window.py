"""Opens the one window of the terminal, which nothing typed or clicked can close."""

import os
from typing import Any

from kivy.base import EventLoop
from kivy.config import Config
from kivy.graphics.opengl import GL_RENDERER, glGetString
from kivy.input import MotionEventFactory

from kiosk.errors import ConfigError
from kiosk.ui.colours import rgb
from kiosk.ui.elements import Scene
from kiosk.ui.settings import Screen

_SOFTWARE_GL = ("llvmpipe", "softpipe", "swrast", "swiftshader")


def open_window(screen: Screen) -> Any:
    """The window, its input started; the first GL object may be built after this.

    Raises ConfigError when the touchscreen can not be read.
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


def touch_works() -> bool:
    """Whether the touchscreen is there and read; one that has come back is read anew.

    Kivy's thread waits for a device that goes, and ends when it can not open it at once.
    """
    [provider] = EventLoop.input_providers
    if getattr(provider, "thread", None) is None:
        return True
    is_there, is_read = os.access(provider.input_fn, os.R_OK), provider.thread.is_alive()
    if is_there and not is_read:
        provider.start()
    return is_there and is_read


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
    provider = MotionEventFactory.get("mtdev")
    if provider is None:
        raise ConfigError("screen.input", ["terminal needs libmtdev1, which is not installed"])
    if not os.access(str(screen.touch_device), os.R_OK):
        raise ConfigError("screen.touch_device", [f"{screen.touch_device} cannot be read"])
    return provider("touch", screen.touch_device)
