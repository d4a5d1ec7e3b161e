"""Whether the terminal can be used: what is known of its parts, and the first thing that is wrong."""

from kiosk.visit.events import AllWell, Broken
from kiosk.visit.reasons import OutOfOrder


class Condition:
    """The newest word on each part; nothing is believed of a part that has not spoken."""

    def __init__(self) -> None:
        self._readers: dict[str, bool] = {}
        self._call_up: bool | None = None
        self._devices: dict[str, bool] = {}
        self._ordered_out = False

    def reader(self, name: str, up: bool) -> None:
        self._readers[name] = up

    def bridge_gone(self) -> None:
        self._readers.clear()

    def call(self, up: bool) -> None:
        self._call_up = up

    def device(self, name: str, up: bool) -> bool:
        """A camera, microphone or speaker: a visit goes on without it. Whether this is news."""
        news = self._devices.get(name, True) != up
        self._devices[name] = up
        return news

    def ordered_out(self, out: bool) -> None:
        self._ordered_out = out

    def survey(self) -> Broken | AllWell:
        """What the rules must know: one reader that works and a program that can call."""
        if self._ordered_out:
            return Broken(OutOfOrder.ORDERED)
        if not self._readers or self._call_up is None:
            return Broken(OutOfOrder.STARTING)
        if not any(self._readers.values()):
            return Broken(OutOfOrder.READER_DOWN)
        if not self._call_up:
            return Broken(OutOfOrder.CALL_DOWN)
        return AllWell()

    def faults(self) -> list[str]:
        """One line for each part that is down, for the heartbeat."""
        down = [f"reader {name} is down" for name, up in self._readers.items() if not up]
        down += [f"{name} is down" for name, up in self._devices.items() if not up]
        return down if self._call_up else [*down, "kiosk-call is down"]
