"""The bad line is as bad as it says, and the same for the same seed."""

import asyncio

import pytest

from tests.bench.bench_loss import frozen_s
from tests.bench.relay import Line, Relay, relaying

SENT = 300


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


def test_only_long_gaps_are_frozen() -> None:
    even = [at / 30 for at in range(60)]
    assert frozen_s(even) == 0.0
    assert frozen_s([*even[:30], even[29] + 0.18]) == 0.0
    assert frozen_s([*even[:30], even[29] + 0.19]) == pytest.approx(0.19)
    slow = [at / 5 for at in range(20)]
    assert frozen_s([*slow, slow[-1] + 0.5]) == 0.0
    assert frozen_s([*slow, slow[-1] + 0.7]) == pytest.approx(0.7)
