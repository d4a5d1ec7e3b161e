"""How one connection sends our picture: what the ladder says, in place of what aiortc would do."""

import asyncio
import struct
from collections.abc import Callable, Iterable
from typing import Any, Final

from aiortc import (
    RTCDtlsTransport,
    RTCRtpCodecCapability,
    RTCRtpCodecParameters,
    RTCRtpTransceiver,
    clock,
)
from aiortc.rtcrtpsender import RTCEncodedFrame
from aiortc.rtp import (
    RTCP_PSFB_APP,
    AnyRtcpPacket,
    RtcpPsfbPacket,
    RtcpReceiverInfo,
    RtcpRrPacket,
    RtcpSrPacket,
    is_rtcp,
    unpack_remb_fci,
)
from av import VideoFrame

from kiosk.call.camera import TIME_BASE
from kiosk.call.encoding import PictureEncoder, picture_encoder
from kiosk.call.ladder import START_BPS, Ladder
from kiosk.call.line_rate import Capacity
from kiosk.call.losses import Losses
from kiosk.call.pacer import Pacer
from kiosk.call.repairs import Repairs
from kiosk.call.rungs import Sending, rungs_for
from kiosk.clock import Seconds

KEYFRAME_S: Final[Seconds] = 0.3
"""Keyframes are no closer than that, however often one is asked for."""

EARLY: Final = 0.25
"""By what share of a picture's time it may come too soon: cameras are not exact."""

_HALVES: Final = 65536
"""Of the middle 32 bits of an NTP timestamp in a second (RFC 3550, section 4)."""


