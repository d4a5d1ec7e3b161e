"""A picture larger than any camera's is refused, costs nothing, and the next one is decoded."""

import av
import pytest
from aiortc import RTCRtpCodecParameters
from aiortc.jitterbuffer import JitterFrame
from hypothesis import given
from hypothesis import strategies as st

from kiosk.call.decoding import MAX_PX, bounded_decoder, needs_no_other, vp8_px
from tests.call.encoded import H264, OPUS, VP8, encoded, forged
from tests.call.memory import resident_mb

GOOD = (640, 480)
JUST_TOO_LARGE = (2048, 1040)
BOTH = pytest.mark.parametrize("codec", [VP8, H264], ids=["vp8", "h264"])


def sizes(codec: RTCRtpCodecParameters, *frames: JitterFrame) -> list[tuple[int, int] | str]:
    """What a single decoder makes of the frames."""
    decoder, made = bounded_decoder(codec), list[tuple[int, int] | str]()
    for frame in frames:
        try:
            made += [(picture.width, picture.height) for picture in decoder.decode(frame)]  # type: ignore[attr-defined]
        except av.FFmpegError:
            made.append("refused")
    return made


@BOTH
@pytest.mark.parametrize("size_px", [GOOD, (1280, 720), (1920, 1080), (1080, 1920)])
def test_what_a_camera_sends_is_decoded(
    codec: RTCRtpCodecParameters, size_px: tuple[int, int]
) -> None:
    assert sizes(codec, *encoded(codec, size_px, 3)) == [size_px] * 3


@BOTH
def test_a_picture_just_too_large_is_refused_and_the_next_good_one_decoded(
    codec: RTCRtpCodecParameters,
) -> None:
    width, height = JUST_TOO_LARGE
    assert MAX_PX < width * height < MAX_PX * 1.02
    good, large = encoded(codec, GOOD), encoded(codec, JUST_TOO_LARGE)
    assert sizes(codec, *good, *large, *good, *large * 3, *good) == [
        GOOD, "refused", GOOD, "refused", "refused", "refused", GOOD,
    ]  # fmt: skip


def test_a_few_bytes_that_ask_for_a_gigabyte_get_none_of_it() -> None:
    (good,) = encoded(VP8, GOOD)
    attack = JitterFrame(forged(good.data), 0)
    assert len(attack.data) < 1000
    before_mb = resident_mb()
    assert sizes(VP8, *[attack] * 20, good) == ["refused"] * 20 + [GOOD]
    assert resident_mb() - before_mb < 20


def test_a_picture_of_h264_too_large_gets_little() -> None:
    (good,), (attack,) = encoded(H264, GOOD), encoded(H264, (4096, 4096))
    before_mb = resident_mb()
    assert sizes(H264, *[attack] * 20, good) == ["refused"] * 20 + [GOOD]
    assert resident_mb() - before_mb < 20


@pytest.mark.parametrize(
    ("profile", "kind"), [("high444", "yuv444p"), ("high10", "yuv420p10le"), ("high422", "yuv422p")]
)
def test_a_profile_of_h264_that_was_not_offered_is_refused(profile: str, kind: str) -> None:
    good = encoded(H264, GOOD)
    (other,) = encoded(H264, GOOD, kind=kind, profile=profile)
    hidden = JitterFrame(good[0].data + other.data.replace(b"\0\0\0\1", b"\0\0\1"), 0)
    assert sizes(H264, other, hidden, *good) == ["refused", "refused", GOOD]


def test_main_profile_is_decoded() -> None:
    assert sizes(H264, *encoded(H264, GOOD, profile="main")) == [GOOD]


@BOTH
def test_only_a_keyframe_needs_no_other(codec: RTCRtpCodecParameters) -> None:
    frames = encoded(codec, GOOD, 4)
    assert [needs_no_other(codec, f.data) for f in frames] == [True, False, False, False]


def test_sound_needs_no_other() -> None:
    assert needs_no_other(OPUS, b"\xfc")


def test_the_size_of_a_keyframe_is_read_without_its_scaling() -> None:
    (good,) = encoded(VP8, GOOD)
    assert vp8_px(good.data) == 640 * 480
    scaled = good.data[:7] + bytes([good.data[7] | 0xC0]) + good.data[8:]
    assert vp8_px(scaled) == 640 * 480


def test_the_name_of_a_codec_may_be_written_in_small_letters() -> None:
    small = RTCRtpCodecParameters(mimeType="video/vp8", clockRate=90_000, payloadType=97)
    (good,) = encoded(VP8, GOOD)
    assert sizes(small, JitterFrame(forged(good.data), 0), good) == ["refused", GOOD]


@given(noise=st.binary(min_size=1, max_size=64), cut=st.integers(0, 40))
def test_noise_raises_nothing_else(noise: bytes, cut: int) -> None:
    for codec, (good,) in _ONE_OF_EACH:
        sizes(codec, JitterFrame(noise, 0), JitterFrame(good.data[:cut] + noise, 0), good)


_ONE_OF_EACH = [(codec, encoded(codec, (64, 64))) for codec in (VP8, H264)]
