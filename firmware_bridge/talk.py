"""One conversation on one open port, for the commands that look at a reader without the daemon."""

from collections.abc import Callable
from typing import NoReturn

from firmware_bridge.capture import Captured
from firmware_bridge.readers.conversation import Conversation
from firmware_bridge.readers.reading import Reading
from firmware_bridge.serial_port import SerialPort
from kiosk.clock import Clock, Seconds


class Talk:
    """Carries bytes between a port and a conversation; `hear` takes readings, `tap` the bytes."""

    def __init__(
        self,
        port: SerialPort,
        conversation: Conversation,
        clock: Clock,
        hear: Callable[[Reading], None],
        tap: Callable[[Captured], None] = lambda _: None,
    ) -> None:
        self._port = port
        self._conversation = conversation
        self._clock = clock
        self._hear = hear
        self._tap = tap
        self._began_s = clock.monotonic()

    async def run(self) -> NoReturn:
        """Until cancelled. Raises BridgeError when the port is lost."""
        while True:
            await self.once(None)

    async def once(self, within_s: Seconds | None) -> None:
        """Wait for what comes next, at most so long."""
        self._send()
        data = await self._port.read(self._patience_s(within_s))
        now = self._clock.monotonic()
        if data:
            self._tap(Captured(now - self._began_s, "<", data))
        readings = self._conversation.feed(data, now) if data else self._conversation.tick(now)
        for reading in readings:
            self._hear(reading)

    def _send(self) -> None:
        data = self._conversation.to_send()
        if data:
            self._tap(Captured(self._clock.monotonic() - self._began_s, ">", data))
            self._port.write(data)

    def _patience_s(self, within_s: Seconds | None) -> Seconds | None:
        due_s = self._conversation.next_deadline()
        waits = [] if due_s is None else [due_s - self._clock.monotonic()]
        return min([*waits, *([] if within_s is None else [within_s])], default=None)
