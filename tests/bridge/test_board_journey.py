"""The bridge as a process with a board on a pseudo-terminal: pymodbus' server answers as boards do."""

import asyncio
import os
import re
import signal
import statistics
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import psutil
import pytest

from firmware_bridge.simulators.board import SimulatedBoard
from firmware_bridge.simulators.pty import SimulatedPort
from kiosk.clock import Seconds, SystemClock
from kiosk.wire.devices import (
    AcknowledgeTamper,
    BoardStatus,
    HandsetStatus,
    Indicate,
    Indication,
    Tamper,
    TamperOver,
)
from kiosk.wire.messages import Program
from tests.bridge.boards import EXAMPLE, SETTINGS
from tests.bridge.process import PATIENCE_S, BridgeProcess, Ear, listening

pytestmark = pytest.mark.journey

CLOCK = SystemClock()
WITHOUT_WATCHDOG = re.sub(
    r"\[board\.watchdog\].*?(?=\[board\.show\])", "", EXAMPLE, flags=re.DOTALL
)
BACK_S = 2.0
TIMES = 100
HALF_AN_ANSWER = b"\x01\x04\x02"
NOTHING_BYTES = 512 * 1024
"""What an allocator may keep, and no connection's state."""

WATCHDOG_S = 3.0
"""As the documented example arms it."""

UP = BoardStatus("board", up=True)
ON_HOOK = HandsetStatus(lifted=False)
LIFTED = HandsetStatus(lifted=True)
OPENED = Tamper("board", "case_open", active=True)
CLOSED_AGAIN = Tamper("board", "case_open", active=False)
CUT_OFF = Tamper("board", "link_lost", active=True)
LINKED_AGAIN = Tamper("board", "link_lost", active=False)

READY = "leds=green backlight=100"
CLOSED = "leds=red backlight=30"
FAULT = "leds=red backlight=50"
DEAD = "watchdog: nobody speaks to this board"


