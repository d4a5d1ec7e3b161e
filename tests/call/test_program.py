"""The real program with a real peer: calls, devices, orders."""

import asyncio
import signal
from itertools import pairwise
from pathlib import Path

import pytest

from kiosk.sandbox.sound import PrivateSound
from kiosk.wire.messages import (
    CallConnected,
    CallEnded,
    CallLost,
    CallStats,
    CallStatus,
    EndCall,
    Hold,
    MediaDevice,
    Mute,
    OfferReady,
    TakeAnswer,
)
from tests.call.film import make_film
from tests.call.kit import Terminal, connect, frame_of, now_s, order, ready
from tests.call.visitor import visiting

pytestmark = pytest.mark.slow


async def test_the_two_see_and_hear_each_other(terminal: Terminal, sound: PrivateSound) -> None:
    terminal.environment = sound.environment
    async with ready(terminal, audio="default") as (core, _), visiting() as visitor:
        await connect(core, visitor, order(call=7))
        remote = await frame_of(terminal.frames("remote"), 7)
        assert (remote.width, remote.height) == (640, 480)
        assert max(remote.y) > 200
        assert min(remote.y) < 80
        await visitor.sees(30)
        await visitor.until(lambda: visitor.hears_voice)
        assert await sound.speaker_rms(0.5) == pytest.approx(0.2, rel=0.2)
        stats = await core.hears(CallStats, lambda stats: stats.frames_received > 0)
        assert stats.audio_packets_received > 0
        assert stats.bytes_sent > 1000


async def test_the_preview_is_a_call_without_a_peer(terminal: Terminal) -> None:
    async with ready(terminal) as (core, _):
        core.say(order(call=3, media=()))
        own = await frame_of(terminal.frames("self"), 3)
        later = await frame_of(terminal.frames("self"), 3, own.number)
        assert later.number > own.number
        assert now_s() - later.stamp_ns / 1e9 < 1.0
        assert terminal.frames("remote").newest(3) is None


async def test_what_a_call_counts_is_said_about_once_a_second(terminal: Terminal) -> None:
    async with ready(terminal) as (core, _), visiting() as visitor:
        await connect(core, visitor, order(call=7))
        said_at_s = [core.heard_at_s(await core.hears(CallStats)) for _ in range(4)]
    assert all(0.7 < later - sooner < 1.3 for sooner, later in pairwise(said_at_s))


async def test_status_is_said_at_hello_and_at_each_change(terminal: Terminal) -> None:
    async with terminal.core() as core, terminal.program():
        assert await core.hears(CallStatus) == CallStatus(None, None, None, None)
        prepare = order(call=7)
        core.say(prepare)
        assert await core.hears(CallStatus) == CallStatus(7, "v1", 1, prepare.ends_at_s)
        core.say(EndCall(7))
        assert await core.hears(CallStatus) == CallStatus(None, None, None, None)


async def test_a_core_that_comes_back_is_told_of_the_call_and_its_devices(
    terminal: Terminal,
) -> None:
    prepare = order(call=7)
    async with terminal.program():
        async with terminal.core() as core:
            await core.hears(CallStatus)
            core.say(prepare)
            await core.hears(MediaDevice, lambda device: device == MediaDevice("camera", True))
        async with terminal.core() as core:
            assert await core.hears(CallStatus) == CallStatus(7, "v1", 1, prepare.ends_at_s)
            assert await core.hears(MediaDevice) == MediaDevice("camera", True)


async def test_an_early_end_stops_all_and_says_how_early(terminal: Terminal) -> None:
    async with ready(terminal) as (core, _), visiting() as visitor:
        await connect(core, visitor, order(call=7, for_s=60))
        await visitor.sees(5)
        core.say(EndCall(7))
        ended = await core.hears(CallEnded)
        assert ended.call == 7
        assert -60 < ended.late_s < -50
        assert max(visitor.packets) < ended.at_s + 0.05
        assert visitor.state == "connected"  # nobody said goodbye
        assert terminal.is_zeroed("remote")
        assert terminal.is_zeroed("self")


