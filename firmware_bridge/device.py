"""One serial device's life: opened, conversed with, lost, and looked for until it is back."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from firmware_bridge.arrivals import Arrivals
from firmware_bridge.pace import Pace
from firmware_bridge.retry import Retry
from firmware_bridge.serial_port import Parity, SerialPort, identity
from kiosk.clock import Clock, Seconds
from kiosk.errors import BridgeError
from kiosk.wire.devices import BoardStatus, Indication, ReaderStatus, Tamper
from kiosk.wire.messages import Message

Status: TypeAlias = ReaderStatus | BoardStatus

SLOW_TO_REFUSE_S: Seconds = 0.5
"""The other devices stand still while a port is opened: one that takes so long is not tried often."""

GRACE_S: Seconds = 30.0
"""After a start a supervised device may take so long to be there (USB, a reader's own start)."""

log = logging.getLogger(__name__)


class DeviceLine(Protocol):
    """One connection to one device, from plugged in to unplugged, without I/O."""

    def feed(self, data: bytes, now: Seconds) -> list[Message]:
        """What `data`, read now, changes."""

    def tick(self, now: Seconds) -> list[Message]:
        """What silence changes: nothing has come up to `now`."""

    def lost(self) -> list[Message]:
        """The device is gone."""

    def to_send(self) -> bytes:
        """Take what is to be written to the line."""

    def indicate(self, indication: Indication) -> None:
        """Tell the people at the device."""

    def status(self, now: Seconds) -> Status:
        """Whether the device at the other end can be used."""

    def is_cut_off(self, now: Seconds) -> bool:
        """Whether nobody answers there as the device does; what it says of itself is no such thing."""

    def next_deadline(self) -> Seconds | None:
        """When `tick` is next to be called; None while nothing is due."""


@dataclass(frozen=True, slots=True)
class DevicePlan:
    """Which device: its name and port, how a new connection begins, how to say that it is away."""

    name: str
    port: str
    baud: int
    begin: Callable[[], DeviceLine]
    down: Callable[[str], Status]
    supervised: bool
    parity: Parity = "none"


class Device:
    """Says what the device does, and whether it works."""

    def __init__(
        self, plan: DevicePlan, clock: Clock, arrivals: Arrivals, say: Callable[[Message], None]
    ) -> None:
        self._plan = plan
        self._clock = clock
        self._arrivals = arrivals
        self._say = say
        self._line: DeviceLine | None = None
        self._indication = Indication.CLOSED
        self._port: SerialPort | None = None
        self._cut_off: bool | None = None
        self._began_s = clock.monotonic()
        self.status: Status | None = None
        """The newest; None until the port was tried."""

    def indicate(self, indication: Indication) -> None:
        """Tell the people at the device now, and again whenever it is back."""
        self._indication = indication
        if self._line is not None and self._port is not None:
            self._line.indicate(indication)
            self._port.wake()

    @property
    def name(self) -> str:
        return self._plan.name

    def give_up(self, reason: str) -> None:
        """Say that the device is down, and cut off: nobody watches it now."""
        self._tell(self._plan.down(reason), cut_off=True)

    async def run(self) -> None:
        """Until cancelled."""
        port, retry = self._plan.port, Retry()
        while True:
            tried = identity(port)
            try:
                with self._opened(retry) as opened:
                    await self._converse(opened)
            except BridgeError as error:
                self.give_up(str(error))
            if await self._arrivals.another(port, tried, retry.next_wait_s()):
                retry = Retry()

    def _opened(self, retry: Retry) -> SerialPort:
        """The port, open; raises BridgeError. `retry` is told where it may be tried again soon."""
        plan, began_s = self._plan, self._clock.monotonic()
        try:
            port = SerialPort(plan.port, plan.baud, plan.parity)
        except BridgeError:
            took_s = self._clock.monotonic() - began_s
            if took_s < SLOW_TO_REFUSE_S and identity(plan.port) is not None:
                retry.is_there()
            raise
        retry.is_there()
        return port

    async def _converse(self, port: SerialPort) -> None:
        """Converse while the port lasts; raises BridgeError when it does not."""
        pace = Pace()
        self._port, self._line = port, (line := self._plan.begin())
        line.indicate(self._indication)
        self._tell_of(line, self._clock.monotonic())
        try:
            while True:
                read_bytes = await self._once(port, line)
                if pause_s := pace.pause_s(read_bytes, self._clock.monotonic()):
                    await asyncio.sleep(pause_s)
        finally:
            self._port = self._line = None
            self._say_all(line.lost())

    async def _once(self, port: SerialPort, line: DeviceLine) -> int:
        """One turn of the conversation; how many bytes were read."""
        port.write(line.to_send())
        due_s = line.next_deadline()
        data = await port.read(None if due_s is None else due_s - self._clock.monotonic())
        now = self._clock.monotonic()
        said = line.feed(data, now) if data else line.tick(now)
        self._tell_of(line, now)
        self._say_all(said)
        return len(data)

    def _say_all(self, messages: list[Message]) -> None:
        for message in messages:
            self._say(message)

    def _tell_of(self, line: DeviceLine, now: Seconds) -> None:
        self._tell(line.status(now), cut_off=line.is_cut_off(now))

    def _tell(self, status: Status, *, cut_off: bool) -> None:
        """Say how the device is, once for each change."""
        self._watch_link(cut_off)
        if status == self.status:
            return
        self.status = status
        if status.up:
            log.info("%s: ready at %s", self._plan.name, self._plan.port)
        else:
            log.warning("%s: %s", self._plan.name, status.reason)
        self._say(status)

    def _watch_link(self, cut_off: bool) -> None:
        """Who cuts a supervised device off is noticed, also before it was ever there."""
        starting = self._cut_off is None and self._clock.monotonic() - self._began_s < GRACE_S
        if not self._plan.supervised or self._cut_off is cut_off or (starting and cut_off):
            return
        self._cut_off = cut_off
        self._say(Tamper(self._plan.name, "link_lost", active=cut_off))
