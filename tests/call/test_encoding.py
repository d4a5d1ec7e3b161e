"""What our encoders make of a moving picture: as much as they are given, keyframes when asked."""

import errno
from collections.abc import Iterator
from typing import Any, cast

import av
import numpy
import pytest
from aiortc import RTCRtpCodecParameters
from aiortc.codecs import depayload
from aiortc.jitterbuffer import JitterFrame
from av import VideoFrame
from av.packet import Packet
from av.video.codeccontext import VideoCodecContext
from av.video.frame import PictureType

from kiosk.call.camera import TIME_BASE
from kiosk.call.decoding import bounded_decoder, needs_no_other
from kiosk.call.encoding import (
    ON_BOARD,
    SOFTWARE,
    H264Packets,
    Kind,
    PictureEncoder,
    _h264,
    _vp8,
    first_that_encodes,
    h264_encoder,
    is_baseline,
    picture_encoder,
)
from kiosk.call.rungs import RUNGS, Rung, Sending
from tests.call.encoded import H264, VP8
from tests.call.moving import moving

VGA = next(rung for rung in RUNGS if rung.height_px == 480)
SMALL = RUNGS[0]
BOTH = pytest.mark.parametrize("codec", [VP8, H264], ids=["vp8", "h264"])
MTU_BYTES = 1300


def run(
    encoder: PictureEncoder,
    pictures: list[VideoFrame],
    sending: Sending,
    keys: tuple[int, ...] = (),
) -> Iterator[tuple[list[bytes], int, bool]]:
    for number, picture in enumerate(pictures):
        yield encoder.encode(picture, sending, key=number in keys)


def bps(encoder: PictureEncoder, pictures: list[VideoFrame], sending: Sending) -> float:
    made = run(encoder, pictures, sending)
    return sum(len(p) for payloads, _, _ in made for p in payloads) * 8 * 30 / len(pictures)


def whole(codec: RTCRtpCodecParameters, payloads: list[bytes]) -> bytes:
    return b"".join(depayload(codec, payload) for payload in payloads)


@BOTH
def test_what_is_sent_is_seen(codec: RTCRtpCodecParameters) -> None:
    encoder, decoder = picture_encoder(codec), bounded_decoder(codec)
    pictures = moving((640, 480), 20)
    for picture, (payloads, pts, _) in zip(
        pictures, run(encoder, pictures, Sending(VGA, 450_000)), strict=True
    ):
        assert max(map(len, payloads)) <= MTU_BYTES
        assert pts == picture.pts
        (seen,) = decoder.decode(JitterFrame(whole(codec, payloads), pts))
    assert isinstance(seen, VideoFrame)
    before, after = (p.to_ndarray()[:480].astype(int) for p in (picture, seen))
    assert numpy.abs(before - after).mean() < 8


@BOTH
def test_keyframes_come_first_and_when_they_are_asked_for(codec: RTCRtpCodecParameters) -> None:
    pictures = moving((640, 480), 300)  # libx264 by itself makes one after 250
    for picture in pictures:
        picture.pict_type = PictureType.I
    made = list(run(picture_encoder(codec), pictures, Sending(VGA, 450_000), keys=(20, 21)))
    assert [at for at, (_, _, key) in enumerate(made) if key] == [0, 20, 21]
    for payloads, _, key in made:
        assert needs_no_other(codec, whole(codec, payloads)) == key


def test_every_keyframe_of_h264_brings_its_parameters_in_the_profile_that_was_offered() -> None:
    made = list(run(picture_encoder(H264), moving((640, 480), 9), Sending(VGA, 450_000), (5,)))
    for at in (0, 5):
        data = whole(H264, made[at][0])
        start = data.index(b"\x00\x00\x01\x67") + 4
        profile, constraints, level = data[start : start + 3]
        assert (profile, constraints & 0xC0, level) == (0x42, 0xC0, 31)
        assert b"\x00\x00\x01\x68" in data


