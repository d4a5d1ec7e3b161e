"""The packets of a call that is not encoded: as many and as large as a real one's, and what of them came.

Each sound says when it was sent. Headers stay in the clear under SRTP (RFC 3711), so that what comes
is counted without being decrypted.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from kiosk.clock import Seconds

PICTURE_EACH_S: Final[Seconds] = 1 / 30
PICTURE_PACKETS: Final = 5
PICTURE_BYTES: Final = 1000
"""So that pictures take 1.2 Mb/s, which 640x480 does."""

SOUND_EACH_S: Final[Seconds] = 0.02
SOUND_BYTES: Final = 80
"""Opus at 32 kb/s."""

SOUND_TYPE: Final = 111
PICTURE_TYPE: Final = 96
SEQUENCE_EXTENSION: Final = 3
"""The number under which a packet has its place among all of its connection (transport-wide-cc)."""

_HEADER = struct.Struct("!BBHII")
_EXTENSION = struct.Struct("!HHBHB")
_SENT = struct.Struct("!Q")
_HALF: Final = 0x8000


@dataclass(slots=True)
class Source:
    """What one side sends, as it falls due."""

    ssrc: int
    begun_s: Seconds
    packets: int = 0
    _of_type: dict[int, int] = field(default_factory=lambda: {SOUND_TYPE: 0, PICTURE_TYPE: 0})
    _sounds: int = 0
    _pictures: int = 0

    def due(self, now_s: Seconds, sent_ns: int) -> Iterator[bytes]:
        """Every packet whose time has come."""
        passed_s = now_s - self.begun_s
        while self._sounds * SOUND_EACH_S <= passed_s:
            payload = _SENT.pack(sent_ns).ljust(SOUND_BYTES, b"\0")
            yield self._packet(SOUND_TYPE, self._sounds * 960, payload, True)
            self._sounds += 1
        while self._pictures * PICTURE_EACH_S <= passed_s:
            for number in range(PICTURE_PACKETS):
                last = number == PICTURE_PACKETS - 1
                payload = (b"\0" if number else b"\x10").ljust(PICTURE_BYTES, b"\1")
                yield self._packet(PICTURE_TYPE, self._pictures * 3000, payload, last)
            self._pictures += 1

    def _packet(self, kind: int, stamp: int, payload: bytes, last: bool) -> bytes:
        """RFC 3550, 5.1, with one extension (RFC 8285, 4.2)."""
        sequence = self._of_type[kind] & 0xFFFF
        marked = kind | 0x80 * last
        ssrc = self.ssrc + (kind == PICTURE_TYPE)
        header = _HEADER.pack(0x90, marked, sequence, stamp & 0xFFFFFFFF, ssrc)
        place = _EXTENSION.pack(0xBEDE, 1, SEQUENCE_EXTENSION << 4 | 1, self.packets & 0xFFFF, 0)
        self._of_type[kind] += 1
        self.packets += 1
        return header + place + payload


def sent_ns(sound: bytes) -> int:
    """When a sound was sent; `sound` is decrypted and keeps its header."""
    return int(_SENT.unpack_from(sound, len(sound) - SOUND_BYTES)[0])


@dataclass(slots=True)
class Tally:
    """How many packets of a stream came and how many should have, by their numbers."""

    came: int = 0
    _first: int | None = None
    _highest: int = 0

    @property
    def expected(self) -> int:
        return 0 if self._first is None else self._highest - self._first + 1

    def count(self, sequence: int) -> None:
        """A packet with this number came; what came twice is not looked for."""
        if self._first is None:
            self._first = self._highest = sequence
        ahead = (sequence - self._highest + _HALF & 0xFFFF) - _HALF
        self._highest += max(0, ahead)
        self.came += 1

    def begin_anew(self) -> None:
        """From now on only what comes after the highest number so far counts."""
        self.came = 0
        self._first = None if self._first is None else self._highest + 1


def is_rtp(packet: bytes) -> bool:
    """RFC 7983 tells RTP and RTCP from the rest, RFC 5761 the one from the other."""
    return len(packet) > 12 and 128 <= packet[0] < 192 and not 192 <= packet[1] < 224
