"""The real bridge as a process, and who listens to it as kiosk-core or as an observer."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TypeVar

from kiosk.clock import Clock, Seconds, SystemClock
from kiosk.wire.aio import WireClient
from kiosk.wire.devices import ReaderStatus
from kiosk.wire.messages import Message, Program

ROOT = Path(__file__).parents[2]
PATIENCE_S = 10.0

Kind = TypeVar("Kind", bound=Message)


class BridgeProcess:
    """`python -m firmware_bridge run`, with one reader called `front`; its log is kept."""

    def __init__(
        self,
        directory: Path,
        port: Path,
        user: int | None = None,
        more: str = "",
        without: str = "",
        core: str | int = os.getuid(),
        code: Path = ROOT,
    ) -> None:
        """`more` are further tables: the board's, or another reader's; `without` is not set.

        `code` is where the bridge's own modules are.
        """
        self.socket = directory / "bridge/bridge.sock"
        self._log_file = directory / "bridge.log"
        self._config = directory / "bridge.toml"
        self._user = user
        self._code = code
        text = (
            f'tamper_file = "{directory}/tampers"\n[wire]\nsocket = "{self.socket}"\n'
            f"core_user = {json.dumps(core)}\nobserver_user = {os.getuid()}\n"
            f"staff_user = {os.getuid()}\n"
            f'[[reader]]\nname = "front"\nkind = "em4100_ascii"\nport = "{port}"\n' + more
        )
        lines = text.splitlines(keepends=True)
        self._config.write_text("".join(line for line in lines if line.split()[:1] != [without]))

    async def start(self) -> None:
        with self._log_file.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "firmware_bridge", "run", "--config", str(self._config)),
                cwd=self._code,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                user=self._user,
                group=self._user,
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def log(self) -> str:
        return self._log_file.read_text()

    async def listens(self) -> None:
        """Wait until its socket is there."""
        async with asyncio.timeout(PATIENCE_S):
            while not self.socket.exists():
                await asyncio.sleep(0.01)

    async def ends(self) -> int:
        async with asyncio.timeout(PATIENCE_S):
            return await self._process.wait()

    async def terminate(self) -> int:
        self._process.terminate()
        return await self.ends()

    async def kill(self) -> None:
        self._process.kill()
        await self.ends()

    async def clear_away(self) -> None:
        if self._process.returncode is None:
            await self.kill()


@asynccontextmanager
async def running(
    directory: Path,
    port: Path,
    user: int | None = None,
    more: str = "",
    without: str = "",
    core: str | int = os.getuid(),
    code: Path = ROOT,
) -> AsyncIterator[BridgeProcess]:
    bridge = BridgeProcess(directory, port, user, more, without, core, code)
    await bridge.start()
    try:
        yield bridge
    finally:
        await bridge.clear_away()


class Ear:
    """All that the bridge says to one program, with the moment at which it was heard."""

    say: Callable[[Message], None]
    """How the program answers."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._news = asyncio.Event()
        self._read = 0
        self.all: list[tuple[Seconds, Message]] = []

    def hear(self, message: Message) -> None:
        self.all.append((self._clock.monotonic(), message))
        self._news.set()

    def of(self, kind: type[Kind]) -> list[Kind]:
        return [message for _, message in self.all if isinstance(message, kind)]

    async def next(
        self, kind: type[Kind], fits: Callable[[Kind], bool] = lambda _: True
    ) -> tuple[Seconds, Kind]:
        """The next message of a kind that fits; what came before it counts as read."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                while self._read < len(self.all):
                    at_s, message = self.all[self._read]
                    self._read += 1
                    if isinstance(message, kind) and fits(message):
                        return at_s, message
                self._news.clear()
                await self._news.wait()

    async def knows(self, *messages: Message) -> None:
        """Wait until all of these were heard, in whichever order and whether read or not."""
        async with asyncio.timeout(PATIENCE_S):
            while not all(message in [heard for _, heard in self.all] for message in messages):
                self._news.clear()
                await self._news.wait()

    async def up(self) -> Seconds:
        """When the reader was next said to work."""
        return (await self.next(ReaderStatus, lambda status: status.up))[0]

    async def down(self) -> str:
        """Why the reader was next said not to work."""
        return (await self.next(ReaderStatus, lambda status: not status.up))[1].reason


@asynccontextmanager
async def listening(socket: Path, me: Program = Program.CORE) -> AsyncIterator[Ear]:
    """Connect to the bridge as `me`, again and again."""
    ear = Ear(SystemClock())
    client = WireClient(
        socket,
        me,
        Program.BRIDGE,
        None,
        on_up=lambda: None,
        on_message=ear.hear,
        on_down=lambda _reason: None,
    )
    ear.say = client.send
    task = asyncio.create_task(client.run())
    try:
        yield ear
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
