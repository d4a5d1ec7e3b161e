"""Hostile pictures, given to the real program by a peer that connected as everybody does."""

import threading

import pytest
from aiortc import RTCRtpCodecParameters, rtcrtpsender
from aiortc.codecs import get_encoder
from aiortc.codecs.base import Encoder
from aiortc.codecs.vpx import Vp8Encoder, VpxPayloadDescriptor
from av.frame import Frame

from kiosk.wire.messages import CallLost, CallStats
from tests.call.encoded import forged
from tests.call.hostile import unharmed
from tests.call.kit import Terminal, connect, frame_of, order
from tests.call.visitor import visiting


class Forger(Vp8Encoder):
    """While `forges` is set, each picture is a keyframe that says it is of 16383 x 16383."""

    forges = threading.Event()

    def encode(self, frame: Frame, force_keyframe: bool = False) -> tuple[list[bytes], int]:
        forges = self.forges.is_set()
        payloads, timestamp = super().encode(frame, force_keyframe or forges)
        if forges:
            descriptor, data = VpxPayloadDescriptor.parse(payloads[0])
            payloads[0] = bytes(descriptor) + forged(data)
        return payloads, timestamp


def encoder_of(codec: RTCRtpCodecParameters) -> Encoder:
    return Forger() if codec.name == "VP8" else get_encoder(codec)


@pytest.mark.slow
async def test_pictures_that_ask_for_a_gigabyte_are_refused_and_the_call_goes_on(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rtcrtpsender, "get_encoder", encoder_of)
    remote = terminal.frames("remote")
    async with unharmed(terminal) as (core, _), visiting(pictures_as="video/VP8") as visitor:
        await connect(core, visitor, order(call=7))
        await frame_of(remote, 7)
        await core.hears(CallStats)
        Forger.forges.set()
        try:
            before = await core.hears(CallStats)
            refused = await core.hears(CallStats)
            assert refused.bytes_received > before.bytes_received
            last = remote.newest(7)
        finally:
            Forger.forges.clear()
        assert last is not None
        assert before.frames_received == refused.frames_received
        await frame_of(remote, 7, last.number)
        assert not core.all(CallLost)
