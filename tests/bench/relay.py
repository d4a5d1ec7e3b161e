"""A bad line between two peers: a relay on this host that loses, delays and reorders by a seed.

Its ports take the place of all candidates in both descriptions, so that nothing else is reached.
"""

import asyncio
import random
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from kiosk.clock import Seconds

_CANDIDATE: Final = re.compile(
    r"a=candidate:\S+ 1 udp \d+ ([0-9.]+) (\d+) typ host.*\r?\n", re.IGNORECASE
)
_ANY_CANDIDATE: Final = re.compile(r"a=(candidate:.*|end-of-candidates)\r?\n")
_APART_S: Final[Seconds] = 1e-6
"""The event loop keeps the order of different moments only."""

_UFRAG: Final = "a=ice-ufrag:"

Address = tuple[str, int]


@dataclass(frozen=True)
class Line:
    """What a line does to each packet, in either direction."""

    loss: float = 0.0
    delay_s: Seconds = 0.0
    jitter_s: Seconds = 0.005
    """At the most, added to the delay; the order stays."""
    reorder: float = 0.002
    """How many come `late_s` later than those behind them."""
    late_s: Seconds = 0.015


class End(asyncio.DatagramProtocol):
    """The port that one peer sees; what comes in there leaves at the other end."""

    def __init__(self, line: Line, seed: str) -> None:
        self._line = line
        self._chance = random.Random(seed)
        self._free_s: Seconds = 0.0
        self._loop = asyncio.get_running_loop()
        self.other: End
        self.peer: Address | None = None
        """As it was described. A peer on several networks speaks from each, and would be answered at
        one that it does not listen to."""
        self.transport: asyncio.DatagramTransport
        self.carried_bytes = 0

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]
        self.transport = transport

    def datagram_received(self, data: bytes, address: Address) -> None:
        if address != self.peer:  # of its other addresses, which nobody was told of
            return
        # Always as many numbers a packet, so that a seed means the same on lines of other loss.
        lost, jitter, moved = (self._chance.random() for _ in range(3))
        if lost < self._line.loss:
            return
        at_s = self._loop.time() + self._line.delay_s + jitter * self._line.jitter_s
        at_s = self._free_s = max(at_s, self._free_s + _APART_S)
        if moved < self._line.reorder:
            at_s += self._line.late_s
        self.carried_bytes += len(data)
        self._loop.call_at(at_s, self.other.leave, data)

    def leave(self, data: bytes) -> None:
        if self.peer is not None and not self.transport.is_closing():
            self.transport.sendto(data, self.peer)


class Relay:
    """Between who offers and who answers."""

    def __init__(self, offerer: End, answerer: End) -> None:
        self._offerer = offerer
        self._answerer = answerer

    def offer(self, sdp: str) -> str:
        """What the one who answers is to see."""
        return _moved(sdp, self._offerer, self._answerer)

    def answer(self, sdp: str) -> str:
        """What the one who offered is to see."""
        return _moved(sdp, self._answerer, self._offerer)

    @property
    def to_offerer(self) -> End:
        """Where all that goes to the one who offers leaves."""
        return self._offerer

    @property
    def to_answerer(self) -> End:
        return self._answerer

    @property
    def carried_bytes(self) -> dict[str, int]:
        """What arrived from either side and was not lost."""
        return {
            "offerer": self._offerer.carried_bytes,
            "answerer": self._answerer.carried_bytes,
        }


@asynccontextmanager
async def relaying(line: Line, seed: int) -> AsyncIterator[Relay]:
    loop = asyncio.get_running_loop()
    ends = []
    for side in ("offerer", "answerer"):
        _, end = await loop.create_datagram_endpoint(
            lambda side=side: End(line, f"{seed} {side}"),  # type: ignore[misc]
            local_addr=("0.0.0.0", 0),
        )
        ends.append(end)
    ends[0].other, ends[1].other = ends[1], ends[0]
    try:
        yield Relay(*ends)
    finally:
        for end in ends:
            end.transport.close()


def _moved(sdp: str, of: End, seen: End) -> str:
    """The description with the port of `seen` as its only candidate."""
    found = _CANDIDATE.search(sdp)
    assert found is not None, "no candidate of this host"
    host = found[1]
    of.peer = (host, int(found[2]))
    port = seen.transport.get_extra_info("sockname")[1]
    candidate = f"a=candidate:1 1 udp 2130706431 {host} {port} typ host\r\n"
    bare = _ANY_CANDIDATE.sub("", sdp)
    return re.sub(rf"(?m)^({_UFRAG})", candidate.replace("\\", r"\\") + r"\1", bare)
