"""Modbus RTU: published frames, in any chunking, in noise, late or not at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymodbus.framer import FramerRTU
from pymodbus.pdu import DecodePDU, ModbusPDU
from pymodbus.pdu.bit_message import ReadCoilsResponse, ReadDiscreteInputsResponse
from pymodbus.pdu.register_message import (
    ReadHoldingRegistersResponse,
    ReadInputRegistersResponse,
)

from firmware_bridge.board.modbus import (
    ANSWER_S,
    SETTLE_S,
    Answer,
    Exchange,
    Read,
    Refused,
    Request,
    Silence,
    Values,
    Write,
    joined,
)
from firmware_bridge.board.places import Place, Table
from tests.bridge.frames import in_pieces, one_by_one

UNIT = 0x11
BAUD = 19200


def bits(data: str, count: int) -> Values:
    number = int.from_bytes(bytes.fromhex(data), "little")
    return Values(tuple(number >> i & 1 for i in range(count)))


PUBLISHED: list[tuple[Request, str, str, Answer]] = [
    # simplymodbus.ca, FC01 to FC06
    (
        Read(Place("coil", 0x13), 37),
        "1101001300250E84",
        "110105CD6BB20E1B45E6",
        bits("CD6BB20E1B", 37),
    ),
    (
        Read(Place("discrete_input", 0xC4), 22),
        "110200C40016BAA9",
        "110203ACDB352018",
        bits("ACDB35", 22),
    ),
    (
        Read(Place("holding_register", 0x6B), 3),
        "1103006B00037687",
        "110306AE415652434049AD",
        Values((0xAE41, 0x5652, 0x4340)),
    ),
    (
        Read(Place("input_register", 8)),
        "110400080001B298",
        "110402000AF8F4",
        Values((10,)),
    ),
    (Write(Place("coil", 0xAC), 1), "110500ACFF004E8B", "110500ACFF004E8B", Values((1,))),
    (Write(Place("holding_register", 1), 3), "1106000100039A9B", "1106000100039A9B", Values((3,))),
]
RESPONSES: dict[Table, tuple[type[ModbusPDU], int, int]] = {
    "coil": (ReadCoilsResponse, 1, 2000),
    "discrete_input": (ReadDiscreteInputsResponse, 1, 2000),
    "holding_register": (ReadHoldingRegistersResponse, 0xFFFF, 125),
    "input_register": (ReadInputRegistersResponse, 0xFFFF, 125),
}
"""Of each table: the response, the most that a value is, the most values in one frame."""

REQUESTS: dict[Table, str] = {
    "coil": "ReadCoilsRequest",
    "discrete_input": "ReadDiscreteInputsRequest",
    "holding_register": "ReadHoldingRegistersRequest",
    "input_register": "ReadInputRegistersRequest",
}

REQUEST, _, ANSWER_HEX, ANSWER = PUBLISHED[2]
FRAME = bytes.fromhex(ANSWER_HEX)
REFUSAL = bytes.fromhex("118302C134")
"""Exception 02 to function 03; its CRC is the one that the frame's bytes have."""


def asked(request: Request = REQUEST, unit: int = UNIT) -> Exchange:
    exchange = Exchange(unit, BAUD)
    exchange.ask(request, 0.0)
    exchange.to_send()
    return exchange


def fed(exchange: Exchange, pieces: list[bytes]) -> list[tuple[Request, Answer]]:
    return [done for piece in pieces if (done := exchange.feed(piece, 0.01)) is not None]


@pytest.mark.parametrize(("request_", "sent", "received", "answer"), PUBLISHED)
def test_published_frames_are_sent_and_understood(
    request_: Request, sent: str, received: str, answer: Answer
) -> None:
    exchange = Exchange(UNIT, BAUD)
    exchange.ask(request_, 0.0)
    assert exchange.to_send().hex().upper() == sent
    assert exchange.to_send() == b""
    assert exchange.feed(bytes.fromhex(received), 0.01) == (request_, answer)


@pytest.mark.parametrize(
    ("request_", "received", "answer"), [(r, a, v) for r, _, a, v in PUBLISHED]
)
def test_an_answer_may_come_byte_by_byte(request_: Request, received: str, answer: Answer) -> None:
    pieces = one_by_one(bytes.fromhex(received))
    assert fed(asked(request_), pieces) == [(request_, answer)]


@given(garbage=st.binary(max_size=64), data=st.data())
def test_an_answer_after_garbage_is_found_in_any_chunking(
    garbage: bytes, data: st.DataObject
) -> None:
    pieces = data.draw(in_pieces(garbage + FRAME))
    assert fed(asked(), pieces)[:1] == [(REQUEST, ANSWER)]


def test_an_answer_that_was_cut_short_and_comes_again_is_found() -> None:
    assert fed(asked(), [FRAME[:7], FRAME]) == [(REQUEST, ANSWER)]


def test_an_answer_that_comes_twice_is_one_answer() -> None:
    assert fed(asked(), [FRAME, FRAME]) == [(REQUEST, ANSWER)]


