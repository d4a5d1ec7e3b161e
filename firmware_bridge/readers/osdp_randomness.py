"""Gives libosdp the operating system's randomness, which it does not ask for itself.

libosdp draws the challenge of each secure channel (RND.A) from the C library's `rand()`, which it
never seeds: every start would challenge alike, and a recorded session could be played to it again.
"""

import ctypes
import os
from functools import cache

from kiosk.errors import BridgeError

NOT_OURS = "the C library keeps its own randomness: OSDP would not be safe with it"

_STATE_BYTES = 256
_HEAD_BYTES = 4
_FRESH_BYTES = _STATE_BYTES - _HEAD_BYTES

# What rand() draws from, once it was told so: it is read for as long as this program runs.
_state = ctypes.create_string_buffer(_STATE_BYTES)


def renew() -> None:
    """Have the next 62 calls of `rand()` depend on fresh bytes each; call it before each challenge.

    Not by `srand`, which takes 32 bits. Raises BridgeError where `rand()` can not be told.
    """
    library = _library()
    library.initstate(1, _state, _STATE_BYTES)
    _fill(bytes(_FRESH_BYTES))
    if library.rand() != 0:
        raise BridgeError(NOT_OURS)
    _fill(os.urandom(_FRESH_BYTES))


def _fill(data: bytes) -> None:
    ctypes.memmove(ctypes.addressof(_state) + _HEAD_BYTES, data, len(data))


@cache
def _library() -> ctypes.CDLL:
    library = ctypes.CDLL(None)
    library.initstate.argtypes = (ctypes.c_uint, ctypes.c_void_p, ctypes.c_size_t)
    library.initstate.restype = ctypes.c_void_p
    return library