async def test_without_a_camera_the_call_goes_on_with_sound_and_black(
    terminal: Terminal, sound: PrivateSound
) -> None:
    terminal.environment = sound.environment
    async with (
        ready(terminal, camera="v4l2:/dev/video99", audio="default") as (core, _),
        visiting() as visitor,
    ):
        await connect(core, visitor, order(call=7))
        (camera,) = [device for device in core.all(MediaDevice) if device.device == "camera"]
        assert not camera.up
        assert "/dev/video99" in camera.reason
        await visitor.until(lambda: visitor.hears_voice)
        await visitor.sees(2)
        assert visitor.brightness == pytest.approx(16, abs=2)


async def test_a_camera_that_vanishes_is_reported_and_used_again_when_it_is_back(
    terminal: Terminal,
) -> None:
    film = terminal.directory / "film.mp4"
    make_film(film, pictures=5)
    async with ready(terminal, camera=f"file:{film}") as (core, _):
        core.say(order(call=7, media=()))
        assert await core.hears(MediaDevice, lambda d: d.device == "camera") == MediaDevice(
            "camera", True
        )
        whole = film.read_bytes()
        film.write_bytes(b"")
        assert not (await core.hears(MediaDevice, lambda d: d.device == "camera")).up
        film.write_bytes(whole)
        back = await core.hears(MediaDevice, lambda d: d.device == "camera")
        assert back == MediaDevice("camera", True)


async def test_without_sound_devices_the_call_goes_on_with_pictures(terminal: Terminal) -> None:
    nothing = terminal.directory / "asound.conf"
    nothing.write_text("pcm.broken { type hw card 31 }")
    terminal.environment = {"ALSA_CONFIG_PATH": str(nothing)}
    async with ready(terminal, audio="default") as (core, _), visiting() as visitor:
        await connect(core, visitor, order(call=7))
        down = {device.device for device in core.all(MediaDevice) if not device.up}
        assert down == {"microphone", "speaker"}
        await visitor.sees(5)
        await visitor.hears(50)
        assert visitor.hears_silence


async def test_sound_devices_that_vanish_are_reported(
    terminal: Terminal, sound: PrivateSound
) -> None:
    terminal.environment = sound.environment
    async with ready(terminal, audio="default") as (core, process), visiting() as visitor:
        await connect(core, visitor, order(call=7))
        await visitor.until(lambda: visitor.hears_voice)
        await sound.kill_server()
        down = {(await core.hears(MediaDevice, lambda d: not d.up)).device for _ in range(2)}
        assert down == {"microphone", "speaker"}
        await visitor.until(lambda: visitor.hears_silence)
        await visitor.sees(10)
        assert process.returncode is None


async def test_mute_silences_the_microphone_only(terminal: Terminal, sound: PrivateSound) -> None:
    terminal.environment = sound.environment
    async with ready(terminal, audio="default") as (core, _), visiting() as visitor:
        await connect(core, visitor, order(call=7, muted=True))
        await visitor.hears(40)
        assert visitor.hears_silence
        assert await sound.speaker_rms(0.5) > 0.1
        core.say(Mute(7, False))
        await visitor.until(lambda: visitor.hears_voice)
        core.say(Mute(7, True))
        await visitor.until(lambda: visitor.hears_silence)
        await visitor.hears(30)
        assert visitor.hears_silence