class Outgoing:
    """Takes the place of aiortc's own rule in one sender of pictures, which it is told of in time."""

    def __init__(
        self, transceiver: RTCRtpTransceiver, signing: Callable[[], bool] = lambda: False
    ) -> None:
        """To be called before the first offer; `signing` says whether people sign now."""
        codecs = transceiver.sender.getCapabilities("video").codecs
        transceiver.setCodecPreferences(sorted(codecs, key=_place))
        self._signing = signing
        self._sender = sender = transceiver.sender
        self._inside: dict[str, Any] = vars(sender)
        self._now = asyncio.get_running_loop().time
        self._encoder: PictureEncoder | None = None
        self._ladder: Ladder | None = None
        self._key_wanted = False
        self._key_at_s: Seconds = -KEYFRAME_S
        self._last_pts = -1 << 62
        self.sent = 0
        self._hear = sender._handle_rtcp_packet  # noqa: SLF001
        self._retransmit = sender._retransmit  # noqa: SLF001
        self._repairs = Repairs()
        self._losses = Losses()
        self._pacer = Pacer()
        self._paced = False
        self._stamp = b""
        self._left_ntp: int | None = None
        self._left_number = 0
        self._bps, self._begin_bps = 0, START_BPS
        self.most_bps: int | None = None
        """What the other side wishes for at the most; to be set before the first picture."""
        for name in ("_next_encoded_frame", "_send_keyframe", "_handle_rtcp_packet"):
            assert callable(getattr(sender, name))
        for name in ("__lsr", "__lsr_time", "__ntp_timestamp"):
            assert f"_RTCRtpSender{name}" in self._inside
        self._inside["_next_encoded_frame"] = self._next
        self._inside["_send_keyframe"] = self._want_keyframe
        self._inside["_handle_rtcp_packet"] = self._heard
        self._inside["_retransmit"] = self._send_again

    # what is sent

    async def _next(self, codec: RTCRtpCodecParameters) -> RTCEncodedFrame | None:
        """The next picture; None for one that is left out."""
        self._tell_true_time()
        picture = await self._sender.track.recv()
        if not self._sender._enabled:  # noqa: SLF001 - the other side does not want any
            return None
        assert isinstance(picture, VideoFrame)
        now_s = self._now()
        if self._ladder is None:
            rungs = rungs_for(picture.width, picture.height)
            self._ladder = Ladder(rungs, now_s, self.most_bps, self._begin_bps)
        sending = self._ladder.at(now_s)
        self._bps = sending.bps if sending is not None else 0
        if sending is not None and self._signing():
            sending = Sending(sending.rung.fluent, sending.bps)
        if sending is None or self._too_soon(picture, sending):
            return None
        if not self._paced:  # only now is it known which transport it is
            self._pace(self._sender.transport)
        if self._encoder is None:  # a board's own is tried first, which takes what it takes
            loop = asyncio.get_running_loop()
            self._encoder = await loop.run_in_executor(None, picture_encoder, codec)
        return await self._encoded(self._encoder, self._ladder, picture, sending)

    async def _encoded(
        self, encoder: PictureEncoder, ladder: Ladder, picture: VideoFrame, sending: Sending
    ) -> RTCEncodedFrame | None:
        began_s = self._now()
        key = self._key_wanted and began_s - self._key_at_s >= KEYFRAME_S
        if key:  # a board's encoder gives it some pictures later, and is not asked for each of them
            self._key_at_s = began_s
        loop = asyncio.get_running_loop()
        payloads, pts, was_key = await loop.run_in_executor(
            None, lambda: encoder.encode(picture, sending, key=key)
        )
        ended_s = self._now()
        size_bytes = sum(map(len, payloads))
        ladder.encoded(ended_s - began_s, size_bytes, ended_s)
        if not payloads:
            return None
        self._pacer.begin(size_bytes, sending.bps)
        if was_key:
            self._key_wanted, self._key_at_s = False, began_s
        self.sent += 1
        # None is what aiortc itself gives for a picture.
        return RTCEncodedFrame(payloads, pts, None)  # type: ignore[arg-type]

    def _too_soon(self, picture: VideoFrame, sending: Sending) -> bool:
        assert picture.pts is not None
        wait_s = (1 - EARLY) / sending.rung.fps
        if (picture.pts - self._last_pts) * TIME_BASE < wait_s:
            return True
        self._last_pts = picture.pts
        return False

    def _pace(self, transport: RTCDtlsTransport) -> None:
        """What is waited for here is not in the way of the sound, which has a task of its own.

        The wait is after a packet: aiortc stamps the next with the time at which it really leaves.
        """
        self._paced = True
        send = transport._send_rtp  # noqa: SLF001

        async def paced(data: bytes) -> None:
            await send(data)
            source = None if is_rtcp(data) else int.from_bytes(data[8:12])
            if source == self._sender._ssrc:  # noqa: SLF001
                self._left_number = int.from_bytes(data[2:4])
                self._note_time(data[4:8])
            if source in (self._sender._ssrc, self._sender._rtx_ssrc):  # noqa: SLF001
                wait_s = self._pacer.sent(len(data), self._now())
                # Who sends again does it while a packet is read, and must not wait.
                if wait_s > 0 and source == self._sender._ssrc:  # noqa: SLF001
                    await asyncio.sleep(wait_s)

        vars(transport)["_send_rtp"] = paced

    def _note_time(self, stamp: bytes) -> None:
        if stamp != self._stamp:
            self._stamp, self._left_ntp = stamp, clock.current_ntp_time()
        else:
            self._tell_true_time()

    def _tell_true_time(self) -> None:
        """A picture is of when it began to leave. Aiortc reports the end of all its waits (RFC 3550,
        section 6.4.1), and the other side's sound would wait for a picture that seems late."""
        if self._left_ntp is not None:
            self._inside["_RTCRtpSender__ntp_timestamp"] = self._left_ntp

    async def _send_again(self, number: int) -> None:
        if self._repairs.may(self._bps, self._now()):
            await self._retransmit(number)

    # what the other side says

    def note_pause(self) -> None:
        """Nothing has come from them for a moment: what they then say of it may come before we know
        that it is over."""
        self._begin_bps = min(self._bps, START_BPS)

    def go_on(self) -> None:
        """They are heard again after a pause; a picture for which there was no room stays away."""
        if self._begin_bps:
            self._begin(self._begin_bps)

    def begin_anew(self) -> None:
        """They are heard again after a silence."""
        self._begin(START_BPS)

    def _begin(self, bps: int) -> None:
        """What was lost says nothing of what the line carries, and they can do nothing with a picture
        that needs one of those."""
        self._ladder, self._begin_bps = None, bps
        self._losses.forget(self._left_number)
        self._want_keyframe()

    def line_carries(self, capacity: Capacity) -> None:
        """As its word on each of our packets shows, where it gives that in place of an estimate."""
        if self._ladder is not None:
            self._ladder.carries(capacity, self._now())

    def _want_keyframe(self) -> None:
        self._key_wanted = True

    async def _heard(self, packet: AnyRtcpPacket) -> None:
        if self._ladder is not None:
            self._tell(self._ladder, packet)
        if not _is_estimate(packet):  # aiortc has no encoder to tell it to
            await self._hear(packet)

    def _tell(self, ladder: Ladder, packet: AnyRtcpPacket) -> None:
        now_s = self._now()
        if isinstance(packet, RtcpRrPacket | RtcpSrPacket):
            for report in self._of_ours(packet.reports):
                lost = self._losses.report(report.highest_sequence, report.packets_lost)
                ladder.reported(lost, self._round_trip_s(report), now_s)
        elif isinstance(packet, RtcpPsfbPacket) and _is_estimate(packet):
            try:
                bps, sources = unpack_remb_fci(packet.fci)
            except (ValueError, struct.error):
                return
            if self._sender._ssrc in sources:  # noqa: SLF001
                ladder.estimated(bps, now_s)

    def _of_ours(self, reports: Iterable[RtcpReceiverInfo]) -> Iterable[RtcpReceiverInfo]:
        return (report for report in reports if report.ssrc == self._sender._ssrc)  # noqa: SLF001

    def _round_trip_s(self, report: RtcpReceiverInfo) -> Seconds | None:
        """RFC 3550, section 6.4.1; aiortc keeps the time of its last sender report to itself."""
        sent_at_s = self._inside["_RTCRtpSender__lsr_time"]
        if not report.dlsr or report.lsr != self._inside["_RTCRtpSender__lsr"]:
            return None
        took_s: float = clock.current_datetime().timestamp() - sent_at_s - report.dlsr / _HALVES
        return max(0.0, took_s)


def _is_estimate(packet: AnyRtcpPacket) -> bool:
    return isinstance(packet, RtcpPsfbPacket) and packet.fmt == RTCP_PSFB_APP


def _place(codec: RTCRtpCodecCapability) -> int:
    """Constrained baseline first, which all have; it costs half of what VP8 does, on both sides."""
    if codec.parameters.get("profile-level-id") == "42e01f":
        return 0
    return 1 if codec.name.lower() == "h264" else 2
