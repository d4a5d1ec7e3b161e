"""How a call does, from what aiortc counts."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

from aiortc import (
    RTCInboundRtpStreamStats,
    RTCRemoteInboundRtpStreamStats,
    RTCStatsReport,
    RTCTransportStats,
)

from kiosk.clock import Seconds
from kiosk.wire.messages import CallStats

Kind = TypeVar("Kind")


def call_stats(
    call: int,
    frames_received: int,
    frames_sent: int,
    frozen_s: Seconds,
    reports: Iterable[RTCStatsReport],
) -> CallStats:
    """The counters of all connections together, the round trip of the slowest."""
    reports = tuple(reports)
    inbound = list(_of(reports, RTCInboundRtpStreamStats))
    transports = list(_of(reports, RTCTransportStats))
    round_trips = [
        heard.roundTripTime * 1000
        for heard in _of(reports, RTCRemoteInboundRtpStreamStats)
        if heard.roundTripTime is not None
    ]
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
        round_trip_ms=max(round_trips, default=None),
        frozen_s=frozen_s,
    )


def _of(reports: Iterable[RTCStatsReport], kind: type[Kind]) -> Iterator[Kind]:
    for report in reports:
        for entry in report.values():
            if isinstance(entry, kind):
                yield entry
