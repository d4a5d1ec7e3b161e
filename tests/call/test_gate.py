"""What our ports let in, and from whom."""

import asyncio
from struct import pack
from typing import Any

import pytest
from aioice import Candidate, Connection, stun
from hypothesis import given
from hypothesis import strategies as st

from kiosk.call.gate import MAX_ADDRESSES, MAX_BYTES, MAX_WAITING, STRANGERS_PER_S, Gate
from tests.call.test_backlog import connection
from tests.call.visitor import visiting

VISITOR = ("192.0.2.7", 5000)
PASSWORD = "b" * 22
DTLS = bytes([22]) + bytes(30)
MEDIA = bytes([0x80]) + bytes(30)


class Port:
    """One of ours without a network, and what it sent."""

    def __init__(self) -> None:
        self.ice = Connection(ice_controlling=False, local_username="aaaa", local_password=PASSWORD)
        self.gate = Gate(self.ice)
        self.gate.local_candidate = candidate(("192.0.2.1", 4000))
        self.gate.transport = self  # type: ignore[assignment]
        self.sent: list[tuple[str, int]] = []

    def sendto(self, _data: bytes, address: tuple[str, int]) -> None:
        self.sent.append(address)

    def comes(self, data: bytes, whence: tuple[Any, ...] = VISITOR) -> int:
        """How many packets wait for DTLS when this has come, too."""
        self.gate.datagram_received(data, whence)
        return self.ice._queue.qsize()

    async def is_answered(self) -> None:
        """From now on the answer is known, which names the visitor's address."""
        await self.ice.add_remote_candidate(candidate(VISITOR))


def candidate(address: tuple[str, int]) -> Candidate:
    return Candidate("1", 1, "udp", 1, *address, "host")


def check(**attributes: Any) -> bytes:
    """As a browser sends it that has our offer."""
    message = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
    message.attributes.update({"USERNAME": "aaaa:cccc", "PRIORITY": 1, **attributes})
    message.add_message_integrity(PASSWORD.encode())
    return bytes(message)


@pytest.fixture
async def port() -> Port:
    return Port()


async def test_the_visitors_packets_come_in_and_a_strangers_do_not(port: Port) -> None:
    await port.is_answered()
    assert port.comes(DTLS) == 1
    assert port.comes(MEDIA) == 2
    assert port.comes(MEDIA, ("192.0.2.7", 5001)) == 2
    assert port.comes(MEDIA, ("192.0.2.8", 5000)) == 2
    assert port.comes(MEDIA, (*VISITOR, 0, 0)) == 3  # as IPv6 has it


async def test_before_the_answer_only_who_knows_our_offer_comes_in(port: Port) -> None:
    assert port.comes(DTLS) == 0
    assert port.comes(check()) == 0
    assert port.sent == [VISITOR]
    assert port.comes(DTLS) == 1
    assert port.comes(DTLS, ("192.0.2.9", 1)) == 1


@pytest.mark.parametrize(
    "data",
    [
        b"",
        bytes([0x80]) * (MAX_BYTES + 1),
        *(bytes([first]) * 40 for first in (4, 19, 64, 127, 192)),
    ],
    ids=["empty", "long", "4", "19", "64", "127", "192"],
)
async def test_what_is_neither_stun_nor_dtls_nor_media_does_not_come_in(
    port: Port, data: bytes
) -> None:
    await port.is_answered()
    assert port.comes(data) == 0


async def test_no_more_waits_than_is_read_soon(port: Port) -> None:
    await port.is_answered()
    for _ in range(2 * MAX_WAITING):
        assert port.comes(MEDIA) <= MAX_WAITING


@pytest.mark.parametrize("length", [0, 1, 3, 5])
async def test_an_attribute_of_another_length_is_no_error(port: Port, length: int) -> None:
    for attribute in (0x24, 0x8028, 0x8029, 0x802A):
        value = bytes(length + -length % 4)
        head = pack("!HHI12s", 1, 4 + len(value), 0x2112A442, bytes(12))
        assert port.comes(head + pack("!HH", attribute, length) + value) == 0


