"""A device that comes is noticed at once by the kernel's word, and soon by looking."""

import asyncio
import os
import tty
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import pyudev

from firmware_bridge import arrivals as arrivals_module
from firmware_bridge.arrivals import Arrivals
from firmware_bridge.serial_port import identity
from kiosk.clock import SystemClock
from tests.bridge.process import listening, running

CLOCK = SystemClock()
KERNEL = Path("/sys/class/tty/tty0/uevent")
"""A write to it makes the kernel announce this console again."""

UEVENTS = "15"
"""The protocol in which the kernel announces devices, NETLINK_KOBJECT_UEVENT (linux/netlink.h)."""

OF_THE_KERNEL = "00000001"
"""Its own group; udev's is 2."""

LONG_S = 20.0
SOON_S = 5.0


@contextmanager
def plugged_in(path: Path) -> Iterator[None]:
    """A device behind `path`, as udev makes a link to one."""
    master, slave = os.openpty()
    tty.setraw(slave)
    path.symlink_to(os.ttyname(slave))
    try:
        yield
    finally:
        path.unlink()
        os.close(master)
        os.close(slave)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "reader"


async def test_a_device_that_is_there_is_no_other(path: Path) -> None:
    with plugged_in(path):
        arrivals = Arrivals(CLOCK)
        assert not await arrivals.another(str(path), identity(str(path)), 0.05)
        assert await arrivals.another(str(path), None, 0.05)


async def test_a_device_that_comes_is_found_by_looking(path: Path) -> None:
    waiting = asyncio.create_task(Arrivals(CLOCK).another(str(path), None, LONG_S))
    await asyncio.sleep(0)
    with plugged_in(path):
        assert await asyncio.wait_for(waiting, SOON_S)


async def test_a_device_that_comes_back_under_another_name_is_another(path: Path) -> None:
    with plugged_in(path):
        before = identity(str(path))
    waiting = asyncio.create_task(Arrivals(CLOCK).another(str(path), before, LONG_S))
    with plugged_in(path.with_name("other")), plugged_in(path):
        assert await asyncio.wait_for(waiting, SOON_S)


def hears_the_kernel(pid: int) -> bool:
    """Whether one of the program's sockets is in the kernel's group for devices."""
    table = Path(f"/proc/{pid}/net/netlink").read_text().splitlines()[1:]
    rows = [row.split() for row in table]
    sockets = {
        f"socket:[{inode}]"
        for _, protocol, _, groups, *_, inode in rows
        if (protocol, groups) == (UEVENTS, OF_THE_KERNEL)
    }
    open_files = {str(file.readlink()) for file in Path(f"/proc/{pid}/fd").iterdir()}
    return bool(sockets & open_files)


@pytest.mark.root
@pytest.mark.journey
async def test_the_bridge_itself_hears_the_kernel(tmp_path: Path) -> None:
    async with running(tmp_path, tmp_path / "none") as bridge, listening(bridge.socket) as core:
        await core.down()
        assert hears_the_kernel(bridge.pid)


@pytest.mark.root
async def test_the_kernels_word_is_enough_to_look_at_once(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrivals_module, "LOOK_EVERY_S", LONG_S)
    async with Arrivals(CLOCK).listening() as arrivals:
        waiting = asyncio.create_task(arrivals.another(str(path), None, LONG_S))
        await asyncio.sleep(0)
        KERNEL.write_text("add")
        # The name comes after the kernel's word, as udev gives it.
        await asyncio.sleep(2 * arrivals_module.LOOK_CLOSELY_EVERY_S)
        with plugged_in(path):
            assert await asyncio.wait_for(waiting, SOON_S)


async def test_where_the_kernel_can_not_be_heard_looking_is_enough(
    path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise OSError("no netlink here")

    monkeypatch.setattr(pyudev.Monitor, "from_netlink", refused)
    async with Arrivals(CLOCK).listening() as arrivals:
        with plugged_in(path):
            assert await arrivals.another(str(path), None, SOON_S)
    assert "by looking alone" in caplog.text
