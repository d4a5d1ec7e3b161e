"""`firmware-bridge probe` as a process: who is found at a port, and the settings that it prints."""

import re
import termios
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import pytest

from firmware_bridge.commands import asking
from firmware_bridge.readers.osdp_packet import OsdpDecoder, Packet
from firmware_bridge.readers.settings import ReaderSettings
from firmware_bridge.settings import BridgeSettings
from firmware_bridge.simulators.device import SimulatedDevice
from firmware_bridge.simulators.osdp import SimulatedOsdp
from firmware_bridge.simulators.pn532 import SimulatedPn532
from firmware_bridge.simulators.pty import SimulatedPort
from kiosk.clock import SystemClock
from kiosk.config import load
from kiosk.errors import ConfigError
from tests.bridge.frames import GOOD, id12la
from tests.bridge.ports import speeds_of
from tests.bridge.simulator import SimulatorProcess, simulating
from tests.bridge.tool import IMPATIENT, told, tool

pytestmark = pytest.mark.journey

CARD = "62E3086CED"
ANYBODY = 0x7F


@pytest.fixture
def port(tmp_path: Path) -> Path:
    return tmp_path / "reader"


@pytest.fixture
async def rdm6300(port: Path) -> AsyncIterator[SimulatorProcess]:
    async with simulating("em4100_ascii", "--port-link", str(port)) as reader:
        yield reader


@asynccontextmanager
async def plugged(device: SimulatedDevice, port: Path) -> AsyncIterator[None]:
    simulated = SimulatedPort(lambda: device, SystemClock(), port)
    simulated.plug()
    try:
        yield
    finally:
        simulated.unplug()


class SetReader(SimulatedOsdp):
    """One that may answer to no address of its own, on an adapter that may give back our words."""

    def __init__(self, address: int, *, knows_itself: bool = True, echoes: bool = False) -> None:
        super().__init__(address)
        self._knows_itself = knows_itself
        self._echo = b""
        self._echoes = echoes

    def feed(self, data: bytes, now: float) -> None:
        asked: list[Packet] = []
        OsdpDecoder(asked.append).feed(data)
        self._echo += data if self._echoes else b""
        if self._knows_itself or any(packet.address == ANYBODY for packet in asked):
            super().feed(data, now)

    def to_send(self) -> bytes:
        echo, self._echo = self._echo, b""
        return echo + super().to_send()


class AtOneSpeed(SimulatedPn532):
    """Understands nothing at another speed than its own; a pseudo-terminal itself carries any."""

    def __init__(self, port: Path, speed: int) -> None:
        super().__init__()
        self._port = port
        self._speed = speed

    def feed(self, data: bytes, now: float) -> None:
        if speeds_of(self._port)[0] == self._speed:
            super().feed(data, now)


def taken_by_the_daemon(directory: Path, toml: str) -> ReaderSettings:
    config = directory / "bridge.toml"
    config.write_text(f'[wire]\nsocket = "{directory}/b.sock"\n{toml}')
    (reader,) = load(config, BridgeSettings).readers
    return reader


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("twn4",), {"kind": "twn4", "crc": False}),
        (("twn4", "--crc"), {"kind": "twn4", "crc": True}),
        (("pn532_hsu",), {"kind": "pn532_hsu", "baud": 115200}),
        (("osdp",), {"kind": "osdp", "address": 0}),
        (("osdp", "--address", "9"), {"kind": "osdp", "address": 9}),
    ],
)
async def test_a_reader_that_answers_is_found_with_settings_that_the_daemon_takes(
    tmp_path: Path, port: Path, arguments: tuple[str, ...], expected: dict[str, object]
) -> None:
    async with simulating(*arguments, "--port-link", str(port)):
        code, out, _ = await told("probe", port)
    assert code == 0
    found = msgspec.to_builtins(taken_by_the_daemon(tmp_path, out))
    assert found.items() >= {"port": str(port), **expected}.items()
    assert "#" not in out


async def test_a_reader_that_was_set_to_another_speed_is_found_at_that(
    tmp_path: Path, port: Path
) -> None:
    async with plugged(AtOneSpeed(port, termios.B57600), port):
        code, out, _ = await told("probe", port)
    assert (code, "baud = 57600\n" in out) == (0, True)
    assert taken_by_the_daemon(tmp_path, out).baud == 57600


async def test_only_what_is_not_usual_is_printed(port: Path) -> None:
    async with simulating("osdp", "--port-link", str(port)):
        _, out, _ = await told("probe", port)
    assert [line.split(" ")[0] for line in out.splitlines()] == [
        *("[[reader]]", "name", "kind", "port")
    ]


async def test_an_adapter_that_repeats_what_is_said_is_no_reader_at_each_address(
    tmp_path: Path, port: Path
) -> None:
    async with plugged(SetReader(3, echoes=True), port):
        code, out, _ = await told("probe", port)
    assert (code, "address = 3\n" in out) == (0, True)


