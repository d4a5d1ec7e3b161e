"""What a person is, has or knows never reaches a log or an exception."""

import asyncio
import logging
import os
from pathlib import Path

import pytest

from kiosk.wire.codec import encode
from kiosk.wire.devices import CardPresented
from kiosk.wire.messages import OfferReady, PinEntered, Program
from kiosk.wire.secret import Secret
from kiosk.wire.threaded import LinkUp
from tests.wire.kit import InThread, connecting, hello, serving, stranger, until_logged

ROLES = {program: os.getuid() for program in Program}
PIN = "80443311"
CARD = "0102CAFE42"
NAME = "Wilhelmina"
CONTENTS = (PIN, CARD, NAME)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "core.sock"


@pytest.fixture(autouse=True)
def _every_log_record(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)


def _assert_silent(caplog: pytest.LogCaptureFixture, *told: object) -> None:
    assert caplog.records, "nothing was logged, so nothing was proven"
    everything = caplog.text + repr([vars(r) for r in caplog.records]) + repr(told)
    for content in CONTENTS:
        assert content not in everything


async def test_a_pin_and_a_card_cross_the_wire_without_a_trace(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    asyncio.get_running_loop().set_debug(True)
    asyncio.get_running_loop().slow_callback_duration = 0
    pin, card = (
        PinEntered(1, Secret(PIN)),
        CardPresented("usb", "em4100", "identifier", Secret(CARD), 0.0),
    )
    async with (
        serving(path, ROLES) as (_, at_core),
        connecting(path, Program.UI) as (client, at_ui),
    ):
        await at_ui.until_nth("up")
        client.send(pin)
        client.send(card)
        await at_core.until_nth("message", 2)
    assert at_core.of("message") == [(Program.UI, pin), (Program.UI, card)]
    _assert_silent(caplog, at_core.all)


@pytest.mark.parametrize(
    "line",
    [
        f'{{"type":"PinEntered","show":"{PIN}","pin":"{PIN}"}}',
        f'{{"type":"PinEntered","show":1,"pin":["{PIN}"]}}',
        f'{{"type":"PinEntered","show":1,"pin":"{PIN}","{NAME}":"{CARD}"}}',
        f'{{"type":"PinEntered","show":1,"pin":"{PIN}"',
        f'{{"type":"{NAME}","pin":"{PIN}"}}',
        f'{{"type":"Hello","program":"{NAME}","protocol":1,"release":"x"}}',
        f"{NAME} {CARD} {PIN}",
    ],
)
@pytest.mark.parametrize("greeting", [hello("kiosk-ui"), b""], ids=["after hello", "before hello"])
async def test_a_bad_line_is_told_without_its_content(
    path: Path, caplog: pytest.LogCaptureFixture, greeting: bytes, line: str
) -> None:
    async with serving(path, ROLES) as (_, at_core), stranger(path) as peer:
        peer.say(greeting + line.encode() + b"\n")
        await peer.hears_nothing_more()
        if greeting:
            await at_core.until_nth("gone")
        else:
            await until_logged(caplog, "turned away")
    _assert_silent(caplog, at_core.all)


async def test_half_a_line_is_told_without_its_content(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with serving(path, ROLES) as (_, at_core):
        async with stranger(path) as peer:
            peer.say(hello("kiosk-ui") + encode(PinEntered(1, Secret(PIN)))[:-2])
            await at_core.until_nth("peer")
        await at_core.until_nth("gone")
    _assert_silent(caplog, at_core.all)


async def test_a_message_that_cannot_be_sent_is_told_without_its_content(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with serving(path, ROLES) as (server, at_core), connecting(path) as _:
        await at_core.until_nth("peer")
        server.send(Program.CALL, OfferReady(1, 0, NAME + "\ud800"))
        server.send(Program.CALL, OfferReady(1, 0, NAME * 100_000))
        server.send(Program.CALL, OfferReady(1, NAME, ""))  # type: ignore[arg-type]
    assert caplog.text.count("not sent to kiosk-call: OfferReady") == 3
    _assert_silent(caplog)


async def test_a_callback_that_fails_is_told_without_the_message(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise LookupError

    thread = InThread(path)
    async with serving(path, ROLES) as (server, at_core):
        server._on_message = fail
        thread.client.start()
        await asyncio.to_thread(thread.until, LinkUp)
        thread.client.send(OfferReady(1, 0, NAME))
        await at_core.until_nth("gone")
        await asyncio.to_thread(thread.client.stop)
    assert "LookupError" in caplog.text
    _assert_silent(caplog, at_core.all)


async def test_a_message_that_breaks_the_encoder_is_told_without_its_content(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    thread = InThread(path)
    async with serving(path, ROLES):
        thread.client.start()
        await asyncio.to_thread(thread.until, LinkUp)
        thread.client.send(OfferReady(object(), 0, NAME))  # type: ignore[arg-type]
        await until_logged(caplog, "NotImplementedError")
        await asyncio.to_thread(thread.client.stop)
    _assert_silent(caplog)
