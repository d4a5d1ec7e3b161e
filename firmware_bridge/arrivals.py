"""Notices that a device came: at once by the kernel's word, and else by looking at its path.

The kernel's own events are listened to and not udev's: those do not reach a program that has no
network of its own (PrivateNetwork=, netlink groups belong to a network namespace). The names that
udev gives appear a moment after the kernel's event, so the path is then looked at more often.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from typing import Self

import pyudev

from firmware_bridge.serial_port import Identity, identity
from kiosk.clock import Clock, Seconds

LOOK_EVERY_S: Seconds = 0.1
LOOK_CLOSELY_EVERY_S: Seconds = 0.02
LOOK_CLOSELY_FOR_S: Seconds = 2.0
"""A busy machine's udev needs this long at most to name what the kernel announced."""

SUBSYSTEM = "tty"

log = logging.getLogger(__name__)


class Arrivals:
    """Wakes whoever waits for a device; works by looking alone where the kernel can not be heard."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._announced_s: Seconds = float("-inf")
        self._news = asyncio.Event()

    @contextlib.asynccontextmanager
    async def listening(self) -> AsyncIterator[Self]:
        """Hear the kernel's events meanwhile."""
        try:
            monitor = pyudev.Monitor.from_netlink(pyudev.Context(), source="kernel")
            monitor.filter_by(SUBSYSTEM)
            monitor.start()
        except (OSError, ImportError) as error:
            log.warning("new devices are found by looking alone: %s", error)
            yield self
            return
        loop = asyncio.get_running_loop()
        loop.add_reader(monitor.fileno(), self._hear, monitor)
        try:
            yield self
        finally:
            loop.remove_reader(monitor.fileno())

    async def another(self, path: str, than: Identity | None, within_s: Seconds) -> bool:
        """Wait for another device at `path` than before, at most `within_s`; whether there is one."""
        until_s = self._clock.monotonic() + within_s
        while (left_s := until_s - self._clock.monotonic()) > 0:
            if identity(path) not in (None, than):
                return True
            await self._look_again(min(left_s, self._pause_s()))
        return False

    async def _look_again(self, after_s: Seconds) -> None:
        self._news.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(after_s):
                await self._news.wait()

    def _pause_s(self) -> Seconds:
        since_s = self._clock.monotonic() - self._announced_s
        return LOOK_CLOSELY_EVERY_S if since_s < LOOK_CLOSELY_FOR_S else LOOK_EVERY_S

    def _hear(self, monitor: pyudev.Monitor) -> None:
        """A device was announced, or left: the path may change in a moment."""
        while monitor.poll(timeout=0) is not None:
            self._announced_s = self._clock.monotonic()
        self._news.set()
