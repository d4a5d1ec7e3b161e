"""An OSDP panel and a simulated reader, side by side without a port; libosdp's clock is real."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Event

import osdp_sys

from firmware_bridge.readers.osdp import TICK_S, Osdp
from firmware_bridge.readers.osdp_key import save_key
from firmware_bridge.readers.osdp_packet import SOM, Packet
from firmware_bridge.readers.osdp_panel import Command
from firmware_bridge.readers.reading import Reading
from firmware_bridge.simulators.osdp import SimulatedOsdp
from kiosk.clock import Seconds, SystemClock

KEY = bytes(range(16))
CARD_BITS = "10111011000000110010000110"
PATIENCE_S = 12.0
CLOCK = SystemClock()


class Rig:
    """Carries bytes between both, at the pace of a program that looks each 5 ms."""

    def __init__(self, conversation: Osdp, reader: SimulatedOsdp) -> None:
        self.osdp = conversation
        self.reader = reader
        self.readings: list[Reading] = []
        self.faults: list[str | None] = []
        """Each change of it."""
        self.injected: list[Packet] = []
        """Come instead of the reader's next answers, with the sequence that is due."""
        self.noise = b""
        """Comes once, just before the reader's next answer."""
        self._pace = Event()

    def until(self, done: Callable[[], bool], within_s: Seconds = PATIENCE_S) -> Seconds:
        """Go on until it is so, and say how long it took."""
        began_s = CLOCK.monotonic()
        while not done():
            assert CLOCK.monotonic() - began_s < within_s, (self.readings, self.faults)
            self._once()
        return CLOCK.monotonic() - began_s

    def up(self) -> Seconds:
        return self.until(lambda: self.fault is None)

    def for_s(self, span_s: Seconds) -> None:
        ends_s = CLOCK.monotonic() + span_s
        self.until(lambda: CLOCK.monotonic() >= ends_s)

    def obey(self, words: str) -> None:
        self.reader.obey(words.split(), CLOCK.monotonic())

    @property
    def fault(self) -> str | None:
        return self.osdp.fault(CLOCK.monotonic())

    def asked_for(self, kind: int) -> list[Command]:
        return [command for command in self.reader.asked if command["command"] == kind]

    @property
    def lights(self) -> list[Command]:
        return self.asked_for(osdp_sys.CMD_LED)

    @property
    def sounds(self) -> list[Command]:
        return self.asked_for(osdp_sys.CMD_BUZZER)

    def _once(self) -> None:
        now = CLOCK.monotonic()
        said = self.osdp.to_send()
        if said:
            self.reader.feed(said, now)
        else:
            self.reader.tick(now)
        answer = self.reader.to_send()
        if said and self.injected:
            control = said[said.index(SOM) + 4]
            answer = replace(self.injected.pop(0), sequence=control & 3).to_bytes()
        if answer:
            answer, self.noise = self.noise + answer, b""
        self.readings += self.osdp.feed(answer, now) if answer else self.osdp.tick(now)
        if not self.faults or self.faults[-1] != self.fault:
            self.faults.append(self.fault)
        self._pace.wait(TICK_S / 2)


def rig(
    directory: Path, key: bytes | None = KEY, reader: type[SimulatedOsdp] = SimulatedOsdp
) -> Rig:
    """A panel with KEY, and a reader with `key`, or in install mode."""
    file = directory / "reader.key"
    if key is not None:
        save_key(file, key)
    return Rig(Osdp(0, lambda: KEY), reader(0, file))
