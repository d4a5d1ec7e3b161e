"""Modbus RTU as its client speaks it, one request under way, without I/O.

The frames are pymodbus'. Which bytes are the answer is decided here, because the request says how
its answer begins and how long it is: so it is found in noise, where a framer that only reads waits
for the length that noise announced (MODBUS over Serial Line V1.02, 2.5; Application Protocol
V1.1b3, 6 and 7).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from pymodbus.framer import FramerRTU
from pymodbus.pdu import DecodePDU, ExceptionResponse, ModbusPDU
from pymodbus.pdu.bit_message import (
    ReadCoilsRequest,
    ReadDiscreteInputsRequest,
    WriteSingleCoilRequest,
)
from pymodbus.pdu.register_message import (
    ReadHoldingRegistersRequest,
    ReadInputRegistersRequest,
    WriteSingleRegisterRequest,
)

from firmware_bridge.board.places import REGISTERS, Place, Table
from kiosk.clock import Seconds

ANSWER_S: Seconds = 0.2
"""Beside the time on the line; boards let one set a delay of some 10 ms before they answer."""

SETTLE_S: Seconds = 0.2
"""After an answer that did not come, what still comes is not taken for the next one."""

_CHARACTER_BITS = 11
_GAP_CHARACTERS = 3.5
_LEAST_GAP_S: Seconds = 0.00175
"""From 19200 baud on the gap between frames is fixed (MODBUS over Serial Line, 2.5.1.1)."""

_MOST_BYTES = 256
"""Of a frame; no more than that is kept of what comes."""

_EXCEPTION = 0x80
_EXCEPTION_BYTES = 5
_WRITTEN_BYTES = 8


@dataclass(frozen=True, slots=True)
class Read:
    """Read `count` neighbours, beginning at `place`."""

    place: Place
    count: int = 1

    @property
    def places(self) -> tuple[Place, ...]:
        """What is read, in the order of the answer's values."""
        table, first = self.place.table, self.place.address
        return tuple(Place(table, first + offset) for offset in range(self.count))


@dataclass(frozen=True, slots=True)
class Write:
    """Write one coil or one holding register."""

    place: Place
    value: int


Request: TypeAlias = Read | Write


@dataclass(frozen=True, slots=True)
class Values:
    """The answer to a Read, and to a Write what was written."""

    values: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """The board understood and will not: an exception code of the Application Protocol, 7."""

    code: int


@dataclass(frozen=True, slots=True)
class Silence:
    """No answer in time, and what was heard instead."""

    heard: Literal["nothing", "garbage"] | int
    """A number is another unit that answered."""


Answer: TypeAlias = Values | Refused | Silence


def joined(places: Iterable[Place]) -> tuple[Read, ...]:
    """As few reads as possible that ask for nothing else: a board may refuse what lies between."""
    reads: list[Read] = []
    for place in sorted(set(places), key=lambda place: (place.table, place.address)):
        last = reads[-1] if reads else None
        if last is not None and place == Place(last.place.table, last.place.address + last.count):
            reads[-1] = Read(last.place, last.count + 1)
        else:
            reads.append(Read(place))
    return tuple(reads)


_READS: Mapping[Table, type[ModbusPDU]] = {
    "coil": ReadCoilsRequest,
    "discrete_input": ReadDiscreteInputsRequest,
    "holding_register": ReadHoldingRegistersRequest,
    "input_register": ReadInputRegistersRequest,
}
_WRITES: Mapping[Table, type[ModbusPDU]] = {
    "coil": WriteSingleCoilRequest,
    "holding_register": WriteSingleRegisterRequest,
}


