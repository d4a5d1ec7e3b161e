"""The bridge as a process, with libosdp's own peripheral device at a pseudo-terminal."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import osdp_sys
import psutil
import pytest

from firmware_bridge.readers.osdp_key import save_key
from firmware_bridge.readers.osdp_panel import Command
from firmware_bridge.simulators.osdp import SimulatedOsdp
from firmware_bridge.simulators.pty import SimulatedPort
from kiosk.clock import SystemClock
from kiosk.wire.devices import CardPresented, Indicate, Indication, Tamper
from tests.bridge.osdp_rig import CARD_BITS, KEY
from tests.bridge.process import PATIENCE_S, ROOT, BridgeProcess, Ear, listening

pytestmark = pytest.mark.journey

CLOCK = SystemClock()
BACK_S = 2.0
CARDS = 10
CUTS = 100
HALF_A_REPLY = b"\x53\x80\x14\x00"
NOTHING_BYTES = 512 * 1024
"""What an allocator may keep; a panel that stayed each time would be more."""


class Door:
    """A reader at its port, and the bridge that it is for."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._link = directory / "door"
        self.key_file = directory / "door.key"
        save_key(self.key_file, KEY)
        save_key(directory / "readers.key", KEY)
        self.reader = SimulatedOsdp(0, directory / "readers.key")
        self.port = SimulatedPort(lambda: self.reader, CLOCK, self._link)

    def obey(self, words: str) -> None:
        self.port.obey(words.split())

    @asynccontextmanager
    async def bridge(self) -> AsyncIterator[BridgeProcess]:
        bridge = BridgeProcess(self._directory, self._link)
        self.config.write_text(
            f'[wire]\nsocket = "{bridge.socket}"\ncore_user = {os.getuid()}\n'
            f'[[reader]]\nname = "door"\nkind = "osdp"\nport = "{self._link}"\n'
            f'key_file = "{self.key_file}"\n'
        )
        await bridge.start()
        try:
            yield bridge
        finally:
            await bridge.clear_away()

    @property
    def config(self) -> Path:
        return self._directory / "bridge.toml"


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[Door]:
    door = Door(tmp_path)
    door.port.plug()
    yield door
    door.port.unplug()


@pytest.fixture
async def bridge(door: Door) -> AsyncIterator[BridgeProcess]:
    async with door.bridge() as bridge:
        yield bridge


@pytest.fixture
async def core(bridge: BridgeProcess) -> AsyncIterator[Ear]:
    async with listening(bridge.socket) as ear:
        await ear.up()
        yield ear


def is_sound(command: Command) -> bool:
    return bool(command["command"] == osdp_sys.CMD_BUZZER)


