"""A pseudo-terminal on which a simulated device can be plugged in and unplugged."""

import asyncio
import os
import tty
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from firmware_bridge.simulators.device import SimulatedDevice
from kiosk.clock import Clock, Seconds
from kiosk.errors import BridgeError

_READ_BYTES = 4096


class SimulatedPort:
    """Carries bytes between a device and whoever opens its port; each plugging in is a new device."""

    def __init__(
        self, begin: Callable[[], SimulatedDevice], clock: Clock, link: Path | None = None
    ) -> None:
        """`link`, where there is one, leads to the port while it is plugged in."""
        self._begin = begin
        self._clock = clock
        self._link = link
        self._ends: tuple[int, int] | None = None
        self._device: SimulatedDevice | None = None
        self._timer: asyncio.TimerHandle | None = None

    def plug(self) -> str:
        """Be there as a new device; returns the path to open. Nothing changes if it is there."""
        if self._ends is None:
            master, slave = os.openpty()
            tty.setraw(slave)
            os.set_blocking(master, False)
            # Both ends are kept: without the other one the port hangs up while nobody has it open.
            self._ends = master, slave
            self._device = self._begin()
            asyncio.get_running_loop().add_reader(master, self._read)
            self._point_link(os.ttyname(slave))
            self.go_on()
        return str(self._link or os.ttyname(self._ends[1]))

    def unplug(self) -> None:
        """Be gone: whoever has the port open sees it hang up."""
        if self._ends is None:
            return
        asyncio.get_running_loop().remove_reader(self._ends[0])
        for end in self._ends:
            os.close(end)
        self._ends = self._device = None
        if self._link is not None:
            self._link.unlink(missing_ok=True)

    def send(self, data: bytes) -> None:
        """Put `data` on the line, whether or not the device would."""
        if self._ends is not None and data:
            # When nobody reads, it is lost, as on a real line.
            with suppress(BlockingIOError):
                os.write(self._ends[0], data)

    def obey(self, words: Sequence[str]) -> None:
        """Somebody does something at the device; raises BridgeError when that can not be."""
        if self._device is None:
            raise BridgeError("it is unplugged: say `plug` first")
        self._device.obey(words, self._clock.monotonic())
        self.go_on()

    def go_on(self) -> None:
        """Time passed or something happened: send what the device has to say."""
        if self._device is None:
            return
        now = self._clock.monotonic()
        self._device.tick(now)
        self.send(self._device.to_send())
        self._wake_at(self._device.next_deadline(), now)

    def _read(self) -> None:
        if self._ends is None or self._device is None:
            return
        data = os.read(self._ends[0], _READ_BYTES)
        self._device.feed(data, self._clock.monotonic())
        self.go_on()

    def _wake_at(self, due_s: Seconds | None, now: Seconds) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None
        if due_s is not None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(max(0.0, due_s - now), self.go_on)

    def _point_link(self, device: str) -> None:
        """In one step, as udev does it. Raises BridgeError."""
        if self._link is None:
            return
        beside = self._link.with_name(f".{self._link.name}.new")
        try:
            beside.unlink(missing_ok=True)
            beside.symlink_to(device)
            beside.replace(self._link)
        except OSError as error:
            raise BridgeError(f"{self._link} can not lead there: {error.strerror}") from error
