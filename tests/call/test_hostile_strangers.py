"""Who talks to our ports before the call is up, or stops in the middle of getting it up."""

import asyncio
import itertools
import re
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager

import pytest
from aioice import stun

from kiosk.call.call import CONNECT_S
from kiosk.call.gate import MAX_ADDRESSES
from kiosk.wire.messages import CallConnected, CallLost, CallSilent, OfferReady, TakeAnswer
from tests.call.hostile import Address, Attacker, attacking, goes_on, new_socket, noise, unharmed
from tests.call.kit import Core, Terminal, now_s, order
from tests.call.memory import grows_less_than

pytestmark = pytest.mark.slow

FLOOD: list[bytes] = [noise(first, 1400) for first in (0, 1, 22, 0x80, 0x81, 0xFF)]


def port_of(offer: str) -> Address:
    """Where an offer says that the terminal can be reached."""
    found = re.search(r"a=candidate:\S+ 1 udp \d+ ([\d.]+) (\d+) typ host", offer)
    assert found is not None
    return found[1], int(found[2])


async def flood(address: Address, count: int) -> None:
    """Much at once, with time between for who is to read it."""
    with new_socket(address) as somewhere:
        for at, datagram in zip(range(count), itertools.cycle(FLOOD), strict=False):
            somewhere.sendto(datagram, address)
            if at % 50 == 0:
                await asyncio.sleep(0.002)


@asynccontextmanager
async def offered(terminal: Terminal) -> AsyncIterator[tuple[Core, Attacker, str, int]]:
    """An offer that waits for its answer; the last is the terminal's process."""
    attacker = Attacker()
    async with unharmed(terminal) as (core, process):
        try:
            core.say(order(call=7))
            offer = (await core.hears(OfferReady)).sdp
            yield core, attacker, offer, process.pid
        finally:
            await attacker.close()


async def test_a_flood_before_the_answer_is_not_kept_and_the_call_comes_up(
    terminal: Terminal,
) -> None:
    async with offered(terminal) as (core, attacker, offer, process):
        await flood(port_of(offer), 2000)
        with grows_less_than(10, process):
            await flood(port_of(offer), 20_000)
        core.say(TakeAnswer(7, 0, await attacker.answer(offer)))
        await core.hears(CallConnected)
        await goes_on(core, terminal, attacker)


async def test_a_flood_of_strangers_while_the_call_comes_up_and_goes_on(terminal: Terminal) -> None:
    async with offered(terminal) as (core, attacker, offer, _):
        flooding = asyncio.create_task(flood(port_of(offer), 20_000))
        core.say(TakeAnswer(7, 0, await attacker.answer(offer)))
        await core.hears(CallConnected)
        await goes_on(core, terminal, attacker)
        flooding.cancel()


async def test_who_knows_the_offer_is_answered_at_so_many_addresses_and_no_more(
    terminal: Terminal,
) -> None:
    """The terminal would send checks to each, wherever an address leads."""
    async with attacking(terminal) as (_, attacker, _):
        with ExitStack() as stack:
            address = attacker.terminal
            others = [stack.enter_context(new_port(address)) for _ in range(3 * MAX_ADDRESSES)]
            for other in others:
                other.sendto(check(attacker), address)
                await asyncio.sleep(0.01)
            answered = sum(map(has_heard, others))
        assert 0 < answered <= MAX_ADDRESSES


def new_port(to: Address) -> socket.socket:
    port = new_socket(to)
    port.setblocking(False)
    return port


def has_heard(port: socket.socket) -> bool:
    try:
        return bool(port.recv(2000))
    except BlockingIOError:
        return False


def check(attacker: Attacker) -> bytes:
    """As a browser sends it from one more address."""
    ice = attacker.transport.transport._connection
    assert ice.remote_password is not None
    message = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
    message.attributes["USERNAME"] = f"{ice.remote_username}:{ice.local_username}"
    message.attributes["PRIORITY"] = 1
    message.attributes["ICE-CONTROLLED"] = 1
    message.add_message_integrity(ice.remote_password.encode())
    return bytes(message)


async def test_who_stops_in_the_middle_loses_the_call(terminal: Terminal) -> None:
    """After ICE, or within DTLS; at two terminals, as each waits for long."""
    other = Terminal(terminal.directory / "other")
    other.directory.mkdir()
    async with asyncio.TaskGroup() as both:
        both.create_task(loses_who_stops(terminal, 0))
        both.create_task(loses_who_stops(other, 1))


async def loses_who_stops(terminal: Terminal, flights: int) -> None:
    """After so many datagrams of DTLS, of which a client needs two."""
    async with offered(terminal) as (core, attacker, offer, _):
        answer = await attacker.answer(offer)
        say_no_more_after(attacker, flights)
        core.say(TakeAnswer(7, 0, answer))
        answered_s = now_s()
        lost = await core.hears(CallLost)
        assert "no connection" in lost.reason
        assert CONNECT_S - 0.5 <= now_s() - answered_s < CONNECT_S + 3
        assert attacker.transport.transport.state == "completed"


async def test_who_stops_after_the_handshake_is_silent(terminal: Terminal) -> None:
    async with offered(terminal) as (core, attacker, offer, _):
        answer = await attacker.answer(offer)
        say_no_more_after(attacker, 2)
        core.say(TakeAnswer(7, 0, answer))
        assert (await core.hears(CallSilent)).call == 7


def say_no_more_after(attacker: Attacker, datagrams: int) -> None:
    """Of DTLS; ICE still says all that it has to."""
    ice = attacker.transport.transport
    say = ice._send
    left: Iterator[int] = iter(range(datagrams))

    async def say_no_more(data: bytes) -> None:
        if next(left, None) is not None:
            await say(data)

    ice._send = say_no_more


async def test_a_visitor_whose_answer_names_no_address_is_found_by_its_checks(
    terminal: Terminal,
) -> None:
    """A browser that hides its addresses names none that we would ask for."""
    async with offered(terminal) as (core, attacker, offer, _):
        answer = await attacker.answer(offer)
        core.say(TakeAnswer(7, 0, re.sub(r"a=candidate:.*\r\n", "", answer)))
        await core.hears(CallConnected)
        await goes_on(core, terminal, attacker)
