"""Encoded pictures as a browser sends them, and as only an attacker does."""

from fractions import Fraction

import av
from aiortc import RTCRtpCodecParameters
from aiortc.jitterbuffer import JitterFrame
from av import VideoFrame
from av.video.codeccontext import VideoCodecContext

VP8 = RTCRtpCodecParameters(mimeType="video/VP8", clockRate=90_000, payloadType=97)
H264 = RTCRtpCodecParameters(mimeType="video/H264", clockRate=90_000, payloadType=99)
OPUS = RTCRtpCodecParameters(mimeType="audio/opus", clockRate=48_000, channels=2, payloadType=96)

_ENCODERS = {
    "VP8": ("libvpx", {"deadline": "realtime", "cpu-used": "8"}),
    "H264": ("libx264", {"preset": "ultrafast", "tune": "zerolatency"}),
}
_LARGEST_SIDE = 0x3FFF


def encoded(
    codec: RTCRtpCodecParameters,
    size_px: tuple[int, int],
    count: int = 1,
    *,
    kind: str = "yuv420p",
    profile: str = "baseline",
) -> list[JitterFrame]:
    """Grey pictures: a keyframe, and others that need it."""
    name, options = _ENCODERS[codec.name]
    context = av.CodecContext.create(name, "w")
    assert isinstance(context, VideoCodecContext)
    context.width, context.height = size_px
    context.pix_fmt, context.time_base, context.gop_size = kind, Fraction(1, 30), 3000
    context.options = {**options, "profile": profile} if codec is H264 else options
    packets = [
        packet for number in range(count) for packet in context.encode(_grey(size_px, kind, number))
    ]
    return [JitterFrame(bytes(packet), 3000 * at) for at, packet in enumerate(packets)]


def forged(keyframe: bytes) -> bytes:
    """The same keyframe of VP8, which now says that it is of 16383 x 16383."""
    side = _LARGEST_SIDE.to_bytes(2, "little")
    return keyframe[:6] + side + side + keyframe[10:]


def _grey(size_px: tuple[int, int], kind: str, number: int) -> VideoFrame:
    picture = VideoFrame(*size_px, kind)
    for plane in picture.planes:
        plane.update(bytes([128]) * plane.buffer_size)
    picture.pts, picture.time_base = number, Fraction(1, 30)
    return picture
