"""The bad line is as bad as it says, and the same for the same seed."""

import asyncio
import ctypes
import os
import socket
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest

from kiosk.clock import Seconds
from tests.bench.bench_loss import frozen_s
from tests.bench.bench_send import QUEUE_S, Bottleneck
from tests.bench.relay import Line, Relay, relaying

SENT = 300

NARROW_BPS = 1_000_000
FLOOD_S = 3.0
FULL_S = 1.0
"""What is sent twice as fast as it is carried fills the queue within that."""

PACKET_BYTES = 1000
PACKETS_A_SECOND = 2 * NARROW_BPS // (8 * PACKET_BYTES)
ALIKE = 0.2


class End(asyncio.DatagramProtocol):
    """One peer: remembers what came, and when."""

    def __init__(self) -> None:
        self.came: list[tuple[int, float]] = []
        self.news = asyncio.Event()

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]
        self.transport = transport
        self.port = transport.get_extra_info("sockname")[1]

    def datagram_received(self, data: bytes, address: tuple[str, int]) -> None:
        self.came.append((int(data), asyncio.get_running_loop().time()))
        self.news.set()

    async def hears(self, number: int) -> None:
        async with asyncio.timeout(5):
            while number not in (came for came, _ in self.came):
                self.news.clear()
                await self.news.wait()


def described(port: int) -> str:
    return (
        "v=0\r\nm=video 9 UDP/TLS/RTP/SAVPF 97\r\n"
        f"a=candidate:1 1 udp 2130706431 127.0.0.1 {port} typ host generation 0\r\n"
        "a=candidate:2 1 udp 2130706431 192.0.2.7 9 typ host\r\n"
        "a=end-of-candidates\r\na=ice-ufrag:abcd\r\na=ice-pwd:x\r\n"
    )


def port_in(sdp: str) -> int:
    (candidate,) = [line for line in sdp.splitlines() if line.startswith("a=candidate")]
    return int(candidate.split()[5])


async def sent_over(line: Line, seed: int) -> tuple[list[int], list[float]]:
    """Which of `SENT` came in what order, and how long each took; numbered beyond them is the end."""
    loop = asyncio.get_running_loop()
    _, offerer = await loop.create_datagram_endpoint(End, local_addr=("127.0.0.1", 0))
    _, answerer = await loop.create_datagram_endpoint(End, local_addr=("127.0.0.1", 0))
    async with relaying(line, seed) as relay:
        to_offerer = port_in(relay.offer(described(offerer.port)))
        to_answerer = port_in(relay.answer(described(answerer.port)))
        assert offerer.port not in (to_offerer, to_answerer)
        sent_s = []
        for number in range(SENT):
            sent_s.append(loop.time())
            answerer.transport.sendto(str(number).encode(), ("127.0.0.1", to_offerer))
            await asyncio.sleep(0)
        number = SENT
        async with asyncio.timeout(5):
            while not offerer.came or offerer.came[-1][0] < SENT:
                answerer.transport.sendto(str(number).encode(), ("127.0.0.1", to_offerer))
                number += 1
                await asyncio.sleep(0.02)
        offerer.transport.sendto(b"7", ("127.0.0.1", to_answerer))
    for end in (offerer, answerer):
        end.transport.close()
    came = [(number, at_s) for number, at_s in offerer.came if number < SENT]
    return [number for number, _ in came], [at_s - sent_s[number] for number, at_s in came]


async def test_a_good_line_loses_nothing_and_keeps_the_order() -> None:
    came, _ = await sent_over(Line(reorder=0.0), 1)
    assert came == list(range(SENT))


async def test_a_line_loses_its_share_and_the_same_for_the_same_seed() -> None:
    line = Line(loss=0.1, reorder=0.0)
    came, _ = await sent_over(line, 1)
    again, _ = await sent_over(line, 1)
    other, _ = await sent_over(line, 2)
    assert 0.04 < 1 - len(came) / SENT < 0.16
    assert came == again != other


