"""The real screen program on a display of its own, and a kiosk-core that a test leads."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, TypeVar

from kiosk.wire.aio import WireServer
from kiosk.wire.messages import Message, Program, ScreenStats, Show
from kiosk.wire.screens import Screen

PATIENCE_S = 10.0
ROOT = Path(__file__).parents[2]

Kind = TypeVar("Kind", bound=Message)


class Core:
    """Listens as kiosk-core does, shows screens and hears what the screen says."""

    def __init__(self, socket: Path) -> None:
        self._heard: asyncio.Queue[Message] = asyncio.Queue()
        self.up = asyncio.Event()
        self.down = asyncio.Event()
        self._number = 0
        self.screen_stats: list[ScreenStats] = []
        self._server = WireServer(
            socket,
            Program.CORE,
            {Program.UI: os.getuid()},
            on_peer=lambda _program: self.up.set(),
            on_message=lambda _program, message: self._hear(message),
            on_gone=lambda _program, _reason: self.down.set(),
        )

    async def start(self) -> None:
        await self._server.start()

    async def close(self) -> None:
        await self._server.close()

    def show(self, screen: Screen, **beside: Any) -> int:
        """Show a screen, with what else a Show says; its number."""
        self._number += 1
        self.says(Show(self._number, "Terminal 3", "Hall A", screen, **beside))
        return self._number

    def says(self, message: Message) -> None:
        """Say anything to the screen."""
        self._server.send(Program.UI, message)

    def _hear(self, message: Message) -> None:
        if isinstance(message, ScreenStats):
            self.screen_stats.append(message)
        self._heard.put_nowait(message)

    async def hears(self, kind: type[Kind]) -> Kind:
        """The next message of a kind; others before it are passed over."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                message = await self._heard.get()
                if isinstance(message, kind):
                    return message


@asynccontextmanager
async def core_at(socket: Path) -> AsyncIterator[Core]:
    core = Core(socket)
    await core.start()
    try:
        yield core
    finally:
        await core.close()


@contextmanager
def display(
    width_px: int = 1280, height_px: int = 800, memory: Path | None = None
) -> Iterator[str]:
    """An X display of its own, such as `:7`; its pixels are left in the folder `memory`."""
    readable, writable = os.pipe()
    screen = f"{width_px}x{height_px}x24"
    kept = ("-fbdir", str(memory)) if memory else ()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writable), "-screen", "0", screen, "-nolisten", "tcp", *kept],
        pass_fds=(writable,),
        stderr=subprocess.DEVNULL,
    )
    os.close(writable)
    with os.fdopen(readable) as said:
        name = f":{said.readline().strip()}"
    try:
        yield name
    finally:
        server.terminate()
        server.wait()


def settings(directory: Path, **screen: object) -> Path:
    """A settings file for a screen whose wire and frames are in `directory`."""
    path = directory / "ui.toml"
    lines = [
        f'[wire]\nsocket = "{directory}/core.sock"',
        f'[frames]\ndirectory = "{directory}"',
        "[screen]",
        *(f"{name} = {_toml(value)}" for name, value in screen.items()),
    ]
    path.write_text("\n".join(lines) + "\n")
    return path


@contextmanager
def screen_program(
    config: Path, on_display: str, module: str = "kiosk.ui"
) -> Iterator[subprocess.Popen[str]]:
    """`python -m kiosk.ui`, or what runs it, in a home directory where each file it leaves can be seen."""
    home = config.parent / "home"
    home.mkdir(exist_ok=True)
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "DISPLAY": on_display,
        "SDL_VIDEODRIVER": "x11",
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    program = subprocess.Popen(
        [sys.executable, "-m", module, "--config", str(config)],
        env=environment,
        cwd=home,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield program
    finally:
        if program.poll() is None:
            program.kill()
        program.communicate()


def xdo(on_display: str, *words: object) -> None:
    """Move, click or type on a display."""
    subprocess.run(
        ["xdotool", *map(str, words)], env={**os.environ, "DISPLAY": on_display}, check=True
    )


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else str(value)
