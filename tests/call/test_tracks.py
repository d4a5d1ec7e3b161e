"""What is sent when there is something to send, and when there is nothing."""

import asyncio

import numpy
import pytest
from aiortc.mediastreams import MediaStreamError
from av import VideoFrame
from av.video.frame import PictureType

from kiosk.call.camera import TIME_BASE
from kiosk.call.flow import Flow
from kiosk.call.microphone import FRAME_BYTES, Microphone
from kiosk.call.newest import Newest
from kiosk.call.processing import Processing
from kiosk.call.settings import Audio
from kiosk.call.sound import BLOCK, BLOCK_BYTES
from kiosk.call.speaker import SILENCE
from kiosk.call.tracks import BLACK_EVERY_S, LATE_S, CameraTrack, MicrophoneTrack
from kiosk.clock import Seconds
from tests.call.kit import CLOCK, now_s

LOUD = b"\x11\x22" * BLOCK


def picture(luminance: int = 90) -> VideoFrame:
    made = VideoFrame(64, 48, "yuv420p")
    made.planes[0].update(bytes([luminance]) * made.planes[0].buffer_size)
    made.pts, made.time_base = round(now_s() / TIME_BASE), TIME_BASE
    made.pict_type = PictureType.I
    return made


def luminance(seen: VideoFrame) -> int:
    return int(numpy.frombuffer(memoryview(seen.planes[0]), numpy.uint8).mean())


def stand_still(for_s: Seconds) -> None:
    """The whole program, and its event loop with it, as on a busy machine."""
    until_s = now_s() + for_s
    while now_s() <= until_s:
        pass


async def settle(newest: Newest, made: VideoFrame) -> None:
    newest.put(made)
    await asyncio.sleep(0)


async def camera_track(flow: Flow) -> tuple[Newest, CameraTrack]:
    newest = Newest(asyncio.get_running_loop())
    return newest, CameraTrack(newest, flow, (64, 48), CLOCK)


async def test_only_the_newest_picture_is_sent_and_only_once() -> None:
    newest, track = await camera_track(Flow(call=7))
    for value in (50, 60, 70):
        await settle(newest, picture(value))
    assert luminance(await track.recv()) == 70
    sent = asyncio.ensure_future(track.recv())
    await asyncio.sleep(0.01)
    assert not sent.done()
    await settle(newest, picture(80))
    assert luminance(await sent) == 80


async def test_a_picture_does_not_ask_to_be_a_keyframe() -> None:
    newest, track = await camera_track(Flow(call=7))
    await settle(newest, picture())
    assert (await track.recv()).pict_type == PictureType.NONE


async def test_without_a_picture_black_is_sent_now_and_then() -> None:
    _, track = await camera_track(Flow(call=7))
    assert luminance(await track.recv()) == 16
    began_s = now_s()
    assert luminance(await track.recv()) == 16
    assert now_s() - began_s == pytest.approx(BLACK_EVERY_S, abs=0.05)


async def test_while_held_no_picture_passes_and_time_goes_on() -> None:
    flow = Flow(call=7)
    newest, track = await camera_track(flow)
    await settle(newest, picture(90))
    first = await track.recv()
    flow.held = True
    sent = asyncio.ensure_future(track.recv())
    while not sent.done():
        await settle(newest, picture(90))
        await asyncio.sleep(0.01)
    black = sent.result()
    assert luminance(black) == 16
    flow.held = False
    await settle(newest, picture(91))
    again = await track.recv()
    assert luminance(again) == 91
    assert first.pts is not None
    assert black.pts is not None
    assert again.pts is not None
    assert first.pts < black.pts < again.pts


async def test_a_camera_that_failed_leaves_no_old_picture() -> None:
    newest, track = await camera_track(Flow(call=7))
    await settle(newest, picture(90))
    newest.forget()
    await asyncio.sleep(0)
    assert luminance(await track.recv()) == 16


async def test_a_stopped_track_sends_nothing() -> None:
    _, track = await camera_track(Flow(call=7))
    track.stop()
    with pytest.raises(MediaStreamError):
        await track.recv()


