"""Keeps one device open in a thread of its own for as long as it is wanted."""

import asyncio
import logging
import threading
from collections.abc import Callable
from typing import Final, Literal, Protocol, TypeAlias

from kiosk.clock import Seconds
from kiosk.errors import CallError
from kiosk.wire.messages import MediaDevice

RETRY_S: Final[Seconds] = 2.0
THREADS: Final = "device "
"""How the names of these threads begin."""

Part: TypeAlias = Literal["camera", "microphone", "speaker"]

Tell: TypeAlias = Callable[[MediaDevice], None]
"""Tells whether a part works; may be called again and again with the same."""

log = logging.getLogger(__name__)


class Device(Protocol):
    """Something that captures or plays, or both."""

    @property
    def parts(self) -> tuple[Part, ...]: ...

    def work(self, stop: threading.Event, tell: Tell) -> None:
        """Open the device, tell how its parts do, and close it before returning.

        Returns soon after `stop` is set; before that, to be called again at once. Raises CallError
        when all parts fail.
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
        self._told: dict[Part, MediaDevice] = {}
        self._states: dict[Part, MediaDevice] = {}

    @property
    def states(self) -> list[MediaDevice]:
        """What is known of the parts now."""
        return list(self._states.values())

    def start(self) -> None:
        """Open the device from now on; nothing happens when that is so already."""
        if self._thread is not None:
            return
        self._stop = threading.Event()
        self._told = {}
        self._stopped = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        name = THREADS + ", ".join(self._device.parts)
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
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
        self._states = {}

    def _work(self) -> None:
        while not self._stop.is_set():
            try:
                self._device.work(self._stop, self._tell)
            except CallError as error:
                for part in self._device.parts:
                    self._tell(MediaDevice(part, up=False, reason=str(error)))
                self._stop.wait(RETRY_S)
        self._loop.call_soon_threadsafe(self._stopped.set)

    def _tell(self, state: MediaDevice) -> None:
        if state != self._told.get(state.device):
            self._told[state.device] = state
            self._loop.call_soon_threadsafe(self._changed, state)

    def _changed(self, state: MediaDevice) -> None:
        if self._stop.is_set():
            return
        self._states[state.device] = state
        if state.up:
            log.debug("%s works", state.device)
        else:
            log.warning("%s: %s", state.device, state.reason)
        self._report(state)