async def test_hold_stops_sound_and_picture_both_ways_and_keeps_the_line(
    terminal: Terminal, sound: PrivateSound
) -> None:
    terminal.environment = sound.environment
    remote = terminal.frames("remote")
    async with ready(terminal, audio="default") as (core, _), visiting() as visitor:
        await connect(core, visitor, order(call=7))
        await visitor.until(lambda: visitor.hears_voice and visitor.brightness > 50)
        await frame_of(remote, 7)
        core.say(Hold(7, True))
        await visitor.until(lambda: visitor.hears_silence and visitor.brightness < 20)
        last = remote.newest(7)
        assert await sound.speaker_rms(1.0) < 0.001
        assert last is not None
        assert remote.newest(7, last.number) is None
        core.say(Hold(7, False))
        await visitor.until(lambda: visitor.hears_voice and visitor.brightness > 50)
        await frame_of(remote, 7, last.number)
        assert await sound.speaker_rms(0.5) > 0.1
        assert not core.all(CallLost)


async def test_a_call_that_begins_held_shows_nothing(terminal: Terminal) -> None:
    async with ready(terminal) as (core, _), visiting() as visitor:
        await connect(core, visitor, order(call=7, held=True))
        await visitor.sees(2)
        assert visitor.brightness < 20
        await core.hears(CallStats, lambda stats: stats.frames_received > 10)
        assert terminal.frames("remote").newest(7) is None


async def test_a_new_call_replaces_the_old_one_and_keeps_the_devices(terminal: Terminal) -> None:
    async with ready(terminal) as (core, _), visiting() as first, visiting() as second:
        await connect(core, first, order(call=7))
        await first.sees(5)
        began_s = now_s()
        await connect(core, second, order(call=8))
        await second.sees()
        assert now_s() - began_s < 1.0
        assert max(first.packets) < began_s + 0.1
        await frame_of(terminal.frames("remote"), 8)
        assert terminal.frames("remote").newest(7) is None
        assert [(await core.hears(CallStats)).call for _ in range(3)] == [8, 8, 8]
        assert len([d for d in core.all(MediaDevice) if d.device == "camera"]) == 1
        assert not core.all(CallEnded)
        assert not core.all(CallLost)
        core.say(EndCall(7))
        await second.until(lambda: second.brightness > 20)  # black comes without a camera, too
        began_s = now_s()
        await second.sees(10)
        assert now_s() - began_s < 2


async def test_orders_for_another_call_change_nothing(terminal: Terminal) -> None:
    async with ready(terminal) as (core, _):
        core.say(order(call=7))
        offer = await core.hears(OfferReady)
        core.say(EndCall(6))
        core.say(TakeAnswer(6, 0, offer.sdp))
        core.say(TakeAnswer(7, 3, offer.sdp))
        core.say(Hold(9, True))
        await frame_of(terminal.frames("self"), 7)
        assert not core.all(CallEnded)
        assert not core.all(CallLost)


async def test_sigterm_during_a_call_stops_it_and_ends_the_program_at_once(
    terminal: Terminal,
) -> None:
    async with ready(terminal) as (core, process), visiting() as visitor:
        await connect(core, visitor, order(call=7))
        await visitor.sees(5)
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(1.0):
            assert await process.wait() == 0
        assert core.all(CallEnded)
        assert terminal.is_zeroed("remote")
        assert terminal.is_zeroed("self")


async def test_bad_settings_end_the_program_with_what_is_wrong(terminal: Terminal) -> None:
    async with terminal.program(camera="webcam") as process:
        assert await process.wait() == 2
    assert "camera.source" in terminal.log


async def test_a_frame_directory_that_is_not_there_ends_the_program(terminal: Terminal) -> None:
    settings = terminal.write_settings()
    settings.write_text(settings.read_text().replace("/frames", "/nowhere"))
    Path(terminal.directory / "frames").rmdir()
    async with terminal.program(settings=settings) as process:
        assert await process.wait() == 1
    assert "nowhere" in terminal.log


async def test_connected_is_said_once(terminal: Terminal) -> None:
    async with ready(terminal) as (core, _), visiting() as visitor:
        await connect(core, visitor, order(call=7))
        await visitor.sees(10)
        assert len(core.all(CallConnected)) == 1