def microphone() -> Microphone:
    """One whose sound is left as it is."""
    raw = Audio(echo_cancellation=False, noise_suppression=False, gain_control=False)
    return Microphone(Processing(raw), asyncio.get_running_loop())


async def test_what_the_microphone_hears_is_sent() -> None:
    heard = microphone()
    track = MicrophoneTrack(heard, Flow(call=7), CLOCK)
    receiving = asyncio.ensure_future(track.recv())
    await asyncio.sleep(0)
    for _ in range(2):
        heard.take(LOUD, SILENCE)
    frame = await receiving
    assert frame.samples == 960
    assert frame.layout.name == "mono"
    assert bytes(frame.planes[0])[: 960 * 2] == b"\x11\x22" * 960


async def test_what_was_heard_before_the_call_is_not_sent() -> None:
    heard = microphone()
    for _ in range(10):
        heard.take(LOUD, SILENCE)
    track = MicrophoneTrack(heard, Flow(call=7), CLOCK)
    frame = await track.recv()
    assert not any(bytes(frame.planes[0]))


@pytest.mark.parametrize("name", ["muted", "held", "alone"])
async def test_silence_is_sent_for_what_may_not_flow(name: str) -> None:
    heard, flow = microphone(), Flow(call=7)
    track = MicrophoneTrack(heard, flow, CLOCK)
    await track.recv()
    setattr(flow, name, True)
    for _ in range(2):
        heard.take(LOUD, SILENCE)
    assert not any(bytes((await track.recv()).planes[0]))


async def test_without_a_microphone_silence_is_sent_at_the_pace_of_sound() -> None:
    track = MicrophoneTrack(microphone(), Flow(call=7), CLOCK)
    began_s = now_s()
    frames = [await track.recv() for _ in range(26)]
    assert now_s() - began_s == pytest.approx(0.06 + 25 * 0.02, abs=0.03)
    assert [frame.pts for frame in frames] == [960 * n for n in range(26)]


async def test_after_a_pause_of_the_program_silence_does_not_come_in_a_burst() -> None:
    track = MicrophoneTrack(microphone(), Flow(call=7), CLOCK)
    await track.recv()
    await asyncio.sleep(0.5)
    began_s = now_s()
    for _ in range(6):
        await track.recv()
    assert now_s() - began_s > 0.06


async def test_after_a_pause_of_the_program_what_was_heard_meanwhile_is_sent() -> None:
    heard = microphone()
    track = MicrophoneTrack(heard, Flow(call=7), CLOCK)
    await track.recv()
    receiving = asyncio.ensure_future(track.recv())
    await asyncio.sleep(0)
    for _ in range(2):
        heard.take(LOUD, SILENCE)
    stand_still(LATE_S)
    assert any(bytes((await receiving).planes[0]))


async def test_after_a_pause_of_the_program_what_was_seen_meanwhile_is_sent() -> None:
    newest, track = await camera_track(Flow(call=7))
    await settle(newest, picture(50))
    await track.recv()
    receiving = asyncio.ensure_future(track.recv())
    await asyncio.sleep(0)
    newest.put(picture(80))
    stand_still(BLACK_EVERY_S)
    assert luminance(await receiving) == 80


async def test_sound_that_waits_too_long_is_left_out() -> None:
    heard = microphone()
    for number in range(1, 21):
        heard.take(bytes([number]) * BLOCK_BYTES, SILENCE)
    first = heard.heard()
    assert first is not None
    assert first[0] == 13


async def test_who_waits_for_sound_is_woken_once_for_a_packet() -> None:
    heard = microphone()
    waiting = asyncio.ensure_future(heard.wait())
    await asyncio.sleep(0)
    block = bytes(FRAME_BYTES // 2)
    heard.take(block, block)
    assert heard._awaited, "one block is half a packet"
    heard.take(block, block)
    assert not heard._awaited
    await waiting
    sound = heard.heard()
    assert sound is not None
    assert len(sound) == FRAME_BYTES
    assert heard.heard() is None
