"""Lets a test get a program's interpreter stuck in C, holding the lock that every thread needs.

Python loads a module of this name at start when its folder is on PYTHONPATH; only a test puts it there.
"""

import ctypes
import signal

STUCK_S = 60


def _get_stuck(*_: object) -> None:
    ctypes.PyDLL(None).sleep(STUCK_S)  # PyDLL, unlike CDLL, keeps the interpreter's lock


signal.signal(signal.SIGUSR1, _get_stuck)
