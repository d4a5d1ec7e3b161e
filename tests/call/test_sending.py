"""How a connection sends our picture, and what it does when told."""

import asyncio
import threading
from collections.abc import AsyncIterator
from typing import Any, cast

import pytest
from aiortc import (
    RTCConfiguration,
    RTCPeerConnection,
    RTCRtpCodecParameters,
    RTCRtpTransceiver,
)
from aiortc.clock import current_ntp_time
from aiortc.codecs import get_capabilities
from aiortc.rtp import (
    RTCP_PSFB_APP,
    RTCP_PSFB_PLI,
    RTCP_RTPFB_NACK,
    RtcpPsfbPacket,
    RtcpReceiverInfo,
    RtcpRrPacket,
    RtcpRtpfbPacket,
    pack_remb_fci,
)
from av import VideoFrame
from av.packet import Packet
from av.video.codeccontext import VideoCodecContext
from av.video.frame import PictureType

from kiosk.call import sending
from kiosk.call.encoding import H264Packets, Kind, PictureEncoder, picture_encoder
from kiosk.call.line_rate import Capacity
from kiosk.call.rungs import Sending
from kiosk.call.sending import KEYFRAME_S, Outgoing
from tests.call.encoded import H264
from tests.call.kit import CLOCK
from tests.call.shown import Shown


class Sent:
    """One sender of pictures, without a network."""

    def __init__(self, transceiver: RTCRtpTransceiver) -> None:
        self.transceiver = transceiver
        self.outgoing = Outgoing(transceiver)
        self._now = self._heard_at = 50.0
        self.outgoing._now = lambda: self._now

    async def pictures(
        self, count: int, codec: Any = H264, *, heard: bool = True
    ) -> list[tuple[bool, int]]:
        """Of the next pictures of the camera: which were sent, and how many bytes they had.

        Who is `heard` reports each second, if only that there is nothing to report.
        """
        made = []
        for _ in range(count):
            self._now += 1 / 30
            if heard and self._now - self._heard_at >= 1 and self.outgoing._ladder is not None:
                self._heard_at = self._now
                self.outgoing._ladder.reported(None, None, self._now)
            frame = await self.transceiver.sender._next_encoded_frame(codec)
            size = sum(map(len, frame.payloads)) if frame else 0
            made.append((frame is not None, size))
        return made

    async def keys(self, count: int) -> list[int]:
        """Which of the next pictures are far larger than the others."""
        before = self.outgoing._key_at_s
        keys = []
        for at in range(count):
            await self.pictures(1)
            if self.outgoing._key_at_s != before:
                keys.append(at)
                before = self.outgoing._key_at_s
        return keys

    async def hears(self, packet: Any) -> None:
        await self.transceiver.sender._handle_rtcp_packet(packet)

    async def hears_estimate(self, bps: int, *, of_others: bool = False) -> None:
        source = self.transceiver.sender._ssrc ^ of_others
        fci = pack_remb_fci(bps, [source])
        await self.hears(RtcpPsfbPacket(RTCP_PSFB_APP, 1, 0, fci))


@pytest.fixture
async def sent() -> AsyncIterator[Sent]:
    peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    yield Sent(peer.addTransceiver(Shown(), "sendrecv"))
    await peer.close()


async def test_every_picture_is_sent_while_there_is_room(sent: Sent) -> None:
    assert all(was_sent for was_sent, _ in await sent.pictures(30))
    assert sent.outgoing.sent == 30


