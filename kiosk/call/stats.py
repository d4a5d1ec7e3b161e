"""How a call does, from what aiortc counts."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from aiortc import (
    RTCInboundRtpStreamStats,
    RTCOutboundRtpStreamStats,
    RTCRemoteInboundRtpStreamStats,
    RTCStatsReport,
    RTCTransportStats,
)

from kiosk.call.quality import Counted
from kiosk.clock import Seconds
from kiosk.wire.messages import CallStats

Kind = TypeVar("Kind")


def call_stats(
    call: int,
    frames_received: int,
    frames_sent: int,
    frozen_s: Seconds,
    weak: bool,
    reports: Sequence[RTCStatsReport],
) -> CallStats:
    """The counters of all connections together, the round trip of the slowest."""
    inbound = list(_of(reports, RTCInboundRtpStreamStats))
    transports = list(_of(reports, RTCTransportStats))
    trip_s = round_trip_s(reports)
    audio = [stream for stream in inbound if stream.kind == "audio"]
    video = [stream for stream in inbound if stream.kind == "video"]
    return CallStats(
        call=call,
        frames_received=frames_received,
        frames_sent=frames_sent,
        audio_packets_received=sum(stream.packetsReceived for stream in audio),
        audio_packets_lost=sum(stream.packetsLost for stream in audio),
        video_packets_lost=sum(stream.packetsLost for stream in video),
        bytes_received=sum(transport.bytesReceived for transport in transports),
        bytes_sent=sum(transport.bytesSent for transport in transports),
        round_trip_ms=None if trip_s is None else trip_s * 1000,
        frozen_s=frozen_s,
        weak=weak,
    )


def counted(frozen_s: Seconds, reports: Sequence[RTCStatsReport]) -> Counted:
    """What came and what was lost of it, and the same of what we sent."""
    inbound = list(_of(reports, RTCInboundRtpStreamStats))
    theirs = _of(reports, RTCRemoteInboundRtpStreamStats)
    return Counted(
        came=sum(stream.packetsReceived for stream in inbound),
        came_lost=sum(stream.packetsLost for stream in inbound),
        sent=sum(stream.packetsSent for stream in _of(reports, RTCOutboundRtpStreamStats)),
        sent_lost=sum(stream.packetsLost for stream in theirs),
        frozen_s=frozen_s,
    )


def round_trip_s(reports: Iterable[RTCStatsReport]) -> Seconds | None:
    """Of the slowest connection, as the other side last reported; None before it did."""
    heard = _of(reports, RTCRemoteInboundRtpStreamStats)
    return max(
        (each.roundTripTime for each in heard if each.roundTripTime is not None), default=None
    )


def _of(reports: Iterable[RTCStatsReport], kind: type[Kind]) -> Iterator[Kind]:
    for report in reports:
        for entry in report.values():
            if isinstance(entry, kind):
                yield entry
