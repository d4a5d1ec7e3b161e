"""Inside a program that is looked into: where its main thread is, and what its threads are called.

The kernel counts the main thread's own time and interrupts it each time it has taken a little more
(timer_create(2), CLOCK_THREAD_CPUTIME_ID): who waits is not woken. Python hears of it between two
of its instructions, so that what a function of C takes is told of the Python function that called it.
"""

import atexit
import collections
import ctypes
import json
import os
import signal
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Final

from kiosk.clock import Seconds

EACH_S: Final[Seconds] = 0.004
"""The tick of a usual kernel, which is as often as it looks."""

TOLD_EACH_S: Final[Seconds] = 0.5
OWN: Final = "sampler"
"""The name of the thread that tells."""

_CLOCK_THREAD_CPUTIME_ID: Final = 3  # linux/time.h
_SIGEV_THREAD_ID: Final = 4  # asm-generic/siginfo.h


class _Event(ctypes.Structure):
    """struct sigevent, 64 bytes."""

    _fields_ = (
        ("value", ctypes.c_void_p),
        ("signal", ctypes.c_int),
        ("notify", ctypes.c_int),
        ("thread", ctypes.c_int),
        ("rest", ctypes.c_int * 11),
    )


class _Timer(ctypes.Structure):
    """struct itimerspec."""

    _fields_ = tuple((name, ctypes.c_long) for name in ("each_s", "each_ns", "first_s", "first_ns"))


@dataclass(frozen=True)
class Told:
    """The newest word of a program: how often its main thread was found in each function, and the
    name of each thread by the kernel's number."""

    found: Mapping[str, int]
    names: Mapping[int, str]


def sampled(place: Path, root: Path) -> dict[str, str]:
    """What a Python program needs in its environment to be looked into; it tells below `place`."""
    start = ("from tests.bench.sampler import Path, begin", f"begin(Path({str(place)!r}))", "")
    (place / "sitecustomize.py").write_text("\n".join(start), encoding="utf-8")
    return {"PYTHONPATH": f"{place}:{root}"}


def told(place: Path, pid: int) -> Told:
    """Raises OSError for a program that has told nothing yet."""
    said = json.loads((place / f"{pid}.json").read_bytes())
    return Told(said["found"], {int(number): name for number, name in said["names"].items()})


def begin(place: Path) -> None:
    """To be called by the main thread, which is looked at from now on."""
    found: collections.Counter[tuple[str, str]] = collections.Counter()

    def note(_signal: int, frame: FrameType | None) -> None:
        if frame is not None:
            found[str(frame.f_globals.get("__name__")), frame.f_code.co_qualname] += 1

    signal.signal(signal.SIGPROF, note)
    _count_time()
    file = place / f"{os.getpid()}.json"
    threading.Thread(target=_tell, args=(found, file), name=OWN, daemon=True).start()


def _count_time() -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    event = _Event(None, signal.SIGPROF, _SIGEV_THREAD_ID, threading.get_native_id())
    timer, each_ns = ctypes.c_void_p(), round(EACH_S * 1e9)
    made = libc.timer_create(_CLOCK_THREAD_CPUTIME_ID, ctypes.byref(event), ctypes.byref(timer))
    assert made == 0, os.strerror(ctypes.get_errno())
    atexit.register(libc.timer_delete, timer)  # who is no longer heard would kill
    libc.timer_settime(timer, 0, ctypes.byref(_Timer(0, each_ns, 0, each_ns)), None)


def _tell(found: collections.Counter[tuple[str, str]], file: Path) -> None:
    never, half = threading.Event(), file.with_suffix(".half")
    while not never.wait(TOLD_EACH_S):
        names = {thread.native_id: thread.name for thread in threading.enumerate()}
        said = {f"{module}.{name}": count for (module, name), count in found.copy().items()}
        half.write_text(json.dumps({"found": said, "names": names}), encoding="utf-8")
        half.replace(file)
