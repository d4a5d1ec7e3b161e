"""The real call program, and a kiosk-core that a test leads."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, TypeVar

from kiosk.clock import SystemClock
from kiosk.wire.aio import WireServer
from kiosk.wire.frames import Frame, FrameReader
from kiosk.wire.messages import (
    CallConnected,
    CallStatus,
    IceServer,
    Medium,
    Message,
    OfferReady,
    PrepareCall,
    Program,
    TakeAnswer,
)

PATIENCE_S = 15.0
ROOT = Path(__file__).parents[2]
BOTH_WAYS = Medium("sendrecv", "terminal")
CLOCK = SystemClock()

Kind = TypeVar("Kind", bound=Message)


def now_s() -> float:
    return CLOCK.monotonic()


@dataclass
class Heard:
    """What kiosk-call said, and when it was heard."""

    message: Message
    at_s: float


class Core:
    """Listens as kiosk-core does, gives orders and hears what kiosk-call says."""

    def __init__(self, socket: Path) -> None:
        self.heard: list[Heard] = []
        self._read = 0
        self._news = asyncio.Event()
        self.gone = asyncio.Event()
        self._server = WireServer(
            socket,
            Program.CORE,
            {Program.CALL: os.getuid()},
            on_peer=lambda _program: None,
            on_message=self._hear,
            on_gone=lambda _program, _reason: self.gone.set(),
        )

    async def start(self) -> None:
        await self._server.start()

    async def close(self) -> None:
        await self._server.close()

    def say(self, message: Message) -> None:
        self._server.send(Program.CALL, message)

    async def hears(
        self,
        kind: type[Kind],
        that: Callable[[Kind], bool] = lambda _: True,
        patience_s: float = PATIENCE_S,
    ) -> Kind:
        """The next message of a kind; others before it are passed over."""
        async with asyncio.timeout(patience_s):
            while True:
                while self._read < len(self.heard):
                    message = self.heard[self._read].message
                    self._read += 1
                    if isinstance(message, kind) and that(message):
                        return message
                self._news.clear()
                await self._news.wait()

    def all(self, kind: type[Kind]) -> list[Kind]:
        """Everything of a kind that was heard so far."""
        return [heard.message for heard in self.heard if isinstance(heard.message, kind)]

    def heard_at_s(self, message: Message) -> float:
        return next(heard.at_s for heard in self.heard if heard.message is message)

    def _hear(self, _program: Program, message: Message) -> None:
        self.heard.append(Heard(message, now_s()))
        self._news.set()


@dataclass
class Terminal:
    """The place of one test: a directory with the wire, the frames, the settings and the log."""

    directory: Path
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def socket(self) -> Path:
        return self.directory / "core.sock"

    @property
    def log(self) -> str:
        path = self.directory / "call.log"
        return path.read_text() if path.exists() else ""

    async def logs(self, words: str) -> None:
        """Wait until the program has said this in its log."""
        async with asyncio.timeout(PATIENCE_S):
            while words not in self.log:
                await asyncio.sleep(0.01)  # another process writes it: there is no event

    def frames(self, name: str) -> FrameReader:
        return FrameReader(self.directory / "frames" / name)

    def is_zeroed(self, name: str) -> bool:
        """Whether no byte of any picture is in a frame file; its magic may be."""
        data = (self.directory / "frames" / name).read_bytes()
        return len(data) > 4_000_000 and not data[8:].strip(b"\0")

    def write_settings(self, camera: str = "pattern", audio: str = "none") -> Path:
        (self.directory / "frames").mkdir(exist_ok=True)
        path = self.directory / "call.toml"
        path.write_text(
            f'[wire]\nsocket = "{self.socket}"\n'
            f'[frames]\ndirectory = "{self.directory}/frames"\n'
            f'[camera]\nsource = "{camera}"\n'
            f'[audio]\ninput = "{audio}"\noutput = "{audio}"\n'
        )
        return path

    @asynccontextmanager
    async def core(self) -> AsyncIterator[Core]:
        core = Core(self.socket)
        await core.start()
        try:
            yield core
        finally:
            await core.close()

    @asynccontextmanager
    async def program(
        self,
        *,
        camera: str = "pattern",
        audio: str = "none",
        start: tuple[str, ...] = (),
        settings: Path | None = None,
    ) -> AsyncIterator[asyncio.subprocess.Process]:
        """`python -m kiosk.call`, or what `start` says in place of `-m kiosk.call`."""
        settings = settings or self.write_settings(camera, audio)
        arguments = (*(start or ("-m", "kiosk.call")), "--config", str(settings))
        with (self.directory / "call.log").open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, *arguments),
                cwd=ROOT,
                env={**os.environ, "PYTHONPATH": str(ROOT), **self.environment},
                stderr=log,
            )
        try:
            yield process
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()


@asynccontextmanager
async def ready(
    terminal: Terminal, *, camera: str = "pattern", audio: str = "none", start: tuple[str, ...] = ()
) -> AsyncIterator[tuple[Core, asyncio.subprocess.Process]]:
    """A core, and the program that has said hello to it."""
    async with (
        terminal.core() as core,
        terminal.program(camera=camera, audio=audio, start=start) as process,
    ):
        await core.hears(CallStatus)
        yield core, process


def order(
    call: int = 7,
    for_s: float = 60.0,
    media: tuple[Medium, ...] = (BOTH_WAYS,),
    *,
    attempt: int = 1,
    ice_servers: tuple[IceServer, ...] = (),
    relay_only: bool = False,
    muted: bool = False,
    held: bool = False,
    sound_only: bool = False,
) -> PrepareCall:
    ends_at_s = now_s() + for_s
    return PrepareCall(
        *("v1", attempt, call, ends_at_s, media, ice_servers, relay_only, muted, held, sound_only)
    )


async def frame_of(reader: FrameReader, call: int, after: int = 0) -> Frame:
    """The next picture of a call in a frame file."""
    async with asyncio.timeout(PATIENCE_S):
        while (frame := reader.newest(call, after)) is None:
            await asyncio.sleep(0.005)
    return frame


async def connect(core: Core, visitor: "Answers", prepare: PrepareCall) -> None:
    """Have the call of `prepare` answered and connected."""
    core.say(prepare)
    offer = await core.hears(OfferReady, lambda ready: ready.call == prepare.call)
    core.say(TakeAnswer(prepare.call, offer.medium, await visitor.answer(offer.sdp)))
    await core.hears(CallConnected, lambda connected: connected.call == prepare.call)


class Answers(Protocol):
    """Somebody at the other end."""

    async def answer(self, offer: str) -> str: ...
