"""What a packet is of its frame, as its payload says (RFC 7741 for VP8, RFC 6184 for H.264)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_VP8_FIRST: Final = 0x17  # S, and the index of the partition
_VP8_S: Final = 0x10

_IDR: Final = 5
_SPS: Final = 7
_STAP_A: Final = 24
_FU_A: Final = 28
_TYPE: Final = 0x1F
_FU_START: Final = 0x80


@dataclass(frozen=True, slots=True)
class Part:
    """`begins`: a frame may begin here. `key`: it is of a keyframe, if it can tell. `opens`: that
    keyframe begins here and nowhere before."""

    begins: bool = False
    key: bool = False
    opens: bool = False


def part_of(codec: str, payload: bytes, data: bytes) -> Part:
    """`data` is the payload without its descriptor, as aiortc has taken it off."""
    return _of_h264(payload) if codec.lower() == "h264" else _of_vp8(payload, data)


def _of_vp8(payload: bytes, data: bytes) -> Part:
    """The descriptor (section 4.2), then the frame's header with its inverse key bit (4.3)."""
    begins = bool(payload) and payload[0] & _VP8_FIRST == _VP8_S
    key = begins and bool(data) and not data[0] & 1
    return Part(begins, key, key)


def _of_h264(payload: bytes) -> Part:
    """Parameter sets come before the picture that needs them, so that a keyframe begins there."""
    types = list(_types(payload))
    return Part(bool(types), _IDR in types or _SPS in types, _SPS in types)


def _types(payload: bytes) -> Iterator[int]:
    """The types of the NAL units that begin in a packet (sections 5.6, 5.7.1 and 5.8)."""
    kind = payload[0] & _TYPE if payload else 0
    if kind == _STAP_A:
        at = 1
        while at + 2 < len(payload):
            yield payload[at + 2] & _TYPE
            at += 2 + int.from_bytes(payload[at : at + 2], "big")
    elif kind == _FU_A:
        if len(payload) > 1 and payload[1] & _FU_START:
            yield payload[1] & _TYPE
    elif 0 < kind < _STAP_A:
        yield kind
