"""How wide a line is in a script whose letters change beside each other.

Kivy draws such a line with the script that it is told, but measures it without: here the very
library that draws it is asked, with the script.
"""

import ctypes
import logging
from functools import lru_cache
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)


def extents_px(path: str, size_px: int, script: str, line: str) -> tuple[int, int] | None:
    """The width and height of `line` as it is drawn; None where the library can not be asked."""
    font = _font(path, size_px, script)
    sides = ctypes.c_int(), ctypes.c_int()
    if font is None or _library().TTF_SizeUTF8(font, line.encode(), *map(ctypes.byref, sides)):
        return None
    return sides[0].value, sides[1].value


@lru_cache(maxsize=1)
def _library() -> Any:
    """What Kivy has loaded already, wherever it lies; None when it draws with something else."""
    try:
        maps = Path("/proc/self/maps").read_text(encoding="utf-8").splitlines()
        [path] = {line.split(maxsplit=5)[-1] for line in maps if "libSDL2_ttf" in line}
        library = ctypes.CDLL(path)
    except (OSError, ValueError) as error:
        log.warning("Some scripts are measured as wider than they are: %s", error)
        return None
    library.TTF_OpenFont.restype = ctypes.c_void_p
    library.TTF_OpenFont.argtypes = [ctypes.c_char_p, ctypes.c_int]
    library.TTF_SetFontScriptName.argtypes = [ctypes.c_void_p, ctypes.c_char_p]
    library.TTF_SizeUTF8.argtypes = [
        ctypes.c_void_p,
        ctypes.c_char_p,
        ctypes.POINTER(ctypes.c_int),
        ctypes.POINTER(ctypes.c_int),
    ]
    library.TTF_CloseFont.argtypes = [ctypes.c_void_p]
    return library


class _Font:
    """One size of one font for one script, closed with the last word of it."""

    def __init__(self, library: Any, handle: int) -> None:
        self._library = library
        self._as_parameter_ = ctypes.c_void_p(handle)

    def __del__(self) -> None:
        self._library.TTF_CloseFont(self._as_parameter_)


@lru_cache(maxsize=32)
def _font(path: str, size_px: int, script: str) -> _Font | None:
    library = _library()
    handle = library.TTF_OpenFont(path.encode(), size_px) if library is not None else None
    if not handle:
        return None
    library.TTF_SetFontScriptName(handle, script.encode())
    return _Font(library, handle)
