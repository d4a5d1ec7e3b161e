"""One card reader's life: opened, listened to, lost, and looked for until it is back."""

import logging
from collections.abc import Callable

from firmware_bridge.line import Line
from firmware_bridge.readers import READERS
from firmware_bridge.serial_port import SerialPort, another, identity
from firmware_bridge.settings import ReaderSettings
from kiosk.clock import Clock, Seconds
from kiosk.errors import BridgeError
from kiosk.wire.messages import Message, ReaderStatus

FIRST_RETRY_S: Seconds = 0.5
SLOWEST_RETRY_S: Seconds = 5.0

log = logging.getLogger(__name__)


class CardReader:
    """Says what the reader does, card by card, and whether it works."""

    def __init__(
        self, settings: ReaderSettings, clock: Clock, say: Callable[[Message], None]
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._say = say
        self._kind = READERS[settings.kind]
        self.status: ReaderStatus | None = None
        """The newest; None until the port was tried."""

    async def run(self) -> None:
        """Until cancelled."""
        port = self._settings.port
        wait_s = FIRST_RETRY_S
        while True:
            tried = identity(port)
            began_s = self._clock.monotonic()
            try:
                await self._listen()
            except BridgeError as error:
                self._tell(ReaderStatus(self._settings.name, up=False, reason=str(error)))
            worked = self._clock.monotonic() - began_s > SLOWEST_RETRY_S
            if await another(port, tried, FIRST_RETRY_S if worked else wait_s) or worked:
                wait_s = FIRST_RETRY_S
            else:
                wait_s = min(wait_s * 2, SLOWEST_RETRY_S)

    async def _listen(self) -> None:
        """Listen while the port lasts; raises BridgeError when it does not."""
        settings = self._settings
        with SerialPort(settings.port, settings.baud or self._kind.baud) as port:
            line = Line(settings.name, self._kind.decoder(), settings.removed_after_s)
            self._tell(line.status(self._clock.monotonic()))
            try:
                while True:
                    await self._listen_once(port, line)
            finally:
                self._say_all(line.lost())

    async def _listen_once(self, port: SerialPort, line: Line) -> None:
        due_s = line.next_deadline()
        data = await port.read(None if due_s is None else due_s - self._clock.monotonic())
        now = self._clock.monotonic()
        said = line.feed(data, now) if data else line.tick(now)
        self._tell(line.status(now))
        self._say_all(said)

    def _say_all(self, messages: list[Message]) -> None:
        for message in messages:
            self._say(message)

    def _tell(self, status: ReaderStatus) -> None:
        """Say how the reader is, once for each change."""
        if status == self.status:
            return
        self.status = status
        if status.up:
            log.info("reader %s: ready at %s", status.reader, self._settings.port)
        else:
            log.warning("reader %s: %s", status.reader, status.reason)
        self._say(status)
