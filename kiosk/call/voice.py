"""How our sound is sent: mono, and while packets are lost with what was said before in each.

In place of aiortc's own way, which has another thread encode, and measures in Python how loud each
sample is.
"""

from collections.abc import Callable
from typing import Any, Final

import numpy
from aiortc import RTCRtpCodecParameters, RTCRtpSender
from aiortc.codecs import CODECS
from aiortc.rtcrtpsender import RTCEncodedFrame
from aiortc.rtp import AnyRtcpPacket, RtcpRrPacket, RtcpSrPacket
from av import AudioFrame

from kiosk.call.losses import Losses
from kiosk.call.opus import OpusEncoder
from kiosk.clock import Clock, Seconds

BITRATE_BPS: Final = 32_000
LEAST_LOSS_PERCENT: Final = 10
"""With less expected libopus prefers a finer sound, and leaves out what was said before."""

MOST_LOSS_PERCENT: Final = 25
REMEMBERED_S: Final[Seconds] = 30.0

PARAMETERS: Final = {"minptime": 10, "useinbandfec": 1, "stereo": 0, "sprop-stereo": 0}
"""What we can decode and will send (RFC 7587, section 6.1): who sends to us is to do the same."""

_NEXT: Final = "_next_encoded_frame"
_HEAR: Final = "_handle_rtcp_packet"
_SEND_AGAIN: Final = "_retransmit"


class ExpectedLoss:
    """The worst that was reported of late; some, until the line is known."""

    def __init__(self, now_s: Seconds) -> None:
        self._worst = 0.0
        self._since_s = now_s

    def report(self, share: float, now_s: Seconds) -> None:
        """A share of our packets was lost since the last report."""
        if share >= self._worst or now_s - self._since_s > REMEMBERED_S:
            self._worst = share
        if share > 0:
            self._since_s = now_s

    def percent(self, now_s: Seconds) -> int:
        if now_s - self._since_s > REMEMBERED_S:
            return 0
        return min(max(round(self._worst * 100), LEAST_LOSS_PERCENT), MOST_LOSS_PERCENT)


class Voice:
    """Says what one sender of sound sends."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._expected: ExpectedLoss | None = None  # until the first sound is sent
        self._losses = Losses()
        self._percent = LEAST_LOSS_PERCENT
        self._opus = OpusEncoder(BITRATE_BPS, self._percent)

    def speak_through(self, sender: RTCRtpSender) -> None:
        """To be called before the sender begins; Opus is all that it may send."""
        inside: dict[str, Any] = vars(sender)
        for name in (_NEXT, _HEAR, _SEND_AGAIN):
            assert callable(getattr(sender, name))
        hear: Callable[[AnyRtcpPacket], Any] = getattr(sender, _HEAR)

        async def next_sound(_codec: RTCRtpCodecParameters) -> RTCEncodedFrame | None:
            sound = await sender.track.recv()
            assert isinstance(sound, AudioFrame)
            if not sender._enabled:  # noqa: SLF001 - the other side does not want any
                return None
            # None is what aiortc itself gives where loudness is not told.
            return RTCEncodedFrame([self.encode(sound)], sound.pts, None)  # type: ignore[arg-type]

        async def heard(packet: AnyRtcpPacket) -> None:
            self._take_report(packet, sender._ssrc)  # noqa: SLF001
            await hear(packet)

        inside[_NEXT] = next_sound
        inside[_HEAR] = heard
        inside[_SEND_AGAIN] = _never

    def encode(self, frame: AudioFrame) -> bytes:
        """What MicrophoneTrack made, as one packet of Opus; it takes a quarter of a millisecond."""
        now_s = self._clock.monotonic()
        self._expected = self._expected or ExpectedLoss(now_s)
        percent = self._expected.percent(now_s)
        if percent != self._percent:
            self._opus.expect_loss(percent)
            self._percent = percent
        sound = numpy.frombuffer(memoryview(frame.planes[0]), numpy.int16)[: frame.samples]
        return self._opus.encode(sound)

    def _take_report(self, packet: AnyRtcpPacket, source: int) -> None:
        """What the other side says of our packets (RFC 3550, section 6.4)."""
        if isinstance(packet, RtcpRrPacket | RtcpSrPacket):
            for report in packet.reports:
                if report.ssrc != source:
                    continue
                lost = self._losses.report(report.highest_sequence, report.packets_lost)
                if lost is not None and self._expected is not None:
                    self._expected.report(lost, self._clock.monotonic())


async def _never(_number: int) -> None:
    """Nobody was offered that sound is sent again; aiortc would, as often as it is asked to."""


def offer_voice() -> None:
    """Have aiortc offer Opus as we speak it and hear it, in the whole program."""
    (opus,) = (codec for codec in CODECS["audio"] if codec.mimeType == "audio/opus")
    opus.parameters.update(PARAMETERS)
