"""Frees what libosdp hands over and forgets: the dictionary of each event.

It never gives up its own reference. Without this the bridge would grow with each card, and hold the
number of each.
"""

import ctypes
from sys import getrefcount
from typing import Any


def free(only_here: list[Any]) -> None:
    """Give up the reference that libosdp forgot, if there is one beside that of this list."""
    if getrefcount(only_here[0]) == _ALONE + 1:
        ctypes.pythonapi.Py_DecRef(ctypes.py_object(only_here[0]))


def _references(only_here: list[Any]) -> int:
    return getrefcount(only_here[0])


_ALONE = _references([{}])
"""What is counted of an object that is in one list and nowhere else."""
