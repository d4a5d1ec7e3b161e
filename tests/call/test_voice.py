"""What is sent of our sound, and what the other side is told of it."""

import pytest
from aiortc import (
    MediaStreamTrack,
    RTCConfiguration,
    RTCPeerConnection,
    RTCRtpCodecParameters,
    RTCRtpSender,
)
from aiortc.rtp import RtcpReceiverInfo, RtcpRrPacket
from av import AudioFrame

from kiosk.call.ear import Ear
from kiosk.call.flow import Flow
from kiosk.call.opus import holds_previous, samples_in
from kiosk.call.peer import Peer
from kiosk.call.sound import RATE_HZ
from kiosk.call.voice import (
    LEAST_LOSS_PERCENT,
    MOST_LOSS_PERCENT,
    REMEMBERED_S,
    ExpectedLoss,
    Voice,
)
from tests.call.kit import BOTH_WAYS, CLOCK
from tests.call.spoken import FRAME, HandClock, voice
from tests.call.visitor import Picture, Tone

SPOKEN = voice(2)
OPUS = RTCRtpCodecParameters("audio/opus", RATE_HZ, 2, 96)


def frames() -> list[AudioFrame]:
    made = []
    for at in range(0, len(SPOKEN), FRAME):
        frame = AudioFrame(format="s16", layout="mono", samples=FRAME)
        frame.planes[0].update(SPOKEN[at : at + FRAME].tobytes())
        frame.pts = at
        made.append(frame)
    return made


def said(speaker: Voice) -> list[bytes]:
    return [speaker.encode(frame) for frame in frames()]


class Spoken(MediaStreamTrack):
    """One frame after the other, without a pause."""

    kind = "audio"

    def __init__(self) -> None:
        super().__init__()
        self._frames = iter(frames())

    async def recv(self) -> AudioFrame:
        return next(self._frames)


async def test_each_frame_is_one_packet_with_its_own_time() -> None:
    ours = sender(Spoken())
    Voice(CLOCK).speak_through(ours)
    sent = [await ours._next_encoded_frame(OPUS) for _ in frames()]
    assert [each.timestamp for each in sent if each] == list(range(0, len(SPOKEN), FRAME))
    assert {samples_in(packet) for each in sent if each for packet in each.payloads} == {FRAME}


async def test_who_wants_no_sound_gets_none() -> None:
    ours = sender(Spoken())
    Voice(CLOCK).speak_through(ours)
    ours._enabled = False
    assert await ours._next_encoded_frame(OPUS) is None


def test_until_the_line_is_known_losses_are_expected() -> None:
    expected = ExpectedLoss(100.0)
    assert expected.percent(100.0) == LEAST_LOSS_PERCENT


def test_on_a_line_that_loses_nothing_no_loss_is_expected() -> None:
    expected = ExpectedLoss(100.0)
    expected.report(0.0, 110.0)
    assert expected.percent(100.0 + REMEMBERED_S + 1) == 0


def test_the_worst_loss_of_late_is_expected_within_reason() -> None:
    expected = ExpectedLoss(100.0)
    for share, percent in (
        (0.01, LEAST_LOSS_PERCENT),
        (0.15, 15),
        (0.02, 15),
        (0.9, MOST_LOSS_PERCENT),
    ):
        expected.report(share, 105.0)
        assert expected.percent(105.0) == percent
    expected.report(0.02, 105.0 + REMEMBERED_S + 1)
    assert expected.percent(106.0 + REMEMBERED_S) == LEAST_LOSS_PERCENT


def sender(track: MediaStreamTrack | None = None) -> RTCRtpSender:
    peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    return peer.addTransceiver(track or "audio", "sendrecv").sender


def report(source: int, lost: int = 0, of: int = 0, share: float = 0.0) -> RtcpRrPacket:
    fraction_lost = round(share * 256)
    return RtcpRrPacket(1, [RtcpReceiverInfo(source, fraction_lost, lost, of, 0, 0, 0)])


async def test_what_is_reported_lost_changes_what_is_sent() -> None:
    clock, ours = HandClock(), sender()
    speaker = Voice(clock)
    speaker.speak_through(ours)
    clock.now_s += REMEMBERED_S + 1
    assert any(map(holds_previous, said(speaker))), "the line is unknown until something was sent"
    clock.now_s += REMEMBERED_S + 1
    for source in (ours._ssrc + 1, ours._ssrc):
        await ours._handle_rtcp_packet(report(source))
        assert not any(map(holds_previous, said(speaker)))
        await ours._handle_rtcp_packet(report(source, lost=10, of=100))
    assert any(map(holds_previous, said(speaker)))


async def test_one_lost_of_a_few_packets_is_no_heavy_loss() -> None:
    speaker, ours = Voice(CLOCK), sender()
    speaker.speak_through(ours)
    for number in range(100):
        packet = report(ours._ssrc, lost=number // 10, of=5 * number, share=0.2)
        await ours._handle_rtcp_packet(packet)
    said(speaker)
    assert speaker._percent == LEAST_LOSS_PERCENT


async def test_a_report_still_counts_for_the_statistics() -> None:
    ours = sender()
    Voice(CLOCK).speak_through(ours)
    await ours._handle_rtcp_packet(report(ours._ssrc, share=0.1))
    heard = (await ours.getStats())[f"remote-inbound-rtp_{id(ours)}"]
    assert heard.fractionLost == 26


@pytest.fixture
async def offered() -> list[str]:
    peer = Peer(
        BOTH_WAYS,
        (),
        False,
        {"audio": Tone(), "video": Picture()},
        Voice(CLOCK),
        Ear(Flow(), CLOCK),
        on_change=lambda: None,
        on_track=lambda _track: None,
    )
    lines = (await peer.offer()).splitlines()
    await peer.close()
    return lines


def test_the_offer_asks_for_mono_with_what_was_lost(offered: list[str]) -> None:
    (line,) = (line for line in offered if line.startswith("a=fmtp:96 "))
    parameters = set(line.removeprefix("a=fmtp:96 ").split(";"))
    assert {"useinbandfec=1", "stereo=0"} <= parameters
    assert "a=rtpmap:96 opus/48000/2" in offered
