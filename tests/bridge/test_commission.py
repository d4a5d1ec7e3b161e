"""Commissioning an OSDP reader by the real command, on a pseudo-terminal that is libosdp's own."""

import asyncio
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from firmware_bridge.readers.osdp_key import load_key, save_key
from firmware_bridge.simulators.osdp import SimulatedOsdp
from firmware_bridge.simulators.pty import SimulatedPort
from kiosk.clock import SystemClock
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

    async def commission(self, *arguments: str) -> tuple[int, str]:
        """The exit status, and all that was printed."""
        config = self.directory / "bridge.toml"
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "firmware_bridge", "commission", "--config", str(config)),
            *("--within", "4", *(arguments or ("--reader", "door"))),
            cwd=ROOT,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        async with asyncio.timeout(3 * PATIENCE_S):
            output, _ = await process.communicate()
        return process.returncode or 0, output.decode()


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
    site.use(SimulatedOsdp(0, site.readers_key))
    commissioning = asyncio.create_task(site.commission())
    await asyncio.sleep(2.0)
    site.port.obey(["install"])
    assert (await commissioning)[0] == 0
    assert load_key(site.key_file) == load_key(site.readers_key) != OLD


async def test_nobody_there_is_said_in_time(site: Site) -> None:
    site.port.obey(["silent"])
    status, output = await site.commission()
    assert status == 1
    assert "no reader took a key" in output
    assert not site.key_file.exists()


async def test_a_reader_at_another_address_can_be_named(site: Site) -> None:
    site.use(SimulatedOsdp(5, site.readers_key))
    assert (await site.commission("--reader", "door", "--address", "5"))[0] == 0
    assert site.key_file.exists()


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
