"""Looks into Janus itself: its rooms, its connections, by its own admin interface."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, ClientWebSocketResponse

from kiosk import config
from kiosk.sandbox.files import write_settings
from kiosk.sandbox.janus import Janus
from kiosk.sandbox.janus_process import PORTS, JanusProcess
from kiosk.sandbox.settings import JanusSettings

PATIENCE_S = 5.0
UNTIL_S = 15.0
LOOK_EACH_S = 0.05


def settings_of(process: JanusProcess, directory: Path) -> JanusSettings:
    """What the service is told of this Janus, as its settings file says it."""
    file = directory / "janus.toml"
    write_settings(file, process.settings)
    return config.load(file, JanusSettings)


@asynccontextmanager
async def running(directory: Path, ports: int = PORTS) -> AsyncIterator[JanusProcess]:
    """A Janus of a test's own."""
    directory.mkdir()
    process = JanusProcess(directory, directory / "janus.log", ports)
    await process.start()
    try:
        yield process
    finally:
        await process.stop()


async def rooms(settings: JanusSettings) -> dict[str, Mapping[str, Any]]:
    """Every room that there is, private ones too, by name."""
    janus = await Janus.open(settings)
    try:
        body = {"request": "list", "admin_key": settings.admin_key}
        listed = (await janus.ask(await janus.attach(), body)).data["list"]
        return {room["room"]: room for room in listed}
    finally:
        await janus.close()


async def participants(process: JanusProcess) -> list[Mapping[str, Any]]:
    """What the room plugin says of each handle in any session, who only listens included."""
    async with (
        ClientSession() as session,
        session.ws_connect(process.admin_url, protocols=("janus-admin-protocol",)) as socket,
    ):
        admin = _Admin(socket, process.admin_secret)
        found = []
        for session_id in (await admin.ask("list_sessions"))["sessions"]:
            told = await admin.ask("list_handles", session_id=session_id)
            for handle in told.get("handles", ()):  # it may have ended meanwhile, and so may this
                told = await admin.ask("handle_info", session_id=session_id, handle_id=handle)
                found.append(told.get("info", {}).get("plugin_specific", {}))
        return found


async def of_type(process: JanusProcess, kind: str) -> list[Mapping[str, Any]]:
    """The publishers, or the subscribers, of all rooms."""
    return [each for each in await participants(process) if each.get("type") == kind]


async def until(seen: Callable[[], Awaitable[object]], patience_s: float = UNTIL_S) -> None:
    """Ask another program again and again: it tells nobody by itself."""
    async with asyncio.timeout(patience_s):
        while not await seen():
            await asyncio.sleep(LOOK_EACH_S)


async def until_there_are(process: JanusProcess, number: int, kind: str) -> None:
    """So many publishers, or subscribers, in all rooms."""

    async def so_many() -> bool:
        return len(await of_type(process, kind)) == number

    await until(so_many)


async def until_nothing_is_left(janus: JanusProcess, known: JanusSettings) -> None:
    async def nothing() -> bool:
        return not await rooms(known) and not await of_type(janus, "publisher")

    await until(nothing)


class _Admin:
    def __init__(self, socket: ClientWebSocketResponse, secret: str) -> None:
        self._socket = socket
        self._secret = secret
        self._numbers = itertools.count()

    async def ask(self, what: str, **fields: object) -> dict[str, Any]:
        transaction = str(next(self._numbers))
        said = {"janus": what, "transaction": transaction, "admin_secret": self._secret}
        await self._socket.send_json({**said, **fields})
        while True:
            heard: dict[str, Any] = await self._socket.receive_json(timeout=PATIENCE_S)
            if heard.get("transaction") == transaction:
                return heard
