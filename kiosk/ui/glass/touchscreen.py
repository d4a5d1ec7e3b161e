"""The touchscreen as Kivy reads it, from whenever it is there."""

import fcntl
import logging
import os
from contextlib import suppress
from typing import Any

from kivy.base import EventLoop
from kivy.input import MotionEventFactory

from kiosk.errors import ConfigError

_EVIOCGVERSION = 0x80044501
"""linux/input.h: every input device answers it, and nothing else does."""

log = logging.getLogger(__name__)


def touchscreen(device: str) -> Any:
    """A provider for Kivy that reads `device`, which may come later than this.

    Raises ConfigError when nothing here can read any touchscreen.
    """
    reader = MotionEventFactory.get("mtdev")
    if reader is None:
        raise ConfigError("screen.input", ["terminal needs libmtdev1, which is not installed"])
    if not _is_input(device):
        log.error("screen.touch_device: %s cannot be read as a touchscreen", device)

    class Reader(reader):  # type: ignore[misc,valid-type]
        """Kivy's own ends with a traceback in the log each time that it finds no device."""

        def _thread_run(self, **given: Any) -> None:
            with suppress(OSError):
                if _is_input(given["input_fn"]):
                    super()._thread_run(**given)

    return Reader("touch", device)


def touch_works() -> bool:
    """Whether the touchscreen is there and read; one that has come, or come back, is read anew.

    Kivy's thread waits for a device that goes, and ends when it can not open it at once.
    """
    [provider] = EventLoop.input_providers
    if getattr(provider, "thread", None) is None:
        return True
    is_there, is_read = os.access(provider.input_fn, os.R_OK), provider.thread.is_alive()
    if is_there and not is_read:
        provider.start()
    return is_there and is_read


def _is_input(path: str) -> bool:
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.ioctl(fd, _EVIOCGVERSION, bytes(4))
    except OSError:
        return False
    finally:
        os.close(fd)
    return True
