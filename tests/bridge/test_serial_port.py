"""How a port is opened, and that a device is opened as its settings say."""

import asyncio
import errno
import fcntl
import os
import select
import termios
import tty
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from firmware_bridge import serial_port
from firmware_bridge.app import plan_of_board, plan_of_reader
from firmware_bridge.arrivals import Arrivals
from firmware_bridge.device import Device, DevicePlan
from firmware_bridge.readers.em4100_ascii import Em4100AsciiSettings
from firmware_bridge.serial_port import UNPLUGGED, Parity, SerialPort
from kiosk.clock import SystemClock
from kiosk.errors import BridgeError
from tests.bridge.boards import SETTINGS
from tests.bridge.ports import error_of_nobodys_opening, speeds_of

DESCRIPTORS = Path("/proc/self/fd")
PARITY = termios.PARENB | termios.PARODD


@pytest.fixture
def port() -> Iterator[str]:
    master, slave = os.openpty()
    tty.setraw(slave)
    yield os.ttyname(slave)
    os.close(master)
    os.close(slave)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The control modes that ports were asked for: a pseudo-terminal itself has no parity."""
    modes: list[int] = []
    set_attributes = termios.tcsetattr

    def tcsetattr(descriptor: int, when: int, attributes: list[Any]) -> None:
        modes.append(attributes[2])
        set_attributes(descriptor, when, attributes)

    monkeypatch.setattr(termios, "tcsetattr", tcsetattr)
    return modes


def failing(*_: object) -> None:
    raise OSError(errno.EIO, os.strerror(errno.EIO))


async def open_once(plan: DevicePlan) -> None:
    """Let the bridge open the device, and look at nothing more."""
    clock, opened = SystemClock(), asyncio.Event()
    device = asyncio.create_task(Device(plan, clock, Arrivals(clock), lambda _: opened.set()).run())
    await opened.wait()
    device.cancel()


@pytest.mark.parametrize(
    ("parity", "flags"),
    [("none", 0), ("even", termios.PARENB), ("odd", termios.PARENB | termios.PARODD)],
)
async def test_a_port_has_the_parity_that_was_asked_for(
    port: str, asked: list[int], parity: Parity, flags: int
) -> None:
    with SerialPort(port, 19200, parity):
        pass
    assert asked[-1] & PARITY == flags


async def test_the_board_is_opened_with_its_own_parity(port: str, asked: list[int]) -> None:
    await open_once(plan_of_board(msgspec.structs.replace(SETTINGS, port=port, parity="odd")))
    assert asked[-1] & PARITY == PARITY


@pytest.mark.parametrize(
    ("baud", "speed"),
    [(9600, termios.B9600), (19200, termios.B19200), (115200, termios.B115200)],
)
async def test_a_port_has_the_speed_that_was_asked_for_in_both_directions(
    port: str, baud: int, speed: int
) -> None:
    with SerialPort(port, baud):
        assert speeds_of(port) == (speed, speed)


async def test_a_reader_is_opened_with_the_speed_that_is_configured(port: str) -> None:
    await open_once(plan_of_reader(Em4100AsciiSettings(name="front", port=port, baud=115200)))
    assert speeds_of(port) == (termios.B115200, termios.B115200)


@pytest.mark.parametrize("call", ["read", "write"])
async def test_a_port_that_fails_is_a_fault_that_says_what_to_do(
    port: str, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    with SerialPort(port, 9600) as opened:
        monkeypatch.setattr(os, call, failing)
        with pytest.raises(BridgeError, match=UNPLUGGED):
            if call == "write":
                opened.write(b"x")
            else:
                monkeypatch.setattr(select, "select", lambda *_: ([opened._port.fileno()], [], []))
                await opened.read(0.0)
        monkeypatch.undo()


async def test_a_port_that_fails_when_it_is_opened_names_the_systems_fault(
    port: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "open", failing)
    with pytest.raises(BridgeError, match=rf"{port} cannot be opened \(Input/output error\)"):
        SerialPort(port, 9600)
    monkeypatch.undo()


def test_a_port_that_is_refused_again_and_again_leaves_no_descriptor_behind(port: str) -> None:
    other = os.open(port, os.O_RDWR | os.O_NOCTTY)
    fcntl.flock(other, fcntl.LOCK_EX)
    open_files = len(list(DESCRIPTORS.iterdir()))
    for _ in range(100):
        with pytest.raises(BridgeError, match="in use by another program"):
            SerialPort(port, 9600)
    assert len(list(DESCRIPTORS.iterdir())) == open_files
    os.close(other)


@pytest.mark.root
def test_a_port_is_kept_from_programs_that_take_no_lock_until_it_is_closed(
    port: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serial_port, "_PSEUDO_TERMINALS", ())
    with SerialPort(port, 9600):
        assert error_of_nobodys_opening(port) == errno.EBUSY
    assert error_of_nobodys_opening(port) == 0


@pytest.mark.root
def test_a_pseudo_terminal_is_not_kept_and_so_not_left_kept_by_a_bridge_that_is_killed(
    port: str,
) -> None:
    with SerialPort(port, 9600):
        assert error_of_nobodys_opening(port) == 0
