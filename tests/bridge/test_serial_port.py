"""How a port is opened."""

import os
import termios
import tty
from collections.abc import Iterator
from typing import Any

import pytest

from firmware_bridge.serial_port import Parity, SerialPort


@pytest.fixture
def port() -> Iterator[str]:
    master, slave = os.openpty()
    tty.setraw(slave)
    yield os.ttyname(slave)
    os.close(master)
    os.close(slave)


@pytest.mark.parametrize(
    ("parity", "flags"),
    [("none", 0), ("even", termios.PARENB), ("odd", termios.PARENB | termios.PARODD)],
)
async def test_a_port_has_the_parity_that_was_asked_for(
    port: str, monkeypatch: pytest.MonkeyPatch, parity: Parity, flags: int
) -> None:
    asked: list[int] = []
    set_attributes = termios.tcsetattr

    def tcsetattr(descriptor: int, when: int, attributes: list[Any]) -> None:
        asked.append(attributes[2])
        set_attributes(descriptor, when, attributes)

    # A pseudo-terminal has no parity: what it is asked for is all that can be seen.
    monkeypatch.setattr(termios, "tcsetattr", tcsetattr)
    with SerialPort(port, 19200, parity):
        pass
    assert asked[-1] & (termios.PARENB | termios.PARODD) == flags
