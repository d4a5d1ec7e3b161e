"""Pictures of every size and pace, in place of a camera's, given to the real program."""

import asyncio
import itertools
from typing import Final

import pytest
from aiortc import RTCRtpCodecParameters

from kiosk.wire.frames import fits
from tests.call.encoded import H264, VP8, encoded
from tests.call.hostile import Stream, attacking
from tests.call.kit import Terminal

pytestmark = pytest.mark.slow

BOTH = pytest.mark.parametrize("codec", [VP8, H264], ids=["vp8", "h264"])
SIZES: Final = [
    (16, 16), (1920, 1080), (2, 2), (1080, 1920), (1280, 720), (8192, 16), (16, 8192), (130, 98),
    (1918, 1078), (720, 1280),
]  # fmt: skip


def mime_of(codec: RTCRtpCodecParameters) -> str:
    return f"video/{codec.name}"


@BOTH
async def test_a_picture_of_another_size_each_time(
    terminal: Terminal, codec: RTCRtpCodecParameters
) -> None:
    frames = [encoded(codec, size_px)[0].data for size_px in SIZES]
    mime = mime_of(codec)
    async with attacking(terminal, pictures_as=mime, most_mb=60) as (_, attacker, _):
        attacker.sender("video")._enabled = False
        stream, seen = Stream(attacker, codec), set[tuple[int, int]]()
        remote = terminal.frames("remote")
        for at, frame in zip(range(60), itertools.cycle(frames), strict=False):
            await stream.send(frame, at * 3000)
            await asyncio.sleep(1 / 30)
            if (shown := remote.newest(7)) is not None:
                seen.add((shown.width, shown.height))
        assert seen >= {size_px for size_px in SIZES if fits(*size_px)}
        attacker.sender("video")._enabled = True


@BOTH
async def test_the_largest_pictures_at_a_pace_of_no_camera(
    terminal: Terminal, codec: RTCRtpCodecParameters
) -> None:
    """Decoded, all of them would take four gigabytes."""
    key, *others = (frame.data for frame in encoded(codec, (1920, 1080), 60))
    mime = mime_of(codec)
    async with attacking(terminal, pictures_as=mime, most_mb=200) as (_, attacker, _):
        attacker.sender("video")._enabled = False
        stream = Stream(attacker, codec)
        await stream.send(key, 0)
        for at, frame in zip(range(1500), itertools.cycle(others), strict=False):
            await stream.send(frame, at * 3000)
            await asyncio.sleep(0.001)
        attacker.sender("video")._enabled = True