class Exchange:
    """One request at a time to one unit, and its answer; time is passed in and never goes back."""

    def __init__(self, unit: int, baud: int) -> None:
        self._unit = unit
        self._framer = FramerRTU(DecodePDU(is_server=False))
        self._character_s = _CHARACTER_BITS / baud
        self._request: Request | None = None
        self._until_s: Seconds = 0.0
        self._heard = b""
        self._to_send = b""

    def is_free(self, now: Seconds) -> bool:
        """Whether a request may be made."""
        return self._request is None and now >= self._until_s

    def ask(self, request: Request, now: Seconds) -> None:
        """Make a request; `is_free` said that it may be made."""
        assert self._request is None
        self._request = request
        self._heard = b""
        self._to_send = self._framer.buildFrame(_pdu(request, self._unit))
        characters = len(self._to_send) + _answer_bytes(request)
        self._until_s = now + ANSWER_S + characters * self._character_s

    def to_send(self) -> bytes:
        """Take what is to be written to the line."""
        data, self._to_send = self._to_send, b""
        return data

    def feed(self, data: bytes, now: Seconds) -> tuple[Request, Answer] | None:
        """The answer that `data` completes; what comes unasked is noise."""
        if self._request is None:
            return None
        self._heard = (self._heard + data)[-_MOST_BYTES:]
        pdu = self._find(self._request, self._unit)
        if pdu is None:
            return self.tick(now)
        gap_s = max(_LEAST_GAP_S, _GAP_CHARACTERS * self._character_s)
        return self._end(_answer(self._request, pdu), now + gap_s)

    def tick(self, now: Seconds) -> tuple[Request, Answer] | None:
        """That no answer came, when its time is over."""
        if self._request is None or now < self._until_s:
            return None
        return self._end(Silence(self._what_was_heard(self._request)), now + SETTLE_S)

    def next_deadline(self) -> Seconds:
        """When the answer is late, or when the line is free again."""
        return self._until_s

    def _end(self, answer: Answer, free_at_s: Seconds) -> tuple[Request, Answer]:
        assert self._request is not None
        request, self._request = self._request, None
        self._until_s = free_at_s
        self._heard = b""
        return request, answer

    def _what_was_heard(self, request: Request) -> Literal["nothing", "garbage"] | int:
        if not self._heard:
            return "nothing"
        others = {unit for unit in self._heard if 0 < unit < 248 and unit != self._unit}
        return next((unit for unit in others if self._find(request, unit)), "garbage")

    def _find(self, request: Request, unit: int) -> ModbusPDU | None:
        """The answer of `unit`, wherever in what was heard it begins."""
        function = _pdu(request, unit).function_code
        for code, size in (
            (function, _answer_bytes(request)),
            (function | _EXCEPTION, _EXCEPTION_BYTES),
        ):
            begin = bytes([unit, code])
            at = self._heard.find(begin)
            while at >= 0:
                pdu = self._whole(self._heard[at : at + size], size)
                if pdu is not None and _fits(request, pdu):
                    return pdu
                at = self._heard.find(begin, at + 1)
        return None

    def _whole(self, frame: bytes, size: int) -> ModbusPDU | None:
        if len(frame) < size:
            return None
        body, check = frame[:-2], int.from_bytes(frame[-2:])
        return self._framer.decoder.decode(body[1:]) if FramerRTU.check_CRC(body, check) else None


def _pdu(request: Request, unit: int) -> ModbusPDU:
    place = request.place
    match request:
        case Read(count=count):
            return _READS[place.table](dev_id=unit, address=place.address, count=count)
        case Write(value=value) if place.table == "coil":
            return _WRITES["coil"](dev_id=unit, address=place.address, bits=[bool(value)])
        case Write(value=value):
            return _WRITES[place.table](dev_id=unit, address=place.address, registers=[value])


def _answer_bytes(request: Request) -> int:
    """How long the frame is that grants the request."""
    match request:
        case Write():
            return _WRITTEN_BYTES
        case Read(Place(table), count) if table in REGISTERS:
            return 5 + 2 * count
        case Read(count=count):
            return 5 + (count + 7) // 8


def _fits(request: Request, pdu: ModbusPDU) -> bool:
    """Whether a sound frame can be the answer to this request and not to another one."""
    match request:
        case _ if isinstance(pdu, ExceptionResponse):
            return True
        case Read(Place(table), count) if table in REGISTERS:
            return len(pdu.registers) == count
        case Read(count=count):
            return len(pdu.bits) == (count + 7) // 8 * 8
        case Write(place, value):
            written = pdu.bits if place.table == "coil" else pdu.registers
            return pdu.address == place.address and list(map(int, written)) == [value]


def _answer(request: Request, pdu: ModbusPDU) -> Answer:
    match request:
        case _ if isinstance(pdu, ExceptionResponse):
            return Refused(pdu.exception_code)
        case Write(value=value):
            return Values((value,))
        case Read(Place(table), count):
            found = pdu.registers if table in REGISTERS else pdu.bits
            return Values(tuple(map(int, found[:count])))
