"""Decoders that refuse a picture no camera sends, before anything is set aside for it.

What a picture says of its own size is the sender's word: a few hundred bytes can ask for a gigabyte.
"""

import errno
import re
from typing import Final

from aiortc import RTCRtpCodecParameters, rtcrtpreceiver
from aiortc.codecs import get_decoder
from aiortc.codecs.base import Decoder
from aiortc.codecs.h264 import H264Decoder
from aiortc.codecs.vpx import Vp8Decoder
from aiortc.jitterbuffer import JitterFrame
from av.error import InvalidDataError
from av.frame import Frame

MAX_PX: Final = 8192 * 16 * 16
"""The largest picture of H.264's level 4 (table A-1): 1920x1080, on either side."""

_VP8_HEADER_BYTES: Final = 10
_VP8_SIDE: Final = 0x3FFF  # the two bits above it ask for scaling

# Baseline and Main are 4:2:0 in 8 bits. Of the other profiles, which were not offered, some take
# four times the memory for the same picture.
_START: Final = rb"\x00\x00\x01"
_OTHER_H264_PROFILE: Final = re.compile(_START + rb"[\x07\x27\x47\x67](?=[^\x42\x4d])", re.DOTALL)
_H264_KEY: Final = re.compile(_START + rb"[\x05\x25\x45\x65]")


class BoundedVp8(Vp8Decoder):
    """Libvpx sets its memory aside before libavcodec's own limit is asked, so this looks first."""

    def decode(self, encoded_frame: JitterFrame) -> list[Frame]:
        if vp8_px(encoded_frame.data) > MAX_PX:
            raise InvalidDataError(errno.EINVAL, "a picture of VP8 that is too large")
        return super().decode(encoded_frame)


class BoundedH264(H264Decoder):
    """Libavcodec's own limit holds; until it is asked, tables take 82 MiB at the very most."""

    def __init__(self) -> None:
        super().__init__()
        self.codec.options = {"max_pixels": str(MAX_PX)}

    def decode(self, encoded_frame: JitterFrame) -> list[Frame]:
        if _OTHER_H264_PROFILE.search(encoded_frame.data):
            raise InvalidDataError(errno.EINVAL, "a picture of H.264 in a profile not offered")
        return super().decode(encoded_frame)


def bound_decoders() -> None:
    """Have aiortc make only decoders of this kind, in the whole program."""
    inside = vars(rtcrtpreceiver)
    assert "get_decoder" in inside
    inside["get_decoder"] = bounded_decoder


def bounded_decoder(codec: RTCRtpCodecParameters) -> Decoder:
    """As aiortc's `get_decoder`; what is refused raises av.FFmpegError, as what is broken does."""
    match _name(codec):
        case "vp8":
            return BoundedVp8()
        case "h264":
            return BoundedH264()
        case _:
            return get_decoder(codec)


def needs_no_other(codec: RTCRtpCodecParameters, data: bytes) -> bool:
    """Whether it can be decoded without what came before: a keyframe, or any sound."""
    match _name(codec):
        case "vp8":
            return _is_vp8_key(data)
        case "h264":
            return _H264_KEY.search(data) is not None
        case _:
            return True


def vp8_px(data: bytes) -> int:
    """How many pixels a keyframe is to have; 0 for other frames (RFC 6386, section 9.1)."""
    if len(data) < _VP8_HEADER_BYTES or not _is_vp8_key(data):
        return 0
    width, height = (int.from_bytes(data[at : at + 2], "little") & _VP8_SIDE for at in (6, 8))
    return width * height


def _name(codec: RTCRtpCodecParameters) -> str:
    """Aiortc, too, compares it in small letters."""
    return codec.name.lower()


def _is_vp8_key(data: bytes) -> bool:
    return data[:1] != b"" and not data[0] & 1
