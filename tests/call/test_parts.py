"""What a packet is of its frame, against what encoders really send."""

import pytest
from aiortc.codecs import depayload
from aiortc.codecs.h264 import H264Encoder
from aiortc.codecs.vpx import Vp8Encoder, VpxPayloadDescriptor
from hypothesis import given
from hypothesis import strategies as st

from kiosk.call.parts import Part, part_of
from tests.call.encoded import H264, VP8, encoded

KEY = Part(begins=True, key=True, opens=True)
OTHER = Part(begins=True)
REST = Part()
LARGE = (1280, 720)


def vp8(payload: bytes) -> Part:
    return part_of("VP8", payload, depayload(VP8, payload))


def h264(payload: bytes) -> Part:
    return part_of("H264", payload, b"")


def test_the_packets_of_a_keyframe_and_of_another_in_vp8() -> None:
    key, other = encoded(VP8, LARGE, 2)
    payloads = Vp8Encoder._packetize(key.data, 7)
    assert len(payloads) > 1
    assert [vp8(payload) for payload in payloads] == [KEY] + [REST] * (len(payloads) - 1)
    assert vp8(Vp8Encoder._packetize(other.data, 8)[0]) == OTHER


def test_a_later_partition_of_vp8_begins_no_frame() -> None:
    descriptor = VpxPayloadDescriptor(partition_start=1, partition_id=1)
    assert vp8(bytes(descriptor) + b"\x00\x00") == REST


@pytest.mark.parametrize("picture_id", [None, 5, 300])
def test_a_descriptor_of_vp8_may_be_of_any_length(picture_id: int | None) -> None:
    whole = VpxPayloadDescriptor(
        partition_start=1, partition_id=0, picture_id=picture_id, tl0picidx=3, tid=(1, 1), keyidx=2
    )
    assert vp8(bytes(whole) + b"\x00") == KEY
    assert vp8(bytes(whole) + b"\x01") == OTHER


def test_a_frame_of_vp8_that_may_be_left_out_is_one_like_others() -> None:
    assert vp8(b"\x30\x01") == OTHER


def test_the_packets_of_a_keyframe_and_of_another_in_h264() -> None:
    key, other = encoded(H264, LARGE, 2)
    first, *rest = (h264(payload) for payload in _packets_of_h264(key.data))
    assert first == KEY
    assert rest
    assert not any(part.opens for part in rest)
    assert [h264(payload) for payload in _packets_of_h264(other.data)] == [OTHER]


def test_single_nal_units_of_h264() -> None:
    assert h264(b"\x67\x42") == KEY
    assert h264(b"\x68\xce") == OTHER
    assert h264(b"\x65\x88") == Part(begins=True, key=True)
    assert h264(b"\x41\x9a") == OTHER


def test_a_fragment_of_h264_begins_a_frame_with_its_start_bit_only() -> None:
    assert h264(b"\x7c\x85\x88") == Part(begins=True, key=True)
    assert h264(b"\x7c\x05\x88") == REST
    assert h264(b"\x5c\x81\x9a") == OTHER


def test_an_aggregation_of_h264_is_looked_into() -> None:
    assert h264(b"\x78\x00\x02\x09\xf0\x00\x02\x67\x42\x00\x02\x68\xce") == KEY
    assert h264(b"\x78\x00\x02\x09\xf0\x00\x02\x41\x9a") == OTHER


@given(payload=st.binary(max_size=40), data=st.binary(max_size=8))
def test_noise_raises_nothing(payload: bytes, data: bytes) -> None:
    for codec in ("VP8", "H264", "other"):
        part_of(codec, payload, data)


def _packets_of_h264(data: bytes) -> list[bytes]:
    return H264Encoder._packetize(H264Encoder._split_bitstream(data))
