"""Whether the terminal can be used: what is known of its parts, and the first thing that is wrong."""

import asyncio
from typing import Final, TypeAlias

from kiosk.visit.events import AllWell, Broken
from kiosk.visit.reasons import OutOfOrder

TOUCHSCREEN: Final = "touchscreen"
"""What faults and records call it."""

Tampered: TypeAlias = tuple[str, str]
"""A device and what was done to it."""


class Condition:
    """The newest word on each part; nothing is believed of a part that has not spoken."""

    def __init__(self) -> None:
        self._bridge_up: bool | None = None
        self._readers: dict[str, bool] = {}
        self._call_up: bool | None = None
        self._devices: dict[str, bool] = {}
        self._touchscreen_up = True
        self._boards: dict[str, bool] = {}
        self._tampers: set[Tampered] = set()
        self._told_tampers: set[Tampered] = set()
        self._ordered_out = False
        self.weak_line = asyncio.Event()
        """Set while two who talk have a weak connection, and it may be on our side."""
        self.orders = 0
        """How many orders have come, so that an answer to an earlier question is known for one."""

    def reader(self, name: str, up: bool) -> None:
        self._bridge_up = True
        self._readers[name] = up

    def bridge_gone(self) -> None:
        """It was there, and took its readers with it."""
        self._bridge_up = False
        self._readers.clear()
        self._boards.clear()
        self._tampers.clear()  # it tells again of those that stand

    def board(self, name: str, up: bool) -> bool:
        """The terminal board: a visit goes on without it. Whether this is news."""
        news = self._boards.get(name, True) != up
        self._boards[name] = up
        return news

    def tampered(self, device: str, cause: str) -> bool:
        """A device was opened or cut off, and staff have not seen to it. Whether this is news."""
        self._tampers.add((device, cause))
        news = (device, cause) not in self._told_tampers
        self._told_tampers.add((device, cause))
        return news

    def tamper_over(self, device: str, cause: str) -> None:
        self._tampers.discard((device, cause))
        self._told_tampers.discard((device, cause))

    def call(self, up: bool) -> None:
        self._call_up = up

    def device(self, name: str, up: bool) -> bool:
        """A camera, microphone or speaker: a visit goes on without it. Whether this is news."""
        news = self._devices.get(name, True) != up
        self._devices[name] = up
        return news

    def touchscreen(self, up: bool) -> bool:
        """A visit goes on without it, though nobody can ask for anything. Whether this is news."""
        news = up is not self._touchscreen_up
        self._touchscreen_up = up
        return news

    @property
    def devices_down(self) -> tuple[str, ...]:
        """Those of a call that are known not to work, in a fixed order."""
        return tuple(sorted(name for name, up in self._devices.items() if not up))

    def ordered_out(self, out: bool) -> None:
        self._ordered_out = out
        self.orders += 1

    def survey(self) -> Broken | AllWell:
        """What the rules must know: one reader that works and a program that can call."""
        if self._ordered_out:
            return Broken(OutOfOrder.ORDERED)
        if self._bridge_up is None or self._call_up is None:
            return Broken(OutOfOrder.STARTING)
        if not any(self._readers.values()):
            return Broken(OutOfOrder.READER_DOWN)
        if not self._call_up:
            return Broken(OutOfOrder.CALL_DOWN)
        return AllWell()

    def faults(self) -> list[str]:
        """One line for each reason that the terminal or a part of it can not be used, for the heartbeat."""
        told = ["ordered out of service"] if self._ordered_out else []
        told += _fault_of("firmware-bridge", self._bridge_up)
        told += [f"reader {name} is down" for name, up in self._readers.items() if not up]
        told += [f"board {name} is down" for name, up in self._boards.items() if not up]
        told += [f"tamper: {device}, {cause}" for device, cause in sorted(self._tampers)]
        told += [] if self._touchscreen_up else [f"{TOUCHSCREEN} is down"]
        told += _fault_of("kiosk-call", self._call_up)
        return told + [f"{name} is down" for name, up in self._devices.items() if not up]


def _fault_of(program: str, up: bool | None) -> list[str]:
    match up:
        case None:
            return [f"{program} has not been heard yet"]
        case False:
            return [f"{program} is down"]
        case True:
            return []
