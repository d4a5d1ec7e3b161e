"""The bridge as a process, on a pseudo-terminal that is a card reader and a real socket."""

import asyncio
import fcntl
import itertools
import os
import signal
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from firmware_bridge.readers.em4100_ascii import Em4100Frame
from kiosk.clock import SystemClock
from kiosk.errors import KioskError
from kiosk.sandbox.reader import SandboxReader
from kiosk.wire.devices import CardPresented, CardRemoved, CardUnreadable, ReaderStatus
from kiosk.wire.messages import Message, Program
from kiosk.wire.secret import Secret
from tests.bridge.process import BridgeProcess, Ear, listening, running
from tests.bridge.wrong_baud import heard_at

pytestmark = pytest.mark.journey

CLOCK = SystemClock()
CARD = "62E3086CED"
OTHER = "01000734E0"
HALF_A_FRAME = b"\x0262E308"
BACK_S = 2.0
NOTHING_BYTES = 512 * 1024
"""Less than 7 KiB each time: what an allocator may keep, and no connection's state."""

KILLS = 10
FLOOD_S = 4.0
BUSY = 0.3
"""Of one core: a flood that is not held back takes all of it."""

NOBODY = 65534


@pytest.fixture
def port(tmp_path: Path) -> Path:
    return tmp_path / "card-reader"


@pytest.fixture
async def reader(port: Path) -> AsyncIterator[SandboxReader]:
    reader = SandboxReader(port)
    await reader.plug_in()
    yield reader
    await reader.unplug()


@pytest.fixture
async def bridge(tmp_path: Path, port: Path, reader: SandboxReader) -> AsyncIterator[BridgeProcess]:
    async with running(tmp_path, port) as bridge:
        yield bridge


@pytest.fixture
async def core(bridge: BridgeProcess) -> AsyncIterator[Ear]:
    """kiosk-core, from when it knows that the reader works."""
    async with listening(bridge.socket) as ear:
        await ear.up()
        yield ear


async def flood(reader: SandboxReader) -> None:
    """Another card in each frame, faster than any line can carry."""
    for number in itertools.count(step=200):
        frames = (Em4100Frame((number + n).to_bytes(5)).to_bytes() for n in range(200))
        with suppress(KioskError):  # what the line does not take is lost
            await reader.send_raw(b"".join(frames))
        await asyncio.sleep(0.01)


