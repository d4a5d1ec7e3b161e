"""How much memory a process has, from the kernel."""

import os
from pathlib import Path


def resident_mb(process: int | None = None) -> float:
    """Now."""
    return _mb("VmRSS", process)


def peak_mb(process: int | None = None) -> float:
    """At most, since it began."""
    return _mb("VmHWM", process)


def _mb(what: str, process: int | None) -> float:
    lines = Path(f"/proc/{process or os.getpid()}/status").read_text().splitlines()
    (kib,) = (line.split()[1] for line in lines if line.startswith(what))
    return int(kib) / 1024
