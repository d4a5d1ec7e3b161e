"""The family's page says that the connection is weak, and whose, where it can know; and no picture
spoils the sound."""

import asyncio
import json
import random
from typing import Any

import pytest
from playwright.async_api import BrowserContext, Page, expect

from kiosk.sandbox.app import Sandbox
from tests.sandbox.browser import TerminalMedia, open_page
from tests.sandbox.conftest import ShiftedClock
from tests.sandbox.family_pages import SAM, call, enter_lobby, sams_call
from tests.sandbox.terminal import Terminal

SOON_MS = 15_000

# By a call that plays on without a pause, what is said after each second in which so much was lost.
_MISSED = """async ([kind, each]) => {
    const { Call } = await import("/call.js");
    const { counted } = await import("/quality.js");
    const call = new Call(null, {}), said = [];
    let lost = 0;
    const report = () => ({ type: "inbound-rtp", kind, packetsReceived: 50, packetsLost: lost });
    const getStats = async () => new Map([["report", report()]]);
    call._parts.both = { hasRoom: true, silentMs: () => 0, measure: () => counted({ getStats }) };
    for (const more of each) {
        lost += more;
        await call.measure();
        said.push(call.missed);
    }
    return said;
}"""
AWAY_S = 1.0
WELL_MS = 30_000

# As on a line where each word waits: what the page asks the service comes there late.
_SLOW = """(ms) => window.sockets.forEach((socket) => {
  const send = WebSocket.prototype.send.bind(socket);
  socket.send = (words) => ms ? setTimeout(() => send(words), ms) : send(words);
})"""

_SENT = """async () => {
  for (const entry of (await window.connections.at(-1).getStats()).values())
    if (entry.type === "outbound-rtp" && entry.kind === "video") return entry.packetsSent;
}"""


def lose(media: TerminalMedia, share: float) -> None:
    """Of what the terminal sends."""
    odds = random.Random(7)
    for transceiver in media._peer.getTransceivers():
        transport: Any = transceiver.sender.transport

        async def sometimes(data: bytes, transport: Any = transport) -> None:
            if odds.random() >= share:
                await type(transport)._send_rtp(transport, data)

        transport._send_rtp = sometimes


def miss(media: TerminalMedia, share: float) -> None:
    """Of what the visitor sends, sound and picture."""
    odds = random.Random(7)
    for transceiver in media._peer.getTransceivers():
        transport: Any = transceiver.receiver.transport

        async def sometimes(data: bytes, transport: Any = transport, **when: Any) -> None:
            if odds.random() >= share:
                await type(transport)._handle_rtp_data(transport, data, **when)

        transport._handle_rtp_data = sometimes


def room(*seconds: dict[str, float], times: int = 1) -> str:
    """What `Room` says after each second, again and again."""
    return f"""async () => {{
        const {{ Room }} = await import("/room.js");
        const room = new Room(), said = [];
        for (let i = 0; i < {times}; i++)
            for (const second of {json.dumps(seconds)}) {{
                room.second(second);
                said.push(room.forPicture);
            }}
        return said;
    }}"""


_AWAY = """async (away) => {
    const { Connection } = await import("/media.js");
    const one = new Connection("c", { way: "both", iceServers: [] }, null, {});
    let now = 0, came = 1;
    performance.now = () => now;
    one._peer.getReceivers = () => [{ getSynchronizationSources: () => [{ timestamp: came }] }];
    const report = { type: "remote-inbound-rtp", kind: "audio", fractionLost: 0.5 };
    one._peer.getStats = async () => new Map([["report", { ...report, timestamp: now }]]);
    const said = [];
    for (let second = 0; second < 12; second++) {
        for (let look = 0; look < 5; look++) {
            now += 200;
            if (!away || second % 3) came = now;
            one.silentMs();
        }
        await one.measure(one.paused);
        said.push(one.hasRoom);
    }
    return said;
}"""
"""Half of the sound is lost each second; where the line is `away` one second in three, in that."""

WELL = {"bps": 900_000.0, "lost": 0.0, "trip": 0.08}
FULL = {"bps": 50_000.0, "lost": 0.3, "trip": 0.9}