def is_kept(port: Path) -> bool:
    """Whether some program has the port for itself."""
    with port.open("rb", buffering=0) as line:
        try:
            fcntl.flock(line, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False


def credentials(ear: Ear) -> list[str]:
    return [shown.credential.reveal() for shown in ear.of(CardPresented)]


async def test_a_card_held_for_a_second_is_presented_once_and_then_removed(
    reader: SandboxReader, core: Ear
) -> None:
    began_s = CLOCK.monotonic()
    written_s = await reader.hold(CARD, 1.0)
    await core.next(CardRemoved)
    (shown,) = core.of(CardPresented)
    expected = CardPresented("front", "em4100", "identifier", Secret(CARD), shown.last_byte_at_s)
    assert shown == expected
    assert began_s < shown.last_byte_at_s
    assert abs(shown.last_byte_at_s - written_s) < 1.0
    assert core.of(CardUnreadable) == []


async def test_two_cards_one_after_the_other_are_both_presented(
    reader: SandboxReader, core: Ear
) -> None:
    await reader.hold(CARD, 0.1)
    await reader.hold(OTHER, 0.1)
    await core.next(CardRemoved)
    assert credentials(core) == [CARD, OTHER]


async def test_garbage_is_told_and_a_card_after_it_is_read(
    reader: SandboxReader, core: Ear
) -> None:
    await reader.send_raw(bytes(range(3, 256)) * 3)
    await core.next(CardUnreadable)
    await reader.send_raw(HALF_A_FRAME)
    await reader.hold(CARD, 0.2)
    await core.next(CardPresented)
    assert credentials(core) == [CARD]


@pytest.mark.parametrize("ratio", [0.5, 2.0, 12.0])
async def test_a_card_at_a_reader_whose_speed_is_set_wrong_is_told_as_unreadable(
    reader: SandboxReader, core: Ear, ratio: float
) -> None:
    await reader.send_raw(heard_at(Em4100Frame(bytes.fromhex(CARD)).to_bytes(), ratio))
    _, unreadable = await core.next(CardUnreadable)
    assert unreadable.reason == "noise"
    await reader.hold(OTHER, 0.1)
    await core.next(CardPresented)
    assert credentials(core) == [OTHER]


async def test_half_a_frame_from_before_it_was_unplugged_is_forgotten(
    reader: SandboxReader, core: Ear
) -> None:
    await reader.send_raw(HALF_A_FRAME)
    await reader.unplug()
    await core.down()
    await reader.plug_in()
    await core.up()
    await reader.send_raw(b"6CED08\x03")
    await core.next(CardUnreadable)
    assert credentials(core) == []


async def test_a_card_that_is_held_when_the_reader_is_unplugged_is_removed(
    reader: SandboxReader, core: Ear
) -> None:
    holding = asyncio.create_task(reader.hold(CARD, 0.5))
    await core.next(CardPresented)
    await reader.unplug()
    await core.next(CardRemoved)
    await core.down()
    await holding


async def test_a_bridge_that_is_killed_again_and_again_is_back_and_shows_no_card_again(
    port: Path, reader: SandboxReader, bridge: BridgeProcess, core: Ear
) -> None:
    cards = [f"{number:010X}" for number in range(KILLS)]
    for number, card in enumerate(cards, start=1):
        await reader.hold(card, 0.1)
        await core.next(CardPresented)
        await reader.send_raw(HALF_A_FRAME)
        assert is_kept(port)
        await bridge.kill()
        assert not is_kept(port)
        await bridge.start()
        started_s = CLOCK.monotonic()
        assert await core.up() - started_s < BACK_S
        assert credentials(core) == cards[:number]
    await reader.hold(OTHER, 0.1)
    await core.next(CardPresented)
    assert credentials(core) == [*cards, OTHER]


async def test_core_that_comes_back_is_told_of_the_reader_and_of_no_card(
    reader: SandboxReader, bridge: BridgeProcess
) -> None:
    async with listening(bridge.socket) as before:
        await before.up()
        holding = asyncio.create_task(reader.hold(CARD, 0.8))
        await before.next(CardPresented)
    async with listening(bridge.socket) as after:
        await after.next(CardRemoved)
    await holding
    kinds: list[type[Message]] = [type(message) for _, message in after.all]
    assert kinds == [ReaderStatus, CardRemoved]


async def test_an_observer_hears_everything_but_cards(
    reader: SandboxReader, bridge: BridgeProcess, core: Ear
) -> None:
    async with listening(bridge.socket, Program.OBSERVER) as observer:
        await observer.up()
        await reader.hold(CARD, 0.1)
        await observer.next(CardRemoved)
    kinds: list[type[Message]] = [type(message) for _, message in observer.all]
    assert kinds == [ReaderStatus, CardRemoved]
    assert credentials(core) == [CARD]


async def test_a_card_held_while_the_bridge_is_stopped_for_a_while_is_still_one_presentation(
    reader: SandboxReader, bridge: BridgeProcess, core: Ear
) -> None:
    holding = asyncio.create_task(reader.hold(CARD, 1.2))
    await core.next(CardPresented)
    os.kill(bridge.pid, signal.SIGSTOP)
    await asyncio.sleep(0.6)
    os.kill(bridge.pid, signal.SIGCONT)
    await holding
    await core.next(CardRemoved)
    assert credentials(core) == [CARD]


async def test_a_reader_that_is_not_there_at_the_start_is_found_when_it_comes(
    tmp_path: Path, port: Path
) -> None:
    reader = SandboxReader(port)
    async with running(tmp_path, port) as bridge, listening(bridge.socket) as core:
        assert await core.down() == f"{port} is not there: plug the reader in, or correct `port`"
        await reader.plug_in()
        plugged_in_s = CLOCK.monotonic()
        assert await core.up() - plugged_in_s < BACK_S
    await reader.unplug()


async def test_a_second_bridge_on_the_same_port_says_so_and_takes_over_when_the_first_is_gone(
    tmp_path: Path, port: Path, reader: SandboxReader, bridge: BridgeProcess, core: Ear
) -> None:
    (tmp_path / "second").mkdir()
    async with running(tmp_path / "second", port) as second, listening(second.socket) as other:
        assert await other.down() == f"{port} is in use by another program: stop that one"
        await reader.hold(CARD, 0.1)
        await core.next(CardPresented)
        assert await bridge.terminate() == 0
        freed_s = CLOCK.monotonic()
        assert await other.up() - freed_s < BACK_S
        await reader.hold(OTHER, 0.1)
        await other.next(CardPresented)
        assert credentials(other) == [OTHER]


async def test_a_second_bridge_on_the_same_socket_ends_and_says_why(
    tmp_path: Path, port: Path, bridge: BridgeProcess, core: Ear
) -> None:
    async with running(tmp_path, port) as second:
        assert await second.ends() == 1
        assert "cannot listen" in second.log


@pytest.mark.parametrize("device", ["/dev/null", "/etc/passwd", "/tmp"])
async def test_what_is_no_serial_port_is_said_to_be_none(tmp_path: Path, device: str) -> None:
    async with running(tmp_path, Path(device)) as bridge, listening(bridge.socket) as core:
        assert await core.down() == f"{device} is no serial port: correct `port`"


@pytest.mark.root
async def test_a_port_that_may_not_be_opened_is_used_once_it_may(tmp_path: Path) -> None:
    place = tmp_path / "run"
    place.mkdir()
    for directory in (place, tmp_path, *list(tmp_path.parents)[:2]):
        directory.chmod(0o755)
    os.chown(place, NOBODY, -1)
    port = tmp_path / "card-reader"
    reader = SandboxReader(port)
    await reader.plug_in()
    async with running(place, port, user=NOBODY) as bridge, listening(bridge.socket) as core:
        reason = f"{port} may not be opened: add this program's user to the group {port.group()}"
        assert await core.down() == reason
        os.chown(port, NOBODY, -1)
        allowed_s = CLOCK.monotonic()
        assert await core.up() - allowed_s < BACK_S
    await reader.unplug()


async def test_it_says_each_trouble_once_and_never_what_is_on_a_card(
    reader: SandboxReader, bridge: BridgeProcess, core: Ear
) -> None:
    await reader.hold(CARD, 0.1)
    await core.next(CardRemoved)
    await reader.send_raw(b"\x0262E3086CEDXX\x03")
    await core.next(CardUnreadable)
    await reader.unplug()
    await core.down()
    await core.down()
    assert bridge.log.count("was unplugged") == 1
    assert bridge.log.count("is not there") == 1
    assert "62E3" not in bridge.log


async def test_a_flood_takes_neither_memory_nor_the_processor_and_is_got_over(
    tmp_path: Path, port: Path, reader: SandboxReader
) -> None:
    side = SandboxReader(tmp_path / "side")
    await side.plug_in()
    more = f'[[reader]]\nname = "side"\nkind = "em4100_ascii"\nport = "{tmp_path}/side"\n'
    async with running(tmp_path, port, more=more) as bridge, listening(bridge.socket) as core:
        await core.knows(ReaderStatus("front", up=True), ReaderStatus("side", up=True))
        process = psutil.Process(bridge.pid)
        flooding = asyncio.create_task(flood(reader))
        assert "more cards than people" in await core.down()
        began_s, used_s = CLOCK.monotonic(), sum(process.cpu_times()[:2])
        size_bytes = process.memory_full_info().uss
        while CLOCK.monotonic() - began_s < FLOOD_S:
            await side.hold(CARD, 0.1)
            await core.next(CardPresented, lambda shown: shown.reader == "side")
            await core.next(CardRemoved, lambda removed: removed.reader == "side")
        used_s = sum(process.cpu_times()[:2]) - used_s
        assert process.memory_full_info().uss - size_bytes < 4 * NOTHING_BYTES
        assert used_s / (CLOCK.monotonic() - began_s) < BUSY
        flooding.cancel()
        await core.up()
        await reader.hold(OTHER, 0.1)
        await core.next(CardPresented, lambda shown: shown.credential == Secret(OTHER))
    await side.unplug()


async def test_it_stops_within_a_second(bridge: BridgeProcess, core: Ear) -> None:
    asked_s = CLOCK.monotonic()
    assert await bridge.terminate() == 0
    assert CLOCK.monotonic() - asked_s < 1.0
    assert not bridge.socket.exists()


async def test_wrong_settings_end_it_with_every_fault_named(tmp_path: Path) -> None:
    more = "".join(
        f'[[reader]]\nname = "{name}"\nkind = "em4100_ascii"\nport = "/dev/{port}"\nbaud = {baud}\n'
        for name, port, baud in (("front", "a", 9600), ("side", "b", 1), ("back", "b", 9600))
    )
    async with running(tmp_path, Path("COM3"), more=more, core="nobody-here") as bridge:
        assert await bridge.ends() == 2
        for fault in (
            "reader[0].port: Expected",
            "reader[1].name: the same as reader[0].name",
            "reader[2].baud: Expected",
            "reader[3].port: the same as reader[2].port",
            "wire.core_user: there is no user nobody-here on this machine",
        ):
            assert fault in bridge.log
