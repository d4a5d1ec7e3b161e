"""The board of the documentation's example, and one that answers by hand, with pymodbus' frames."""

import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
from pymodbus.framer import FramerRTU
from pymodbus.pdu import DecodePDU, ExceptionResponse, ModbusPDU
from pymodbus.pdu.bit_message import ReadCoilsRequest, ReadCoilsResponse, WriteSingleCoilRequest
from pymodbus.pdu.register_message import (
    ReadHoldingRegistersResponse,
    ReadInputRegistersResponse,
    WriteSingleRegisterRequest,
)

from firmware_bridge.board.line import BoardLine
from firmware_bridge.board.places import Place, Table
from firmware_bridge.board.settings import BoardSettings
from kiosk.clock import Seconds
from kiosk.wire.messages import Message

DOCS = Path(__file__).parents[2] / "docs/board.md"
EXAMPLE: str
(EXAMPLE,) = re.findall(r"```toml\n(.*?)```", DOCS.read_text(), re.DOTALL)
SETTINGS = msgspec.toml.decode(
    re.sub(r"\[board\]", "", EXAMPLE, count=1).replace("[board.", "["), type=BoardSettings
)

INPUTS = Place("input_register", 15)
LIGHTS = Place("holding_register", 17)
BACKLIGHT = Place("holding_register", 120)
WATCHDOG = Place("holding_register", 140)
SAFE_LIGHTS = Place("holding_register", 142)
SAFE_BACKLIGHT = Place("holding_register", 144)

HOOK, CASE = 1, 2
"""Bits of INPUTS: lifted is 1, a closed case is 1."""

_TABLES: dict[int, Table] = {
    1: "coil",
    2: "discrete_input",
    3: "holding_register",
    4: "input_register",
    5: "coil",
    6: "holding_register",
}


class AnsweringBoard:
    """What stands in the board, every request that it got, and the line to it, moved on by hand."""

    def __init__(self, settings: BoardSettings = SETTINGS, unit: int = 1) -> None:
        self.values = {
            INPUTS: CASE,
            LIGHTS: 0,
            BACKLIGHT: 0,
            WATCHDOG: 0,
            SAFE_LIGHTS: 0,
            SAFE_BACKLIGHT: 0,
        }
        self.refuses: dict[Place, int] = {}
        self.forgets: set[Place] = set()
        self.silent = False
        self.answers_after_s: Seconds = 0.005
        self.delays: Iterator[Seconds | None] = iter(())
        """How long each answer takes, where it is another time; None for one that is lost."""
        self._coming: list[tuple[Seconds, bytes]] = []
        self.writes: list[tuple[Place, int]] = []
        self.line = BoardLine(settings)
        self.now: Seconds = 100.0
        self._unit = unit
        self._framer = FramerRTU(DecodePDU(is_server=True))

    def run(self, for_s: Seconds) -> list[Message]:
        """Let the line run for so long; what it said."""
        until_s = self.now + for_s
        said: list[Message] = []
        while self.now < until_s:
            if (request := self.line.to_send()) and not self.silent:
                self._send(self._answer(request))
            due_s = max(self.line.next_deadline(), self.now + 0.0001)
            if self._coming and self._coming[0][0] <= due_s:
                self.now, answer = self._coming.pop(0)
                said += self.line.feed(answer, self.now)
            else:
                self.now = min(until_s, due_s)
                said += self.line.tick(self.now)
        return said

    @property
    def reason(self) -> str:
        return self.line.status(self.now).reason

    def _send(self, answer: bytes) -> None:
        delay_s = next(self.delays, self.answers_after_s)
        if delay_s is not None:
            # One line: what is sent later comes later.
            last_s = self._coming[-1][0] if self._coming else self.now
            self._coming.append((max(self.now + delay_s, last_s), answer))

    def _answer(self, request: bytes) -> bytes:
        _, pdu = self._framer.handleFrame(request, 0, 0)
        assert pdu is not None
        answer = self._obey(pdu)
        answer.dev_id = self._unit
        return self._framer.buildFrame(answer)

    def _obey(self, pdu: ModbusPDU) -> ModbusPDU:
        table = _TABLES[pdu.function_code]
        places = [Place(table, pdu.address + i) for i in range(max(1, pdu.count))]
        for place in places:
            code = self.refuses.get(place) or (0 if place in self.values else 2)
            if code:
                return ExceptionResponse(pdu.function_code, code)
        match pdu:
            case WriteSingleCoilRequest() | WriteSingleRegisterRequest():
                written = pdu.bits or pdu.registers
                self.writes.append((places[0], int(written[0])))
                if places[0] not in self.forgets:
                    self.values[places[0]] = int(written[0])
                return pdu
            case ReadCoilsRequest():
                return _bits(pdu.function_code, [bool(self.values[place]) for place in places])
        response = (
            ReadInputRegistersResponse if pdu.function_code == 4 else ReadHoldingRegistersResponse
        )
        return response(registers=[self.values[place] for place in places])


def _bits(function: int, bits: list[bool]) -> ModbusPDU:
    answer = ReadCoilsResponse(bits=bits)
    answer.function_code = function
    return answer
