"""What a report of arrivals says to who reads it by the draft, and by nothing of ours.

draft-holmer-rmcat-transport-wide-cc-extensions-01, section 3.1.
"""

import struct
from dataclasses import dataclass

_LOST, _SMALL, _LARGE, _RESERVED = range(4)
_SIZES = {_SMALL: 1, _LARGE: 2}


@dataclass(frozen=True)
class Told:
    """`came` has numbers from the base on, without beginning again at 65536, with their ticks."""

    sender: int
    source: int
    count: int
    base: int
    length: int
    came: dict[int, int]


def told_by(packet: bytes) -> Told:
    """Raises AssertionError for what is not to the letter."""
    begin, kind, words = struct.unpack_from("!BBH", packet)
    assert (begin & 0b1101_1111, kind) == (0b1000_1111, 205)
    assert len(packet) == 4 * (words + 1)
    if begin & 0b0010_0000:
        assert 0 < packet[-1] < 4
        assert not any(packet[-packet[-1] : -1])
        packet = packet[: -packet[-1]]
    sender, source, base, length, time = struct.unpack_from("!LLHHL", packet, 4)
    statuses, at = _statuses(packet, 20, length)
    came, ticks = {}, (time >> 8) * 256
    for number, status in enumerate(statuses, start=base):
        assert status != _RESERVED
        if status != _LOST:
            size = _SIZES[status]
            ticks += int.from_bytes(packet[at : at + size], "big", signed=status == _LARGE)
            came[number], at = ticks, at + size
    assert at == len(packet)
    return Told(sender, source, time & 0xFF, base, length, came)


def _statuses(packet: bytes, at: int, length: int) -> tuple[list[int], int]:
    """As many as there are packets, and where they end."""
    found: list[int] = []
    while len(found) < length:
        (chunk,) = struct.unpack_from("!H", packet, at)
        at += 2
        if not chunk & 0x8000:
            assert chunk & 0x1FFF
            found += [chunk >> 13] * (chunk & 0x1FFF)
        elif chunk & 0x4000:
            found += [chunk >> shift & 3 for shift in range(12, -1, -2)]
        else:
            found += [chunk >> shift & 1 for shift in range(13, -1, -1)]
    assert not any(found[length:])
    return found[:length], at
