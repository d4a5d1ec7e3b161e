"""A sound server of its own, with a speaker and a microphone that nobody in the room hears."""

import asyncio
import contextlib
import math
import os
import shutil
import signal
import sys
import tempfile
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Coroutine, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Self

import numpy
from numpy.typing import NDArray

from kiosk.clock import Seconds
from kiosk.errors import KioskError

RATE_HZ = 48_000
START_S = 10.0
END_S: Seconds = 1.0
FULL_SCALE = 32_768
UNPACKED = Path(sys.prefix) / "pulseaudio"
"""Where `make setup` leaves the server on a desktop whose PipeWire is in the way of installing it."""

_RAW = ("--raw", "--format=s16le", f"--rate={RATE_HZ}", "--channels=1", "--latency-msec=10")
_BLOCK_BYTES = RATE_HZ // 100 * 2  # 10 ms

# Without rewinds a null sink takes 50 ms at a time, with them 2 s. The socket comes last: who can
# connect finds everything else in place.
_SERVER_SCRIPT = """.fail
load-module module-null-sink sink_name=speaker rate=48000 channels=1 norewinds=1
load-module module-null-sink sink_name=mic rate=48000 channels=1 norewinds=1
set-default-sink speaker
set-default-source mic.monitor
load-module module-native-protocol-unix auth-anonymous=1 socket={socket}
"""

_ALSA_CONFIG = """
pcm.pulse { type pulse hint { show on description "The sound server" } }
ctl.pulse { type pulse }
pcm.!default { type pulse hint { show on description "The sound server" } }
ctl.!default { type pulse }
"""


class PrivateSound:
    """PulseAudio with null devices: what programs play is measured, and they hear a voice.

    `environment` is what a program needs to find it, through PulseAudio or through ALSA. A server
    in the folder `unpacked` goes before the installed one.
    """

    def __init__(self, unpacked: Path = UNPACKED) -> None:
        self._unpacked = unpacked
        self._stack = contextlib.AsyncExitStack()
        self._directory = Path()
        self._server: Process | None = None
        self._heard: asyncio.Queue[bytes] | None = None

    @property
    def environment(self) -> Mapping[str, str]:
        return {
            "PULSE_SERVER": f"unix:{self._socket}",
            "PULSE_RUNTIME_PATH": str(self._directory),
            "PULSE_COOKIE": str(self._directory / "cookie"),
            "ALSA_CONFIG_PATH": str(self._directory / "asound.conf"),
        }

    @property
    def _socket(self) -> Path:
        return self._directory / "native"

    async def __aenter__(self) -> Self:
        """Start; raises KioskError when there is no sound server to be had."""
        try:
            await self._start()
        except BaseException:
            await self._stack.aclose()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    async def speaker_rms(self, seconds: Seconds) -> float:
        """Root mean square of what the speaker plays in the next `seconds`; full scale is 1."""
        sound = await self.speaker(seconds)
        return math.sqrt(float(numpy.mean(numpy.square(sound, dtype=numpy.float64)))) / FULL_SCALE

    async def speaker(self, seconds: Seconds) -> NDArray[numpy.int16]:
        """What the speaker plays in the next `seconds`, mono at `RATE_HZ`."""
        heard: asyncio.Queue[bytes] = asyncio.Queue()
        self._heard = heard
        sound = bytearray()
        try:
            async with asyncio.timeout(seconds + START_S):
                while len(sound) < seconds * RATE_HZ * 2:
                    sound += await heard.get()
        except TimeoutError as error:
            raise KioskError("the sound server fell silent") from error
        finally:
            self._heard = None
        return numpy.frombuffer(sound, numpy.int16)

    async def kill_server(self) -> None:
        """Take speaker and microphone away, as if they were unplugged; they do not come back."""
        assert self._server is not None
        self._server.kill()
        await self._server.wait()

    @contextlib.contextmanager
    def hung(self) -> Iterator[None]:
        """The server is there and does not answer."""
        assert self._server is not None
        self._server.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._server.send_signal(signal.SIGCONT)

    async def _start(self) -> None:
        self._directory = Path(tempfile.mkdtemp(prefix="visit-sound-"))
        self._stack.callback(shutil.rmtree, self._directory, ignore_errors=True)
        script = self._directory / "server.pa"
        script.write_text(_SERVER_SCRIPT.format(socket=self._socket), encoding="utf-8")
        (self._directory / "asound.conf").write_text(_ALSA_CONFIG, encoding="utf-8")
        self._server = await self._run(
            *(
                *_server(self._unpacked),
                "-n",
                "-F",
                str(script),
                "--daemonize=no",
                "--use-pid-file=no",
            ),
            *("--exit-idle-time=-1", "--log-target=stderr", "--log-level=error"),
        )
        await self._answers(self._server)
        mouth = await self._run("pacat", "--playback", "--device=mic", *_RAW, stdin=PIPE)
        self._during(_talk(mouth))
        # A null sink dozes, and stalls for good whoever uses it then, unless somebody has listened
        # closely before.
        for device in ("mic.monitor", "speaker.monitor"):
            ear = await self._run("parec", f"--device={device}", *_RAW, stdout=PIPE)
            await self._hears(ear)
            self._during(self._listen(ear, keep=device == "speaker.monitor"))

    async def _hears(self, ear: Process) -> None:
        assert ear.stdout is not None
        try:
            async with asyncio.timeout(START_S):
                if await ear.stdout.read(_BLOCK_BYTES):
                    return
        except TimeoutError as error:
            raise KioskError("the sound server has no sound") from error
        raise KioskError("the sound server ended while it started")

    async def _answers(self, server: Process) -> None:
        try:
            async with asyncio.timeout(START_S):
                while server.returncode is None:
                    with contextlib.suppress(OSError):
                        _, writer = await asyncio.open_unix_connection(self._socket)
                        writer.close()
                        return
                    await asyncio.sleep(0.02)  # another program listens: there is no event
        except TimeoutError as error:
            raise KioskError(f"the sound server was not ready in {START_S:g} s") from error
        raise KioskError("the sound server ended while it started")

    async def _run(self, *command: str, stdin: int = DEVNULL, stdout: int = DEVNULL) -> Process:
        directory = str(self._directory)
        environment = {**os.environ, **self.environment, "HOME": directory}
        environment["XDG_RUNTIME_DIR"] = environment["XDG_CONFIG_HOME"] = directory
        try:
            process = await asyncio.create_subprocess_exec(
                *command, stdin=stdin, stdout=stdout, stderr=DEVNULL, env=environment
            )
        except FileNotFoundError as error:
            raise KioskError(f"{command[0]} is not installed: run `make setup`") from error
        self._stack.push_async_callback(_end, process)
        return process

    def _during(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)

        async def stop() -> None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

        self._stack.push_async_callback(stop)

    async def _listen(self, ear: Process, keep: bool) -> None:
        assert ear.stdout is not None
        while block := await ear.stdout.read(_BLOCK_BYTES):
            if keep and self._heard is not None:
                self._heard.put_nowait(block)