class SeenBoard:
    """A board that is plugged in, and what it said that it shows."""

    def __init__(self, port: Path) -> None:
        self.shown: list[tuple[Seconds, str]] = []
        self._news = asyncio.Event()
        self._port = SimulatedPort(lambda: SimulatedBoard(self._see), CLOCK, port)

    def plug(self) -> None:
        self._port.plug()

    def unplug(self) -> None:
        self._port.unplug()

    def do(self, words: str) -> Seconds:
        """Somebody does something at the board; when."""
        self._port.obey(words.split())
        return CLOCK.monotonic()

    def noise(self, data: bytes) -> None:
        self._port.send(data)

    async def shows(self, what: str) -> Seconds:
        """When it was next seen to show that; what it showed before counts as seen."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                while self.shown:
                    at_s, shown = self.shown.pop(0)
                    if shown == what:
                        return at_s
                self._news.clear()
                await self._news.wait()

    def _see(self, shown: str) -> None:
        self.shown.append((CLOCK.monotonic(), shown))
        self._news.set()


@pytest.fixture
def port(tmp_path: Path) -> Path:
    return tmp_path / "board"


@pytest.fixture
async def board(port: Path) -> AsyncIterator[SeenBoard]:
    board = SeenBoard(port)
    board.plug()
    yield board
    board.unplug()


@pytest.fixture
async def bridge(tmp_path: Path, port: Path, board: SeenBoard) -> AsyncIterator[BridgeProcess]:
    async with running(tmp_path, port, EXAMPLE) as bridge:
        yield bridge


@asynccontextmanager
async def running(directory: Path, port: Path, table: str) -> AsyncIterator[BridgeProcess]:
    """The bridge with a board at `port` and no reader."""
    table = table.replace(SETTINGS.port, str(port))
    bridge = BridgeProcess(directory, directory / "no-reader", more=table)
    await bridge.start()
    try:
        yield bridge
    finally:
        await bridge.clear_away()


@pytest.fixture
async def core(bridge: BridgeProcess) -> AsyncIterator[Ear]:
    """kiosk-core, from when it knows all of the board."""
    async with listening(bridge.socket) as ear:
        await up(ear)
        await ear.knows(ON_HOOK)
        yield ear


async def up(ear: Ear) -> Seconds:
    return (await ear.next(BoardStatus, lambda status: status.up))[0]


async def down(ear: Ear) -> str:
    return (await ear.next(BoardStatus, lambda status: not status.up))[1].reason


async def test_core_is_told_how_the_handset_is_and_of_each_change(
    board: SeenBoard, core: Ear
) -> None:
    board.do("hook up")
    await core.knows(LIFTED)
    board.do("hook down")
    await core.next(HandsetStatus, lambda status: status.lifted)
    assert (await core.next(HandsetStatus))[1] == ON_HOOK
    assert core.of(HandsetStatus) == [ON_HOOK, LIFTED, ON_HOOK]


def is_lifted(handset: HandsetStatus) -> bool:
    return handset.lifted


def is_hung_up(handset: HandsetStatus) -> bool:
    return not handset.lifted


async def test_a_lifted_handset_is_told_within_a_tenth_of_a_second(
    board: SeenBoard, core: Ear
) -> None:
    await core.knows(ON_HOOK)
    took_s = []
    for i in range(60):
        lifted = i % 2 == 0
        done_s = board.do("hook up" if lifted else "hook down")
        told_s, _ = await core.next(HandsetStatus, is_lifted if lifted else is_hung_up)
        took_s.append(told_s - done_s)
        await asyncio.sleep(0.003 * (i % 11))
    p95_s = statistics.quantiles(took_s, n=20)[-1]
    print(f"hook to event: median {statistics.median(took_s):.3f} s, p95 {p95_s:.3f} s")
    assert p95_s <= 0.1


async def test_what_core_tells_is_shown(board: SeenBoard, core: Ear) -> None:
    core.say(Indicate(Indication.READY))
    await board.shows(READY)
    core.say(Indicate(Indication.VISIT))
    await board.shows("leds=green backlight=80")


async def test_without_core_the_board_shows_that_nobody_is_served(
    board: SeenBoard, bridge: BridgeProcess
) -> None:
    async with listening(bridge.socket) as core:
        await core.knows(UP)
        core.say(Indicate(Indication.READY))
        await board.shows(READY)
    await board.shows(CLOSED)


async def test_a_bridge_that_was_killed_leaves_the_board_at_its_fault_light(
    board: SeenBoard, bridge: BridgeProcess, core: Ear
) -> None:
    core.say(Indicate(Indication.READY))
    await board.shows(READY)
    await bridge.kill()
    killed_s = CLOCK.monotonic()
    assert await board.shows(DEAD) - killed_s < WATCHDOG_S + 0.5
    await board.shows(FAULT)
    await bridge.start()
    await board.shows(CLOSED)


async def test_a_bridge_that_was_stopped_for_a_while_shows_again_what_it_should(
    board: SeenBoard, bridge: BridgeProcess, core: Ear
) -> None:
    core.say(Indicate(Indication.READY))
    await board.shows(READY)
    os.kill(bridge.pid, signal.SIGSTOP)
    await board.shows(FAULT)
    os.kill(bridge.pid, signal.SIGCONT)
    await board.shows(READY)


async def test_a_case_that_was_opened_stands_until_staff_acknowledge_it_whatever_dies(
    board: SeenBoard, bridge: BridgeProcess
) -> None:
    async with listening(bridge.socket) as core:
        await core.knows(UP)
        board.do("tamper open")
        await core.knows(OPENED)
        core.say(AcknowledgeTamper("board"))
        board.do("tamper closed")
        await core.knows(CLOSED_AGAIN)
        assert core.of(TamperOver) == []
    await bridge.kill()
    await bridge.start()
    async with listening(bridge.socket) as core:
        await core.knows(CLOSED_AGAIN)
        core.say(AcknowledgeTamper("board"))
        await core.knows(TamperOver("board", "case_open"))
    await bridge.kill()
    await bridge.start()
    async with listening(bridge.socket) as core:
        await core.knows(UP, ON_HOOK)
        assert core.of(Tamper) == []


async def test_a_case_that_is_opened_while_the_bridge_is_dead_is_noticed(
    board: SeenBoard, bridge: BridgeProcess, core: Ear
) -> None:
    await bridge.kill()
    board.do("tamper open")
    await bridge.start()
    await core.knows(OPENED)


async def test_a_cut_cable_is_a_tamper_that_stands(board: SeenBoard, core: Ear) -> None:
    cut_s = board.do("silent")
    await core.next(BoardStatus, lambda status: status.reason.startswith("does not answer"))
    assert CLOCK.monotonic() - cut_s < 2.0
    await core.knows(CUT_OFF)
    board.do("speak")
    await up(core)
    await core.knows(LINKED_AGAIN)
    core.say(AcknowledgeTamper("board"))
    await core.knows(TamperOver("board", "link_lost"))


async def test_a_board_unplugged_in_a_frame_and_back_a_hundred_times_is_shown_to_and_armed_again(
    board: SeenBoard, bridge: BridgeProcess, core: Ear
) -> None:
    process = psutil.Process(bridge.pid)
    open_files, sizes_bytes = process.num_fds(), []
    core.say(Indicate(Indication.READY))
    for lifted in (True, False) * (TIMES // 2):
        told = len(core.of(HandsetStatus))
        board.noise(HALF_AN_ANSWER)
        board.unplug()
        assert "plug it in" in await down(core)
        board.plug()
        plugged_in_s = CLOCK.monotonic()
        board.do("hook up" if lifted else "hook down")
        assert await up(core) - plugged_in_s < BACK_S
        await board.shows(READY)
        if len(core.of(HandsetStatus)) == told:
            await core.next(HandsetStatus)
        assert core.of(HandsetStatus)[-1].lifted is lifted
        sizes_bytes.append(process.memory_full_info().uss)
    assert process.num_fds() == open_files
    assert sizes_bytes[-1] - sizes_bytes[TIMES // 5] < NOTHING_BYTES
    await bridge.kill()
    await board.shows(FAULT)


async def test_a_program_that_comes_later_is_told_how_everything_is(
    board: SeenBoard, bridge: BridgeProcess, core: Ear
) -> None:
    board.do("hook up")
    await core.knows(LIFTED)
    async with listening(bridge.socket, Program.OBSERVER) as observer:
        await observer.knows(UP, LIFTED)


async def test_a_handset_of_which_nothing_is_known_any_more_is_not_told(
    board: SeenBoard, bridge: BridgeProcess, core: Ear
) -> None:
    board.do("silent")
    await core.knows(CUT_OFF)
    async with listening(bridge.socket, Program.OBSERVER) as observer:
        await observer.knows(CUT_OFF)  # which is told last
        assert observer.of(HandsetStatus) == []
        board.do("speak")
        await observer.knows(UP, ON_HOOK)


@pytest.mark.parametrize("table", [EXAMPLE, WITHOUT_WATCHDOG], ids=["with", "without"])
async def test_a_board_without_a_watchdog_is_warned_of(
    tmp_path: Path, port: Path, board: SeenBoard, table: str
) -> None:
    async with running(tmp_path, port, table) as bridge, listening(bridge.socket) as core:
        await up(core)
        assert ("no `watchdog` is set" in bridge.log) is (table != EXAMPLE)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("unit = 1\n", "unit = 9\n", "does not answer"),
        ("address = 120", "address = 121", "refuses to write holding_register 121 (exception 02)"),
        ("address = 140", "address = 141", "refuses to read holding_register 141 (exception 02)"),
    ],
)
async def test_a_board_that_is_configured_wrongly_is_told_with_what_to_do(
    tmp_path: Path, port: Path, board: SeenBoard, old: str, new: str, reason: str
) -> None:
    async with (
        running(tmp_path, port, EXAMPLE.replace(old, new)) as bridge,
        listening(bridge.socket) as core,
    ):
        await core.next(BoardStatus, lambda status: status.reason.startswith(reason))


async def test_garbage_on_the_line_costs_an_answer_and_no_more(board: SeenBoard, core: Ear) -> None:
    for i in range(100):
        board.noise(bytes(range(i, i + 40)))
        await asyncio.sleep(0.01)
    board.do("hook up")
    await core.knows(LIFTED)
    assert core.of(Tamper) == []
    assert core.of(BoardStatus)[-1] == UP
