"""The table `[board]`: the documented one is taken, and each fault is named with its place."""

import re
from pathlib import Path

import pytest

from firmware_bridge.board.places import Place
from firmware_bridge.board.settings import BacklightSettings
from firmware_bridge.settings import BridgeSettings
from kiosk.config import load
from kiosk.errors import ConfigError
from tests.bridge.boards import EXAMPLE, SETTINGS

BRIDGE = """
[wire]
socket = "/run/x/bridge.sock"
[[reader]]
name = "front"
kind = "em4100_ascii"
port = "/dev/ttyUSB0"
"""


def loaded(directory: Path, board: str) -> BridgeSettings:
    path = directory / "bridge.toml"
    path.write_text(BRIDGE + board)
    return load(path, BridgeSettings)


def changed(old: str, new: str) -> str:
    assert EXAMPLE.count(old) >= 1
    return EXAMPLE.replace(old, new, 1)


def test_the_documented_board_is_taken(tmp_path: Path) -> None:
    assert loaded(tmp_path, EXAMPLE).board == SETTINGS


def test_a_terminal_may_have_no_board(tmp_path: Path) -> None:
    assert loaded(tmp_path, "").board is None


def test_a_board_is_even_and_9600_unless_it_is_said_otherwise(tmp_path: Path) -> None:
    board = loaded(tmp_path, re.sub(r"(?m)^(baud|parity|unit|name) = .*\n", "", EXAMPLE)).board
    assert board is not None
    assert (board.name, board.baud, board.parity, board.unit) == ("board", 9600, "even", 1)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("unit = 1\n", "unit = 248\n", "board.unit"),
        ('parity = "none"', 'parity = "mark"', "board.parity"),
        ('name = "board"', 'name = "The Board"', "board.name"),
        ('port = "/dev', 'port = "COM3', "board.port"),
        ("lifted_when = true", "", "board.hook.lifted_when: missing"),
        ("bit = 0", "", "board.hook: a input_register needs a `bit`"),
        ("bit = 0", "bit = 16", "board.hook.bit"),
        ("address = 15", "address = 65536", "board.hook.address"),
        ('"input_register"', '"coil"', "board.hook: a coil has no `bit`"),
        ('"holding_register"', '"discrete_input"', "board.leds.green.table"),
        ("full = 10000", "full = 0", "board.backlight: `full` and `off` are the same"),
        (
            'table = "holding_register"\naddress = 120',
            'table = "coil"\naddress = 1',
            "board.backlight",
        ),
        ("arm = [{", "arm = []\n_ = [{", "board.watchdog._: unknown setting"),
        (
            'table = "holding_register", address = 140, value = 3',
            'table = "coil", address = 140, value = 3',
            "board.watchdog.arm[0]: a coil is 0 or 1",
        ),
        ("value = 5000", "value = 70000", "board.watchdog.safe[1].value"),
        ("backlight = 80", "backlight = 101", "board.show.visit.backlight"),
        ("refused = {", "declined = {", "board.show.refused: missing"),
        (
            'busy = { leds = ["yellow"]',
            'busy = { leds = ["blue"]',
            "board.show.busy.leds: there is no light 'blue' in `leds`",
        ),
        (
            "bit = 2 }",
            "bit = 1 }",
            "board.leds.yellow: is at the place of leds.red, holding_register 17",
        ),
        ("address = 120", "address = 17", "board.backlight: is at the place of leds.green"),
        (
            "address = 142",
            "address = 140",
            "board.watchdog.arm[0]: is at the place of watchdog.safe[0]",
        ),
        ('name = "board"', 'name = "front"', "board.name: the same as reader[0].name"),
        (
            "/dev/serial/by-id/usb-FTDI_USB-RS485_Cable_FT4XQ1AB-if00-port0",
            "/dev/ttyUSB0",
            "board.port: the same as reader[0].port",
        ),
    ],
)
def test_each_fault_is_named(tmp_path: Path, old: str, new: str, fault: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(fault)):
        loaded(tmp_path, changed(old, new))


def test_all_faults_are_named_at_once(tmp_path: Path) -> None:
    text = changed("unit = 1\n", "unit = 0\n").replace("bit = 1\n", "bit = 99\n", 1)
    text = text.replace("bit = 2 }", "bit = 1 }", 1)
    with pytest.raises(ConfigError) as refused:
        loaded(tmp_path, text.replace("backlight = 80", "backlight = -1"))
    assert [fault.split(":")[0] for fault in refused.value.faults] == [
        "board.unit",
        "board.case.bit",
        "board.show.visit.backlight",
        "board.leds.yellow",
    ]


@pytest.mark.parametrize(
    ("backlight", "percent", "value"),
    [
        (BacklightSettings("holding_register", 120, full=10000), 0, 0),
        (BacklightSettings("holding_register", 120, full=10000), 33, 3300),
        (BacklightSettings("holding_register", 120, full=255), 50, 128),
        (BacklightSettings("holding_register", 120, full=0, off=100), 30, 70),
        (BacklightSettings("coil", 3), 49, 0),
        (BacklightSettings("coil", 3), 50, 1),
        (BacklightSettings("coil", 3, full=0, off=1), 100, 0),
    ],
)
def test_percents_become_what_the_board_wants(
    backlight: BacklightSettings, percent: int, value: int
) -> None:
    assert backlight.value(percent) == value


def test_a_bit_is_taken_out_of_what_was_read() -> None:
    assert SETTINGS.case.place == Place("input_register", 15)
    assert SETTINGS.case.of(0b10)
    assert not SETTINGS.case.of(0b01)
