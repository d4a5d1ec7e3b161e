"""Our way of receiving pictures inside aiortc, on a connection that loses what the test says."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from aiortc import (
    MediaStreamTrack,
    RTCConfiguration,
    RTCPeerConnection,
    RTCRtpSender,
    RTCSessionDescription,
    rtcrtpsender,
)
from aiortc.mediastreams import MediaStreamError
from aiortc.rtp import RtcpPacket, RtcpPsfbPacket, RtcpRtpfbPacket, RtpPacket, is_rtcp
from av import VideoFrame

from kiosk.call.backlog import bound_receiver
from kiosk.call.lips import LipSync
from kiosk.call.reception import Reception
from tests.call.kit import PATIENCE_S, now_s
from tests.call.visitor import Picture

Loses = Callable[[RtpPacket, int], bool]
"""Whether a packet is lost, and how often it was sent before."""


class Sender:
    """Sends pictures, of which the test loses what it likes, and hears what it is asked for."""

    def __init__(self, loses: Loses) -> None:
        self.peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self.loses = loses
        self.sent: dict[int, int] = {}
        self.asked_for: list[list[int]] = []
        self.asked_for_key: list[float] = []

    def watch(self, sender: RTCRtpSender) -> None:
        send, handle = sender.transport._send_rtp, sender._handle_rtcp_packet

        async def lose(data: bytes) -> None:
            if is_rtcp(data) or not self._loses(RtpPacket.parse(data), sender):
                await send(data)

        async def heard(packet: RtcpPacket) -> None:
            if isinstance(packet, RtcpRtpfbPacket):
                self.asked_for.append(packet.lost)
            elif isinstance(packet, RtcpPsfbPacket) and packet.fmt == 1:
                self.asked_for_key.append(now_s())
            await handle(packet)  # type: ignore[arg-type]

        sender.transport._send_rtp = lose  # type: ignore[method-assign]
        sender._handle_rtcp_packet = heard  # type: ignore[method-assign, assignment]

    def _loses(self, packet: RtpPacket, sender: RTCRtpSender) -> bool:
        if packet.ssrc == sender._rtx_ssrc:
            packet.sequence_number = int.from_bytes(packet.payload[:2], "big")
        before = self.sent.get(packet.sequence_number, 0)
        self.sent[packet.sequence_number] = before + 1
        return self.loses(packet, before)


class Viewer:
    """The terminal's end."""

    def __init__(self) -> None:
        self.peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self.receiver = self.peer.addTransceiver("video", "recvonly").receiver
        bound_receiver(self.receiver)
        self.reception = Reception(self.receiver, LipSync())
        self.peer.on("track", self._take)
        self.pictures: list[VideoFrame] = []
        self._looking: list[asyncio.Task[None]] = []
        self._news = asyncio.Event()

    async def sees(self, count: int) -> None:
        """Wait until there were so many pictures."""
        async with asyncio.timeout(PATIENCE_S):
            while len(self.pictures) < count:
                self._news.clear()
                await self._news.wait()

    async def close(self) -> None:
        self.reception.close()
        await self.peer.close()
        await asyncio.gather(*self._looking)

    def _take(self, track: MediaStreamTrack) -> None:
        self._looking.append(asyncio.create_task(self._look(track)))

    async def _look(self, track: MediaStreamTrack) -> None:
        try:
            while isinstance(picture := await track.recv(), VideoFrame):
                self.pictures.append(picture)
                self._news.set()
        except MediaStreamError:
            return


@asynccontextmanager
async def seeing(loses: Loses, codec: str = "video/VP8") -> AsyncIterator[tuple[Viewer, Sender]]:
    viewer, sender = Viewer(), Sender(loses)
    (transceiver,) = viewer.peer.getTransceivers()
    codecs = RTCRtpSender.getCapabilities("video").codecs
    transceiver.setCodecPreferences([c for c in codecs if c.mimeType in (codec, "video/rtx")])
    await viewer.peer.setLocalDescription(await viewer.peer.createOffer())
    await sender.peer.setRemoteDescription(_described(viewer.peer))
    sender.watch(sender.peer.addTrack(Picture()))
    await sender.peer.setLocalDescription(await sender.peer.createAnswer())
    await viewer.peer.setRemoteDescription(_described(sender.peer))
    try:
        yield viewer, sender
    finally:
        await viewer.close()
        await sender.peer.close()


def _described(peer: RTCPeerConnection) -> RTCSessionDescription:
    return RTCSessionDescription(peer.localDescription.sdp, peer.localDescription.type)


def shown(viewer: Viewer) -> list[int]:
    """At which picture of the sender each was made, counted from the first that was shown."""
    times = [picture.pts for picture in viewer.pictures]
    assert times[0] is not None
    return [round((time - times[0]) / 3000) for time in times if time is not None]