async def test_a_line_delays_each_packet() -> None:
    _, took_s = await sent_over(Line(delay_s=0.05, jitter_s=0.01, reorder=0.0), 1)
    assert min(took_s) >= 0.05
    assert sorted(took_s)[SENT // 2] < 0.08


async def test_a_line_changes_the_order_of_a_few() -> None:
    came, _ = await sent_over(Line(reorder=0.05), 1)
    assert came != sorted(came)
    assert sorted(came) == list(range(SENT))


async def test_a_description_without_an_address_of_this_host_is_refused() -> None:
    async with relaying(Line(), 1) as relay:
        assert isinstance(relay, Relay)
        with pytest.raises(AssertionError):
            relay.offer("v=0\r\n")


async def test_a_peer_that_speaks_from_a_second_network_is_heard_and_answered_at_the_first() -> (
    None
):
    loop = asyncio.get_running_loop()
    ends = [
        (await loop.create_datagram_endpoint(End, local_addr=("127.0.0.1", 0)))[1] for _ in range(3)
    ]
    offerer, answerer, second = ends
    async with relaying(Line(reorder=0.0), 1) as relay:
        to_offerer = port_in(relay.offer(described(offerer.port)))
        to_answerer = port_in(relay.answer(described(answerer.port)))
        second.transport.sendto(b"1", ("127.0.0.1", to_offerer))
        answerer.transport.sendto(b"2", ("127.0.0.1", to_offerer))
        await offerer.hears(2)
        offerer.transport.sendto(b"3", ("127.0.0.1", to_answerer))
        await answerer.hears(3)
        assert [number for number, _ in offerer.came] == [2]
        assert second.came == []
    for end in ends:
        end.transport.close()


async def flooded(send: Callable[[bytes], object], receiver: End) -> tuple[float, Seconds]:
    """What comes of twice as much as the line carries, in bit/s, and the longest wait of a packet."""
    loop = asyncio.get_running_loop()
    began_s = loop.time()
    sent_s = []
    for number in range(round(FLOOD_S * PACKETS_A_SECOND)):
        await asyncio.sleep(max(0.0, began_s + number / PACKETS_A_SECOND - loop.time()))
        sent_s.append(loop.time())
        send(str(number).encode().ljust(PACKET_BYTES))
    lasted_s = loop.time() - began_s - FULL_S
    late = [number for number, at_s in receiver.came if at_s >= began_s + FULL_S]
    most_s = max(at_s - sent_s[number] for number, at_s in receiver.came)
    return len(late) * PACKET_BYTES * 8 / lasted_s, most_s


@asynccontextmanager
async def narrowed_relay() -> AsyncIterator[tuple[Callable[[bytes], object], End]]:
    loop = asyncio.get_running_loop()
    _, offerer = await loop.create_datagram_endpoint(End, local_addr=("127.0.0.1", 0))
    _, answerer = await loop.create_datagram_endpoint(End, local_addr=("127.0.0.1", 0))
    async with relaying(Line(jitter_s=0.0, reorder=0.0), 1) as relay:
        Bottleneck(NARROW_BPS).narrow(relay.to_offerer)
        place = ("127.0.0.1", port_in(relay.offer(described(offerer.port))))
        relay.answer(described(answerer.port))
        yield lambda data: answerer.transport.sendto(data, place), offerer
    for end in (offerer, answerer):
        end.transport.close()


@pytest.fixture
def kernels_line() -> Iterator[Path]:
    """A network of its own, whose only line the kernel makes narrow."""
    name = f"narrow-{os.getpid()}"
    shaped = f"tbf rate {NARROW_BPS}bit burst 2kb latency {round(QUEUE_S * 1000)}ms"
    subprocess.run(("ip", "netns", "add", name), check=True)
    try:
        subprocess.run(("ip", "-n", name, "link", "set", "lo", "up"), check=True)
        on_line = ("tc", "-n", name, "qdisc", "add", "dev", "lo", "root", *shaped.split())
        subprocess.run(on_line, check=True)
        yield Path("/run/netns") / name
    finally:
        subprocess.run(("ip", "netns", "del", name), check=True)


def socket_in(network: Path) -> socket.socket:
    """A thread goes there, and is of no other use then."""

    def made() -> socket.socket:
        with network.open() as place:
            assert ctypes.CDLL(None).setns(place.fileno(), 0) == 0
        there = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        there.bind(("127.0.0.1", 0))
        return there

    with ThreadPoolExecutor(1) as other:
        return other.submit(made).result()


@pytest.mark.root
@pytest.mark.slow
async def test_a_narrow_relay_is_as_narrow_as_the_kernel_s_own_line(kernels_line: Path) -> None:
    loop = asyncio.get_running_loop()
    there = socket_in(kernels_line)
    transport, receiver = await loop.create_datagram_endpoint(End, sock=there)
    with closing(socket_in(kernels_line)) as sender, closing(transport):
        sender.connect(there.getsockname())
        async with narrowed_relay() as (through_relay, relayed):
            ours, kernels = await asyncio.gather(
                flooded(through_relay, relayed),
                flooded(sender.send, receiver),
            )
    assert ours[0] == pytest.approx(kernels[0], rel=ALIKE)
    assert ours[1] == pytest.approx(kernels[1], rel=ALIKE)


def test_only_long_gaps_are_frozen() -> None:
    even = [at / 30 for at in range(60)]
    assert frozen_s(even) == 0.0
    assert frozen_s([*even[:30], even[29] + 0.18]) == 0.0
    assert frozen_s([*even[:30], even[29] + 0.19]) == pytest.approx(0.19)
    slow = [at / 5 for at in range(20)]
    assert frozen_s([*slow, slow[-1] + 0.5]) == 0.0
    assert frozen_s([*slow, slow[-1] + 0.7]) == pytest.approx(0.7)
