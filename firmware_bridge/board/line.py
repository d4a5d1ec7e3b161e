"""The line to the board, from its bytes to what kiosk-core is told; no I/O, time passed in."""

from firmware_bridge.board.health import Health
from firmware_bridge.board.inputs import Inputs
from firmware_bridge.board.modbus import Answer, Exchange, Read, Request, Silence, Values
from firmware_bridge.board.settings import BoardSettings
from firmware_bridge.board.upkeep import Upkeep
from kiosk.clock import Seconds
from kiosk.wire.devices import BoardStatus, Indication
from kiosk.wire.messages import Message

LOOK_EVERY_S: Seconds = 0.02
"""At the switches, which bounce for less; at 9600 baud a request and its answer take longer."""

SETTING_UP = "is being set up"


class BoardLine:
    """One connection to the board: its switches are looked at, and in between the rest is seen to.

    The board's own watchdog needs no more than this: whatever stops us, it hears no more of us.
    """

    def __init__(self, settings: BoardSettings) -> None:
        self._name = settings.name
        self._exchange = Exchange(settings.unit, settings.baud)
        self._inputs = Inputs(settings)
        self._upkeep = Upkeep(settings)
        self._health = Health()
        self._look: Read | None = None
        self._look_at_s: Seconds = 0.0
        self._looked_last = False

    def feed(self, data: bytes, now: Seconds) -> list[Message]:
        """What `data`, read now, changes."""
        return self._go_on(self._exchange.feed(data, now), now)

    def tick(self, now: Seconds) -> list[Message]:
        """What silence changes: nothing has come up to `now`."""
        return self._go_on(self._exchange.tick(now), now)

    def lost(self) -> list[Message]:
        """The board is gone; how its handset and its case are is not known, and not said."""
        return []

    def to_send(self) -> bytes:
        """Take what is to be written to the line."""
        return self._exchange.to_send()

    def indicate(self, indication: Indication) -> None:
        """Tell the people at the terminal."""
        self._upkeep.show(indication)

    def status(self, _now: Seconds) -> BoardStatus:
        """Whether the board can be used: its switches are known, its watchdog is armed."""
        reason = self._health.fault() or self._upkeep.fault()
        if reason is None and not (self._upkeep.is_done and self._inputs.are_known):
            reason = SETTING_UP
        return BoardStatus(self._name, up=reason is None, reason=reason or "")

    def is_cut_off(self, _now: Seconds) -> bool:
        """Whether nobody answers there, or not as the board does: the case may then be open."""
        return self._health.fault() is not None

    def next_deadline(self) -> Seconds:
        """When `tick` is next to be called."""
        due_s = min(self._look_at_s, self._upkeep.next_deadline())
        return max(self._exchange.next_deadline(), due_s)

    def _go_on(self, done: tuple[Request, Answer] | None, now: Seconds) -> list[Message]:
        said = [] if done is None else self._hear(*done, now)
        if self._exchange.is_free(now) and (request := self._next(now)) is not None:
            self._exchange.ask(request, now)
        return said

    def _hear(self, request: Request, answer: Answer, now: Seconds) -> list[Message]:
        self._health.hear(request, answer)
        if self._health.is_away:
            self._inputs.forget()
            self._upkeep.forget()
            return []
        match request, answer:
            case _, Silence():
                return []
            case Read(), Values(values) if request == self._look:
                return self._inputs.hear(request, values)
        self._upkeep.hear(request, answer, now)
        return []

    def _next(self, now: Seconds) -> Request | None:
        """The switches when it is time, and at least every other time something else that is due."""
        chore = self._upkeep.next_request(now)
        if now >= self._look_at_s and not (self._looked_last and chore):
            self._looked_last = True
            self._look_at_s = now + LOOK_EVERY_S / self._inputs.reads
            self._look = self._inputs.next_read()
            return self._look
        self._looked_last = False
        self._look = None
        return chore
