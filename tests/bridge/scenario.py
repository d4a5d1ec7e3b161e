"""A reader's conversation with its simulated device, over lines that do their job more or less."""

from collections.abc import Callable, Mapping
from random import Random
from typing import Protocol

from firmware_bridge.line import Line
from firmware_bridge.readers.conversation import Conversation
from firmware_bridge.simulators.device import SimulatedDevice
from kiosk.clock import Seconds
from kiosk.wire.devices import CardPresented
from kiosk.wire.messages import Message

STEP_S: Seconds = 0.001


class Wire(Protocol):
    """One direction of a line: what was put in, and what comes out a step later, or never."""

    def carry(self, data: bytes) -> bytes:
        """Take `data` in, and let out what arrives in this step."""


class Whole:
    """Everything arrives at once."""

    def carry(self, data: bytes) -> bytes:
        return data


class ByteByByte:
    """One byte in each step, as at 9600 baud."""

    def __init__(self) -> None:
        self._waits = b""

    def carry(self, data: bytes) -> bytes:
        arrives, self._waits = (self._waits + data)[:1], (self._waits + data)[1:]
        return arrives


class Delayed:
    """Everything arrives after 20 steps: an adapter that collects, a computer that is busy."""

    def __init__(self) -> None:
        self._waits = [b""] * 20

    def carry(self, data: bytes) -> bytes:
        self._waits.append(data)
        return self._waits.pop(0)


class Lossy:
    """A byte in two hundred is lost, and another one has a wrong bit."""

    def __init__(self, seed: int = 0) -> None:
        self._random = Random(seed)

    def carry(self, data: bytes) -> bytes:
        return b"".join(self._byte(byte) for byte in data)

    def _byte(self, byte: int) -> bytes:
        match self._random.randrange(200):
            case 0:
                return b""
            case 1:
                return bytes([byte ^ 1 << self._random.randrange(8)])
            case _:
                return bytes([byte])


WIRES: Mapping[str, Callable[[], Wire]] = {
    "whole": Whole,
    "byte by byte": ByteByByte,
    "delayed": Delayed,
    "lossy": Lossy,
}


class Scene:
    """The bridge's end of a line, and the device at the other end; replace `device` as you like."""

    def __init__(
        self,
        conversation: Conversation,
        device: SimulatedDevice | None,
        wire: Callable[[], Wire] = Whole,
        removed_after_s: Seconds = 0.3,
    ) -> None:
        self.conversation = conversation
        self.device = device
        self.line = Line("door", conversation, removed_after_s)
        self.now: Seconds = 100.0
        self.said: list[Message] = []
        self.sent: list[bytes] = []
        self._out, self._back = wire(), wire()
        if isinstance(self._back, Lossy):
            self._back = Lossy(seed=1)  # what is lost there is another matter

    @property
    def fault(self) -> str | None:
        return self.conversation.fault(self.now)

    def do(self, *words: str) -> None:
        """Somebody does something at the device."""
        assert self.device is not None
        self.device.obey(words, self.now)

    def run(self, for_s: Seconds) -> list[Message]:
        """Let time pass; returns what the bridge says meanwhile."""
        before = len(self.said)
        until_s = self.now + for_s
        while self.now < until_s:
            self._step()
            self.now += STEP_S
        return self.said[before:]

    def presented(self) -> list[str]:
        return [
            shown.credential.reveal() for shown in self.said if isinstance(shown, CardPresented)
        ]

    def _step(self) -> None:
        asked = self.line.to_send()
        if asked:
            self.sent.append(asked)
        arrived, answered = self._out.carry(asked), b""
        if self.device is not None:
            self.device.feed(arrived, self.now)
            self.device.tick(self.now)
            answered = self.device.to_send()
        came = self._back.carry(answered)
        self.said += self.line.feed(came, self.now) if came else self.line.tick(self.now)
