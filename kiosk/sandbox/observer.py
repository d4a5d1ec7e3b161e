"""Watches a running terminal from one program's socket, so that a demo or a test can wait for things."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from kiosk.clock import Seconds
from kiosk.errors import KioskError
from kiosk.wire.aio import WireClient
from kiosk.wire.messages import Drawn, Message, Program, StageEntered

Seen = TypeVar("Seen", bound=Message)

PATIENCE_S = 15.0


class Observer:
    """Everything that kiosk-core, or another, told since `start`, and a way to wait for what comes."""

    def __init__(
        self,
        socket: Path,
        on_message: Callable[[Message], None] | None = None,
        *,
        of: Program = Program.CORE,
    ) -> None:
        self.seen: list[Message] = []
        self._on_message = on_message
        self._news = asyncio.Event()
        self._client = WireClient(
            socket,
            Program.OBSERVER,
            of,
            None,
            on_up=lambda: None,
            on_message=self._keep,
            on_down=lambda _: None,
        )
        self._running: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._running = asyncio.create_task(self._client.run())

    async def stop(self) -> None:
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)

    def _keep(self, message: Message) -> None:
        self.seen.append(message)
        self._news.set()
        if self._on_message is not None:
            self._on_message(message)

    def mark(self) -> int:
        """A place in what was seen, to wait for something newer than it."""
        return len(self.seen)

    async def wait_for(
        self,
        kind: type[Seen],
        fits: Callable[[Seen], bool] = lambda _: True,
        *,
        since: int = 0,
        patience_s: Seconds = PATIENCE_S,
    ) -> Seen:
        """The first message of `kind` that fits, from `since` on; KioskError when none comes."""
        try:
            async with asyncio.timeout(patience_s):
                while True:
                    for message in self.seen[since:]:
                        if isinstance(message, kind) and fits(message):
                            return message
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError as error:
            last = ", ".join(type(message).__name__ for message in self.seen[-5:])
            raise KioskError(
                f"no {kind.__name__} in {patience_s:g} s; last seen: {last}"
            ) from error

    async def drawn(
        self, screen: str, *, since: int = 0, patience_s: Seconds = PATIENCE_S
    ) -> Drawn:
        """The first drawing of a screen, named without its ending `Screen`."""
        name = f"{screen}Screen"
        return await self.wait_for(
            Drawn, lambda drawn: drawn.screen == name, since=since, patience_s=patience_s
        )

    async def stage(
        self, stage: str, *, since: int = 0, patience_s: Seconds = PATIENCE_S
    ) -> StageEntered:
        """The first time that the visit came to a stage."""
        return await self.wait_for(
            StageEntered, lambda entered: entered.stage == stage, since=since, patience_s=patience_s
        )
