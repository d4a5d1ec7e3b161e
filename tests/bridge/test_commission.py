"""Commissioning an OSDP reader by the real command, on a pseudo-terminal that is libosdp's own."""

import asyncio
import secrets
import signal
import sys
from argparse import Namespace
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import osdp_sys
import pytest

from firmware_bridge.commands import commission
from firmware_bridge.readers.osdp import OsdpSettings
from firmware_bridge.readers.osdp_key import load_key, prepare_key, prepared_key, save_key
from firmware_bridge.readers.osdp_packet import OsdpDecoder, Packet
from firmware_bridge.readers.osdp_panel import Command
from firmware_bridge.settings import BridgeSettings
from firmware_bridge.simulators.osdp import SimulatedOsdp
from firmware_bridge.simulators.pty import SimulatedPort
from kiosk.clock import SystemClock
from kiosk.config import load
from tests.bridge.process import PATIENCE_S, ROOT

pytestmark = pytest.mark.journey
OLD = bytes(range(16))


@dataclass
class Site:
    """A reader at its port, and the settings that name it."""

    directory: Path
    reader: SimulatedOsdp
    port: SimulatedPort

    @property
    def key_file(self) -> Path:
        return self.directory / "ours/door.key"

    @property
    def readers_key(self) -> Path:
        return self.directory / "readers.key"

    def use(self, reader: SimulatedOsdp) -> None:
        """Another one in its place."""
        self.reader.obey(["silent"], 0.0)
        self.port.unplug()
        self.reader = reader
        self.port.plug()

    def keep_keys_in(self, directory: str) -> None:
        config = self.directory / "bridge.toml"
        config.write_text(config.read_text().replace(str(self.key_file.parent), directory))

    async def commission(self, *arguments: str, within_s: float = 4.0) -> tuple[int, str]:
        """The exit status, and all that was printed."""
        process = await self.begin(*arguments, within_s=within_s)
        async with asyncio.timeout(3 * PATIENCE_S):
            output, _ = await process.communicate()
        return process.returncode or 0, output.decode()

    async def begin(self, *arguments: str, within_s: float = 4.0) -> asyncio.subprocess.Process:
        config = self.directory / "bridge.toml"
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "firmware_bridge", "commission", "--config", str(config)),
            *("--within", str(within_s), *(arguments or ("--reader", "door"))),
            cwd=ROOT,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )


class Fainting(SimulatedOsdp):
    """Takes a key, and says nothing more."""

    def __init__(self, address: int, key_file: Path) -> None:
        self.took_a_key = asyncio.Event()
        super().__init__(address, key_file)

    def _do(self, command: Command) -> None:
        super()._do(command)
        if command["command"] == osdp_sys.CMD_KEYSET:
            self._is_silent = True
            self.took_a_key.set()

    def come_round(self) -> SimulatedOsdp:
        """The same reader after it was switched off and on."""
        assert self._key_file is not None
        return SimulatedOsdp(0, self._key_file)


class Refusing(SimulatedOsdp):
    """Knows when it has refused somebody who has not its key."""

    def __init__(self, address: int, key_file: Path) -> None:
        self.refused = asyncio.Event()
        self._replies = OsdpDecoder(self._look_at)
        super().__init__(address, key_file)

    def to_send(self) -> bytes:
        data = super().to_send()
        self._replies.feed(data)
        return data

    def _look_at(self, reply: Packet) -> None:
        if reply.name == "NAK":
            self.refused.set()


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    (tmp_path / "ours").mkdir()
    link = tmp_path / "port"
    found: list[Site] = []
    port = SimulatedPort(lambda: found[0].reader, SystemClock(), link)
    found.append(Site(tmp_path, SimulatedOsdp(0, tmp_path / "readers.key"), port))
    (tmp_path / "bridge.toml").write_text(
        f'[wire]\nsocket = "{tmp_path}/bridge.sock"\n'
        f'[[reader]]\nname = "door"\nkind = "osdp"\nport = "{link}"\n'
        f'key_file = "{found[0].key_file}"\n'
        f'[[reader]]\nname = "other"\nkind = "em4100_ascii"\nport = "{tmp_path}/none"\n'
    )
    port.plug()
    yield found[0]
    port.unplug()


async def test_a_reader_in_install_mode_gets_a_key_that_only_the_bridge_may_read(
    site: Site,
) -> None:
    status, output = await site.commission()
    assert status == 0
    assert "has a new key" in output
    key = load_key(site.key_file)
    assert site.key_file.stat().st_mode & 0o777 == 0o600
    assert load_key(site.readers_key) == key
    assert key.hex() not in output.lower()
    assert len(set(key)) > 4


