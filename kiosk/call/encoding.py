"""Our own encoders of pictures: quick ones, whose keyframes come only when they are asked for.

H.264 is libx264's constrained baseline, which every browser decodes (RFC 7742, section 5), or a
board's own encoder. Its rate changes while it runs. VP8 is libvpx; libavcodec can not change its
rate, so that it has one for each rung.
"""

import functools
import logging
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import av
from aiortc import RTCRtpCodecParameters
from aiortc.codecs.h264 import H264Encoder
from aiortc.codecs.vpx import Vp8Encoder
from av import VideoFrame
from av.video.codeccontext import VideoCodecContext
from av.video.frame import PictureType
from av.video.reformatter import Interpolation, VideoReformatter

from kiosk.call.camera import TIME_BASE
from kiosk.call.pictures import fitted
from kiosk.call.rungs import Rung, Sending

ON_BOARD: Final = "h264_v4l2m2m"
"""The kernel's interface to a board's own encoder; a Raspberry Pi 4 has one, a 5 has not."""

SOFTWARE: Final = "libx264"

BUFFER_S: Final = 0.3
"""No picture is larger than what the rung's highest rate carries in this time."""

_INTRA_PERCENT: Final = str(round(100 * 30 * BUFFER_S))  # of the bits that a picture has at 30 fps
_NO_KEYFRAMES: Final = 1 << 20
_X264: Final = "scenecut=0:keyint=infinite:aq-mode=0:partitions=none"
"""Without its last two settings a talking head takes a sixth more time and is no better (SSIM)."""
_MOST_SILENT: Final = 15
"""An encoder that gives nothing for so many pictures has stopped; a board's holds back a few."""

_PROBE_PX: Final = (320, 240)
_SPS: Final = re.compile(rb"\x00\x00\x01[\x27\x47\x67].", re.DOTALL)
_BASELINE_IDC: Final = 66

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Kind:
    """A codec and how it is opened. `follows`: it takes a new rate while it runs."""

    name: str
    open: Callable[[tuple[int, int], Sending], VideoCodecContext]
    follows: bool


class PictureEncoder:
    """Camera pictures in, payloads of RTP out; all calls from one thread at a time."""

    def __init__(self, kinds: Sequence[Kind], packed: Callable[[bytes], list[bytes]]) -> None:
        """The first kind is used until it fails, and then the next."""
        self._kind, *self._others = kinds
        self._packed = packed
        self._silent = 0
        self._codec: VideoCodecContext | None = None
        self._made_for: tuple[object, ...] = ()
        self._scaler = VideoReformatter()

    def encode(
        self, picture: VideoFrame, sending: Sending, *, key: bool
    ) -> tuple[list[bytes], int, bool]:
        """The payloads, their RTP timestamp, and whether they are a keyframe's.

        Raises av.FFmpegError when the last kind of encoder has failed, too.
        """
        while self._others:
            try:
                encoded = self._encoded(picture, sending, key=key)
            except (av.FFmpegError, OSError, ValueError) as error:
                self._give_up(type(error).__name__)
                continue
            self._silent = 0 if encoded[0] else self._silent + 1
            if self._silent <= _MOST_SILENT:
                return encoded
            self._give_up("nothing comes out")
        return self._encoded(picture, sending, key=key)

    def _give_up(self, reason: str) -> None:
        log.warning("%s does not encode any more: %s", self._kind.name, reason)
        self._kind, *self._others = self._others
        self._codec, self._silent = None, 0

    def _encoded(
        self, picture: VideoFrame, sending: Sending, *, key: bool
    ) -> tuple[list[bytes], int, bool]:
        rung = sending.rung
        size_px = fitted(picture.width, picture.height, rung.width_px, rung.height_px)
        codec = self._codec_for(size_px, sending)
        picture = self._scaled(picture, size_px)
        # A camera's pictures say what they were; the encoder would obey.
        picture.pict_type = PictureType.I if key else PictureType.NONE
        packets = codec.encode(picture)
        if not packets:
            return [], 0, False
        data = b"".join(bytes(packet) for packet in packets)
        pts = packets[0].pts
        assert pts is not None
        return self._packed(data), pts, any(packet.is_keyframe for packet in packets)

    def _codec_for(self, size_px: tuple[int, int], sending: Sending) -> VideoCodecContext:
        rung = sending.rung
        made_for = (size_px, rung.fps, rung.most_bps if self._kind.follows else rung)
        if self._codec is None or made_for != self._made_for:
            self._codec, self._made_for = self._kind.open(size_px, sending), made_for
        if self._kind.follows:
            self._codec.bit_rate = sending.bps
        return self._codec

    def _scaled(self, picture: VideoFrame, size_px: tuple[int, int]) -> VideoFrame:
        if (picture.width, picture.height) == size_px and picture.format.name == "yuv420p":
            return picture
        width, height = size_px
        return self._scaler.reformat(
            picture,
            width=width,
            height=height,
            format="yuv420p",
            interpolation=Interpolation.FAST_BILINEAR,
            threads=1,
        )