def test_h264_is_constrained_baseline_made_superfast() -> None:
    """By what libx264 writes into its stream: one preset quicker or slower looks for motion otherwise."""
    stream = made_by(_h264(SOFTWARE, (640, 480), Sending(VGA, 450_000)))
    assert is_baseline(stream)
    assert stream[stream.index(b"\x00\x00\x01\x67") + 5] & 0x40, "constraint_set1_flag"
    said = stream[stream.index(b"options: ") :].split(b"\x00")[0].split()
    superfast = {b"me=dia", b"subme=1", b"ref=1", b"trellis=0", b"deblock=1:0:0"}
    less = {b"aq=0", b"analyse=0x1:0"}
    nothing_waits = {b"bframes=0", b"rc_lookahead=0", b"threads=1"}
    assert superfast | less | nothing_waits <= set(said)


def test_vp8_is_made_at_the_realtime_speed_of_minus_ten() -> None:
    """The stream does not say it; at each other speed the same pictures become another one."""

    def told(**speed: str) -> bytes:
        codec = _vp8((640, 480), Sending(VGA, 450_000))
        codec.options = {**codec.options, **speed}
        return made_by(codec)

    ours = told()
    assert ours == told(**{"deadline": "realtime", "cpu-used": "-10"})
    assert ours not in [told(**{"cpu-used": other}) for other in ("-12", "-11", "-9", "-8")]
    assert ours != told(deadline="good")


def made_by(codec: VideoCodecContext) -> bytes:
    return b"".join(bytes(p) for picture in moving((640, 480), 30) for p in codec.encode(picture))


def test_parameters_that_were_said_once_are_said_before_every_keyframe() -> None:
    packets, start = H264Packets(), b"\x00\x00\x00\x01"
    sps, pps, key, other = b"\x67sps", b"\x68pps", b"\x65key", b"\x41other"
    packets.packed(start + sps + start + pps + start + key)
    (again,) = packets.packed(start + key)
    assert [part in again for part in (sps, pps, key)] == [True] * 3
    assert packets.packed(start + other) == [other]


@pytest.mark.parametrize("wanted_bps", [500_000, 1_500_000])
def test_h264_follows_its_rate_without_a_keyframe(wanted_bps: int) -> None:
    encoder, pictures = picture_encoder(H264), moving((640, 480), 180)
    list(run(encoder, pictures[:60], Sending(VGA, 1_000_000)))
    made = list(run(encoder, pictures[60:120], Sending(VGA, wanted_bps)))
    assert not any(key for _, _, key in made)
    assert bps(encoder, pictures[120:], Sending(VGA, wanted_bps)) == pytest.approx(
        wanted_bps, rel=0.1
    )


@BOTH
@pytest.mark.parametrize("rung", RUNGS[:8:2])
def test_every_rung_keeps_to_its_rate(codec: RTCRtpCodecParameters, rung: Rung) -> None:
    encoder, pictures = picture_encoder(codec), moving((640, 480), 150, fps=rung.fps)
    sending = Sending(rung, rung.least_bps)
    list(run(encoder, pictures[:60], sending))
    per_picture = bps(encoder, pictures[60:], sending) / 30
    assert per_picture * rung.fps == pytest.approx(rung.least_bps, rel=0.15)


def test_vp8_is_made_anew_only_for_another_rung() -> None:
    encoder, pictures = picture_encoder(VP8), moving((640, 480), 60)
    list(run(encoder, pictures[:30], Sending(VGA, 500_000)))
    made = list(run(encoder, pictures[30:45], Sending(VGA, 690_000)))
    assert not any(key for _, _, key in made)
    above = RUNGS[RUNGS.index(VGA) + 1]
    made = list(run(encoder, pictures[45:], Sending(above, 800_000)))
    assert [key for _, _, key in made] == [True] + [False] * 14


@BOTH
def test_a_smaller_rung_makes_the_picture_smaller_and_keeps_its_shape(
    codec: RTCRtpCodecParameters,
) -> None:
    encoder, decoder = picture_encoder(codec), bounded_decoder(codec)
    (wide,) = moving((640, 360), 1)
    payloads, _, key = encoder.encode(wide, Sending(SMALL, 100_000), key=False)
    (seen,) = decoder.decode(JitterFrame(whole(codec, payloads), 0))
    assert isinstance(seen, VideoFrame)
    assert key
    assert (seen.width, seen.height) == (320, 180)


