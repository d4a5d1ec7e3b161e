"""What aiortc is given of what comes, and that it is given that and nothing else."""

import asyncio
from collections.abc import Callable
from struct import pack
from typing import Any

import pylibsrtp
import pytest
from aiortc import rtcdtlstransport
from aiortc.rtcrtpparameters import RTCRtpHeaderExtensionParameters, RTCRtpParameters
from aiortc.rtp import (
    RTCP_BYE,
    RTCP_PSFB_APP,
    RTCP_RTPFB,
    RTCP_RTPFB_NACK,
    AnyRtcpPacket,
    HeaderExtensionsMap,
    RtcpByePacket,
    RtcpPsfbPacket,
    RtcpReceiverInfo,
    RtcpRrPacket,
    RtcpRtpfbPacket,
    RtpPacket,
    pack_remb_fci,
    pack_rtcp_packet,
)
from hypothesis import given
from hypothesis import strategies as st

from kiosk.call.guard import (
    MAX_LOST,
    MAX_SOURCES,
    MEDIA_PER_S,
    REPORTS_PER_S,
    CarefulRtcp,
    CarefulRtp,
    CarefulSession,
    CarefulStatistics,
)
from tests.call.kit import PATIENCE_S
from tests.call.test_backlog import connection
from tests.call.visitor import visiting

KEY = bytes(range(30))
NAMES = (
    "urn:ietf:params:rtp-hdrext:sdes:mid",
    "urn:ietf:params:rtp-hdrext:ssrc-audio-level",
    "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time",
    "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01",
    "urn:ietf:params:rtp-hdrext:toffset",
    "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id",
)


def named() -> HeaderExtensionsMap:
    """All extensions that aiortc knows, by the numbers from 1 on."""
    names = HeaderExtensionsMap()
    extensions = [
        RTCRtpHeaderExtensionParameters(id=at, uri=uri) for at, uri in enumerate(NAMES, start=1)
    ]
    names.configure(RTCRtpParameters(headerExtensions=extensions))
    return names


def session(of: type[pylibsrtp.Session], kind: int) -> pylibsrtp.Session:
    profile = pylibsrtp.Policy.SRTP_PROFILE_AES128_CM_SHA1_80
    return of(pylibsrtp.Policy(key=KEY, ssrc_type=kind, srtp_profile=profile))


class Line:
    """What one side encrypts is decrypted by the terminal's."""

    def __init__(self) -> None:
        self._theirs = session(pylibsrtp.Session, pylibsrtp.Policy.SSRC_ANY_OUTBOUND)
        self._ours = session(CarefulSession, pylibsrtp.Policy.SSRC_ANY_INBOUND)
        self._number = 0

    def media(self, source: int) -> bool:
        """Whether the next packet of a stream comes through."""
        self._number += 1
        packet = RtpPacket(96, 0, self._number, 0, source, b"sound").serialize()
        return self._comes(self._ours.unprotect, self._theirs.protect(packet))

    def report(self, source: int) -> bool:
        packet = bytes(RtcpRrPacket(source))
        return self._comes(self._ours.unprotect_rtcp, self._theirs.protect_rtcp(packet))

    def forged(self, source: int) -> bool:
        """The same with a key that is not the right one."""
        return self._comes(self._ours.unprotect, RtpPacket(ssrc=source).serialize() + bytes(10))

    def _comes(self, unprotect: Callable[[bytes], bytes], packet: bytes) -> bool:
        try:
            unprotect(packet)
        except pylibsrtp.Error:
            return False
        return True


def stop_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asyncio.get_running_loop(), "time", lambda: 5.0)


async def test_a_handful_of_streams_comes_through_and_no_more() -> None:
    line = Line()
    assert [line.media(source) for source in range(MAX_SOURCES)] == [True] * MAX_SOURCES
    assert not line.media(MAX_SOURCES)
    assert not line.report(MAX_SOURCES)
    assert line.media(0)
    assert line.report(MAX_SOURCES - 1)


async def test_who_has_not_the_key_takes_no_streams_place() -> None:
    line = Line()
    assert not any(line.forged(source) for source in range(100, 200))
    assert line.media(1)


async def test_so_many_packets_come_through_at_once_and_no_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stop_time(monkeypatch)
    line = Line()
    assert sum(line.media(1) for _ in range(MEDIA_PER_S + 500)) == MEDIA_PER_S
    assert line.report(1)


async def test_so_many_reports_come_through_at_once_and_no_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stop_time(monkeypatch)
    line = Line()
    assert sum(line.report(1) for _ in range(REPORTS_PER_S + 100)) == REPORTS_PER_S
    assert line.media(1)


def test_a_header_extension_is_read() -> None:
    packet = RtpPacket(payload=b"x")
    packet.extensions.transport_sequence_number = 7
    assert CarefulRtp.parse(packet.serialize(named()), named()).extensions == packet.extensions


