"""Opus, with what libavcodec does not let through: what was lost is recovered, or concealed.

This is the very libopus that PyAV ships and has loaded, called as its `opus.h` says (RFC 6716).
"""

import ctypes
import weakref
from ctypes import POINTER, byref, c_char_p, c_int, c_int16, c_int32, c_void_p
from pathlib import Path
from typing import Final, TypeAlias

import av
import numpy
from numpy.typing import NDArray

from kiosk.call.sound import RATE_HZ

Samples: TypeAlias = NDArray[numpy.int16]
"""Mono, at `RATE_HZ`."""

MAX_SAMPLES: Final = RATE_HZ * 120 // 1000
"""No packet holds more than 120 ms (RFC 6716, section 3.2.5)."""

STEP: Final = RATE_HZ * 25 // 10_000
"""The length of all that is decoded is a multiple of 2.5 ms."""

_APPLICATION_VOIP: Final = 2048
_SET_BITRATE: Final = 4002
_SET_INBAND_FEC: Final = 4012
_SET_PACKET_LOSS_PERC: Final = 4014
_MAX_PACKET_BYTES: Final = 1275  # of one frame (RFC 6716, section 3.2.1)


def samples_in(packet: bytes) -> int:
    """How long a packet's sound is; 0 when it is none (RFC 6716, sections 3.1 and 3.2)."""
    count: int = _OPUS.opus_packet_get_nb_samples(packet, len(packet), RATE_HZ)
    return max(0, count)


def holds_previous(packet: bytes) -> bool:
    """Whether the sound before this packet's can be recovered from it (section 2.1.7)."""
    return bool(packet) and _OPUS.opus_packet_has_lbrr(packet, len(packet)) == 1


class OpusDecoder:
    """One stream of packets, stereo or not; a call takes about 0.1 ms and never raises."""

    def __init__(self) -> None:
        error = c_int()
        self._state = _OPUS.opus_decoder_create(RATE_HZ, 1, byref(error))
        assert error.value == 0, error.value
        weakref.finalize(self, _OPUS.opus_decoder_destroy, self._state)
        self._sound = numpy.empty(MAX_SAMPLES, numpy.int16)

    def decode(self, packet: bytes) -> Samples | None:
        """Its sound; None when the packet is broken."""
        return self._decoded(packet, MAX_SAMPLES)

    def recover(self, packet: bytes, samples: int) -> Samples | None:
        """The `samples` before this packet, which is decoded next; concealed if it lacks them."""
        return self._decoded(packet, samples, recover=True)

    def conceal(self, samples: int) -> Samples:
        """`samples`, a multiple of `STEP`, that go on as it sounded."""
        sound = self._decoded(None, samples)
        assert sound is not None
        return sound

    def _decoded(self, packet: bytes | None, room: int, recover: bool = False) -> Samples | None:
        length = 0 if packet is None else len(packet)
        place = self._sound.ctypes.data_as(POINTER(c_int16))
        count = _OPUS.opus_decode(self._state, packet, length, place, room, int(recover))
        return self._sound[:count].copy() if count > 0 else None


class OpusEncoder:
    """Speech in mono, with what was said before in each packet while losses are expected."""

    def __init__(self, bitrate_bps: int, loss_percent: int) -> None:
        error = c_int()
        self._state = _OPUS.opus_encoder_create(RATE_HZ, 1, _APPLICATION_VOIP, byref(error))
        assert error.value == 0, error.value
        weakref.finalize(self, _OPUS.opus_encoder_destroy, self._state)
        self._packet = ctypes.create_string_buffer(_MAX_PACKET_BYTES)
        self._set(_SET_BITRATE, bitrate_bps)
        self._set(_SET_INBAND_FEC, 1)
        self.expect_loss(loss_percent)

    def expect_loss(self, percent: int) -> None:
        """The more is lost, the more of a packet is spent on the one before it."""
        self._set(_SET_PACKET_LOSS_PERC, percent)

    def encode(self, sound: Samples) -> bytes:
        """One packet of 2.5, 5, 10, 20, 40 or 60 ms."""
        place = sound.ctypes.data_as(POINTER(c_int16))
        length = _OPUS.opus_encode(self._state, place, len(sound), self._packet, _MAX_PACKET_BYTES)
        assert length > 0, length
        return self._packet.raw[:length]

    def _set(self, what: int, value: int) -> None:
        error = _OPUS.opus_encoder_ctl(self._state, what, c_int(value))
        assert error == 0, (what, value, error)


def _library() -> ctypes.CDLL:
    """Another copy of the same code would be as good, but this one is always there."""
    (path,) = (Path(av.__file__).parents[1] / "av.libs").glob("libopus-*.so*")
    opus = ctypes.CDLL(str(path))
    sound, packet = POINTER(c_int16), c_char_p
    opus.opus_packet_get_nb_samples.argtypes = [packet, c_int32, c_int32]
    opus.opus_packet_has_lbrr.argtypes = [packet, c_int32]
    opus.opus_decoder_create.argtypes = [c_int32, c_int, POINTER(c_int)]
    opus.opus_decoder_create.restype = c_void_p
    opus.opus_decoder_destroy.argtypes = [c_void_p]
    opus.opus_decoder_destroy.restype = None
    opus.opus_decode.argtypes = [c_void_p, packet, c_int32, sound, c_int, c_int]
    opus.opus_encoder_create.argtypes = [c_int32, c_int, c_int, POINTER(c_int)]
    opus.opus_encoder_create.restype = c_void_p
    opus.opus_encoder_destroy.argtypes = [c_void_p]
    opus.opus_encoder_destroy.restype = None
    opus.opus_encode.argtypes = [c_void_p, sound, c_int, packet, c_int32]
    opus.opus_encoder_ctl.argtypes = [c_void_p, c_int]  # and one more, of variable kind
    return opus


_OPUS: Final = _library()
