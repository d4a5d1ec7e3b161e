"""What a visit took of memory goes back to the system when it is over (glibc's allocator)."""

import ctypes
import gc
from typing import Final

# Each call brings threads of its own. With glibc's usual arena for each of them, a process grows by
# 70 MB over a hundred calls before it stays as it is.
_M_ARENA_MAX: Final = -8  # malloc.h
_ARENAS: Final = 2

_libc = ctypes.CDLL(None)


def use_few_arenas() -> None:
    """To be called before there is a second thread."""
    _libc.mallopt(_M_ARENA_MAX, _ARENAS)


def settle() -> None:
    """What is there now is taken to stay, and is not looked through again when memory is given back."""
    gc.collect()
    gc.freeze()


def give_back() -> None:
    """Takes some ten milliseconds, in which nothing else happens.

    Connections know each other, and so do the parts of a screen: what is large waits with them to
    be found. What they leave behind lies between what stays: without trimming, 20 MB after each
    call, and a little more after some.
    """
    gc.collect()
    _libc.malloc_trim(0)
