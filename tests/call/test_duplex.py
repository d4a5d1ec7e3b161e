"""The real program with real sound devices that are two, one of which goes, or hears the other."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from kiosk.sandbox.sound import PrivateSound
from kiosk.wire.messages import CallStatus, MediaDevice, UseHandset
from tests.call.kit import Core, Terminal, connect, order
from tests.call.visitor import Visitor, visiting

pytestmark = pytest.mark.slow

_PCM = (
    'pcm.{name} {{ type pulse server "{server}" {more} hint {{ show on description "{name}" }} }}\n'
)


def names(
    terminal: Terminal, microphone: PrivateSound, speaker: PrivateSound, more: str = ""
) -> None:
    """Give the program two devices, `listens` and `speaks`."""
    config = terminal.directory / "asound.conf"
    config.write_text(
        _PCM.format(name="listens", server=microphone.environment["PULSE_SERVER"], more=more)
        + _PCM.format(name="speaks", server=speaker.environment["PULSE_SERVER"], more="")
        + _PCM.format(name="!default", server=speaker.environment["PULSE_SERVER"], more="")
    )
    terminal.environment = {**microphone.environment, "ALSA_CONFIG_PATH": str(config)}


def settings(terminal: Terminal, more: str = "") -> Path:
    path = terminal.write_settings()
    text = path.read_text().replace('input = "none"', 'input = "listens"')
    path.write_text(text.replace('output = "none"', 'output = "speaks"') + more)
    return path


@asynccontextmanager
async def talking(terminal: Terminal, more: str = "") -> AsyncIterator[tuple[Core, Visitor]]:
    async with (
        terminal.core() as core,
        terminal.program(settings=settings(terminal, more)),
        visiting() as visitor,
    ):
        await core.hears(CallStatus)
        await connect(core, visitor, order(call=7))
        yield core, visitor


@pytest.fixture
async def other_sound() -> AsyncIterator[PrivateSound]:
    async with PrivateSound() as private:
        yield private


async def test_a_speaker_that_vanishes_leaves_the_microphone(
    terminal: Terminal, sound: PrivateSound, other_sound: PrivateSound
) -> None:
    names(terminal, microphone=sound, speaker=other_sound)
    async with talking(terminal) as (core, visitor):
        await visitor.until(lambda: visitor.hears_voice)
        assert await other_sound.speaker_rms(0.5) > 0.1
        await other_sound.kill_server()
        down = await core.hears(MediaDevice, lambda device: not device.up)
        assert down.device == "speaker"
        await visitor.hears(50)
        assert visitor.hears_voice
        assert [d.device for d in core.all(MediaDevice) if not d.up] == ["speaker"]


async def test_a_microphone_that_vanishes_leaves_the_speaker(
    terminal: Terminal, sound: PrivateSound, other_sound: PrivateSound
) -> None:
    names(terminal, microphone=other_sound, speaker=sound)
    async with talking(terminal) as (core, visitor):
        await visitor.until(lambda: visitor.hears_voice)
        await other_sound.kill_server()
        down = await core.hears(MediaDevice, lambda device: not device.up)
        assert down.device == "microphone"
        assert await sound.speaker_rms(1.0) > 0.1
        await visitor.until(lambda: visitor.hears_silence)


async def test_a_visitor_does_not_hear_their_own_voice_but_from_a_lifted_handset(
    terminal: Terminal, sound: PrivateSound
) -> None:
    names(terminal, sound, sound, more='device "speaker.monitor"')
    quiet = "noise_suppression = false\ngain_control = false\n"
    async with talking(terminal, quiet) as (core, visitor):
        core.say(UseHandset(True))
        await visitor.until(lambda: visitor.loudness > 0.1)
        core.say(UseHandset(False))
        await visitor.until(lambda: visitor.loudness < 0.02)
        core.say(UseHandset(True))
        await visitor.until(lambda: visitor.loudness > 0.1)
