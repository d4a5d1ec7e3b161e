"""A sound server for tests and the demo: real, private, and gone afterwards."""

import asyncio
import os
import shutil
from asyncio.subprocess import PIPE
from pathlib import Path

import psutil

from kiosk.sandbox.sound import RATE_HZ, UNPACKED, PrivateSound


async def play(sound: PrivateSound, value: int) -> asyncio.subprocess.Process:
    """Somebody who plays a square wave to the default device."""
    player = await asyncio.create_subprocess_exec(
        *("pacat", "--raw", "--format=s16le", f"--rate={RATE_HZ}", "--channels=1"),
        stdin=PIPE,
        env={**os.environ, **sound.environment},
    )
    assert player.stdin is not None
    block = (value.to_bytes(2, "little", signed=True) * 50) + (
        (-value).to_bytes(2, "little", signed=True) * 50
    )
    player.stdin.write(block * (RATE_HZ // 100 * 3))
    player.stdin.write_eof()
    return player


async def test_what_is_played_is_measured() -> None:
    async with PrivateSound() as sound:
        assert await sound.speaker_rms(0.2) == 0
        player = await play(sound, 8192)
        async with asyncio.timeout(5):
            while abs(await sound.speaker_rms(0.2) - 0.25) > 0.01:
                pass
        await player.wait()


async def test_the_microphone_hears_a_voice() -> None:
    async with PrivateSound() as sound:
        recorder = await asyncio.create_subprocess_exec(
            *("parec", "--raw", "--format=s16le", f"--rate={RATE_HZ}", "--channels=1"),
            stdout=PIPE,
            env={**os.environ, **sound.environment},
        )
        assert recorder.stdout is not None
        async with asyncio.timeout(5):
            while not any(await recorder.stdout.readexactly(RATE_HZ // 10)):
                pass
        recorder.terminate()
        await recorder.communicate()


async def test_nothing_is_left_behind() -> None:
    before = {child.pid for child in psutil.Process().children(recursive=True)}
    async with PrivateSound() as sound:
        directory = sound._directory
        assert {child.pid for child in psutil.Process().children(recursive=True)} > before
    assert {child.pid for child in psutil.Process().children(recursive=True)} == before
    assert not directory.exists()


async def test_a_server_that_was_only_unpacked_runs_on_its_own_libraries(tmp_path: Path) -> None:
    unpack(tmp_path)
    async with PrivateSound(tmp_path) as sound:
        assert sound._server is not None
        server = psutil.Process(sound._server.pid)
        used = {Path(each.path) for each in server.memory_maps()}
        ours = {path.name for path in used if path.is_relative_to(tmp_path)}
        assert {"pulseaudio", "module-null-sink.so", "libprotocol-native.so"} <= ours
        assert any(name.startswith("libpulsecore-") for name in ours)


def unpack(place: Path) -> None:
    """The files of pulseaudio's package, from wherever this machine has them."""
    if UNPACKED.is_dir():
        shutil.copytree(UNPACKED, place, symlinks=True, dirs_exist_ok=True)
        return
    for pattern in (
        "usr/bin/pulseaudio",
        "usr/lib/pulse-*/**/*.so",
        "usr/lib/*/pulseaudio/**/*.so",
    ):
        for file in Path("/").glob(pattern):
            copy = place / file.relative_to("/")
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, copy)
