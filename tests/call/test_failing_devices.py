"""A visit goes on with what still works."""

import pytest

from kiosk.sandbox.sound import PrivateSound
from kiosk.wire.messages import CallLost, MediaDevice
from tests.call.film import make_film
from tests.call.kit import Terminal, connect, frame_of, order, ready
from tests.call.visitor import visiting

pytestmark = pytest.mark.slow

BLACK = 20
"""So bright at most, on the average; the film is brighter."""


async def test_a_terminal_without_any_device_shows_the_visitor_and_says_what_is_missing(
    terminal: Terminal,
) -> None:
    nothing = terminal.directory / "asound.conf"
    nothing.write_text("pcm.broken { type hw card 31 }")
    terminal.environment = {"ALSA_CONFIG_PATH": str(nothing)}
    async with (
        ready(terminal, camera="v4l2:/dev/video99", audio="default") as (core, process),
        visiting() as visitor,
    ):
        await connect(core, visitor, order(call=7))
        await frame_of(terminal.frames("remote"), 7)
        await visitor.sees(2)
        assert visitor.brightness < BLACK
        await visitor.until(lambda: visitor.hears_silence)
        down = {device.device for device in core.all(MediaDevice) if not device.up}
        assert down == {"camera", "microphone", "speaker"}
        assert not core.all(CallLost)
        assert process.returncode is None


async def test_a_camera_that_vanishes_leaves_the_sound_and_comes_back(
    terminal: Terminal, sound: PrivateSound
) -> None:
    terminal.environment = sound.environment
    film = terminal.directory / "film.mp4"
    make_film(film, pictures=5)
    whole = film.read_bytes()
    async with (
        ready(terminal, camera=f"file:{film}", audio="default") as (core, _),
        visiting() as visitor,
    ):
        await connect(core, visitor, order(call=7))
        await visitor.until(lambda: visitor.brightness > BLACK)
        film.write_bytes(b"")
        await core.hears(MediaDevice, lambda device: not device.up)
        await visitor.until(lambda: visitor.brightness < BLACK)
        await visitor.hears(50)
        await visitor.until(lambda: visitor.hears_voice)
        film.write_bytes(whole)
        await visitor.until(lambda: visitor.brightness > BLACK)
        assert not core.all(CallLost)