@pytest.mark.parametrize("codec", ["video/VP8", "video/H264"])
async def test_pictures_come_one_after_the_other(codec: str) -> None:
    async with seeing(lambda packet, before: False, codec) as (viewer, sender):
        await viewer.sees(40)
        numbers = shown(viewer)
        assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
        assert sender.asked_for == []


@pytest.mark.parametrize("codec", ["video/VP8", "video/H264"])
async def test_lost_packets_are_asked_for_until_they_come_and_no_picture_is_lost(
    codec: str,
) -> None:
    async with seeing(
        lambda packet, before: packet.sequence_number % 7 == 0 and before < 2, codec
    ) as (
        viewer,
        sender,
    ):
        await viewer.sees(60)
        numbers = shown(viewer)
        assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
        lost = sorted({number for asked in sender.asked_for for number in asked})
        assert lost
        assert all(number % 7 == 0 for number in lost)
        assert max(sender.sent.values()) >= 3


@pytest.mark.parametrize("codec", ["video/VP8", "video/H264"])
async def test_a_packet_that_never_comes_costs_a_keyframe_and_little_time(codec: str) -> None:
    lost: list[int] = []

    def loses(packet: RtpPacket, before: int) -> bool:
        if not lost and len(viewer.pictures) >= 20:
            lost.append(packet.sequence_number)
        return packet.sequence_number in lost

    async with seeing(loses, codec) as (viewer, sender):
        await viewer.sees(20)
        await viewer.sees(40)
        before_s, numbers = now_s(), shown(viewer)
        assert len(sender.asked_for_key) >= 1
        assert before_s - sender.asked_for_key[0] < 2
        steps = [after - before for before, after in itertools.pairwise(numbers)]
        assert sorted(steps)[-2:][0] == 1
        assert 5 <= max(steps) <= 30


async def test_what_is_missing_is_asked_for_though_nothing_else_comes() -> None:
    first: list[int] = []
    answered = asyncio.Event()

    def loses(packet: RtpPacket, before: int) -> bool:
        if len(viewer.pictures) < 20 or answered.is_set():
            return False
        first.append(packet.sequence_number)
        if packet.sequence_number == first[0] and before == 2:
            answered.set()
            return False
        # The one behind it shows that it is missing; after that there is silence.
        return packet.sequence_number != (first[0] + 1) & 0xFFFF

    async with seeing(loses) as (viewer, sender):
        await viewer.sees(20)
        async with asyncio.timeout(PATIENCE_S):
            await answered.wait()
        assert sum(first[0] in asked for asked in sender.asked_for) >= 2


async def test_numbers_that_begin_again_are_asked_for_like_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rtcrtpsender, "random_sequence_number", lambda: 65500)
    lost = {65534, 65535, 0, 1}
    async with seeing(lambda packet, before: packet.sequence_number in lost and not before) as (
        viewer,
        sender,
    ):
        await viewer.sees(60)
        assert {number for asked in sender.asked_for for number in asked} == lost
        assert sender.asked_for_key == []


async def test_aiortc_asks_for_nothing_by_itself() -> None:
    async with seeing(lambda packet, before: False) as (viewer, _):
        await viewer.sees(1)
        inside = vars(viewer.receiver)
        assert inside["_RTCRtpReceiver__jitter_buffer"] is viewer.reception
        assert inside["_RTCRtpReceiver__nack_generator"] is None


async def test_after_the_end_nothing_more_is_asked_for() -> None:
    async with seeing(lambda packet, before: before > 0 or packet.sequence_number % 5 == 0) as (
        viewer,
        sender,
    ):
        async with asyncio.timeout(PATIENCE_S):
            while len(sender.asked_for) < 3:
                await asyncio.sleep(0.01)
        timer = viewer.reception._timer
        assert timer is not None
        viewer.reception.close()
        assert timer.cancelled()


async def test_another_stream_begins_with_its_own_keyframe() -> None:
    """As when the other side's page takes another camera without a word."""
    async with seeing(lambda packet, before: False) as (viewer, sender):
        await viewer.sees(5)
        (transceiver,) = sender.peer.getTransceivers()
        rtp = transceiver.sender
        send = rtp.transport._send_rtp

        async def renamed(data: bytes) -> None:
            if not is_rtcp(data):
                packet = RtpPacket.parse(data)
                data = data[:8] + (packet.ssrc ^ 1).to_bytes(4, "big") + data[12:]
            await send(data)

        rtp.transport._send_rtp = renamed  # type: ignore[method-assign]
        rtp._send_keyframe()
        before = len(viewer.pictures)
        await viewer.sees(before + 20)
        assert viewer.reception._source == rtp._ssrc ^ 1