async def test_a_check_without_its_priority_is_taken_from_who_needs_none(port: Port) -> None:
    await port.is_answered()
    message = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
    message.attributes["USERNAME"] = "aaaa:cccc"
    message.add_message_integrity(PASSWORD.encode())
    for whence in (("192.0.2.9", 1), VISITOR):
        port.comes(bytes(message), whence)
    assert port.sent == [VISITOR]
    assert [whence for _, whence, _ in port.ice._early_checks] == [VISITOR]


async def test_what_looks_like_stun_and_is_none_is_not_kept(port: Port) -> None:
    await port.is_answered()
    for whence in (("192.0.2.9", 1), VISITOR):
        assert port.comes(bytes(100), whence) == 0
        assert port.comes(check()[:-1], whence) == 0


async def test_an_answer_to_our_question_is_taken_and_any_other_is_not(port: Port) -> None:
    request = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
    asking = asyncio.create_task(port.gate.request(request, VISITOR))
    await asyncio.sleep(0)
    said = stun.Message(stun.Method.BINDING, stun.Class.RESPONSE, request.transaction_id)
    port.comes(bytes(stun.Message(stun.Method.BINDING, stun.Class.RESPONSE)))
    port.comes(bytes(stun.Message(stun.Method.BINDING, stun.Class.INDICATION)))
    assert not asking.done()
    port.comes(bytes(said))
    answer, whence = await asking
    assert (answer.transaction_id, whence) == (request.transaction_id, VISITOR)


async def test_strangers_are_answered_so_often_and_the_visitor_always(
    port: Port, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asyncio.get_running_loop(), "time", lambda: 5.0)
    await port.is_answered()
    message = stun.Message(stun.Method.BINDING, stun.Class.REQUEST, attributes={"PRIORITY": 1})
    request = bytes(message)
    for at in range(STRANGERS_PER_S + 200):
        port.comes(request, ("192.0.2.9", 1000 + at))
    assert len(port.sent) == STRANGERS_PER_S
    for _ in range(10):
        port.comes(request)
    assert port.sent[-10:] == [VISITOR] * 10


async def test_the_other_side_has_so_many_addresses_and_no_more(port: Port) -> None:
    for at in range(MAX_ADDRESSES):
        await port.ice.add_remote_candidate(candidate(("192.0.2.7", 5000 + at)))
    port.comes(check(), ("192.0.2.7", 4999))
    assert port.sent == []
    port.comes(check(), ("192.0.2.7", 5099))
    assert len(port.sent) == 1


@given(st.binary(max_size=60))
def test_noise_raises_nothing(data: bytes) -> None:
    async def come() -> None:
        port = Port()
        await port.is_answered()
        for first in (0, 1, 22, 128):
            port.comes(bytes([first]) + data)
            port.comes(pack("!HHI12s", first, len(data), 0x2112A442, bytes(12)) + data)

    asyncio.run(come())


async def test_aioice_opens_such_ports_in_a_call() -> None:
    peer, *_ = connection()
    async with visiting() as visitor:
        await peer.take_answer(await visitor.answer(await peer.offer()))
        await visitor.sees()
        (transport,) = {each.receiver.transport for each in peer._pc.getTransceivers()}
        ports = list(transport.transport._connection._protocols)
        await peer.close()
    assert {type(port) for port in ports} == {Gate}


async def test_who_checks_us_is_checked_again_at_once(port: Port) -> None:
    """Our own check was lost on a line that carries again now."""
    await port.is_answered()
    ours = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
    asking = asyncio.create_task(port.gate.request(ours, VISITOR))
    await asyncio.sleep(0)
    assert port.sent == [VISITOR]
    port.comes(check())
    assert port.sent == [VISITOR] * 3, "the answer to theirs, and ours once more"
    asking.cancel()
