"""The bridge as a process on readers that have to be asked, each a process, too."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from firmware_bridge.readers.polling import GARBLED, NOT_YET, SILENT
from kiosk.clock import SystemClock
from kiosk.wire.devices import CardPresented, CardRemoved, CardUnreadable, ReaderStatus
from kiosk.wire.secret import Secret
from tests.bridge.process import BridgeProcess, Ear, listening
from tests.bridge.simulator import SimulatorProcess, simulating

pytestmark = pytest.mark.journey

CLOCK = SystemClock()
BACK_S = 2.0
TIMES = 100
NOTHING_BYTES = 512 * 1024
"""What an allocator may keep, and no connection's state."""


@dataclass(frozen=True)
class Case:
    """A kind of reader, how it is simulated and configured, and a card of it."""

    kind: str
    options: tuple[str, ...]
    settings: str
    technology: str
    card: str
    half_an_answer: str
    suspects: str

    def __str__(self) -> str:
        return " ".join((self.kind, *self.options))


PN532 = Case(
    "pn532_hsu",
    (),
    "",
    "iso14443a_uid",
    "047BCB51962280",
    "0000ff0cf4d54b01010004",
    "`kind` and `baud`",
)
TWN4 = Case(
    "twn4",
    ("--crc",),
    "crc = true\n",
    "em4100",
    "3D00C000D4",
    b"00014028053D".hex(),
    "`kind`, `baud` and `crc`",
)

each = pytest.mark.parametrize("case", [PN532, TWN4], ids=str)


class PolledBridge(BridgeProcess):
    """The bridge with such a reader."""

    def __init__(self, directory: Path, port: Path, case: Case) -> None:
        super().__init__(directory, port)
        config = directory / "bridge.toml"
        text = config.read_text().replace('kind = "em4100_ascii"', f'kind = "{case.kind}"')
        config.write_text(text + case.settings)


@asynccontextmanager
async def bridge_on(directory: Path, port: Path, case: Case) -> AsyncIterator[PolledBridge]:
    bridge = PolledBridge(directory, port, case)
    await bridge.start()
    try:
        yield bridge
    finally:
        await bridge.clear_away()


@pytest.fixture
def port(tmp_path: Path) -> Path:
    return tmp_path / "card-reader"


@pytest.fixture
async def reader(port: Path, case: Case) -> AsyncIterator[SimulatorProcess]:
    async with simulating(case.kind, "--port-link", str(port), *case.options) as reader:
        yield reader


@pytest.fixture
async def bridge(
    tmp_path: Path, port: Path, case: Case, reader: SimulatorProcess
) -> AsyncIterator[PolledBridge]:
    async with bridge_on(tmp_path, port, case) as bridge:
        yield bridge


@pytest.fixture
async def core(bridge: PolledBridge) -> AsyncIterator[Ear]:
    """kiosk-core, from when it knows that the reader works."""
    async with listening(bridge.socket) as ear:
        await ear.up()
        yield ear


@each
async def test_a_card_held_for_a_while_is_presented_once_and_then_removed(
    case: Case, reader: SimulatorProcess, core: Ear
) -> None:
    began_s = CLOCK.monotonic()
    await reader.say(f"hold {case.card} 1")
    at_s, _ = await core.next(CardRemoved)
    (shown,) = core.of(CardPresented)
    expected = CardPresented(
        "front", case.technology, "identifier", Secret(case.card), shown.last_byte_at_s
    )
    assert shown == expected
    assert began_s < shown.last_byte_at_s < began_s + 1.0
    assert at_s - began_s >= 1.0
    assert core.of(CardUnreadable) == []


@each
async def test_a_card_that_was_taken_away_can_be_shown_again(
    case: Case, reader: SimulatorProcess, core: Ear
) -> None:
    for _ in range(2):
        await reader.say(f"hold {case.card}")
        await core.next(CardPresented)
        await reader.say("take")
        await core.next(CardRemoved)
    assert len(core.of(CardPresented)) == 2


@each
async def test_a_card_held_while_the_bridge_is_stopped_for_a_while_is_still_one_presentation(
    case: Case, reader: SimulatorProcess, bridge: PolledBridge, core: Ear
) -> None:
    await reader.say(f"hold {case.card}")
    await core.next(CardPresented)
    for _ in range(3):
        os.kill(bridge.pid, signal.SIGSTOP)
        await asyncio.sleep(1.1)
        os.kill(bridge.pid, signal.SIGCONT)
        await asyncio.sleep(0.2)
    await reader.say("take")
    await core.next(CardRemoved)
    assert len(core.of(CardPresented)) == 1