async def becomes(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not true():
            await asyncio.sleep(0.01)


async def test_a_card_is_presented_with_the_assurance_of_its_channel(door: Door, core: Ear) -> None:
    door.obey(f"card {CARD_BITS}")
    _, shown = await core.next(CardPresented)
    assert (shown.technology, shown.assurance) == ("wiegand_26", "secure_channel")
    assert shown.credential.reveal() == "118-1603"


async def test_each_card_is_presented_once_and_in_turn(door: Door, core: Ear) -> None:
    numbers = [f"{0x04A1B2C3000000 + number:014X}" for number in range(CARDS)]
    for number in numbers:
        door.obey(f"hold {number}")
        await core.next(CardPresented)
    assert [card.credential.reveal() for card in core.of(CardPresented)] == numbers


async def test_another_key_is_said_to_need_commissioning(door: Door, tmp_path: Path) -> None:
    save_key(door.key_file, KEY[::-1])
    async with door.bridge() as bridge, listening(bridge.socket) as core:
        door.obey(f"card {CARD_BITS}")
        while "commission it" not in await core.down():
            pass
        assert not core.of(CardPresented)


async def test_a_key_file_that_others_may_read_is_not_used_until_it_is_for_its_owner(
    door: Door,
) -> None:
    door.key_file.chmod(0o644)
    async with door.bridge() as bridge, listening(bridge.socket) as core:
        while "chmod 600" not in await core.down():
            pass
        door.key_file.chmod(0o600)
        await core.up()


async def test_a_reader_that_falls_silent_is_a_tamper_until_it_is_back(
    door: Door, core: Ear
) -> None:
    door.obey("silent")
    assert "does not answer" in await core.down()
    await core.knows(Tamper("door", "link_lost", active=True))
    door.obey("speak")
    back_s = CLOCK.monotonic()
    assert await core.up() - back_s < BACK_S
    await core.knows(Tamper("door", "link_lost", active=False))


async def test_a_link_cut_in_a_frame_a_hundred_times_is_a_tamper_is_found_again_and_leaves_nothing(
    door: Door, bridge: BridgeProcess, core: Ear
) -> None:
    process = psutil.Process(bridge.pid)
    open_files, sizes_bytes = process.num_fds(), []
    for _ in range(CUTS):
        door.port.send(HALF_A_REPLY)
        door.port.unplug()
        assert "plug it in" in await core.down()
        door.reader.obey(["restart"], 0.0)
        door.port.plug()
        plugged_s = CLOCK.monotonic()
        assert await core.up() - plugged_s < BACK_S
        sizes_bytes.append(process.memory_full_info().uss)
    assert core.of(Tamper)[0] == Tamper("door", "link_lost", active=True)
    assert process.num_fds() == open_files
    assert sizes_bytes[-1] - sizes_bytes[CUTS // 5] < NOTHING_BYTES


async def test_a_reader_is_back_soon_after_the_bridge_was_killed_in_its_secure_channel(
    door: Door, bridge: BridgeProcess, core: Ear
) -> None:
    door.obey(f"card {CARD_BITS}")
    await core.next(CardPresented)
    await bridge.kill()
    await bridge.start()
    started_s = CLOCK.monotonic()
    assert await core.up() - started_s < BACK_S
    door.obey(f"card {CARD_BITS}")
    await core.next(CardPresented)
    assert len(core.of(CardPresented)) == 2


async def test_no_thread_of_libosdp_runs_beside_the_bridge(tmp_path: Path) -> None:
    door = Door(tmp_path)
    async with door.bridge() as bridge, listening(bridge.socket) as core:
        await core.down()
        process = psutil.Process(bridge.pid)
        without = process.num_threads()
        door.port.plug()
        await core.up()
        door.obey(f"card {CARD_BITS}")
        await core.next(CardPresented)
        assert process.num_threads() == without
    door.port.unplug()


async def test_an_opened_case_is_a_tamper(door: Door, core: Ear) -> None:
    door.obey("case open")
    _, tamper = await core.next(Tamper)
    assert tamper == Tamper("door", "case_open", active=True)


async def test_a_supply_that_fails_puts_the_reader_out_of_use(door: Door, core: Ear) -> None:
    door.obey("power fails")
    assert "power" in await core.down()
    door.obey("power good")
    await core.up()
    assert core.of(Tamper) == []


async def test_light_and_buzzer_tell_what_core_indicates(door: Door, core: Ear) -> None:
    core.say(Indicate(Indication.REFUSED))
    await becomes(lambda: any(map(is_sound, door.reader.asked)))
    light, sound = list(door.reader.asked)[-2:]
    assert light["on_color"] == osdp_sys.LED_COLOR_RED
    assert sound["rep_count"] == 3


async def test_a_reader_that_the_bridge_uses_is_not_commissioned(door: Door, core: Ear) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "firmware_bridge", "commission", "--reader", "door", "--replace"),
        *("--config", str(door.config)),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    assert process.returncode == 1
    assert b"is in use by another program: stop that one" in output
    door.obey(f"card {CARD_BITS}")
    await core.next(CardPresented)


async def test_neither_cards_nor_keys_are_logged(
    door: Door, bridge: BridgeProcess, core: Ear
) -> None:
    door.obey(f"card {CARD_BITS}")
    await core.next(CardPresented)
    await bridge.terminate()
    for secret in ("1603", "BB0321", "bb0321", KEY.hex()):
        assert secret not in bridge.log
