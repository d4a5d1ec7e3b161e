"""What groups of processes cost."""

import asyncio
import contextlib
from collections.abc import Mapping, Sequence

import psutil

from kiosk.clock import Seconds
from tests.bench.figures import CLOCK

Groups = Mapping[str, Sequence[psutil.Process]]


def tree(pid: int) -> list[psutil.Process]:
    """A process and all that it started."""
    root = psutil.Process(pid)
    return [root, *root.children(recursive=True)]


async def cpu_percent_of(groups: Groups, for_s: Seconds) -> dict[str, float]:
    """The share of one core that each group takes in the next `for_s`."""
    before, began_s = _used_s(groups), CLOCK.monotonic()
    await asyncio.sleep(for_s)
    passed_s, after = CLOCK.monotonic() - began_s, _used_s(groups)
    return {name: round(100 * (after[name] - before[name]) / passed_s, 1) for name in groups}


def pss_mb_of(groups: Groups) -> dict[str, float]:
    """Memory, what is shared counted by its share."""
    return {
        name: round(sum(_pss_bytes(each) for each in members) / 1e6, 1)
        for name, members in groups.items()
    }


def _used_s(groups: Groups) -> dict[str, Seconds]:
    return {name: sum(map(_cpu_s, members)) for name, members in groups.items()}


def _cpu_s(process: psutil.Process) -> Seconds:
    with contextlib.suppress(psutil.NoSuchProcess):
        times = process.cpu_times()
        return float(times.user + times.system)
    return 0.0


def _pss_bytes(process: psutil.Process) -> int:
    with contextlib.suppress(psutil.NoSuchProcess):
        return int(process.memory_full_info().pss)
    return 0
