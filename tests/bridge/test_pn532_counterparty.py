"""Adafruit's driver for the PN532 on our simulated one: who else wrote for the chip understands it."""

import sys
from collections.abc import AsyncIterator, Iterator
from enum import Enum
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, Self

import pytest
import serial

from tests.bridge.simulator import SimulatorProcess, simulating

pytestmark = pytest.mark.journey

PN532_1_6 = (0x32, 1, 6, 7)


class Direction(Enum):
    """Which way a pin goes; without a pin for a reset it is never asked."""

    OUTPUT = "output"


class Unused:
    """What stands in the driver's annotations alone: using it fails."""

    def __new__(cls) -> Self:
        raise AssertionError("the driver was said to need no board")


def const(value: int) -> int:
    """MicroPython's mark of a constant."""
    return value


BOARD: dict[str, dict[str, object]] = {
    "busio": {"UART": Unused},
    "circuitpython_typing": {"ReadableBuffer": Unused},
    "digitalio": {"Direction": Direction, "DigitalInOut": Unused},
    "micropython": {"const": const},
}
"""The modules of CircuitPython that it imports, where no board is connected."""


@pytest.fixture
def driver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The module with the driver, which is forgotten afterwards."""
    for name, what in BOARD.items():
        module = ModuleType(name)
        module.__dict__.update(what)
        monkeypatch.setitem(sys.modules, name, module)
    before = set(sys.modules)
    yield import_module("adafruit_pn532.uart")
    for name in set(sys.modules) - before:
        del sys.modules[name]


@pytest.fixture
async def chip(tmp_path: Path) -> AsyncIterator[SimulatorProcess]:
    async with simulating("pn532_hsu", "--port-link", str(tmp_path / "pn532")) as chip:
        yield chip


@pytest.fixture
def port(tmp_path: Path, chip: SimulatorProcess) -> Iterator[serial.Serial]:
    with serial.Serial(str(tmp_path / "pn532"), 115200, timeout=0.2) as port:
        yield port


async def test_it_wakes_the_chip_and_reads_its_version(driver: Any, port: serial.Serial) -> None:
    pn532 = driver.PN532_UART(port)
    assert pn532.firmware_version == PN532_1_6


@pytest.mark.parametrize("uid", ["9EB36E66", "047BCB51962280"])
async def test_it_reads_a_card_again_and_again(
    driver: Any, port: serial.Serial, chip: SimulatorProcess, uid: str
) -> None:
    pn532 = driver.PN532_UART(port)
    await chip.say(f"hold {uid}")
    for _ in range(3):
        assert bytes(pn532.read_passive_target(timeout=5)) == bytes.fromhex(uid)


async def test_it_finds_no_card_and_then_the_one_that_comes(
    driver: Any, port: serial.Serial, chip: SimulatorProcess
) -> None:
    pn532 = driver.PN532_UART(port)
    assert pn532.read_passive_target(timeout=0.2) is None
    assert pn532.firmware_version == PN532_1_6, "which ends the search"
    assert pn532.listen_for_passive_target(timeout=1)
    await chip.say("hold 9EB36E66")
    assert bytes(pn532.get_passive_target(timeout=5)) == bytes.fromhex("9EB36E66")


async def test_it_is_told_when_a_search_ends_without_a_card(
    driver: Any, port: serial.Serial
) -> None:
    pn532 = driver.PN532_UART(port)
    few_retries = [0x05, 0xFF, 0x01, 0x01]
    assert pn532.call_function(0x32, params=few_retries) == b""
    assert pn532.call_function(0x4A, params=[0x01, 0x00], response_length=64) == b"\x00"


async def test_it_is_told_that_a_command_is_unknown(driver: Any, port: serial.Serial) -> None:
    pn532 = driver.PN532_UART(port)
    with pytest.raises(RuntimeError, match="unexpected command response"):
        pn532.call_function(0x00)
