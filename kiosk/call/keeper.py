"""Keeps one device open in a thread of its own for as long as it is wanted."""

import asyncio
import logging
import threading
from collections.abc import Callable
from typing import Final, Literal, Protocol

from kiosk.clock import Seconds
from kiosk.errors import CallError
from kiosk.wire.messages import MediaDevice

RETRY_S: Final[Seconds] = 2.0
THREADS: Final = "device "
"""How the names of these threads begin."""

log = logging.getLogger(__name__)


class Device(Protocol):
    """Something that captures or plays."""

    @property
    def name(self) -> Literal["camera", "microphone", "speaker"]: ...

    def work(self, stop: threading.Event, works: Callable[[], None]) -> None:
        """Open the device, call `works` once it does, and close it before returning.

        Returns soon after `stop` is set. Raises CallError when the device fails.
        """

    def interrupt(self) -> None:
        """Make a blocked `work` look at `stop` at once; called from another thread."""


class Keeper:
    """Opens a device again every 2 s after a failure, and reports when its state changes."""

    def __init__(self, device: Device, report: Callable[[MediaDevice], None]) -> None:
        self._device = device
        self._report = report
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._told: MediaDevice | None = None
        self.state: MediaDevice | None = None

    def start(self) -> None:
        """Open the device from now on; nothing happens when that is so already."""
        if self._thread is not None:
            return
        self._stop = threading.Event()
        self._told = None
        self._stopped = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._thread = threading.Thread(
            target=self._work, name=THREADS + self._device.name, daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """Ask for the device to be closed; returns at once."""
        self._stop.set()
        if self._thread is not None:
            self._device.interrupt()

    async def stopped(self) -> None:
        """Wait, after `stop`, until the device is closed."""
        if self._thread is not None:
            await self._stopped.wait()
            self._thread.join()
            self._thread = None
        self.state = None

    def _work(self) -> None:
        while not self._stop.is_set():
            try:
                self._device.work(self._stop, self._works)
            except CallError as error:
                self._tell(MediaDevice(self._device.name, up=False, reason=str(error)))
                self._stop.wait(RETRY_S)
        self._loop.call_soon_threadsafe(self._stopped.set)

    def _works(self) -> None:
        self._tell(MediaDevice(self._device.name, up=True))

    def _tell(self, state: MediaDevice) -> None:
        if state != self._told:
            self._told = state
            self._loop.call_soon_threadsafe(self._changed, state)

    def _changed(self, state: MediaDevice) -> None:
        if self._stop.is_set():
            return
        self.state = state
        if state.up:
            log.info("%s works", state.device)
        else:
            log.warning("%s: %s", state.device, state.reason)
        self._report(state)
