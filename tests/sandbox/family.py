"""A family's page without a browser: says what the real one says, and keeps what it is told.

It is a client of the page's socket, written by hand for tests of the service; the journeys open the
page itself in a real Chromium (`kiosk/sandbox/family.py`).
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType
from yarl import URL

PATIENCE_S = 10.0


class FamilyPage:
    """One page load."""

    def __init__(self, socket: ClientWebSocketResponse, join_id: str) -> None:
        self.socket = socket
        self.join_id = join_id
        self.heard: list[dict[str, Any]] = []

    async def next(self) -> dict[str, Any]:
        """The next message of the service; EOFError when it closed the line."""
        message = await self.socket.receive(PATIENCE_S)
        if message.type is not WSMsgType.TEXT:
            raise EOFError(str(message.type))
        found: dict[str, Any] = json.loads(message.data)
        self.heard.append(found)
        return found

    async def until(self, kind: str, **fields: object) -> dict[str, Any]:
        """The next message of that type with these fields."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                found = await self.next()
                if found["type"] == kind and fields.items() <= found.items():
                    return found

    async def say(self, kind: str, **fields: object) -> None:
        await self.socket.send_json({"type": kind, **fields})

    async def ready(self, *, camera: bool = True, microphone: bool = True) -> None:
        await self.say("ready", camera=camera, microphone=microphone)

    async def answer(self, sdp: str | None = "v=0\r\nanswer\r\n") -> dict[str, Any]:
        """Answer the next offer; returns it."""
        offer = await self.until("offer")
        await self.say("answer", connection=offer["connection"], sdp=sdp)
        return offer


@asynccontextmanager
async def opened(
    session: ClientSession, url: str, *, secret: str | None = None, join_id: str | None = None
) -> AsyncIterator[FamilyPage]:
    """Open the link at `url` as a browser would."""
    address = URL(url)
    hello = {
        "type": "hello",
        "link": address.fragment,
        "join_id": join_id or uuid4().hex,
    }
    if secret is not None:
        hello["secret"] = secret
    headers = {"Origin": str(address.origin())}
    async with session.ws_connect(address.origin() / "visit/socket", headers=headers) as socket:
        await socket.send_json(hello)
        yield FamilyPage(socket, hello["join_id"])
