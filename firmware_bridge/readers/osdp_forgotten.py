"""Frees what libosdp hands over and forgets: the dictionary of each event, and the bytes in it.

It keeps a reference to each of them for ever. Without this the bridge would grow with each card,
and hold the number of each.
"""

import ctypes
from sys import getrefcount
from typing import Any


def own_copy(event: dict[str, Any]) -> dict[str, Any]:
    """The same event in objects of our own; what was bytes in `event` is taken out and freed."""
    copy = {
        key: bytes(bytearray(value)) if isinstance(value, bytes) else value
        for key, value in event.items()
    }
    for key, value in copy.items():
        if isinstance(value, bytes):
            free([event.pop(key)])
    return copy


def free(only_here: list[Any]) -> None:
    """Give up the reference that libosdp forgot, if there is one beside that of this list."""
    if getrefcount(only_here[0]) == _ALONE + 1:
        ctypes.pythonapi.Py_DecRef(ctypes.py_object(only_here[0]))


def _references(only_here: list[Any]) -> int:
    return getrefcount(only_here[0])


_ALONE = _references([{}])
"""What is counted of an object that is in one list and nowhere else."""