async def test_whether_a_board_encodes_is_tried_beside_the_event_loop(
    sent: Sent, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried_in: list[threading.Thread] = []

    def tried(codec: RTCRtpCodecParameters) -> PictureEncoder:
        tried_in.append(threading.current_thread())
        return picture_encoder(codec)

    monkeypatch.setattr(sending, "picture_encoder", tried)
    await sent.pictures(5)
    assert len(tried_in) == 1
    assert threading.current_thread() not in tried_in


async def test_keyframes_are_sent_when_asked_for_but_not_in_a_row(sent: Sent) -> None:
    assert await sent.keys(40) == [0]
    pli = RtcpPsfbPacket(RTCP_PSFB_PLI, 1, sent.transceiver.sender._ssrc)
    await sent.hears(pli)
    assert await sent.keys(10) == [0]
    every = []
    for at in range(60):
        await sent.hears(pli)
        every += [at for _ in await sent.keys(1)]
    assert len(every) <= 60 / 30 / KEYFRAME_S + 1
    assert len(every) >= 4


class Late:
    """A board's encoder: libx264, whose packets come two pictures later."""

    def __init__(self, codec: VideoCodecContext) -> None:
        self.asked = 0
        self._codec = codec
        self._held: list[list[Packet[Any]]] = []

    def encode(self, picture: VideoFrame) -> "list[Packet[Any]]":
        self.asked += picture.pict_type == PictureType.I
        self._held.append(self._codec.encode(picture))
        return self._held.pop(0) if len(self._held) > 2 else []


async def test_one_wish_for_a_keyframe_brings_one_also_where_the_encoder_holds_pictures_back(
    sent: Sent,
) -> None:
    opened: list[Late] = []

    def late(size_px: tuple[int, int], sending: Sending) -> VideoCodecContext:
        opened.append(Late(picture_encoder(H264)._kind.open(size_px, sending)))
        return cast("VideoCodecContext", opened[-1])

    kind = Kind("board", late, follows=False)
    sent.outgoing._encoder = PictureEncoder([kind], H264Packets().packed)
    await sent.pictures(5)
    await sent.hears(RtcpPsfbPacket(RTCP_PSFB_PLI, 1, sent.transceiver.sender._ssrc))
    await sent.pictures(30)
    assert sum(each.asked for each in opened) == 1
    assert not sent.outgoing._key_wanted


async def test_a_small_estimate_makes_every_other_picture_stay_away_and_a_tiny_one_all(
    sent: Sent,
) -> None:
    await sent.pictures(60)
    await sent.hears_estimate(5_000_000)
    await sent.hears_estimate(170_000)
    squeezed = await sent.pictures(90)
    assert 44 <= sum(was_sent for was_sent, _ in squeezed) <= 46
    assert sum(size for _, size in squeezed[30:]) * 8 / 2 < 170_000
    await sent.hears_estimate(80_000)
    await sent.pictures(90)
    await sent.hears_estimate(40_000)
    assert not any(was_sent for was_sent, _ in await sent.pictures(30))


async def test_no_more_is_sent_than_the_line_is_known_to_carry(sent: Sent) -> None:
    sent.outgoing.line_carries(Capacity(5_000_000))
    await sent.pictures(60)
    sent.outgoing.line_carries(Capacity(200_000))
    squeezed = await sent.pictures(90)
    assert 44 <= sum(was_sent for was_sent, _ in squeezed) <= 46
    assert sum(size for _, size in squeezed[30:]) * 8 / 2 < 150_000


async def test_what_others_are_told_does_not_concern_us(sent: Sent) -> None:
    await sent.pictures(60)
    await sent.hears_estimate(80_000, of_others=True)
    for number in range(6):
        other = sent.transceiver.sender._ssrc ^ 1
        await sent.hears(RtcpRrPacket(1, [_report(other, lost=40 * number, of=50 * number)]))
    assert all(was_sent for was_sent, _ in await sent.pictures(30))


async def test_what_the_other_side_lost_makes_less_be_sent(sent: Sent) -> None:
    ssrc = sent.transceiver.sender._ssrc
    await sent.pictures(60)
    for number in range(6):
        await sent.hears(RtcpRrPacket(1, [_report(ssrc, lost=40 * number, of=50 * number)]))
    assert sum(was_sent for was_sent, _ in await sent.pictures(30)) < 16


async def test_who_is_heard_again_after_an_outage_is_sent_a_picture_at_once(sent: Sent) -> None:
    ssrc = sent.transceiver.sender._ssrc
    await sent.pictures(60)
    await sent.hears(RtcpRrPacket(1, [_report(ssrc, of=100)]))
    unheard = await sent.pictures(300, heard=False)
    assert not any(was_sent for was_sent, _ in unheard[270:])
    sent.outgoing._left_number = 300
    sent.outgoing.begin_anew()
    assert await sent.keys(1) == [0]
    for highest in (100, 310, 340):
        await sent.hears(RtcpRrPacket(1, [_report(ssrc, lost=min(highest - 100, 200), of=highest)]))
        assert all(was_sent for was_sent, _ in await sent.pictures(30))


async def test_who_is_heard_again_after_a_silence_gets_a_picture_that_needs_no_other(
    sent: Sent,
) -> None:
    await sent.pictures(20)
    sent.outgoing.begin_anew()
    assert await sent.keys(10) == [0]


async def test_what_a_pause_cost_stops_no_picture_though_it_is_told_before_the_pause_is_over(
    sent: Sent,
) -> None:
    ssrc = sent.transceiver.sender._ssrc
    await sent.pictures(60)
    await sent.hears(RtcpRrPacket(1, [_report(ssrc, of=100)]))
    sent.outgoing.note_pause()
    await sent.pictures(30)
    sent.outgoing._left_number = 160
    for highest in (130, 160):  # all of it is lost, and the ladder goes down as far as it can
        await sent.hears(RtcpRrPacket(1, [_report(ssrc, lost=highest - 100, of=highest)]))
    sent.outgoing.go_on()
    assert await sent.keys(1) == [0]
    assert sent.outgoing._bps > 250_000
    assert all(was_sent for was_sent, _ in await sent.pictures(120))


async def test_a_picture_that_had_no_room_before_a_pause_has_none_after_it(sent: Sent) -> None:
    ssrc = sent.transceiver.sender._ssrc
    await sent.pictures(60)
    for number in range(20):
        await sent.hears(RtcpRrPacket(1, [_report(ssrc, lost=45 * number, of=50 * number)]))
        await sent.pictures(10)
    assert sent.outgoing._bps == 0
    sent.outgoing.note_pause()
    sent.outgoing.go_on()
    assert not any(was_sent for was_sent, _ in await sent.pictures(30))


async def test_one_lost_of_the_few_packets_of_a_short_report_changes_nothing(sent: Sent) -> None:
    ssrc = sent.transceiver.sender._ssrc
    await sent.pictures(60)
    before = await sent.pictures(30)
    for number in range(60):
        report = _report(ssrc, lost=number // 15, of=number * 3, share=1 / 3)
        await sent.hears(RtcpRrPacket(1, [report]))
        await sent.pictures(1)
    after = await sent.pictures(30)
    assert all(was_sent for was_sent, _ in after)
    assert sum(size for _, size in after) > 0.9 * sum(size for _, size in before)


async def test_no_more_is_sent_than_the_other_side_wishes_for(sent: Sent) -> None:
    sent.outgoing.most_bps = 90_000
    await sent.hears_estimate(5_000_000)
    made = await sent.pictures(300)
    assert 140 <= sum(was_sent for was_sent, _ in made) <= 152
    assert sum(size for _, size in made[150:]) * 8 / 5 <= 90_000


async def test_who_wishes_for_no_picture_gets_none(sent: Sent) -> None:
    sent.outgoing.most_bps = 0
    assert not any(was_sent for was_sent, _ in await sent.pictures(300))


async def test_a_packet_of_a_picture_is_followed_by_a_wait_and_no_other_is(sent: Sent) -> None:
    sender = sent.transceiver.sender
    left: list[bytes] = []

    async def send(data: bytes) -> None:
        left.append(data)

    vars(sender.transport)["_send_rtp"] = send
    await sent.pictures(1)
    paced = sender.transport._send_rtp
    picture, again, sound, report = (
        bytes([0x80, kind]) + bytes(6) + source.to_bytes(4) + bytes(1200)
        for kind, source in (
            (97, sender._ssrc),
            (98, sender._rtx_ssrc),
            (96, sender._ssrc ^ 1),
            (200, sender._ssrc),
        )
    )
    loop = asyncio.get_running_loop()
    for packet, waits in ((picture, True), (again, False), (sound, False), (report, False)):
        sent.outgoing._pacer.begin(12_000, 100_000)
        sent._now += 1
        began_s = loop.time()
        await paced(packet)
        assert (loop.time() - began_s >= 0.005) is waits
    assert left == [picture, again, sound, report]
    for packet, counts in ((again, True), (sound, False), (report, False)):
        sent._now += 1
        for _ in range(50):
            await paced(packet)
        assert (sent.outgoing._pacer.sent(0, sent._now) > 0) is counts


async def test_what_is_asked_for_without_end_is_sent_again_only_now_and_then(sent: Sent) -> None:
    again: list[int] = []

    async def retransmit(sequence_number: int) -> None:
        again.append(sequence_number)

    sent.outgoing._retransmit = retransmit
    await sent.pictures(30)
    nack = RtcpRtpfbPacket(RTCP_RTPFB_NACK, 1, sent.transceiver.sender._ssrc, list(range(500)))
    for _ in range(10):
        await sent.hears(nack)
    assert 5 < len(again) < 50


@pytest.mark.parametrize("fci", [b"", b"REMB", b"REMB\xff\x00\x00\x00", b"RTCP" + bytes(40)])
async def test_an_estimate_that_is_none_changes_nothing(sent: Sent, fci: bytes) -> None:
    await sent.pictures(2)
    await sent.outgoing._heard(RtcpPsfbPacket(RTCP_PSFB_APP, 1, 0, fci))
    assert all(was_sent for was_sent, _ in await sent.pictures(5))


async def test_the_round_trip_is_told_from_the_last_report_alone(sent: Sent) -> None:
    inside = vars(sent.transceiver.sender)
    await sent.pictures(1)
    now_s = CLOCK.utc().timestamp()
    inside["_RTCRtpSender__lsr"], inside["_RTCRtpSender__lsr_time"] = 77, now_s - 0.5
    report = _report(0, lsr=77, dlsr=65536 // 4)
    assert sent.outgoing._round_trip_s(report) == pytest.approx(0.25, abs=0.05)
    assert sent.outgoing._round_trip_s(_report(0, lsr=76, dlsr=65536 // 4)) is None


async def test_a_picture_is_reported_as_of_when_it_began_to_leave(sent: Sent) -> None:
    sender, inside = sent.transceiver.sender, vars(sent.transceiver.sender)
    name = "_RTCRtpSender__ntp_timestamp"

    async def send(_data: bytes) -> None:
        """Leaves at once."""

    vars(sender.transport)["_send_rtp"] = send
    await sent.pictures(1)
    reported = []
    for stamp in (1, 1, 1, 2):
        packet = bytes([0x80, 97, 0, 0]) + stamp.to_bytes(4) + sender._ssrc.to_bytes(4)
        sent.outgoing._pacer.begin(12_000, 100_000)
        await sender.transport._send_rtp(packet + bytes(1200))
        reported.append(inside[name])
        inside[name] = current_ntp_time()  # as aiortc does
    first = reported[1]
    assert reported[2] == first
    assert (reported[3] - first) / 2**32 > 0.02
    second = inside[name]
    await sent.pictures(1)
    assert first < inside[name] < second


async def test_h264_is_offered_first_and_all_else_after_it() -> None:
    peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    Outgoing(peer.addTransceiver("video", "sendrecv"))
    await peer.setLocalDescription(await peer.createOffer())
    lines = peer.localDescription.sdp.splitlines()
    await peer.close()
    names = {line[9:].split()[0]: line.split()[1] for line in lines if line.startswith("a=rtpmap:")}
    (media,) = (line for line in lines if line.startswith("m=video"))
    offered = [names[number] for number in media.split()[3:]]
    assert [name for name in offered if not name.startswith("rtx")] == [
        "H264/90000", "H264/90000", "VP8/90000",
    ]  # fmt: skip
    assert len(get_capabilities("video").codecs) == 4
    first = media.split()[3]
    assert any(line.startswith(f"a=fmtp:{first} ") and "42e01f" in line for line in lines)


def _report(
    ssrc: int, *, lost: int = 0, of: int = 0, share: float = 0, lsr: int = 0, dlsr: int = 0
) -> RtcpReceiverInfo:
    return RtcpReceiverInfo(ssrc, round(share * 256), lost, of, 0, lsr, dlsr)