@given(st.binary(max_size=80))
def test_noise_in_rtp_raises_nothing_but_what_aiortc_expects(data: bytes) -> None:
    for length in range(len(data) + 1):
        extended = pack("!BBHLL", 0x90, 96, 1, 2, 3) + pack("!HH", 0xBEDE, length // 4) + data
        for packet in (data, extended):
            try:
                CarefulRtp.parse(packet, named())
            except ValueError:
                continue


@given(st.binary(max_size=80), st.integers(0, 31), st.integers(192, 208))
def test_noise_in_rtcp_raises_nothing_but_what_aiortc_expects(
    data: bytes, count: int, kind: int
) -> None:
    framed = pack("!BBH", 0x80 | count, kind, len(data) // 4) + data[: len(data) // 4 * 4]
    for packet in (data, framed):
        try:
            CarefulRtcp.parse(packet)
        except ValueError:
            continue


def test_what_a_browser_reports_is_read() -> None:
    said: list[AnyRtcpPacket] = [
        RtcpRrPacket(1, [RtcpReceiverInfo(2, 0, 0, 0, 0, 0, 0)]),
        RtcpPsfbPacket(RTCP_PSFB_APP, 1, 0, pack_remb_fci(300_000, [2, 3])),
        RtcpRtpfbPacket(RTCP_RTPFB_NACK, 1, 2, [5, 6, 9]),
    ]
    assert CarefulRtcp.parse(b"".join(bytes(packet) for packet in said)) == said


def test_a_goodbye_is_not_heard_and_what_is_said_beside_it_is() -> None:
    report = RtcpRrPacket(1)
    assert CarefulRtcp.parse(bytes(report) + bytes(RtcpByePacket([1]))) == [report]
    assert CarefulRtcp.parse(pack_rtcp_packet(RTCP_BYE, 0, b"")) == []


@pytest.mark.parametrize("streams", [1, 9, 255])
def test_an_estimate_for_more_streams_than_it_names_is_left_out(streams: int) -> None:
    fci = pack("!4sBBH", b"REMB", streams, 0, 9)
    assert CarefulRtcp.parse(bytes(RtcpPsfbPacket(RTCP_PSFB_APP, 1, 0, fci))) == []


def test_no_more_is_sent_again_than_is_remembered_and_nothing_twice() -> None:
    source = pack("!LL", 1, 2)
    same = pack_rtcp_packet(RTCP_RTPFB, RTCP_RTPFB_NACK, source + pack("!HH", 5, 0) * 50)
    many = RtcpRtpfbPacket(RTCP_RTPFB_NACK, 1, 2, list(range(300)))
    read: list[Any] = CarefulRtcp.parse(same + bytes(many) + bytes(many))
    assert [packet.lost for packet in read] == [[5], list(range(MAX_LOST - 1)), []]


def test_feedback_that_is_no_wish_is_left_as_it_is() -> None:
    other = RtcpRtpfbPacket(15, 1, 2, list(range(300)))
    assert CarefulRtcp.parse(bytes(other)) == [other]


@given(st.lists(st.tuples(st.integers(0, 0xFFFF), st.integers(0, 0xFFFFFFFF)), min_size=1))
def test_a_report_of_any_stream_can_be_sent(packets: list[tuple[int, int]]) -> None:
    statistics = CarefulStatistics(90_000)
    for number, time in packets:
        statistics.add(RtpPacket(sequence_number=number, timestamp=time))
        assert bytes(report_of(statistics))


def test_a_report_of_the_wildest_times_can_be_sent() -> None:
    statistics = CarefulStatistics(90_000)
    statistics.add(RtpPacket())
    vars(statistics)["_jitter_q4"] = 1 << 60
    assert report_of(statistics).jitter == 0xFFFFFFFF
    assert bytes(report_of(statistics))


def report_of(statistics: CarefulStatistics) -> RtcpReceiverInfo:
    """As aiortc makes it."""
    assert statistics.max_seq is not None
    return RtcpReceiverInfo(
        ssrc=1,
        fraction_lost=statistics.fraction_lost,
        packets_lost=statistics.packets_lost,
        highest_sequence=statistics.max_seq,
        jitter=statistics.jitter,
        lsr=0,
        dlsr=0,
    )


async def test_aiortc_uses_these_in_a_call() -> None:
    peer, *_ = connection()
    async with visiting() as visitor:
        await peer.take_answer(await visitor.answer(await peer.offer()))
        receivers = [transceiver.receiver for transceiver in peer._pc.getTransceivers()]
        tables = [vars(receiver)["_RTCRtpReceiver__remote_streams"] for receiver in receivers]
        async with asyncio.timeout(PATIENCE_S):
            while not all(tables):
                await visitor.hears()
        streams = [stream for table in tables for stream in table.values()]
        sessions = [vars(receiver.transport)["_rx_srtp"] for receiver in receivers]
        await peer.close()
    assert {type(stream) for stream in streams} == {CarefulStatistics}
    assert {type(session) for session in sessions} == {CarefulSession}
    assert vars(rtcdtlstransport)["RtpPacket"] is CarefulRtp
    assert vars(rtcdtlstransport)["RtcpPacket"] is CarefulRtcp
