"""What a lane of events told, and services that send some."""

import asyncio
from collections.abc import Callable
from typing import Any

from kiosk.core.service.events import EventsLane, Listener
from kiosk.core.service.replies import Command
from tests.core.service.hostile import Asked, Peer, head

OPEN = head(200, "text/event-stream")


class Heard:
    """What the lane told, in order."""

    def __init__(self) -> None:
        self.lane: EventsLane
        self.told: asyncio.Queue[Any] = asyncio.Queue()
        self.listener = Listener(
            lambda: self.told.put_nowait("up"),
            lambda reason: self.told.put_nowait(("down", reason)),
            lambda id_, command: self.told.put_nowait((id_, command)),
        )

    async def next(self) -> Any:
        return await asyncio.wait_for(self.told.get(), 10)

    async def next_command(self) -> tuple[str, Command]:
        while True:
            told = await self.next()
            if told != "up" and told[0] != "down":
                return told  # type: ignore[no-any-return]

    async def next_down(self) -> str:
        while True:
            told = await self.next()
            if told[0] == "down":
                return str(told[1])


Listen = Callable[..., Heard]


def streaming(*parts: str) -> Callable[[Peer, Asked], None]:
    """A stream of these parts that then stays open."""

    def behave(peer: Peer, _: Asked) -> None:
        peer.send(OPEN + "".join(parts).encode())
        peer.wait()

    return behave


def event(id_: int, data: str = '{"visit": "v1"}', name: str = "release") -> str:
    return f"id: {id_}\nevent: {name}\ndata: {data}\n\n"
