"""Packets that no browser sends, given to the real program by a peer that connected as all do.

Each test fails unless the call goes on.
"""

import asyncio
import itertools
from collections.abc import Iterable
from contextlib import suppress
from struct import pack
from typing import Final

import pytest
from aiortc.rtp import (
    RTCP_BYE,
    RTCP_PSFB,
    RTCP_PSFB_APP,
    RTCP_PSFB_FIR,
    RTCP_PSFB_PLI,
    RTCP_RTPFB,
    RTCP_RTPFB_NACK,
    RTCP_SR,
    RtcpPsfbPacket,
    RtpPacket,
    pack_rtcp_packet,
)

from tests.call.hostile import CHANCE, Attacker, attacking, noise, stranger
from tests.call.kit import Terminal
from tests.call.memory import grows_less_than

pytestmark = pytest.mark.slow

ONE_BYTE: Final = 0xBEDE
TWO_BYTES: Final = 0x1000
COOKIE: Final = 0x2112A442
LASTS_S: Final = 2.0

DATAGRAMS: Final = {
    "empty": [b""],
    "too-long": [noise(0x80, 1501), noise(0x80, 9000), noise(0, 9000), noise(22, 9000)],
    "noise": [noise(first, 200) for first in range(256)],
    "short": [
        noise(first, length)
        for first, length in itertools.product((0, 1, 20, 22, 0x80, 0x81), range(1, 30))
    ],
    "stun": [
        pack("!HHI12sHH", kind, 4 + length, COOKIE, bytes(12), attribute, length) + bytes(length)
        for kind in (0x0001, 0x0101, 0x0111)
        for attribute in (0x06, 0x08, 0x09, 0x20, 0x24, 0x8028, 0x8029, 0x802A)
        for length in range(0, 12, 1)
    ],
}


@pytest.mark.parametrize("datagrams", DATAGRAMS.values(), ids=DATAGRAMS.keys())
async def test_datagrams_that_are_nothing(terminal: Terminal, datagrams: list[bytes]) -> None:
    async with attacking(terminal) as (_, attacker, _):
        attacker.send_plain(*datagrams)


@pytest.mark.parametrize("datagrams", DATAGRAMS.values(), ids=DATAGRAMS.keys())
async def test_datagrams_of_a_stranger(terminal: Terminal, datagrams: list[bytes]) -> None:
    async with attacking(terminal) as (_, attacker, _):
        stranger(attacker.terminal, datagrams)


async def test_estimates_for_more_streams_than_they_name(terminal: Terminal) -> None:
    async with attacking(terminal) as (_, attacker, _):
        for streams in (1, 9, 255):
            fci = pack("!4sBBH", b"REMB", streams, 0, 9)
            await attacker.send(bytes(RtcpPsfbPacket(RTCP_PSFB_APP, 1, 0, fci)))


async def test_reports_of_every_kind_and_length_full_of_noise(terminal: Terminal) -> None:
    async with attacking(terminal) as (_, attacker, _):
        for kind, count, words in itertools.product(range(192, 209), (0, 1, 15, 31), range(12)):
            head = pack("!BBHL", 0x80 | count, kind, 1 + words, 5)
            await attacker.send(head + CHANCE.randbytes(4 * words))
            await asyncio.sleep(0.001)