def _server(unpacked: Path) -> Sequence[str]:
    """What starts the server: one that was only unpacked is told where its libraries are."""
    if not unpacked.is_dir():
        return ["pulseaudio"]
    libraries = sorted({str(library.parent) for library in unpacked.rglob("*.so*")})
    modules = [str(module.parent) for module in unpacked.rglob("module-null-sink.so")]
    return [
        *("env", f"LD_LIBRARY_PATH={':'.join(libraries)}", str(unpacked / "usr/bin/pulseaudio")),
        f"--dl-search-path={':'.join(modules)}",
    ]


async def _talk(mouth: Process) -> None:
    assert mouth.stdin is not None
    voice = _voice().tobytes()
    try:
        while True:
            for at in range(0, len(voice), _BLOCK_BYTES):
                mouth.stdin.write(voice[at : at + _BLOCK_BYTES])
                await mouth.stdin.drain()
    except ConnectionError:
        return
    finally:
        if not mouth.stdin.is_closing():
            mouth.stdin.transport.abort()  # what a stalled server never takes is not waited for
        with contextlib.suppress(ConnectionError):
            await mouth.stdin.wait_closed()


def _voice() -> NDArray[numpy.int16]:
    """One second, to be repeated: a low tone and its overtones, in four syllables."""
    at_s = numpy.arange(RATE_HZ) / RATE_HZ
    tone = sum(numpy.sin(2 * numpy.pi * 150 * n * at_s) / n for n in range(1, 8))
    syllables = 0.15 + 0.85 * numpy.sin(numpy.pi * 4 * at_s) ** 2
    return (0.2 * FULL_SCALE * tone / 2 * syllables).astype(numpy.int16)


async def _end(process: Process) -> None:
    """Ask it to stop, and make it: a listener of a server that stalled waits for ever to drain."""
    if process.returncode is not None:
        return
    process.terminate()
    try:
        async with asyncio.timeout(END_S):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