def test_a_wrong_checksum_is_no_answer() -> None:
    exchange = asked()
    assert exchange.feed(FRAME[:-1] + b"\x00", 0.01) is None
    assert exchange.tick(1.0) == (REQUEST, Silence("garbage"))


def test_a_refusal_is_an_answer() -> None:
    assert fed(asked(), one_by_one(REFUSAL)) == [(REQUEST, Refused(2))]


def test_the_answer_to_another_request_is_none() -> None:
    exchange = asked(Write(Place("holding_register", 1), 4))
    assert exchange.feed(bytes.fromhex(PUBLISHED[5][2]), 0.01) is None
    assert exchange.tick(1.0) == (Write(Place("holding_register", 1), 4), Silence("garbage"))


def test_the_answer_of_another_unit_is_told_as_that() -> None:
    exchange = asked(unit=5)
    assert exchange.feed(FRAME, 0.01) is None
    assert exchange.tick(1.0) == (REQUEST, Silence(UNIT))


def test_an_answer_that_does_not_come_is_given_up_in_its_time() -> None:
    exchange = asked()
    due_s = exchange.next_deadline()
    assert ANSWER_S < due_s < ANSWER_S + 0.03
    assert exchange.tick(due_s - 0.001) is None
    assert exchange.tick(due_s) == (REQUEST, Silence("nothing"))


def test_a_late_answer_is_not_taken_for_the_next_one() -> None:
    exchange = asked()
    late_s = exchange.next_deadline()
    exchange.tick(late_s)
    assert not exchange.is_free(late_s)
    assert exchange.feed(FRAME, late_s + 0.01) is None
    assert exchange.next_deadline() == late_s + SETTLE_S
    exchange.ask(REQUEST, late_s + SETTLE_S)
    assert exchange.tick(late_s + 2.0) == (REQUEST, Silence("nothing"))


def test_an_answer_that_waited_in_the_buffer_is_not_late() -> None:
    assert asked().feed(FRAME, 5.0) == (REQUEST, ANSWER)


def test_between_two_frames_the_line_is_silent_for_three_and_a_half_characters() -> None:
    exchange = Exchange(UNIT, 9600)
    exchange.ask(REQUEST, 0.0)
    exchange.feed(FRAME, 0.5)
    assert not exchange.is_free(0.503)
    assert exchange.is_free(0.505)


@given(st.lists(st.binary(max_size=600), max_size=20), st.sampled_from([r for r, *_ in PUBLISHED]))
def test_noise_never_raises(noise: list[bytes], request_: Request) -> None:
    exchange = asked(request_)
    for i, data in enumerate(noise):
        exchange.feed(data, i / 10)
        if exchange.is_free(i / 10):
            exchange.ask(request_, i / 10)


@st.composite
def answered(draw: st.DrawFn) -> tuple[Read, tuple[int, ...], bytes]:
    """What is asked of a board, what stands there, and pymodbus' frame that says so."""
    table, (response, most, count) = draw(st.sampled_from(sorted(RESPONSES.items())))
    size = draw(st.integers(1, count))
    values = draw(st.lists(st.integers(0, most), min_size=size, max_size=size).map(tuple))
    place = Place(table, draw(st.integers(0, 65536 - size)))
    found = {"registers": [*values]} if most > 1 else {"bits": [*map(bool, values)]}
    frame = FramerRTU(DecodePDU(is_server=True)).buildFrame(response(dev_id=UNIT, **found))
    return Read(place, size), values, frame


@given(answered(), st.data())
def test_what_pymodbus_answers_is_what_stood_there_in_any_pieces(
    exchanged: tuple[Read, tuple[int, ...], bytes], data: st.DataObject
) -> None:
    request, values, frame = exchanged
    pieces = data.draw(in_pieces(frame))
    assert fed(asked(request), pieces) == [(request, Values(values))]


@given(answered())
def test_pymodbus_takes_each_request_for_what_was_asked(
    exchanged: tuple[Read, tuple[int, ...], bytes],
) -> None:
    request, _, _ = exchanged
    exchange = Exchange(UNIT, BAUD)
    exchange.ask(request, 0.0)
    _, pdu = FramerRTU(DecodePDU(is_server=True)).handleFrame(exchange.to_send(), 0, 0)
    assert pdu is not None
    assert (pdu.dev_id, pdu.address, pdu.count) == (UNIT, request.place.address, request.count)
    assert type(pdu).__name__ == REQUESTS[request.place.table]


def test_of_a_line_that_never_stops_only_the_end_is_kept() -> None:
    exchange = asked()
    for _ in range(100):
        exchange.feed(bytes(100), 0.01)
    assert len(exchange._heard) == 256
    assert exchange.feed(FRAME, 0.01) == (REQUEST, ANSWER)


def test_neighbours_are_read_together_and_nothing_between_them() -> None:
    places = [Place("coil", 3), Place("holding_register", 17), Place("coil", 1), Place("coil", 2)]
    assert joined([*places, Place("coil", 5), Place("coil", 3)]) == (
        Read(Place("coil", 1), 3),
        Read(Place("coil", 5)),
        Read(Place("holding_register", 17)),
    )