async def test_a_reader_that_does_not_tell_its_address_is_found_with_a_word_of_it(
    tmp_path: Path, port: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "DETAIL_S", 0.005)
    async with plugged(SetReader(3, knows_itself=False), port):
        found = await asking.reader_at(str(port), SystemClock())
    assert found is not None
    assert "# address = …" in found.toml()
    assert taken_by_the_daemon(tmp_path, found.toml()) == found.settings


async def test_a_board_is_found_and_what_its_manual_has_to_say_is_named(port: Path) -> None:
    async with simulating("board", "--port-link", str(port)):
        code, out, _ = await told("probe", port)
    assert code == 0
    found = msgspec.toml.decode(out)["board"]
    assert found.items() >= {"port": str(port), "baud": 9600, "parity": "even", "unit": 1}.items()
    assert "[board.case]" in out
    assert "docs/board.md" in out


async def test_a_reader_that_only_talks_is_found_when_a_card_is_held(
    rdm6300: SimulatorProcess, port: Path
) -> None:
    async with tool("probe", port, "--seconds", 20, program=IMPATIENT) as probe:
        await probe.tells("hold a card")
        await rdm6300.say(f"hold {CARD}")
        code, out, _ = await probe.rest()
    assert code == 0
    assert 'kind = "em4100_ascii"' in out


async def test_a_reader_without_frames_is_found_when_a_card_is_held(port: Path) -> None:
    async with (
        simulating("em4100_bare", "--port-link", str(port)) as reader,
        tool("probe", port, program=IMPATIENT) as probe,
    ):
        await probe.tells("hold a card")
        await reader.say(f"hold {CARD}")
        code, out, _ = await probe.rest()
    assert code == 0
    assert 'kind = "em4100_bare"' in out


async def test_a_reader_without_frames_is_found_at_its_speed_where_the_first_was_heard_in_part(
    port: Path,
) -> None:
    async with (
        simulating("em4100_bare", "--port-link", str(port)) as reader,
        tool("probe", port, program=IMPATIENT) as probe,
    ):
        await probe.tells("listening at 9600 baud")
        await reader.say(f"noise {GOOD['EM-18, cparkb2c.in'][5:].hex()}")
        await reader.say(f"hold {CARD}")
        code, out, _ = await probe.rest()
    assert code == 0
    assert 'kind = "em4100_bare"' in out
    assert "baud" not in out


@pytest.mark.parametrize(
    ("card", "profile"),
    [
        (";5452300551227189=2512?", "magstripe"),
        ("%B5452300551227189^HOGAN/PAUL?;5452300551227189=2512?", "magstripe"),
        ("2006ec0c86", "wiegand"),
        ("00001010101110011110011001", "wiegand"),
    ],
)
async def test_a_reader_of_lines_is_found_with_a_profile_that_the_daemon_takes(
    tmp_path: Path, port: Path, card: str, profile: str
) -> None:
    code, out = await probed_with_a_line(port, card)
    assert code == 0
    found = msgspec.to_builtins(taken_by_the_daemon(tmp_path, out))
    assert found.items() >= {"kind": "line", "port": str(port), "profile": profile}.items()
    assert "#" not in out


async def test_of_a_reader_of_barcodes_a_person_says_what_they_look_like(
    tmp_path: Path, port: Path
) -> None:
    code, out = await probed_with_a_line(port, "5901234123457")
    assert code == 0
    assert out.splitlines()[-2:] == [
        'profile = "barcode"',
        r"# pattern = …   # write what all your codes look like, such as '\d{13}'",
    ]
    with pytest.raises(ConfigError, match=re.escape("reader[0].pattern: missing: write what all")):
        taken_by_the_daemon(tmp_path, out)
    filled_in = taken_by_the_daemon(tmp_path, out.replace("# pattern = …", r"pattern = '\d{13}'"))
    assert msgspec.to_builtins(filled_in)["pattern"] == r"\d{13}"


async def probed_with_a_line(port: Path, line: str) -> tuple[int, str]:
    """The status and the output of a probe while a reader writes this."""
    async with (
        simulating("line", "--port-link", str(port)) as reader,
        tool("probe", port, program=IMPATIENT) as probe,
    ):
        await probe.tells("hold a card")
        await reader.say(f"line {line}")
        code, out, _ = await probe.rest()
    return code, out


async def test_a_reader_with_line_ends_in_its_frames_is_not_taken_for_a_reader_of_text(
    rdm6300: SimulatorProcess, port: Path
) -> None:
    async with tool("probe", port, program=IMPATIENT) as probe:
        await probe.tells("hold a card")
        await rdm6300.say(f"noise {id12la(GOOD['ID-xxLA data sheet'])[:-1].hex()}")
        await rdm6300.say("noise 03")
        code, out, _ = await probe.rest()
    assert code == 0
    assert 'kind = "em4100_ascii"' in out


async def test_when_nothing_is_found_it_says_what_to_look_at(
    rdm6300: SimulatorProcess, port: Path
) -> None:
    code, out, error = await told("probe", port, "--seconds", 0.5, program=IMPATIENT)
    assert (code, out) == (1, "")
    assert "is the device powered" in error