async def test_a_picture_without_room_stops_and_is_tried_again_later_and_later(
    mums_phone: BrowserContext, sandbox: Sandbox
) -> None:
    page = await open_page(mums_phone, sandbox.family_url("v1-sam-mum"))

    async def says(*seconds: dict[str, float], times: int = 1) -> list[bool]:
        return list(await page.evaluate(room(*seconds, times=times)))

    def changes(said: list[bool]) -> list[int]:
        return [at for at, on in enumerate(said) if at and on != said[at - 1]]

    assert all(await says({}, times=200)), "a browser that does not tell"
    assert all(await says({**FULL, "bps": 900_000.0, "lost": 0.1}, times=200)), "only a poor radio"
    assert all(await says({**WELL, "bps": 40_000.0}, times=200)), "nothing is lost"
    assert all(await says(FULL, FULL, WELL, times=60)), "no one bad second counts"
    assert not all(await says({"lost": 0.5}, times=3)), "whatever the browser believes"
    assert changes(await says(FULL, FULL, FULL, *[WELL] * 30)) == [2, 12]
    again = changes(await says(*[FULL] * 3, *[WELL] * 10, *[FULL] * 3, *[WELL] * 30))
    assert again == [2, 12, 15, 35]
    assert changes(await says(FULL, times=200))[:2] == [2, 62], "while all is lost, too"


async def test_what_is_lost_while_the_line_is_away_stops_no_picture(
    mums_phone: BrowserContext, sandbox: Sandbox
) -> None:
    page = await open_page(mums_phone, sandbox.family_url("v1-sam-mum"))
    assert all(await page.evaluate(_AWAY, True))
    assert not all(await page.evaluate(_AWAY, False))


async def test_a_second_that_lost_much_sound_is_seen_though_nothing_paused(
    mums_phone: BrowserContext, sandbox: Sandbox
) -> None:
    page = await open_page(mums_phone, sandbox.family_url("v1-sam-mum"))
    lost = [0, 10, 50, 0]
    assert await page.evaluate(_MISSED, ["audio", lost]) == [False, False, True, False]
    assert not any(await page.evaluate(_MISSED, ["video", lost])), "a picture loses more than that"


async def test_who_heard_nothing_for_a_moment_reads_that_the_time_is_safe(
    mums_phone: BrowserContext, sandbox: Sandbox, terminal: Terminal
) -> None:
    async with sams_call(mums_phone, sandbox, terminal) as sams:
        sign, cover = sams.page.locator("#weak"), sams.page.locator("#cover")
        await expect(sign).to_have_text("")
        lose(sams.media, 1.0)
        await asyncio.sleep(AWAY_S)
        lose(sams.media, 0.0)
        await expect(sign).to_have_text("The connection is back. Your time is safe.")
        await expect(cover).to_be_hidden()
        await expect(sign).to_have_text("", timeout=SOON_MS)


@pytest.mark.journey
async def test_a_line_too_narrow_for_sound_and_picture_carries_sound(
    mums_phone: BrowserContext, sandbox: Sandbox, terminal: Terminal
) -> None:
    async with sams_call(mums_phone, sandbox, terminal) as sams:
        weak, media = sams.page.locator("#weak"), sams.media
        miss(media, 0.5)
        await expect(weak).to_contain_text("too weak for your picture", timeout=SOON_MS)
        miss(media, 0.0)
        before = await picture_packets_sent(sams.page)
        await media.until_received("audio", 50)
        assert await picture_packets_sent(sams.page) == before
        await expect(weak).not_to_contain_text("picture", timeout=WELL_MS)
        await media.until_received("audio", 100)
        assert await picture_packets_sent(sams.page) > before + 10


async def test_a_visitor_reads_that_a_terminal_is_out_of_reach_until_it_is_not(
    mums_phone: BrowserContext, sandbox: Sandbox, terminal: Terminal, clock: ShiftedClock
) -> None:
    async with terminal.events() as stream:
        await terminal.join(*SAM)
        page = await enter_lobby(mums_phone, sandbox.family_url("v1-sam-mum"))
        media, _ = await call(terminal, stream, "v1-sam-mum")
    while sandbox.house.events.listens(terminal.id):
        await asyncio.sleep(0.05)  # the service notices when it pings: there is no event
    weak = page.locator("#weak")
    clock.shift_s += 11
    await expect(weak).to_have_text(
        "We can not reach the terminal now. You may not hear each other."
    )
    await expect(page.locator("#cover")).to_be_hidden()
    async with terminal.events():
        await expect(weak).to_have_text("")
    await media.close()


async def picture_packets_sent(page: Page) -> int:
    """By the browser's own count (W3C webrtc-stats)."""
    return int(await page.evaluate(_SENT))


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
