"""The board's two switches: what is to be read, and what a change of it says."""

from collections.abc import Callable

from firmware_bridge.board.modbus import Read, joined
from firmware_bridge.board.places import Place
from firmware_bridge.board.settings import BoardSettings, CaseSettings, HookSettings
from kiosk.wire.devices import HandsetStatus, Tamper
from kiosk.wire.messages import Message

SAME = 2
"""So many readings in a row must agree: a contact bounces, and a late answer may be another's."""


class Inputs:
    """Values in, messages out; the first that is sure is always told."""

    def __init__(self, settings: BoardSettings) -> None:
        self._switches = [_case(settings.name, settings.case)]
        if settings.hook is not None:
            self._switches.append(_hook(settings.hook))
        self._reads = joined([switch.place for switch in self._switches])
        self._next = 0

    @property
    def reads(self) -> int:
        """How many requests it takes to see everything once."""
        return len(self._reads)

    def next_read(self) -> Read:
        """What is to be read next."""
        self._next = (self._next + 1) % len(self._reads)
        return self._reads[self._next]

    def hear(self, read: Read, values: tuple[int, ...]) -> list[Message]:
        """What the values of such a read change."""
        found = dict(zip(read.places, values, strict=True))
        heard = (s.hear(found[s.place]) for s in self._switches if s.place in found)
        return [message for message in heard if message is not None]

    @property
    def are_known(self) -> bool:
        """Whether it was told of each switch how it is."""
        return all(switch.is_known for switch in self._switches)

    def forget(self) -> None:
        """The board was away: how it is now is told again."""
        for switch in self._switches:
            switch.forget()


class _Switch:
    """One switch, told when it is sure and differs from what was told before."""

    def __init__(
        self, place: Place, is_on: Callable[[int], bool], say: Callable[[bool], Message]
    ) -> None:
        self.place = place
        self._is_on = is_on
        self._say = say
        self.forget()

    @property
    def is_known(self) -> bool:
        return self._told is not None

    def forget(self) -> None:
        self._told: bool | None = None
        self._seen: bool | None = None
        self._times = 0

    def hear(self, value: int) -> Message | None:
        seen = self._is_on(value)
        self._times = min(self._times + 1, SAME) if seen is self._seen else 1
        self._seen = seen
        if self._times < SAME or seen is self._told:
            return None
        self._told = seen
        return self._say(seen)


def _hook(hook: HookSettings) -> _Switch:
    return _Switch(hook.place, lambda value: hook.of(value) is hook.lifted_when, HandsetStatus)


def _case(board: str, case: CaseSettings) -> _Switch:
    return _Switch(
        case.place,
        lambda value: case.of(value) is case.open_when,
        lambda is_open: Tamper(board, "case_open", active=is_open),
    )
