"""Where the time of the processor goes: by process and thread, and by function of a main thread."""

import contextlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

import psutil

from kiosk.clock import Seconds

ENDED: Final = "threads that ended"
FOREIGN: Final = "a library's own thread"
"""Of a Python program, and unknown to it."""

OTHERS: Final = "all others"
DIGITS: Final = "0123456789"
LEAST_PERCENT: Final = 0.1
"""Less than this of a core is not worth a line."""


@dataclass(frozen=True, slots=True)
class Used:
    """Of the processor: all of it, and what the kernel took on its behalf."""

    total_s: Seconds = 0.0
    kernel_s: Seconds = 0.0

    def __add__(self, other: "Used") -> "Used":
        return Used(self.total_s + other.total_s, self.kernel_s + other.kernel_s)

    def __sub__(self, other: "Used") -> "Used":
        return Used(self.total_s - other.total_s, self.kernel_s - other.kernel_s)


Threads: TypeAlias = Mapping[int, tuple[str, Used]]
"""By the kernel's number: what it calls a thread, and what that has used since it began."""


@dataclass(frozen=True, slots=True)
class Line:
    """What one part of a program takes, as shares of one core."""

    name: str
    percent: float
    kernel_percent: float


@dataclass(frozen=True, slots=True)
class Look:
    """A process at one moment."""

    used: Used
    threads: Threads


def look(processes: Iterable[psutil.Process]) -> Look:
    """At processes that are one program together."""
    used, threads = Used(), dict[int, tuple[str, Used]]()
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            times = process.cpu_times()
            threads |= _threads_of(process)
            used += Used(times.user + times.system, times.system)
    return Look(used, threads)


def _threads_of(process: psutil.Process) -> dict[int, tuple[str, Used]]:
    threads = {}
    for thread in process.threads():
        with contextlib.suppress(OSError):  # one that has ended since
            name = Path(f"/proc/{process.pid}/task/{thread.id}/comm").read_text(encoding="utf-8")
            used = Used(thread.user_time + thread.system_time, thread.system_time)
            threads[thread.id] = (name.strip(), used)
    return threads


def by_thread(before: Look, after: Look, passed_s: Seconds, names: Mapping[int, str]) -> list[Line]:
    """Those with the same name together, the greatest first. `names` are what Python calls its own."""
    used: dict[str, Used] = {}
    ours = {after.threads[number][0] for number in names if number in after.threads}
    for number, (comm, now) in after.threads.items():
        name = names.get(number, FOREIGN if comm in ours else comm)
        name = name.rstrip(DIGITS).rstrip("-_ ")
        grown = now - before.threads[number][1] if number in before.threads else now
        used[name] = used.get(name, Used()) + grown
    used[ENDED] = after.used - before.used - sum(used.values(), Used())
    return lines_of(used, passed_s)


def lines_of(used: Mapping[str, Used], passed_s: Seconds) -> list[Line]:
    """In shares of one core, the greatest first, without those of next to nothing."""
    lines = [
        Line(name, *(round(100 * max(0.0, s) / passed_s, 1) for s in (u.total_s, u.kernel_s)))
        for name, u in used.items()
    ]
    kept = [line for line in lines if line.percent >= LEAST_PERCENT]
    return sorted(kept, key=lambda line: line.percent, reverse=True)


def by_function(
    before: Mapping[str, int], after: Mapping[str, int], percent: float, most: int
) -> list[tuple[str, float]]:
    """How a thread's share of a core falls to the functions it was found in, the greatest first."""
    grown = {name: count - before.get(name, 0) for name, count in after.items()}
    return _shares(grown, percent)[:most]


def by_package(
    before: Mapping[str, int], after: Mapping[str, int], percent: float, packages: Iterable[str]
) -> list[tuple[str, float]]:
    """The same by the first of `packages` that a function's module is in, and what is left."""
    grown: dict[str, int] = {}
    known = tuple(packages)
    for name, count in after.items():
        package = next((p for p in known if name.startswith(p + ".")), OTHERS)
        grown[package] = grown.get(package, 0) + count - before.get(name, 0)
    return _shares(grown, percent)


def _shares(counts: Mapping[str, int], percent: float) -> list[tuple[str, float]]:
    whole = max(1, sum(counts.values()))
    shares = [(name, round(percent * count / whole, 2)) for name, count in counts.items() if count]
    return sorted(shares, key=lambda share: share[1], reverse=True)


def thread_table(title: str, lines: Sequence[Line]) -> str:
    """As docs/performance.md carries it."""
    rows = [f"| {title} | of one core | of that in the kernel |", "|---|---|---|"]
    rows += [f"| {x.name} | {x.percent:.1f} % | {x.kernel_percent:.1f} % |" for x in lines]
    total, kernel = (sum(getattr(x, n) for x in lines) for n in ("percent", "kernel_percent"))
    return "\n".join([*rows, f"| all | {total:.1f} % | {kernel:.1f} % |"]) + "\n"


def share_table(title: str, shares: Sequence[tuple[str, float]]) -> str:
    rows = [f"| {title} | of one core |", "|---|---|"]
    return "\n".join([*rows, *(f"| `{name}` | {share:.2f} % |" for name, share in shares)]) + "\n"