async def test_header_extensions_of_every_length(terminal: Terminal) -> None:
    """Each name is known by now, so that aiortc expects a length for each."""
    async with attacking(terminal) as (_, attacker, _):
        number = 0
        for kind, length in itertools.product((ONE_BYTE, TWO_BYTES), range(1, 16)):
            for name in range(1, 15):
                number += 1
                head = (
                    bytes([name << 4 | length - 1]) if kind == ONE_BYTE else bytes([name, length])
                )
                value = head + CHANCE.randbytes(length)
                value += bytes(-len(value) % 4)
                header = pack("!BBHLL", 0x90, attacker.format_of("video"), number, 2, 3)
                await attacker.send(header + pack("!HH", kind, len(value) // 4) + value + b"x")


async def test_numbers_of_the_transport_that_jump(terminal: Terminal) -> None:
    """Each packet claims to be another of all 65536, so that what is told of them is long."""
    async with attacking(terminal) as (_, attacker, process):
        with grows_less_than(10, process):
            for number in range(3000):
                name = 4  # as the terminal offers it
                header = pack("!BBHLL", 0x90, attacker.format_of("video"), number, 2, 3)
                value = pack("!HHBHB", ONE_BYTE, 1, name << 4 | 1, CHANCE.getrandbits(16), 0)
                await attacker.send(header + value + b"x")
                if number % 20 == 0:
                    await asyncio.sleep(0.01)


async def test_payloads_of_noise_in_every_format(terminal: Terminal) -> None:
    async with attacking(terminal) as (_, attacker, _):
        for number in range(4000):
            packet = RtpPacket(number % 128, number & 1, number, CHANCE.getrandbits(32), 7)
            packet.payload = CHANCE.randbytes(CHANCE.choice((0, 1, 2, 3, 20, 1200)))
            await attacker.send(packet)
            if number % 20 == 0:
                await asyncio.sleep(0.01)


async def test_ten_thousand_streams(terminal: Terminal) -> None:
    async with attacking(terminal) as (_, attacker, process):
        await send_streams(attacker, range(2000))
        with grows_less_than(10, process):
            await send_streams(attacker, range(2000, 10_000))
            await hears_reports(attacker)


async def send_streams(attacker: Attacker, sources: Iterable[int]) -> None:
    """One packet of each."""
    for source in sources:
        packet = RtpPacket(attacker.format_of("video"), 0, source, 0, source, b"\x10abc")
        await attacker.send(packet)
        if source % 20 == 0:
            await asyncio.sleep(0.005)


async def test_times_that_jump(terminal: Terminal) -> None:
    """A packet that comes late each time its stamp goes back makes their jitter larger than 32 bits."""
    async with attacking(terminal) as (_, attacker, _):
        for number in range(600):
            if number % 2:
                await asyncio.sleep(0.005)
            time = 0 if number % 2 else 0xFFFFFFFF
            await attacker.send(
                RtpPacket(attacker.format_of("video"), 0, number, time, 7, b"\x10a")
            )
        await hears_reports(attacker)


async def hears_reports(attacker: Attacker) -> None:
    """Wait until the terminal has reported, three times, what it receives of the attacker's picture."""
    sender = attacker.sender("video")
    heard = 0
    take = sender._handle_rtcp_packet

    async def hear(packet: object) -> None:
        nonlocal heard
        heard += bool(getattr(packet, "reports", None))
        await take(packet)  # type: ignore[arg-type]

    sender._handle_rtcp_packet = hear  # type: ignore[method-assign]
    await attacker.until(lambda: heard >= 3)


async def test_a_goodbye_in_the_middle(terminal: Terminal) -> None:
    """A browser says it when it stops a picture for a while, and goes on with the same stream."""
    async with attacking(terminal) as (_, attacker, _):
        for kind in ("video", "audio"):
            await attacker.send(
                pack_rtcp_packet(RTCP_BYE, 1, pack("!L", attacker.sender(kind)._ssrc))
            )


async def test_a_reported_time_at_the_end_of_the_century(terminal: Terminal) -> None:
    async with attacking(terminal) as (_, attacker, _):
        for kind, ntp in itertools.product(("video", "audio"), (0, 1, (1 << 64) - 1)):
            report = pack("!LQLLL", attacker.sender(kind)._ssrc, ntp, 0xFFFFFFFF, 0xFFFFFFFF, 0)
            await attacker.send(pack_rtcp_packet(RTCP_SR, 0, report))


async def test_pictures_asked_for_without_end(terminal: Terminal) -> None:
    """In every way, and as often as fits into a datagram."""
    async with attacking(terminal) as (_, attacker, _):
        source = pack("!LL", 1, attacker.source_of_terminal("video"))
        wish = pack_rtcp_packet(RTCP_PSFB, RTCP_PSFB_PLI, source)
        order = pack_rtcp_packet(RTCP_PSFB, RTCP_PSFB_FIR, source + pack("!LL", 1, 1))
        assert await pace_while_told(attacker, [wish * 100, order * 60]) < 400


@pytest.mark.parametrize("kind", ["video", "audio"])
async def test_packets_asked_for_without_end(terminal: Terminal, kind: str) -> None:
    async with attacking(terminal) as (_, attacker, _):
        source = pack("!LL", 1, attacker.source_of_terminal(kind))
        numbers = b"".join(pack("!HH", first, 0xFFFF) for first in range(0, 65536, 17))
        questions = [
            pack_rtcp_packet(RTCP_RTPFB, RTCP_RTPFB_NACK, source + numbers[at : at + 1320])
            for at in range(0, len(numbers), 1320)
        ]
        assert await pace_while_told(attacker, questions) < 400


async def pace_while_told(attacker: Attacker, reports: list[bytes]) -> float:
    """How many packets the terminal sends in a second while it is told this again and again."""
    before = len(attacker.packets)
    with suppress(TimeoutError):
        async with asyncio.timeout(LASTS_S):
            for report in itertools.cycle(reports):
                await attacker.send(report)
                await asyncio.sleep(0.001)
    return (len(attacker.packets) - before) / LASTS_S
