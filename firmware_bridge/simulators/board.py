"""A terminal board: pymodbus' own server, with a watchdog and default states as such boards have.

Its registers are those of an iSMA-B-MIX18 (docs/board.md). Digital inputs: 1 is the hook, closed
while the handset is lifted, 2 the case's loop. Digital outputs: the lights. Analog output 1: the
backlight, in mV.
"""

from collections.abc import Callable, Sequence
from typing import Any

from pymodbus.constants import ExcCodes
from pymodbus.simulator import DataType, SimData, SimDevice

from kiosk.clock import Seconds
from kiosk.errors import BridgeError

LEDS = ("green", "red", "yellow")
FULL_MV = 10000
WORDS = "hook up|down, tamper open|closed, silent, speak"
"""What may be said to it."""

INPUTS = 15
LIGHTS = 17
BACKLIGHT = 120
WATCHDOG_S = 140
DEFAULT_LIGHTS = 142
DEFAULT_BACKLIGHT = 144

_HELD = (LIGHTS, BACKLIGHT, WATCHDOG_S, DEFAULT_LIGHTS, DEFAULT_BACKLIGHT)
_READ_INPUT_REGISTERS = 4
_LIFTED, _CASE_CLOSED = 1, 2

ANSWERS_WITHIN_S: Seconds = 0.02
"""The server answers in its own tasks; whether it has is looked at for so long."""


SILENCE_S: Seconds = 0.05
"""What was begun before such a pause is no part of a frame (MODBUS over Serial Line, 2.5.1.1)."""


class SimulatedBoard:
    """Obeys its master, and goes to its default states when that falls silent."""

    def __init__(self, say: Callable[[str], None], unit: int = 1) -> None:
        """`say` is told each change of what people see. Needs a running loop."""
        self._say = say
        self._unit = unit
        self._inputs = _CASE_CLOSED
        self._held = dict.fromkeys(_HELD, 0)
        self._silent = False
        self._now: Seconds = 0.0
        self._heard_s: Seconds | None = None
        self._asked_s: Seconds = float("-inf")
        self._last_s: Seconds = float("-inf")
        self._sends = b""
        self._shown = self._seen()
        self._handler = self._begin_server()

    def feed(self, data: bytes, now: Seconds) -> None:
        self._now = now
        if self._silent:
            return
        if now >= self._last_s + SILENCE_S:
            self._handler.recv_buffer = b""
        self._asked_s = self._last_s = now
        self._handler.data_received(data)

    def tick(self, now: Seconds) -> None:
        self._now = now
        if (due_s := self._gives_up_s()) is not None and now >= due_s:
            self._heard_s = None
            self._held[LIGHTS] = self._held[DEFAULT_LIGHTS]
            self._held[BACKLIGHT] = self._held[DEFAULT_BACKLIGHT]
            self._say("watchdog: nobody speaks to this board")
        self._show()

    def to_send(self) -> bytes:
        sends, self._sends = self._sends, b""
        return sends

    def next_deadline(self) -> Seconds | None:
        if self._now < self._asked_s + ANSWERS_WITHIN_S:
            return self._now
        return self._gives_up_s()

    def obey(self, words: Sequence[str], now: Seconds) -> None:
        self._now = now
        match words:
            case ["hook", "up" | "down" as where]:
                self._close(_LIFTED, closed=where == "up")
            case ["tamper", "open" | "closed" as how]:
                self._close(_CASE_CLOSED, closed=how == "closed")
            case ["silent" | "speak" as what]:
                self._silent = what == "silent"
            case _:
                raise BridgeError(f"say one of these: {WORDS}")

    def write(self, data: bytes) -> None:
        """The server's transport: what it answers. Other units are none of this board's."""
        self._asked_s = float("-inf")
        if data[0] == self._unit and not self._silent:
            self._sends += data

    def _close(self, contact: int, *, closed: bool) -> None:
        self._inputs = self._inputs | contact if closed else self._inputs & ~contact

    def _gives_up_s(self) -> Seconds | None:
        wait_s = self._held[WATCHDOG_S]
        return None if self._heard_s is None or not wait_s else self._heard_s + wait_s

    def _seen(self) -> str:
        lit = [name for i, name in enumerate(LEDS) if self._held[LIGHTS] >> i & 1]
        return f"leds={','.join(lit)} backlight={self._held[BACKLIGHT] * 100 // FULL_MV}"

    def _show(self) -> None:
        if (seen := self._seen()) != self._shown:
            self._shown = seen
            self._say(seen)

    def _begin_server(self) -> Any:
        """The half of pymodbus' server that serves one connection; its classes are not typed."""
        # Here, for this board alone: HTTP comes with it, and takes half the time that a start takes.
        from pymodbus.server import ModbusSerialServer  # noqa: PLC0415

        registers = [SimData(address, datatype=DataType.REGISTERS) for address in _HELD]
        inputs = [SimData(INPUTS, datatype=DataType.REGISTERS)]
        none = [SimData(0, datatype=DataType.BITS)]
        board = SimDevice(self._unit, simdata=(none, none, registers, inputs), action=self._access)
        others = SimDevice(0, simdata=[SimData(0, datatype=DataType.INVALID)])
        server: Any = ModbusSerialServer([board, others], port="", baudrate=9600)
        handler = server.callback_new_connection()
        handler.connection_made(self)
        return handler

    async def _access(
        self,
        function: int,
        start: int,
        address: int,
        count: int,
        registers: list[int],
        values: list[int] | list[bool] | None,
    ) -> ExcCodes | None:
        """A request for this board: the server's registers are given what they hold now."""
        self._heard_s = self._now
        if function == _READ_INPUT_REGISTERS:
            registers[INPUTS - start] = self._inputs
            return None
        for i in range(count):
            if values is not None:
                self._held[address + i] = int(values[i])
            elif address + i in self._held:
                registers[address + i - start] = self._held[address + i]
        return None
