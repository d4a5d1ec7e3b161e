"""The simulated board on its own: as strict as a real one, and told what to do at a command line."""

import asyncio
import subprocess
import sys

import pytest
import serial
from pymodbus.framer import FramerRTU

from firmware_bridge.simulators.board import (
    ANSWERS_WITHIN_S,
    DEFAULT_LIGHTS,
    INPUTS,
    LIGHTS,
    WATCHDOG_S,
    WORDS,
    SimulatedBoard,
)
from kiosk.errors import BridgeError
from tests.bridge.simulator import SimulatorProcess

READ, READ_INPUT, WRITE = 3, 4, 6
TURNS = 20
"""Of the loop; the server needs a few to answer."""


def frame(*body: int) -> bytes:
    return bytes(body) + FramerRTU.compute_CRC(bytes(body)).to_bytes(2)


async def asked(board: SimulatedBoard, *body: int, now: float = 1.0) -> bytes:
    """What it answers to such a request."""
    board.feed(frame(*body), now)
    for _ in range(TURNS):
        await asyncio.sleep(0)
    board.tick(now)
    return board.to_send()


@pytest.fixture
def said() -> list[str]:
    """What people are told that it shows."""
    return []


@pytest.fixture
async def board(said: list[str]) -> SimulatedBoard:
    return SimulatedBoard(said.append)


async def test_its_inputs_are_what_somebody_does_to_them(board: SimulatedBoard) -> None:
    assert await asked(board, 1, READ_INPUT, 0, INPUTS, 0, 1) == frame(1, READ_INPUT, 2, 0, 2)
    board.obey(["hook", "up"], 1.0)
    assert await asked(board, 1, READ_INPUT, 0, INPUTS, 0, 1) == frame(1, READ_INPUT, 2, 0, 3)
    board.obey(["tamper", "open"], 1.0)
    assert await asked(board, 1, READ_INPUT, 0, INPUTS, 0, 1) == frame(1, READ_INPUT, 2, 0, 1)


async def test_what_is_written_is_seen_and_can_be_read_back(
    board: SimulatedBoard, said: list[str]
) -> None:
    request = (1, WRITE, 0, LIGHTS, 0, 5)
    assert await asked(board, *request) == frame(*request)
    assert said == ["leds=green,yellow backlight=0"]
    assert await asked(board, 1, READ, 0, LIGHTS, 0, 1) == frame(1, READ, 2, 0, 5)


@pytest.mark.parametrize("address", [INPUTS, 200])
async def test_a_register_that_it_has_not_is_refused(board: SimulatedBoard, address: int) -> None:
    assert await asked(board, 1, READ, 0, address, 0, 1) == frame(1, READ | 0x80, 2)
    assert await asked(board, 1, WRITE, 0, address, 0, 1) == frame(1, WRITE | 0x80, 2)


async def test_another_unit_and_a_wrong_checksum_get_no_answer_and_change_nothing(
    board: SimulatedBoard, said: list[str]
) -> None:
    assert await asked(board, 2, WRITE, 0, LIGHTS, 0, 1) == b""
    board.feed(frame(1, WRITE, 0, LIGHTS, 0, 1)[:-1] + b"\x00", 1.0)
    await asyncio.sleep(0)
    assert board.to_send() == b""
    assert said == []


async def test_silent_to_a_request_it_does_not_wait_for_its_server_for_ever(
    board: SimulatedBoard,
) -> None:
    board.feed(frame(1, WRITE, 0, LIGHTS, 0, 1)[:-1] + b"\x00", 1.0)
    board.tick(1.0 + ANSWERS_WITHIN_S)
    assert board.next_deadline() is None


async def test_when_nobody_speaks_to_it_for_its_time_it_goes_to_its_default_states(
    board: SimulatedBoard, said: list[str]
) -> None:
    await asked(board, 1, WRITE, 0, DEFAULT_LIGHTS, 0, 2)
    await asked(board, 1, WRITE, 0, LIGHTS, 0, 1)
    await asked(board, 1, WRITE, 0, WATCHDOG_S, 0, 3)
    said.clear()
    await asked(board, 1, READ_INPUT, 0, INPUTS, 0, 1, now=3.0)
    board.tick(5.9)
    assert said == []
    assert board.next_deadline() == 6.0
    board.tick(6.0)
    assert said == ["watchdog: nobody speaks to this board", "leds=red backlight=0"]
    assert board.next_deadline() is None
    assert await asked(board, 1, READ, 0, LIGHTS, 0, 1) == frame(1, READ, 2, 0, 2)


async def test_what_it_does_not_know_is_answered_with_what_it_knows(board: SimulatedBoard) -> None:
    with pytest.raises(BridgeError, match="hook up"):
        board.obey(["hold", "A7"], 1.0)


@pytest.mark.journey
async def test_at_the_command_line_it_is_told_what_to_do_and_says_what_it_shows() -> None:
    simulator = SimulatorProcess("board")
    port = await simulator.start()
    await simulator.say("hook up")
    line = serial.Serial(str(port), 19200, timeout=5)
    with line:
        line.write(frame(1, WRITE, 0, LIGHTS, 0, 2))
        assert await asyncio.to_thread(line.read, 8) == frame(1, WRITE, 0, LIGHTS, 0, 2)
        assert await simulator.line() == "leds=red backlight=0"
        line.write(frame(1, READ_INPUT, 0, INPUTS, 0, 1))
        assert await asyncio.to_thread(line.read, 7) == frame(1, READ_INPUT, 2, 0, 3)
    await simulator.say("silent")
    await simulator.say("quit")
    assert await simulator.ends() == 0


@pytest.mark.journey
async def test_its_help_names_what_may_be_said_to_it() -> None:
    simulator = SimulatorProcess("board", "--help")
    await simulator.start()
    assert await simulator.ends() == 0
    assert simulator.process.stdout is not None
    shown = (await simulator.process.stdout.read()).decode()
    assert WORDS in " ".join(shown.split())


def test_a_program_that_simulates_no_board_starts_without_its_server() -> None:
    begin = "import sys, firmware_bridge.__main__; sys.exit('pymodbus.server' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", begin], check=False).returncode == 0