def picture_encoder(codec: RTCRtpCodecParameters) -> PictureEncoder:
    """For a codec that was agreed on: VP8 or H.264."""
    if codec.name.lower() == "vp8":
        return PictureEncoder([Kind("libvpx", _vp8, follows=False)], _Vp8Packets().packed)
    assert codec.name.lower() == "h264"
    names = dict.fromkeys((h264_encoder(), SOFTWARE))
    kinds = [Kind(n, functools.partial(_h264, n), follows=n == SOFTWARE) for n in names]
    return PictureEncoder(kinds, H264Packets().packed)


@functools.cache
def h264_encoder() -> str:
    """The board's own encoder when there is one that works."""
    return first_that_encodes((ON_BOARD, SOFTWARE))


def first_that_encodes(names: Sequence[str]) -> str:
    """The first of these encoders that makes a picture of H.264 as it is offered; else the last."""
    for name in names[:-1]:
        try:
            if _encodes(name):
                log.info("pictures are encoded by %s", name)
                return name
        except (av.FFmpegError, OSError, ValueError) as error:
            log.info("%s does not encode here: %s", name, type(error).__name__)
    return names[-1]


def _encodes(name: str) -> bool:
    probe = Sending(Rung(*_PROBE_PX, 30, 200_000, 250_000), 200_000)
    codec = _h264(name, _PROBE_PX, probe)
    packets = []
    for number in range(8):  # a board's encoder gives the first when it has a few
        picture = VideoFrame(*_PROBE_PX, "yuv420p")
        picture.pts, picture.time_base = number * 3000, TIME_BASE
        packets += codec.encode(picture)
    stream = bytes(codec.extradata or b"") + b"".join(map(bytes, packets))
    return is_baseline(stream) and any(packet.is_keyframe for packet in packets)


def is_baseline(stream: bytes) -> bool:
    """Whether its sequence parameter sets are all of the profile that is offered (H.264, 7.3.2.1.1).

    A board's driver makes what it likes of a profile that it was not told, or does not know.
    """
    profiles = {found[-1] for found in _SPS.findall(stream)}
    return profiles == {_BASELINE_IDC}


def _h264(name: str, size_px: tuple[int, int], sending: Sending) -> VideoCodecContext:
    """Libx264 keeps to a rate set later only if it begins as constant, at the highest there will be."""
    most_bps = sending.rung.most_bps
    codec = _context(name, size_px, sending.rung.fps)
    if name != SOFTWARE:
        codec.bit_rate = sending.rung.least_bps
        codec.profile = "Constrained Baseline"
        return codec
    codec.bit_rate = most_bps
    codec.profile = "Baseline"
    codec.options = {
        "preset": "superfast",
        "tune": "zerolatency",
        "level": "31",
        "maxrate": str(most_bps),
        "bufsize": str(round(most_bps * BUFFER_S)),
        "x264-params": _X264,
    }
    codec.open()
    return codec


def _vp8(size_px: tuple[int, int], sending: Sending) -> VideoCodecContext:
    bps = sending.rung.least_bps
    codec = _context("libvpx", size_px, sending.rung.fps)
    codec.bit_rate = bps
    codec.qmin, codec.qmax = 2, 63
    codec.options = {
        "deadline": "realtime",
        "cpu-used": "-10",
        "lag-in-frames": "0",
        "noise-sensitivity": "0",
        "static-thresh": "1",
        "minrate": str(bps),  # with maxrate the same, the rate is constant
        "maxrate": str(bps),
        "bufsize": str(bps),
        "undershoot-pct": "100",
        "overshoot-pct": "15",
        "max-intra-rate": _INTRA_PERCENT,
    }
    return codec


def _context(name: str, size_px: tuple[int, int], fps: int) -> VideoCodecContext:
    codec = av.CodecContext.create(name, "w")
    assert isinstance(codec, VideoCodecContext)
    codec.width, codec.height = size_px
    codec.pix_fmt = "yuv420p"
    codec.time_base = TIME_BASE
    codec.framerate = Fraction(fps, 1)
    codec.gop_size = _NO_KEYFRAMES
    codec.thread_count = 1  # two gain 10 % of time and cost a picture cut into slices
    return codec


_PARAMETERS: Final = (7, 8)
_KEYFRAME: Final = 5


class H264Packets:
    """RFC 6184, packetisation mode 1, with the parameter sets before every keyframe.

    A browser that joins late, or lost them, needs them again; some boards say them only once.
    """

    def __init__(self) -> None:
        self._parameters: list[bytes] = []

    def packed(self, data: bytes) -> list[bytes]:
        units = list(H264Encoder._split_bitstream(data))  # noqa: SLF001 - aiortc's own split
        kinds = [unit[0] & 0x1F for unit in units]
        own = [unit for unit, kind in zip(units, kinds, strict=True) if kind in _PARAMETERS]
        if own:
            self._parameters = own
        elif _KEYFRAME in kinds:
            units = self._parameters + units
        return H264Encoder._packetize(units)  # noqa: SLF001


class _Vp8Packets:
    """RFC 7741, with a picture id of 15 bits."""

    def __init__(self) -> None:
        self._picture_id = random.getrandbits(15)

    def packed(self, data: bytes) -> list[bytes]:
        payloads = Vp8Encoder._packetize(data, self._picture_id)  # noqa: SLF001
        self._picture_id = (self._picture_id + 1) % (1 << 15)
        return payloads
