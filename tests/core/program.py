"""The real kiosk-core as a process, and a test that speaks for the other three programs."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TypeVar

from kiosk.clock import Seconds, SystemClock
from kiosk.sandbox.files import Nested, write_settings
from kiosk.wire.aio import WireClient, WireServer
from kiosk.wire.devices import CardPresented, ReaderStatus
from kiosk.wire.messages import CallStatus, Message, Program, Show, Touch, Touched
from kiosk.wire.screens import IdleScreen, Screen
from kiosk.wire.secret import Secret

ROOT = Path(__file__).parents[2]
TERMINAL: Nested = {"id": "T1", "name": "Terminal 1", "prison": "MDI", "hall": "Hall A"}
PATIENCE_S = 10.0
CLOCK = SystemClock()

Seen = TypeVar("Seen", bound=Screen)


class CoreProgram:
    """`python -m kiosk.core` of terminal T1 in Hall A, with the service at `url`."""

    def __init__(self, directory: Path, url: str, terminal: Nested) -> None:
        self._config = directory / "core.toml"
        self._log_file = directory / "core.log"
        self._shown: Show | None = None
        self._news = asyncio.Event()
        core, bridge = directory / "core.sock", directory / "bridge.sock"
        write_settings(
            self._config,
            {
                "terminal": {**TERMINAL, **terminal},
                "service": {"url": url},
                "wire": {"socket": core, "bridge_socket": bridge},
                "state": {"fleeting": directory / "fleeting", "lasting": directory / "lasting"},
            },
        )
        self._bridge = WireServer(
            bridge,
            Program.BRIDGE,
            {Program.CORE: os.getuid()},
            on_peer=lambda core: self._bridge.send(core, ReaderStatus("desk", up=True)),
            on_message=lambda *_: None,
            on_gone=lambda *_: None,
        )
        self._screen = _client(core, Program.UI, on_message=self._see)
        self._call = _client(core, Program.CALL, on_up=self._say_hello)

    async def run(self) -> None:
        """Until cancelled."""
        await self._bridge.start()
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._screen.run())
                group.create_task(self._call.run())
                await self._run_program()
        finally:
            await self._bridge.close()

    async def _run_program(self) -> None:
        command = (sys.executable, "-m", "kiosk.core", "--config", str(self._config))
        with self._log_file.open("ab") as log:
            process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stderr=log)
        self.pid = process.pid
        try:
            status = await process.wait()
            raise AssertionError(f"kiosk-core ended with {status}: {self._log_file.read_text()}")
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()

    def shows_card(self, credential: str) -> None:
        """A person holds a card to the reader."""
        told = CardPresented("desk", "em4100", "identifier", Secret(credential), CLOCK.monotonic())
        self._bridge.send(Program.CORE, told)

    def touches(self, touch: Touch) -> Seconds:
        """A person touches the newest screen; when."""
        assert self._shown is not None
        now_s = CLOCK.monotonic()
        self._screen.send(Touched(self._shown.number, touch, now_s))
        return now_s

    async def sees(self, screen: type[Seen], fits: Callable[[Seen], bool] = lambda _: True) -> Seen:
        """What is shown as soon as it is a `screen` that fits."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                shown = self._shown.screen if self._shown is not None else None
                if isinstance(shown, screen) and fits(shown):
                    return shown
                self._news.clear()
                await self._news.wait()

    def is_offered(self) -> tuple[str, ...]:
        """The languages that the newest screen offers."""
        assert self._shown is not None
        return self._shown.languages

    def _say_hello(self) -> None:
        """Of kiosk-call, which is in no call."""
        self._call.send(CallStatus(None, None, None, None))

    def _see(self, message: Message) -> None:
        if isinstance(message, Show):
            self._shown = message
            self._news.set()


def _client(
    core: Path,
    me: Program,
    on_up: Callable[[], None] = lambda: None,
    on_message: Callable[[Message], None] = lambda _: None,
) -> WireClient:
    return WireClient(
        core, me, Program.CORE, None, on_up=on_up, on_message=on_message, on_down=lambda _: None
    )


@asynccontextmanager
async def core_program(directory: Path, url: str) -> AsyncIterator[CoreProgram]:
    """A kiosk-core that is ready for a card."""
    async with started_core(directory, url, {}) as core:
        await core.sees(IdleScreen)
        yield core


@asynccontextmanager
async def started_core(directory: Path, url: str, terminal: Nested) -> AsyncIterator[CoreProgram]:
    """A kiosk-core with more settings in `[terminal]`, from its very start."""
    core = CoreProgram(directory, url, terminal)
    running = asyncio.create_task(core.run())
    try:
        yield core
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
