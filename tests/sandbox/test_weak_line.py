"""The family's page says that the connection is weak, and whose, where it can know."""

import random
from typing import Any

from playwright.async_api import BrowserContext, expect

from kiosk.sandbox.app import Sandbox
from tests.sandbox.browser import TerminalMedia
from tests.sandbox.family_pages import SAM, call, enter_lobby
from tests.sandbox.terminal import Terminal

SOON_MS = 15_000
WELL_MS = 30_000

# As on a line where each word waits: what the page asks the service comes there late.
_SLOW = """(ms) => window.sockets.forEach((socket) => {
  const send = WebSocket.prototype.send.bind(socket);
  socket.send = (words) => ms ? setTimeout(() => send(words), ms) : send(words);
})"""


def lose(media: TerminalMedia, share: float) -> None:
    """Of what the terminal sends."""
    odds = random.Random(7)
    for transceiver in media._peer.getTransceivers():
        transport: Any = transceiver.sender.transport

        async def sometimes(data: bytes, transport: Any = transport) -> None:
            if odds.random() >= share:
                await type(transport)._send_rtp(transport, data)

        transport._send_rtp = sometimes


async def test_a_line_that_loses_much_is_called_weak_until_it_does_not(
    mums_phone: BrowserContext, sandbox: Sandbox, terminal: Terminal
) -> None:
    async with terminal.events() as stream:
        await terminal.join(*SAM)
        page = await enter_lobby(mums_phone, sandbox.family_url("v1-sam-mum"))
        media, _ = await call(terminal, stream, "v1-sam-mum")
        weak = page.locator("#weak")
        await expect(weak).to_have_text("")
        lose(media, 0.2)
        await expect(weak).to_have_text("The connection is weak.", timeout=SOON_MS)
        await page.evaluate(_SLOW, 800)
        await expect(weak).to_have_text("Your connection is weak.", timeout=SOON_MS)
        told = await stream.until("visitor_line")
        assert told.data == {"visit": "v1-sam-mum", "slow": True}
        await page.evaluate(_SLOW, 0)
        await expect(weak).to_have_text("The connection is weak.", timeout=SOON_MS)
        lose(media, 0.0)
        await expect(weak).to_have_text("", timeout=WELL_MS)
        await media.close()
