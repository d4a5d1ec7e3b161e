"""What a sender reports of its clock, taken from inside aiortc (RFC 3550, section 6.4.1)."""

from collections.abc import Callable
from typing import Any, Final

from aiortc import RTCRtpReceiver
from aiortc.rtp import AnyRtcpPacket, RtcpSrPacket

from kiosk.call.lips import Kind, LipSync

_NTP_FRACTION: Final = 1 << 32

_HEAR: Final = "_handle_rtcp_packet"


def tell_of_reports(receiver: RTCRtpReceiver, kind: Kind, lips: LipSync) -> None:
    """Have `lips` know each report that comes for this receiver from now on."""
    hear: Callable[[AnyRtcpPacket], Any] = getattr(receiver, _HEAR)

    async def heard(packet: AnyRtcpPacket) -> None:
        if isinstance(packet, RtcpSrPacket):
            info = packet.sender_info
            at_s = info.ntp_timestamp / _NTP_FRACTION
            lips.reported(kind, packet.ssrc, at_s, info.rtp_timestamp)
        await hear(packet)

    vars(receiver)[_HEAR] = heard
