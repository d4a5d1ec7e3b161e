"""The bridge as a process, at ports that are there and that another program keeps for itself."""

import asyncio
import fcntl
import os
import tty
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from kiosk.clock import SystemClock
from tests.bridge.process import listening, running

pytestmark = pytest.mark.journey

CLOCK = SystemClock()
BACK_S = 2.0
KEPT_S = 6.0
PORTS = 8
"""If waits grew, at least one of so many would be waited for too long: none of a million runs passes."""

IDLE = 0.03
"""Of one core, for all of the ports together."""


class KeptPort:
    """A reader's port that another program has locked."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._ends = os.openpty()
        tty.setraw(self._ends[1])
        fcntl.flock(self._ends[1], fcntl.LOCK_EX)
        path.symlink_to(os.ttyname(self._ends[1]))

    def let_go(self) -> None:
        fcntl.flock(self._ends[1], fcntl.LOCK_UN)

    def close(self) -> None:
        for end in self._ends:
            os.close(end)


@pytest.fixture
def ports(tmp_path: Path) -> Iterator[list[KeptPort]]:
    ports = [KeptPort(tmp_path / f"reader{number}") for number in range(PORTS)]
    yield ports
    for port in ports:
        port.close()


def used_s(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system


async def test_ports_that_were_kept_for_long_are_all_back_soon_and_cost_nothing_meanwhile(
    tmp_path: Path, ports: list[KeptPort]
) -> None:
    front, *others = ports
    more = "".join(
        f'[[reader]]\nname = "{port.path.name}"\nkind = "em4100_ascii"\nport = "{port.path}"\n'
        for port in others
    )
    async with running(tmp_path, front.path, more=more) as bridge, listening(bridge.socket) as core:
        for _ in ports:
            assert "is in use by another program" in await core.down()
        process = psutil.Process(bridge.pid)
        before_s = used_s(process)
        await asyncio.sleep(KEPT_S)
        assert (used_s(process) - before_s) / KEPT_S < IDLE
        let_go_s = CLOCK.monotonic()
        for port in ports:
            port.let_go()
        back_s = [await core.up() - let_go_s for _ in ports]
        assert max(back_s) < BACK_S
        assert bridge.log.count("is in use by another program") == PORTS
