"""Transport-wide congestion control: what a receiver tells of the packets that came, as bytes.

draft-holmer-rmcat-transport-wide-cc-extensions-01, section 3.1.
"""

import struct
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

TICKS_PER_S: Final = 4000
MOST_APART: Final = 1 << 15
"""Ticks from one packet to the next, in either direction; numbers from the first to the last."""

MOST_ARRIVALS: Final = 150
"""Each needs 6 bytes at the most: its chunk, one for those before it, and its delta."""

_REFERENCE_TICKS: Final = 256
_RTPFB: Final = 205
_FMT: Final = 15
_VERSION: Final = 2 << 6
_PADDED: Final = 1 << 5

_LOST, _SMALL, _LARGE = 0, 1, 2
_MOST_RUN: Final = (1 << 13) - 1
_BITS: Final = 14
"""Of a vector: as many packets, or half of them when one came with a large or negative delta."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A packet's number, counted on for ever, and when it came, in ticks of any clock."""

    number: int
    ticks: int


@dataclass(frozen=True, slots=True)
class Report:
    """The `count`-th: which packets came, in their order, from the number `base` on.

    There is at least one; none is `MOST_APART` or more from `base`, nor from the one before it.
    """

    count: int
    base: int
    arrivals: Sequence[Arrival]

    def to_bytes(self, sender: int, source: int) -> bytes:
        """As an RTCP packet of ours about the stream `source` of theirs, and all others."""
        runs, deltas = self._told()
        first, last = self.arrivals[0], self.arrivals[-1]
        reference = first.ticks // _REFERENCE_TICKS & 0xFFFFFF
        told = struct.pack(
            "!LLHHL",
            sender,
            source,
            self.base & 0xFFFF,
            last.number - self.base + 1,
            reference << 8 | self.count & 0xFF,
        )
        told += b"".join(struct.pack("!H", chunk) for chunk in _chunks(runs)) + deltas
        padding = -len(told) % 4
        if padding:
            told += bytes(padding - 1) + bytes([padding])  # RFC 3550, section 6.4.1
        begin = _VERSION | (_PADDED if padding else 0) | _FMT
        return struct.pack("!BBH", begin, _RTPFB, len(told) // 4) + told

    def _told(self) -> tuple["_Runs", bytes]:
        """What became of all packets, and the times of those that came."""
        runs = _Runs()
        deltas = bytearray()
        before = Arrival(self.base - 1, self.arrivals[0].ticks & -_REFERENCE_TICKS)
        for arrival in self.arrivals:
            delta = arrival.ticks - before.ticks
            small = 0 <= delta <= 0xFF
            runs.add(_LOST, arrival.number - before.number - 1)
            runs.add(_SMALL if small else _LARGE, 1)
            deltas += delta.to_bytes(1) if small else delta.to_bytes(2, signed=True)
            before = arrival
        return runs, bytes(deltas)


class _Runs:
    """What became of packets in their order, shortened to how many in a row it was the same for.

    Nobody can make this long by leaving out thousands of numbers.
    """

    def __init__(self) -> None:
        self._runs: deque[tuple[int, int]] = deque()

    def __len__(self) -> int:
        return len(self._runs)

    @property
    def first(self) -> tuple[int, int]:
        return self._runs[0]

    def add(self, status: int, length: int) -> None:
        if not length:
            return
        if self._runs and self._runs[-1][0] == status:
            length += self._runs.pop()[1]
        self._runs.append((status, length))

    def ahead(self) -> list[int]:
        """The next that a vector can hold."""
        found: list[int] = []
        for status, length in self._runs:
            found += [status] * min(length, _BITS - len(found))
            if len(found) == _BITS:
                break
        return found

    def take(self, count: int) -> None:
        """Leave out so many, or all."""
        while count and self._runs:
            status, length = self._runs.popleft()
            if length > count:
                self._runs.appendleft((status, length - count))
            count -= min(length, count)


def _chunks(runs: _Runs) -> Iterator[int]:
    """Sections 3.1.3 and 3.1.4; whatever holds more of what is next."""
    while runs:
        ahead = runs.ahead()
        bits = 2 if _LARGE in ahead else 1
        status, length = runs.first
        if length >= _BITS // bits or len(runs) == 1:
            length = min(length, _MOST_RUN)
            yield status << 13 | length
            runs.take(length)
        else:
            yield _vector(ahead[: _BITS // bits], bits)
            runs.take(_BITS // bits)


def _vector(statuses: Sequence[int], bits: int) -> int:
    chunk = 1 << 15 | (bits - 1) << _BITS
    for place, status in enumerate(statuses, start=1):
        chunk |= status << _BITS - place * bits
    return chunk