@each
async def test_a_reader_unplugged_in_a_frame_and_back_a_hundred_times_leaves_nothing_behind(
    case: Case, reader: SimulatorProcess, bridge: PolledBridge, core: Ear
) -> None:
    process = psutil.Process(bridge.pid)
    open_files, sizes_bytes = process.num_fds(), []
    for _ in range(TIMES):
        await reader.say(f"noise {case.half_an_answer}")
        await reader.say("unplug")
        await core.next(ReaderStatus, lambda status: "plug it in" in status.reason)
        await reader.say("plug")
        await reader.line()
        plugged_in_s = CLOCK.monotonic()
        assert await core.up() - plugged_in_s < BACK_S
        sizes_bytes.append(process.memory_full_info().uss)
    await reader.say(f"hold {case.card} 0.5")
    await core.next(CardPresented)
    assert process.num_fds() == open_files
    assert sizes_bytes[-1] - sizes_bytes[TIMES // 5] < NOTHING_BYTES
    assert bridge.log.count("was unplugged") == TIMES


@each
async def test_a_held_card_is_removed_when_the_reader_is_unplugged(
    case: Case, reader: SimulatorProcess, core: Ear
) -> None:
    await reader.say(f"hold {case.card}")
    await core.next(CardPresented)
    await reader.say("unplug")
    await core.next(CardRemoved)
    await core.down()


@each
async def test_a_reader_that_was_there_before_a_bridge_that_was_killed_works_again(
    case: Case, reader: SimulatorProcess, bridge: PolledBridge, core: Ear
) -> None:
    await bridge.kill()
    await bridge.start()
    started_s = CLOCK.monotonic()
    assert await core.up() - started_s < BACK_S
    await reader.say(f"hold {case.card} 0.5")
    await core.next(CardPresented)


@each
async def test_a_reader_without_power_is_said_to_be_silent_and_a_card_is_none(
    case: Case, tmp_path: Path, port: Path
) -> None:
    # An RDM6300 hears nothing, and says nothing while no card is there.
    async with (
        simulating("em4100_ascii", "--port-link", str(port)) as other,
        bridge_on(tmp_path, port, case) as bridge,
        listening(bridge.socket) as core,
    ):
        silent = SILENT.format(suspects=case.suspects)
        await core.next(ReaderStatus, lambda status: status.reason == silent)
        reasons = {status.reason for status in core.of(ReaderStatus)}
        assert reasons <= {NOT_YET, silent}
        await other.say("hold 62E3086CED")
        garbled = GARBLED.format(suspects=case.suspects)
        await core.next(ReaderStatus, lambda status: status.reason == garbled)
        assert core.of(CardPresented) == []
        assert bridge.log.count(silent) == 1


async def test_a_reader_of_the_other_kind_is_said_to_be_another_device(
    tmp_path: Path, port: Path
) -> None:
    async with (
        simulating("twn4", "--port-link", str(port)),
        bridge_on(tmp_path, port, PN532) as bridge,
        listening(bridge.socket) as core,
    ):
        await core.next(ReaderStatus, lambda status: "does not answer" in status.reason)


async def test_a_reader_that_takes_the_place_of_a_wrong_one_is_used(
    tmp_path: Path, port: Path
) -> None:
    async with bridge_on(tmp_path, port, PN532) as bridge, listening(bridge.socket) as core:
        async with simulating("em4100_ascii", "--port-link", str(port)):
            await core.next(ReaderStatus, lambda status: "does not answer" in status.reason)
        async with simulating("pn532_hsu", "--port-link", str(port)):
            plugged_in_s = CLOCK.monotonic()
            assert await core.up() - plugged_in_s < BACK_S


@each
async def test_it_says_each_trouble_once_and_never_what_is_on_a_card(
    case: Case, reader: SimulatorProcess, bridge: PolledBridge, core: Ear
) -> None:
    await reader.say(f"hold {case.card} 0.5")
    await core.next(CardRemoved)
    assert bridge.log.count("ready at") == 1
    assert case.card[:6] not in bridge.log