async def test_the_key_is_the_operating_systems_randomness(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(secrets, "token_bytes", lambda count: OLD[::-1][:count])
    reader = load(site.directory / "bridge.toml", BridgeSettings).readers[0]
    assert isinstance(reader, OsdpSettings)
    await commission._commission(reader, 0, None, Namespace(replace=False, within=4.0))
    assert load_key(site.key_file) == load_key(site.readers_key) == OLD[::-1]


async def test_each_reader_gets_another_key(site: Site) -> None:
    await site.commission()
    first = load_key(site.key_file)
    site.key_file.unlink()
    site.readers_key.unlink()
    site.use(SimulatedOsdp(0, site.readers_key))
    await site.commission()
    assert load_key(site.key_file) != first


async def test_a_key_that_is_there_is_not_overwritten(site: Site) -> None:
    save_key(site.key_file, OLD)
    status, output = await site.commission()
    assert status == 1
    assert "--replace" in output
    assert load_key(site.key_file) == OLD
    assert not site.reader.asked


async def test_a_reader_that_has_our_key_gets_another_under_it(site: Site) -> None:
    save_key(site.key_file, OLD)
    save_key(site.readers_key, OLD)
    site.use(SimulatedOsdp(0, site.readers_key))
    status, output = await site.commission("--reader", "door", "--replace")
    assert (status, "install mode" in output) == (0, False)
    assert load_key(site.key_file) == load_key(site.readers_key) != OLD


async def test_a_reader_that_lost_our_key_gets_another_in_install_mode(site: Site) -> None:
    save_key(site.key_file, OLD)
    status, _ = await site.commission("--reader", "door", "--replace")
    assert status == 0
    assert load_key(site.key_file) == load_key(site.readers_key) != OLD


async def test_a_reader_that_is_not_in_install_mode_changes_nothing(site: Site) -> None:
    save_key(site.readers_key, OLD)
    site.use(SimulatedOsdp(0, site.readers_key))
    status, output = await site.commission()
    assert status == 1
    assert "install mode" in output
    assert not site.key_file.exists()
    assert load_key(site.readers_key) == OLD


async def test_a_reader_put_into_install_mode_meanwhile_is_found(site: Site) -> None:
    save_key(site.readers_key, OLD)
    site.use(refusing := Refusing(0, site.readers_key))
    commissioning = asyncio.create_task(site.commission())
    async with asyncio.timeout(PATIENCE_S):
        await refusing.refused.wait()
    site.port.obey(["install"])
    assert (await commissioning)[0] == 0
    assert load_key(site.key_file) == load_key(site.readers_key) != OLD


async def test_nobody_there_is_said_in_time(site: Site) -> None:
    site.port.obey(["silent"])
    status, output = await site.commission(within_s=1.0)
    assert status == 1
    assert "no reader took a key" in output
    assert not site.key_file.exists()


async def test_a_reader_at_another_address_can_be_named(site: Site) -> None:
    site.use(SimulatedOsdp(5, site.readers_key))
    assert (await site.commission("--reader", "door", "--address", "5"))[0] == 0
    assert site.key_file.exists()


async def test_a_directory_that_takes_no_key_leaves_the_reader_as_it_is(site: Site) -> None:
    site.keep_keys_in("/proc")
    status, output = await site.commission()
    assert (status, "can not be written" in output) == (1, True)
    assert not site.reader.asked


async def test_a_key_that_a_reader_took_and_did_not_prove_is_found_the_next_time(
    site: Site,
) -> None:
    fainting = Fainting(0, site.readers_key)
    site.use(fainting)
    status, _ = await site.commission()
    assert status == 1
    assert not site.key_file.exists()
    site.use(fainting.come_round())
    status, output = await site.commission()
    assert (status, "install mode" in output) == (0, False)
    assert load_key(site.key_file) == load_key(site.readers_key)
    assert site.key_file.stat().st_mode & 0o777 == 0o600
    assert [file.name for file in site.key_file.parent.iterdir()] == ["door.key"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
async def test_a_key_is_found_again_although_commissioning_was_broken_off(
    site: Site, number: signal.Signals
) -> None:
    for key_file in (site.key_file, site.readers_key):
        save_key(key_file, OLD)
    fainting = Fainting(0, site.readers_key)
    site.use(fainting)
    process = await site.begin("--reader", "door", "--replace")
    async with asyncio.timeout(PATIENCE_S):
        await fainting.took_a_key.wait()
    process.send_signal(number)
    output, _ = await process.communicate()
    assert b"Traceback" not in output
    assert (b"broken off" in output) == (number is signal.SIGINT)
    assert load_key(site.key_file) == OLD
    site.use(fainting.come_round())
    assert (await site.commission())[0] == 0
    assert load_key(site.key_file) == load_key(site.readers_key) != OLD


async def test_a_key_that_no_reader_took_is_given_to_one_later(site: Site) -> None:
    site.port.obey(["silent"])
    await site.commission(within_s=1.0)
    kept = prepared_key(site.key_file)
    site.port.obey(["speak"])
    assert (await site.commission())[0] == 0
    assert load_key(site.key_file) == load_key(site.readers_key) == kept


async def test_a_key_that_no_reader_took_does_not_stand_for_replace(site: Site) -> None:
    save_key(site.key_file, OLD)
    prepare_key(site.key_file, bytes(range(16, 32)))
    status, output = await site.commission()
    assert (status, "--replace" in output) == (1, True)
    assert load_key(site.key_file) == OLD
    assert not site.reader.asked


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        (("--reader", "window"), "there are: door"),
        (("--reader", "other"), "there are: door"),
        ((), "the following arguments are required"),
        (("--reader", "door", "--address", "127"), "invalid choice"),
        (("--reader", "door", "--within", "0"), "invalid"),
    ],
)
async def test_wrong_use_is_said(site: Site, arguments: tuple[str, ...], fault: str) -> None:
    status, output = await site.commission(*(arguments or ("--within", "1")))
    assert status == 2
    assert fault in output
    assert not site.reader.asked
