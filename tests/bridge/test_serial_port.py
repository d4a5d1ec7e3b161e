"""How a port is opened, and that a device is opened as its settings say."""

import asyncio
import os
import termios
import tty
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from firmware_bridge.app import plan_of_board
from firmware_bridge.arrivals import Arrivals
from firmware_bridge.device import Device
from firmware_bridge.serial_port import Parity, SerialPort
from kiosk.clock import SystemClock
from tests.bridge.boards import SETTINGS

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
    clock, opened = SystemClock(), asyncio.Event()
    plan = plan_of_board(msgspec.structs.replace(SETTINGS, port=port, parity="odd"))
    device = asyncio.create_task(Device(plan, clock, Arrivals(clock), lambda _: opened.set()).run())
    await opened.wait()
    device.cancel()
    assert asked[-1] & PARITY == PARITY
