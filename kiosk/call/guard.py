"""What comes on a connection, before aiortc believes it: so many streams, so many packets, well made.

An exception in aiortc's transport ends the call, one in its reports leaves a call that only seems
to be on, and its tables have a row for each stream that was ever heard of.
"""

import asyncio
import struct
from collections.abc import Iterable, Iterator
from typing import Final

import pylibsrtp
from aiortc import rtcdtlstransport, rtcrtpreceiver
from aiortc.rtcrtpreceiver import StreamStatistics
from aiortc.rtp import (
    RTCP_PSFB_APP,
    RTCP_RTPFB_NACK,
    AnyRtcpPacket,
    HeaderExtensionsMap,
    RtcpByePacket,
    RtcpPacket,
    RtcpPsfbPacket,
    RtcpRtpfbPacket,
    RtpPacket,
    unpack_remb_fci,
)

from kiosk.call.allowance import Allowance

MAX_SOURCES: Final = 24
"""A browser has four. One receiver report has room for 31 (RFC 3550, section 6.4.1)."""

MEDIA_PER_S: Final = 2000
"""The best picture of a browser is 300 packets in a second; after a stall many come at once."""

REPORTS_PER_S: Final = 100

MAX_LOST: Final = 128
"""Packets that one datagram may ask for: aiortc remembers no more."""

_MOST: Final = 0xFFFFFFFF
_RTP_SOURCE: Final = slice(8, 12)
_RTCP_SOURCE: Final = slice(4, 8)


class CarefulSession(pylibsrtp.Session):
    """Libsrtp sets memory aside for each stream whose first packet is genuine, and searches all."""

    def __init__(self, policy: pylibsrtp.Policy | None = None) -> None:
        super().__init__(policy)
        self._sources: set[bytes] = set()
        self._media = Allowance(MEDIA_PER_S, MEDIA_PER_S)
        self._reports = Allowance(REPORTS_PER_S, REPORTS_PER_S)

    def unprotect(self, packet: bytes) -> bytes:
        """Of RTP. Raises pylibsrtp.Error for what is refused, too."""
        self._admit(packet[_RTP_SOURCE], self._media)
        plain = super().unprotect(packet)
        self._sources.add(packet[_RTP_SOURCE])
        return plain

    def unprotect_rtcp(self, packet: bytes) -> bytes:
        """Of RTCP. Raises pylibsrtp.Error for what is refused, too."""
        self._admit(packet[_RTCP_SOURCE], self._reports)
        plain = super().unprotect_rtcp(packet)
        self._sources.add(packet[_RTCP_SOURCE])
        return plain

    def _admit(self, source: bytes, allowance: Allowance) -> None:
        if source not in self._sources and len(self._sources) >= MAX_SOURCES:
            raise pylibsrtp.Error("one stream too many")
        if not allowance.take(asyncio.get_running_loop().time()):
            raise pylibsrtp.Error("too many packets")


class CarefulRtp(RtpPacket):
    """A header extension may be shorter or longer than what it is said to be."""

    @classmethod
    def parse(cls, data: bytes, extensions_map: HeaderExtensionsMap | None = None) -> "RtpPacket":
        """Raises ValueError for what is no packet."""
        try:
            return RtpPacket.parse(data, extensions_map or HeaderExtensionsMap())
        except struct.error as error:
            raise ValueError("a header extension of another length") from error


class CarefulRtcp(RtcpPacket):
    """Without what aiortc stumbles over, or obeys too willingly."""

    @classmethod
    def parse(cls, data: bytes) -> list[AnyRtcpPacket]:
        """Raises ValueError for what is no packet."""
        return list(_bearable(RtcpPacket.parse(data)))


def _bearable(packets: Iterable[AnyRtcpPacket]) -> Iterator[AnyRtcpPacket]:
    lost = MAX_LOST
    for packet in packets:
        match packet:
            case RtcpByePacket():
                # A browser says goodbye when it sends nothing for a while, too; aiortc would be
                # deaf to this stream ever after. Who leaves closes the connection.
                continue
            case RtcpPsfbPacket(fmt=fmt, fci=fci) if fmt == RTCP_PSFB_APP and not _is_remb(fci):
                continue
            case RtcpRtpfbPacket(fmt=fmt) if fmt == RTCP_RTPFB_NACK:
                packet.lost = list(dict.fromkeys(packet.lost))[:lost]
                lost -= len(packet.lost)
        yield packet


def _is_remb(fci: bytes) -> bool:
    try:
        unpack_remb_fci(fci)
    except (ValueError, struct.error):
        return False
    return True


class CarefulStatistics(StreamStatistics):
    """Of one stream, for our reports."""

    @property
    def jitter(self) -> int:
        """Time stamps that jump make it larger than its field (RFC 3550, section 6.4.1)."""
        return min(super().jitter, _MOST)


def guard_connections() -> None:
    """Have aiortc use these in place of its own, in the whole program."""
    transport, receiver = vars(rtcdtlstransport), vars(rtcrtpreceiver)
    assert {"Session", "RtpPacket", "RtcpPacket"} <= transport.keys()
    assert "StreamStatistics" in receiver
    transport["Session"] = CarefulSession
    transport["RtpPacket"] = CarefulRtp
    transport["RtcpPacket"] = CarefulRtcp
    receiver["StreamStatistics"] = CarefulStatistics
