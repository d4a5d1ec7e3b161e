"""Whether ALSA opens a device, asked of ALSA itself before PortAudio is.

PortAudio 19.6 keeps its last error in one variable for all threads (`paUtilErr_` of `pa_unix_util.h`).
Where a device can not be opened while the thread of another stream runs, that thread may
overwrite the error: PortAudio takes it for success and aborts the whole process.
"""

import ctypes
import re
from functools import cache
from typing import Any, Final, Literal

import sounddevice

from kiosk.errors import CallError

_PLAYBACK, _CAPTURE = 0, 1  # snd_pcm_stream_t
_NONBLOCK: Final = 1
_CARD: Final = re.compile(r"\((hw:\d+,\d+)\)$")
"""PortAudio calls a device of a card `card: device (hw:1,0)`, and any other as ALSA does."""


def must_open(name: str | None, direction: Literal["input", "output"]) -> None:
    """Raises CallError when ALSA does not open it, ValueError when there is no device of that name."""
    library = _library()
    device: Any = sounddevice.query_devices(name, direction)
    if library is None or sounddevice.query_hostapis(device["hostapi"])["name"] != "ALSA":
        return
    card = _CARD.search(device["name"])
    alsa_name: str = card[1] if card else device["name"]
    handle = ctypes.c_void_p()
    stream = _CAPTURE if direction == "input" else _PLAYBACK
    error = library.snd_pcm_open(ctypes.byref(handle), alsa_name.encode(), stream, _NONBLOCK)
    if error < 0:
        raise CallError(f"{device['name']}: {library.snd_strerror(error).decode()}")
    library.snd_pcm_close(handle)


@cache
def _library() -> ctypes.CDLL | None:
    """ALSA's own; None where there is none, and PortAudio has nothing to do with it."""
    try:
        library = ctypes.CDLL("libasound.so.2")
    except OSError:
        return None
    library.snd_pcm_open.argtypes = [
        ctypes.POINTER(ctypes.c_void_p),
        ctypes.c_char_p,
        ctypes.c_int,
        ctypes.c_int,
    ]
    library.snd_pcm_close.argtypes = [ctypes.c_void_p]
    library.snd_strerror.argtypes = [ctypes.c_int]
    library.snd_strerror.restype = ctypes.c_char_p
    return library
