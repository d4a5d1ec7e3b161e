"""An officer's page without a browser."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import ClientSession, ClientWebSocketResponse, CookieJar, WSServerHandshakeError
from yarl import URL

PATIENCE_S = 10.0


class Officer:
    """Logged in at the desk."""

    def __init__(self, session: ClientSession, url: URL) -> None:
        self._session = session
        self.url = url

    async def post(self, path: str, body: object, **headers: str) -> tuple[int, str]:
        """Status, and the code of a refusal."""
        sent = {"Origin": str(self.url.origin()), **headers}
        async with self._session.post(
            self.url.origin() / path.lstrip("/"), json=body, headers=sent
        ) as reply:
            text = await reply.text()
            return reply.status, json.loads(text)["code"] if reply.status == 409 else ""

    async def act(self, act: str, **fields: object) -> None:
        """Do it; it must work."""
        assert await self.post("/officer/act", {"act": act, **fields}) == (204, "")

    async def refused(self, act: str, **fields: object) -> str:
        """Try it; it must be refused. Returns the code."""
        status, code = await self.post("/officer/act", {"act": act, **fields})
        assert status == 409, status
        return code

    @asynccontextmanager
    async def watching(self) -> AsyncIterator["Overview"]:
        headers = {"Origin": str(self.url.origin())}
        address = self.url.origin() / "officer/socket"
        async with self._session.ws_connect(address, headers=headers) as socket:
            yield Overview(socket)

    @asynccontextmanager
    async def looking(self, reference: str) -> AsyncIterator["Look"]:
        """Watch a visit; nothing is answered."""
        headers = {"Origin": str(self.url.origin())}
        address = self.url.origin() / "officer/watch"
        async with self._session.ws_connect(address, headers=headers) as socket:
            await socket.send_json({"reference": reference})
            yield Look(socket)

    async def look_refused(self, reference: str, **headers: str) -> int:
        """Try to watch a visit; the status of the refusal."""
        with pytest.raises(WSServerHandshakeError) as refused:
            async with self._session.ws_connect(
                self.url.origin() / "officer/watch",
                headers={"Origin": str(self.url.origin()), **headers},
            ) as socket:
                await socket.send_json({"reference": reference})
        return refused.value.status


class Look:
    """What an officer is told who watches one visit."""

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        self._socket = socket

    async def next(self) -> dict[str, Any]:
        found: dict[str, Any] = await self._socket.receive_json(timeout=PATIENCE_S)
        return found

    async def last(self) -> dict[str, Any]:
        """What is told last before the service hangs up."""
        told: dict[str, Any] = {}
        async with asyncio.timeout(PATIENCE_S):
            async for message in self._socket:
                told = json.loads(message.data)
        return told


class Overview:
    """What the officer sees, as it changes."""

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        self._socket = socket

    async def until(self, seen: Callable[[dict[str, Any]], Any]) -> Any:
        """The first truthy thing that `seen` finds in an overview."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                found = seen(await self._socket.receive_json())
                if found:
                    return found

    async def visit(self, reference: str, **fields: object) -> dict[str, Any]:
        """The visit, once it shows these fields."""

        def seen(overview: dict[str, Any]) -> dict[str, Any] | None:
            for visit in overview["visits"]:
                if visit["reference"] == reference and fields.items() <= visit.items():
                    return dict(visit)
            return None

        found: dict[str, Any] = await self.until(seen)
        return found

    async def notice(self, kind: str) -> dict[str, Any]:
        def seen(overview: dict[str, Any]) -> dict[str, Any] | None:
            return next((each for each in overview["notices"] if each["kind"] == kind), None)

        found: dict[str, Any] = await self.until(seen)
        return found


@asynccontextmanager
async def at_the_desk(url: str, password: str) -> AsyncIterator[Officer]:
    """Log in."""
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as session:
        officer = Officer(session, URL(url))
        assert await officer.post("/officer/login", {"password": password}) == (204, "")
        yield officer
