"""How much memory a process has, from the kernel."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def grows_less_than(most_mb: float, process: int) -> Iterator[None]:
    """Fails when it has had so much more in the meantime, and be it for a moment."""
    before_mb = peak_mb(process)
    yield
    grown_mb = peak_mb(process) - before_mb
    assert grown_mb < most_mb, f"{grown_mb:.0f} MB more"


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
