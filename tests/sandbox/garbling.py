"""A real Janus behind a line that spoils each answer with media in it."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Literal, TypeAlias

from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType, web

PROTOCOL = "janus-protocol"
How: TypeAlias = Literal["garbage", "error"]

_SPOILED: dict[How, Callable[[str], str]] = {
    "garbage": lambda _: "garbage",
    "error": lambda transaction: json.dumps(
        {"janus": "error", "transaction": transaction, "error": {"code": 490, "reason": "no"}}
    ),
}


class GarblingLine:
    """Passes on what both say, but for answers that carry SDP; counts those that it spoiled."""

    def __init__(self, janus_url: str, how: How) -> None:
        self.spoiled = 0
        self._janus_url = janus_url
        self._how: How = how

    @asynccontextmanager
    async def running(self) -> AsyncIterator[str]:
        """Yields the address in the place of Janus'."""
        application = web.Application()
        application.add_routes([web.get("/", self._serve)])
        runner = web.AppRunner(application, shutdown_timeout=0.1)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            yield f"ws://127.0.0.1:{runner.addresses[0][1]}/"
        finally:
            await runner.cleanup()

    async def _serve(self, request: web.Request) -> web.WebSocketResponse:
        service = web.WebSocketResponse(protocols=(PROTOCOL,))
        await service.prepare(request)
        async with (
            ClientSession() as session,
            session.ws_connect(self._janus_url, protocols=(PROTOCOL,)) as janus,
        ):
            answering = asyncio.create_task(self._answer(janus, service))
            async for said in service:
                if said.type is WSMsgType.TEXT and not janus.closed:
                    await janus.send_str(said.data)
            answering.cancel()
            await asyncio.gather(answering, return_exceptions=True)
        return service

    async def _answer(self, janus: ClientWebSocketResponse, service: web.WebSocketResponse) -> None:
        async for said in janus:
            answer = json.loads(said.data)
            if "jsep" in answer:
                self.spoiled += 1
                await service.send_str(_SPOILED[self._how](answer.get("transaction", "")))
            else:
                await service.send_str(said.data)
        await service.close()