def test_no_picture_of_h264_is_larger_than_the_line_carries_in_a_third_of_a_second() -> None:
    noise = numpy.random.default_rng(0)
    encoder = picture_encoder(H264)
    for number in range(20):
        planes = noise.integers(0, 255, (720, 640), numpy.uint8)
        picture = VideoFrame.from_ndarray(planes, format="yuv420p")
        picture.pts = number * 3000
        payloads, _, _ = encoder.encode(picture, Sending(VGA, 1_000_000), key=number == 10)
        assert sum(map(len, payloads)) * 8 < VGA.most_bps / 3


def test_an_encoder_that_is_not_there_is_passed_over() -> None:
    assert first_that_encodes(("h264_of_nobody", SOFTWARE, "libvpx")) == SOFTWARE
    assert first_that_encodes(("h264_of_nobody", SOFTWARE)) == SOFTWARE
    assert h264_encoder() in (ON_BOARD, SOFTWARE)


def test_an_encoder_of_something_else_is_passed_over() -> None:
    assert first_that_encodes(("libvpx", SOFTWARE)) == SOFTWARE


@pytest.mark.parametrize(
    ("profile", "is_offered"), [("Baseline", True), ("Main", False), ("High", False)]
)
def test_an_encoder_of_another_profile_is_known_by_what_it_makes(
    profile: str, is_offered: bool
) -> None:
    codec = av.CodecContext.create(SOFTWARE, "w")
    assert isinstance(codec, VideoCodecContext)
    codec.width, codec.height, codec.pix_fmt = 320, 240, "yuv420p"
    codec.profile, codec.time_base = profile, TIME_BASE
    (picture,) = moving((320, 240), 1)
    stream = b"".join(map(bytes, [*codec.encode(picture), *codec.encode(None)]))
    assert is_baseline(stream) is is_offered
    assert not is_baseline(b"")


def test_the_boards_encoder_is_told_the_profile_that_is_offered() -> None:
    assert _h264(ON_BOARD, (320, 240), Sending(SMALL, 100_000)).profile == "Constrained Baseline"


class Failing:
    """A board's encoder: libx264, until it has encoded so many pictures."""

    def __init__(self, codec: VideoCodecContext, good: int, error: Exception | None) -> None:
        self._codec = codec
        self._left = good
        self._error = error

    def encode(self, picture: VideoFrame) -> "list[Packet[Any]]":
        self._left -= 1
        if self._left >= 0:
            return self._codec.encode(picture)
        if self._error is not None:
            raise self._error
        return []


@pytest.mark.parametrize(
    "error",
    [av.error.InvalidDataError(errno.EINVAL, "no"), OSError(errno.EIO, "gone"), None],
    ids=["refuses", "is gone", "gives nothing"],
)
def test_when_the_boards_encoder_fails_within_a_call_another_goes_on(
    error: Exception | None,
) -> None:
    software = picture_encoder(H264)._kind

    def board(size_px: tuple[int, int], sending: Sending) -> VideoCodecContext:
        failing = Failing(software.open(size_px, sending), 10, error)
        return cast("VideoCodecContext", failing)

    kinds = [Kind("board", board, follows=False), software]
    encoder, decoder = PictureEncoder(kinds, H264Packets().packed), bounded_decoder(H264)
    seen = 0
    made = list(run(encoder, moving((640, 480), 60), Sending(VGA, 450_000)))
    for payloads, pts, _ in made:
        if payloads:
            seen += len(decoder.decode(JitterFrame(whole(H264, payloads), pts)))
    keys = [at for at, (_, _, key) in enumerate(made) if key]
    assert (len(keys), keys[0]) == (2, 0)
    assert seen == 60 - (keys[1] - 10)
    assert keys[1] - 10 == (15 if error is None else 0)
