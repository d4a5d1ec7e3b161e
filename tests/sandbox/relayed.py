"""A visit through a real Janus: the terminal's two connections, and the visitor's page in a browser."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from playwright.async_api import BrowserContext, Page, expect

from kiosk.sandbox.app import Sandbox
from tests.sandbox.browser import TerminalMedia
from tests.sandbox.family_pages import enter_lobby
from tests.sandbox.terminal import Stream, Terminal

SAMS_ROOM = "visit-v1-sam-mum"


class RelayedMedia:
    """What a terminal has in a room: it sends by an offer, and plays what it asked for."""

    def __init__(self, terminal: Terminal, reference: str, join_id: str) -> None:
        self._terminal = terminal
        self._reference = reference
        self.join_id = join_id
        self.sending = TerminalMedia()
        self.playing = TerminalMedia(sends=False)
        self.locations: list[str] = []

    async def connect(self) -> None:
        await self.send()
        await self.play()
        for kind in ("video", "audio"):
            await self.playing.until_received(kind, 10)

    async def send(self) -> None:
        offer = await self.sending.offer()
        reply = await self._terminal.offer(self._reference, self.join_id, offer)
        assert reply.status == 201, reply.code
        self.locations.append(reply.headers["Location"])
        await self.sending.answered(reply.body.decode())

    async def play(self) -> None:
        reply = await self._terminal.ask_offer(self._reference, self.join_id)
        assert reply.status == 201, reply.code
        self.locations.append(reply.headers["Location"])
        answer = await self.playing.answer_to(reply.body.decode())
        assert (await self._terminal.answer(self.locations[-1], answer)).status == 204

    async def close(self) -> None:
        await self.sending.close()
        await self.playing.close()


@dataclass(frozen=True, slots=True)
class Meeting:
    """They see and hear each other through a room."""

    page: Page
    media: RelayedMedia
    stream: Stream


async def announced(stream: Stream) -> str:
    """The page load that is ready next."""
    return str((await stream.until("visitor_ready")).data["join_id"])


@asynccontextmanager
async def connected(
    terminal: Terminal, reference: str, join_id: str
) -> AsyncIterator[RelayedMedia]:
    """The terminal sends to this page load, and has heard and seen it."""
    media = RelayedMedia(terminal, reference, join_id)
    try:
        await media.connect()
        yield media
    finally:
        await media.close()


@asynccontextmanager
async def meeting(
    context: BrowserContext, sandbox: Sandbox, terminal: Terminal, visit: tuple[str, str]
) -> AsyncIterator[Meeting]:
    reference, number = visit
    async with terminal.events() as stream:
        assert (await terminal.join(reference, number)).status == 200
        page = await enter_lobby(context, sandbox.family_url(reference))
        async with connected(terminal, reference, await announced(stream)) as media:
            await expect(page.locator("#call")).to_be_visible()
            yield Meeting(page, media, stream)
