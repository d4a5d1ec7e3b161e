"""What the other side tells of our packets by transport-wide congestion control, read from bytes.

draft-holmer-rmcat-transport-wide-cc-extensions-01, section 3.1. Whatever is not to the letter says
nothing, and nobody can make a few bytes stand for very many packets.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

MOST_PACKETS: Final = 2000
"""Nobody sends so many between two reports."""

REFERENCE_BITS: Final = 24
REFERENCE_TICKS: Final = 256

_RTPFB: Final = 205
_FMT: Final = 15
_FIXED: Final = struct.Struct("!8xHHL")
_LOST, _SMALL, _LARGE = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Fates:
    """What became of the packets from `base` on, all modulo 65536: ticks since `reference`, or lost."""

    base: int
    reference: int
    came: list[int | None]


def parted(rtcp: bytes) -> tuple[list[Fates], bytes]:
    """The reports in a compound packet, and what else is in it.

    Aiortc takes them for requests, and throws all away when one has padding.
    """
    reports, rest, at = [], b"", 0
    while len(rtcp) >= at + 4:
        begin, kind, words = struct.unpack_from("!BBH", rtcp, at)
        end = at + 4 * (words + 1)
        if kind == _RTPFB and begin & 0x1F == _FMT:
            if end <= len(rtcp) and (fates := _read(rtcp[at + 4 : end])) is not None:
                reports.append(fates)
        else:
            rest += rtcp[at:end]
        at = end
    return reports, rest + rtcp[at:]


def _read(report: bytes) -> Fates | None:
    """After its first four bytes; its padding may stay, since lengths are known."""
    try:
        base, count, time = _FIXED.unpack_from(report)
        if count > MOST_PACKETS:
            return None
        statuses, at = _statuses(report, count)
        return Fates(base, time >> 8, list(_times(report[at:], statuses)))
    except (struct.error, ValueError):
        return None


def _statuses(report: bytes, count: int) -> tuple[list[int], int]:
    """Sections 3.1.3 and 3.1.4; and where the chunks end."""
    found: list[int] = []
    at = _FIXED.size
    while len(found) < count:
        (chunk,) = struct.unpack_from("!H", report, at)
        at += 2
        if not chunk & 0x8000:
            found += [chunk >> 13 & 3] * min(chunk & 0x1FFF, count - len(found))
        elif chunk & 0x4000:
            found += [chunk >> shift & 3 for shift in range(12, -1, -2)]
        else:
            found += [chunk >> shift & 1 for shift in range(13, -1, -1)]
    return found[:count], at


def _times(deltas: bytes, statuses: list[int]) -> Iterator[int | None]:
    """Section 3.1.5. Raises ValueError for a status that there is not, and struct.error at the end."""
    ticks = at = 0
    for status in statuses:
        if status == _LOST:
            yield None
            continue
        if status not in (_SMALL, _LARGE):
            raise ValueError(status)
        (delta,) = struct.unpack_from("!B" if status == _SMALL else "!h", deltas, at)
        at += status
        ticks += delta
        yield ticks
