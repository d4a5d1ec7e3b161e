"""How the bridge is put together: one reader's mistakes and floods are no other's, nor forgotten."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest

from firmware_bridge import app
from firmware_bridge.app import MISTAKE, Bridge, plan_of_reader
from firmware_bridge.flood import BURST, CALM_S
from firmware_bridge.line import FLOOD
from firmware_bridge.readers.em4100_ascii import Em4100AsciiSettings, Em4100Frame
from firmware_bridge.readers.line_profile import LineDecoder, LineSettings
from firmware_bridge.readers.reading import Reading
from firmware_bridge.settings import BridgeSettings, WireSettings
from kiosk.sandbox.reader import SandboxReader
from kiosk.wire.devices import CardPresented, ReaderStatus
from kiosk.wire.messages import Program
from tests.bridge.process import Ear, listening

pytestmark = pytest.mark.journey

CARD = "62E3086CED"
DOWN = ReaderStatus("swipe", up=False, reason=MISTAKE)


class Readers:
    """One that shows cards, and one that writes lines."""

    def __init__(self, directory: Path) -> None:
        self.front = SandboxReader(directory / "front")
        self.swipe = SandboxReader(directory / "swipe")
        self.settings = BridgeSettings(
            wire=WireSettings(socket=directory / "bridge/bridge.sock", core_user=os.getuid()),
            tamper_file=directory / "tampers",
            readers=(
                LineSettings(
                    name="swipe", port=f"{directory}/swipe", profile="barcode", pattern=r"\d{13}"
                ),
                Em4100AsciiSettings(name="front", port=f"{directory}/front"),
            ),
        )


@pytest.fixture
async def readers(tmp_path: Path) -> AsyncIterator[Readers]:
    readers = Readers(tmp_path)
    for reader in (readers.front, readers.swipe):
        await reader.plug_in()
    yield readers
    for reader in (readers.front, readers.swipe):
        await reader.unplug()


@pytest.fixture
async def core(readers: Readers) -> AsyncIterator[Ear]:
    bridge = Bridge(readers.settings, {Program.CORE: os.getuid()})
    running = asyncio.create_task(bridge.run())
    async with listening(readers.settings.wire.socket) as ear:
        await ear.knows(ReaderStatus("swipe", up=True), ReaderStatus("front", up=True))
        yield ear
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


@pytest.fixture
def mistaken(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    def feed(_: LineDecoder, data: bytes) -> list[Reading]:
        raise RuntimeError(f"what is this: {data!r}")

    monkeypatch.setattr(app, "AFTER_A_MISTAKE_S", 0.2)
    monkeypatch.setattr(LineDecoder, "feed", feed)
    return monkeypatch


async def test_a_mistake_with_one_reader_leaves_the_others_working(
    mistaken: pytest.MonkeyPatch, readers: Readers, core: Ear
) -> None:
    await readers.swipe.send_raw(b"5901234123457\r\n")
    await core.knows(DOWN)
    await readers.front.hold(CARD, 0.1)
    _, shown = await core.next(CardPresented)
    assert (shown.reader, shown.credential.reveal()) == ("front", CARD)


async def test_a_reader_with_which_a_mistake_was_made_is_tried_again(
    mistaken: pytest.MonkeyPatch, readers: Readers, core: Ear
) -> None:
    await readers.swipe.send_raw(b"5901234123457\r\n")
    await core.next(ReaderStatus, lambda status: status == DOWN)
    mistaken.undo()
    await core.up()
    await readers.swipe.send_raw(b"5901234123457\r\n")
    _, shown = await core.next(CardPresented)
    assert shown.reader == "swipe"


async def test_a_mistake_is_logged_with_its_place_and_without_what_is_on_a_card(
    mistaken: pytest.MonkeyPatch,
    readers: Readers,
    core: Ear,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await readers.swipe.send_raw(b"5901234123457\r\n")
    await core.knows(DOWN)
    assert "swipe: RuntimeError in this program" in caplog.text
    assert "in feed\n" in caplog.text
    assert "59012" not in caplog.text


def test_who_hangs_up_and_comes_again_in_a_flood_is_held_back_still() -> None:
    plan = plan_of_reader(Em4100AsciiSettings(name="door", port="/dev/none"))
    cards = b"".join(Em4100Frame(number.to_bytes(5)).to_bytes() for number in range(BURST))
    first, second = plan.begin(), plan.begin()
    first.feed(cards, 1.0)
    first.lost()
    assert second.feed(cards, 1.0) == []
    assert second.status(1.0) == ReaderStatus("door", up=False, reason=FLOOD)
    assert second.status(1.0 + CALM_S).up
