"""The bridge as a process, and clients that misbehave: each is dropped, and kiosk-core hears all."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest

from kiosk.sandbox.reader import SandboxReader
from kiosk.wire.devices import CardPresented
from kiosk.wire.messages import Program
from tests.bridge.process import PATIENCE_S, BridgeProcess, Ear, listening, running
from tests.wire.kit import Stranger, hello, stranger

pytestmark = pytest.mark.journey

CARDS = 20
MIB = 1024 * 1024
NOBODY = 65534
SAYS_HELLO = """
import socket, sys
client = socket.socket(socket.AF_UNIX)
client.connect(sys.argv[1])
try:
    client.sendall(sys.argv[2].encode())
    sys.exit(len(client.recv(1)))
except ConnectionError:
    sys.exit(0)
"""


@pytest.fixture
async def reader(tmp_path: Path) -> AsyncIterator[SandboxReader]:
    reader = SandboxReader(tmp_path / "reader")
    await reader.plug_in()
    yield reader
    await reader.unplug()


@pytest.fixture
async def bridge(tmp_path: Path, reader: SandboxReader) -> AsyncIterator[BridgeProcess]:
    async with running(tmp_path, tmp_path / "reader") as bridge:
        yield bridge


@pytest.fixture
async def core(bridge: BridgeProcess) -> AsyncIterator[Ear]:
    async with listening(bridge.socket) as ear:
        await ear.up()
        yield ear


async def hears_every_card(reader: SandboxReader, core: Ear) -> None:
    for number in range(CARDS):
        await reader.hold(f"{number:010X}", 0.01)
        heard = (await core.next(CardPresented))[1]
        assert heard.credential.reveal() == f"{number:010X}"


async def sends_until_dropped(client: Stranger, chunk: bytes, most_bytes: int) -> int:
    """How much was sent before the connection was ended."""
    sent_bytes = 0
    try:
        while sent_bytes < most_bytes:
            client.say(chunk)
            await client.writer.drain()
            sent_bytes += len(chunk)
    except ConnectionError:
        pass
    return sent_bytes


async def test_a_client_that_sends_100_mb_is_dropped_and_nothing_of_it_kept(
    bridge: BridgeProcess, reader: SandboxReader, core: Ear
) -> None:
    process = psutil.Process(bridge.pid)
    before_bytes = process.memory_full_info().uss
    async with stranger(bridge.socket) as client:
        client.say(hello(Program.OBSERVER))
        await client.line()
        assert await sends_until_dropped(client, b"x" * 65536, 100_000_000) < 4 * MIB
    await hears_every_card(reader, core)
    assert process.memory_full_info().uss - before_bytes < 4 * MIB
    assert "too long" in bridge.log


async def test_what_a_client_may_not_say_changes_nothing(
    bridge: BridgeProcess, reader: SandboxReader, core: Ear
) -> None:
    async with stranger(bridge.socket) as client:
        client.say(hello(Program.OBSERVER))
        await client.line()
        client.say(b'{"type":"AcknowledgeTamper","device":"front"}\n')
        client.say(b'{"type":"Indicate","indication":"closed"}\n')
        await hears_every_card(reader, core)
    assert "observer may not say Indicate here" in bridge.log


@pytest.mark.root
async def test_a_client_of_a_user_that_may_not_connect_is_turned_away(tmp_path: Path) -> None:
    with tempfile.TemporaryDirectory() as name:  # pytest's own is closed to others
        directory = Path(name)
        directory.chmod(0o755)
        async with running(directory, tmp_path / "no reader") as bridge:
            async with listening(bridge.socket) as core:
                await core.down()
                bridge.socket.parent.chmod(0o755)
                bridge.socket.chmod(0o666)
                client = await asyncio.create_subprocess_exec(
                    *("/usr/bin/python3", "-c", SAYS_HELLO, str(bridge.socket)),
                    *(hello(Program.CORE).decode(),),
                    user=NOBODY,
                    group=NOBODY,
                )
                async with asyncio.timeout(PATIENCE_S):
                    assert await client.wait() == 0, "it was told nothing"
            assert f"turned away user {NOBODY}" in bridge.log
