"""The commands that look at a reader without the daemon, on real pseudo-terminals."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from firmware_bridge.__main__ import COMMANDS, main
from firmware_bridge.capture import read_capture
from firmware_bridge.commands.command import (
    FAILED,
    INTERRUPTED,
    NOBODY_READS,
    OK,
    WRONG_USE,
    Command,
)
from firmware_bridge.osdpcap import read_osdpcap
from firmware_bridge.readers.osdp_key import save_key
from firmware_bridge.readers.osdp_packet import Packet
from firmware_bridge.simulators import SIMULATORS
from firmware_bridge.tampers import Tampers
from kiosk import RELEASE
from kiosk.wire.devices import CardPresented, Tamper
from tests.bridge.process import ROOT, listening, running
from tests.bridge.simulator import SimulatorProcess, simulating
from tests.bridge.tool import told, tool

pytestmark = pytest.mark.journey

CARD = "62E3086CED"
UID = "9EB36E66"


@pytest.fixture
def port(tmp_path: Path) -> Path:
    return tmp_path / "reader"


@pytest.fixture
async def rdm6300(port: Path) -> AsyncIterator[SimulatorProcess]:
    async with simulating("em4100_ascii", "--port-link", str(port)) as reader:
        yield reader


async def test_monitor_shows_a_card_of_a_reader_that_only_talks(
    rdm6300: SimulatorProcess, port: Path
) -> None:
    async with tool("monitor", "em4100_ascii", port) as monitor:
        await monitor.until("listening")
        await rdm6300.say(f"hold {CARD} 0.2")
        assert (await monitor.until("card")).endswith(f"em4100 {CARD} (identifier)")
        assert (await monitor.interrupt())[0] == 0


async def test_monitor_asks_a_reader_that_must_be_asked(port: Path) -> None:
    async with (
        simulating("pn532_hsu", "--port-link", str(port)) as reader,
        tool("monitor", "pn532_hsu", port) as monitor,
    ):
        await monitor.until("listening")
        await reader.say(f"hold {UID}")
        assert UID in await monitor.until("card")
        assert (await monitor.interrupt())[0] == 0


async def test_monitor_hears_the_daemon_and_no_card(
    tmp_path: Path, rdm6300: SimulatorProcess, port: Path
) -> None:
    async with running(tmp_path, port) as bridge, listening(bridge.socket) as core:
        await core.up()
        async with tool("monitor", "--socket", bridge.socket) as monitor:
            await monitor.until('"ReaderStatus"')
            await rdm6300.say(f"hold {CARD} 0.2")
            await core.next(CardPresented)
            assert '"CardRemoved"' in await monitor.until('"Card'), "the first word on a card"
            await monitor.interrupt()


async def test_what_is_recorded_can_be_replayed(
    tmp_path: Path, rdm6300: SimulatorProcess, port: Path
) -> None:
    file = tmp_path / "capture"
    async with tool("record", "em4100_ascii", port, "-o", file) as record:
        await record.tells("Recording")
        await rdm6300.say(f"hold {CARD}")
        await record.tells(CARD)
        assert (await record.interrupt())[0] == 0
    assert file.stat().st_mode & 0o777 == 0o600
    assert all(piece.direction == "<" for piece in read_capture(file.read_text().splitlines()))
    link = tmp_path / "again"
    async with tool("replay", file, "--port-link", link, "--after", 1.5) as replay:
        await replay.until(str(link))
        async with tool("monitor", "em4100_ascii", link) as monitor:
            assert CARD in await monitor.until("card")
        assert (await replay.rest())[0] == 0


async def test_a_conversation_that_was_recorded_is_replayed_as_it_is_asked(
    tmp_path: Path, port: Path
) -> None:
    file, link = tmp_path / "capture", tmp_path / "again"
    async with simulating("pn532_hsu", "--port-link", str(port)) as reader:
        await reader.say(f"hold {UID}")
        code, _, error = await told("record", "pn532_hsu", port, "-o", file, "--seconds", 1)
    assert (code, UID in error) == (0, True)
    async with tool("replay", file, "--port-link", link) as replay:
        await replay.until(str(link))
        async with tool("monitor", "pn532_hsu", link) as monitor:
            assert UID in await monitor.until("card")


async def test_osdp_is_recorded_as_other_tools_read_it_and_refused_when_it_is_replayed(
    tmp_path: Path, port: Path
) -> None:
    key, file, link = tmp_path / "key", tmp_path / "line.osdpcap", tmp_path / "again"
    save_key(key, bytes(range(16)))
    known = ("--set", f"key_file={key}")
    async with (
        simulating("osdp", "--port-link", str(port), "--key-file", str(key)) as reader,
        tool("record", "osdp", port, *known, "-o", file) as record,
    ):
        await record.tells("Recording")
        await reader.say("card 10111011000000110010000110")
        await record.tells("secure_channel")
        await record.interrupt()
    pieces = list(read_osdpcap(file.read_text().splitlines()))
    names = [Packet.from_bytes(piece.data).name for piece in pieces]
    assert names[names.index("CHLNG") :][:4] == ["CHLNG", "CCRYPT", "SCRYPT", "RMAC_I"]
    async with tool("replay", file, "--port-link", link) as replay:
        await replay.until(str(link))
        async with tool("monitor", "osdp", link, *known) as monitor:
            await monitor.until("fault")
            code, out, error = await monitor.rest()
    assert (code, "unplugged" in error) == (1, True), "it saw the whole recording"
    assert "card " not in out


async def test_record_writes_over_no_file(
    tmp_path: Path, rdm6300: SimulatorProcess, port: Path
) -> None:
    file = tmp_path / "precious"
    file.write_text("mine")
    code, _, error = await told("record", "em4100_ascii", port, "-o", file)
    assert (code, "File exists" in error) == (1, True)
    assert file.read_text() == "mine"


async def test_replay_names_the_line_that_is_wrong(tmp_path: Path) -> None:
    file = tmp_path / "capture"
    file.write_text("0.1 < 02\nrubbish\n")
    code, _, error = await told("replay", file)
    assert (code, "line 2" in error) == (1, True)
    file.write_text("# nothing\n")
    code, _, error = await told("replay", file)
    assert (code, "nothing to replay" in error) == (1, True)
    code, _, error = await told("replay", tmp_path / "none")
    assert (code, "can not be read" in error) == (1, True)


@pytest.mark.parametrize("command", ["monitor", "probe", "record"])
async def test_a_port_that_the_daemon_has_is_left_alone(
    tmp_path: Path, rdm6300: SimulatorProcess, port: Path, command: str
) -> None:
    async with running(tmp_path, port) as bridge, listening(bridge.socket) as core:
        await core.up()
        kind = () if command == "probe" else ("em4100_ascii",)
        output = ("-o", tmp_path / "capture") if command == "record" else ()
        code, _, error = await told(command, *kind, port, *output)
        assert (code, "in use by another program" in error) == (1, True)
        await rdm6300.say(f"hold {CARD} 0.2")
        await core.next(CardPresented)


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        (("monitor",), "name a KIND and a PORT"),
        (("monitor", "em4100_ascii", "/dev/x", "--set", "colour=red"), "colour"),
        (("monitor", "em4100_ascii", "/dev/x", "--set", "colour"), "expected NAME=VALUE"),
        (("monitor", "em4100_ascii", "/dev/x", "--baud", "3"), "baud"),
        (("monitor", "abacus", "/dev/x"), "invalid choice"),
        (("acknowledge", "board", "--config", "/nowhere"), "cannot be read"),
        (("probe",), "required: PORT"),
        (("record", "line", "/dev/x", "-o", "/x", "--seconds", "-1"), "seconds, more than 0"),
        (("record", "line", "/dev/x", "-o", "/x", "--seconds", "soon"), "seconds, more than 0"),
        (("replay", "/nowhere", "--after", "-1"), "seconds, 0 or more"),
        (("replay", "/nowhere", "--after", "inf"), "seconds, 0 or more"),
        (("replay", "/nowhere", "--speed", "0"), "a number above 0"),
    ],
)
async def test_wrong_use_is_named(arguments: tuple[str, ...], fault: str) -> None:
    code, _, error = await told(*arguments)
    assert (code, fault in error) == (2, True), error


def test_the_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main_ends_with("--help") == 0
    said = capsys.readouterr().out
    assert re.findall(r"^ {4}(\w+)", said, re.MULTILINE) == [command.name for command in COMMANDS]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_command_has_a_help(command: Command, capsys: pytest.CaptureFixture[str]) -> None:
    assert main_ends_with(command.name, "--help") == 0
    said = capsys.readouterr().out
    assert f"usage: firmware-bridge {command.name} " in said
    assert command.help in " ".join(said.split())


@pytest.mark.parametrize("reader", SIMULATORS)
def test_every_simulator_has_a_help_that_names_its_words(
    reader: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main_ends_with("simulate", reader, "--help") == 0
    said = " ".join(capsys.readouterr().out.split())
    assert f"usage: firmware-bridge simulate {reader} " in said
    assert f"standard input: {SIMULATORS[reader].words}, unplug, plug, noise HEX, quit." in said


def test_the_documents_name_each_status_that_a_command_ends_with() -> None:
    statuses = (OK, FAILED, WRONG_USE, INTERRUPTED, NOBODY_READS)
    told = (ROOT / "docs/bridge-tools.md").read_text().split("\n## ")[0]
    assert [int(status) for status in re.findall(r"with (\d+)\b", told)] == [*statuses, OK]


def test_the_version_is_that_of_the_release(capsys: pytest.CaptureFixture[str]) -> None:
    assert main_ends_with("--version") == 0
    assert capsys.readouterr().out == f"firmware-bridge {RELEASE}\n"


def main_ends_with(*arguments: str) -> int | str | None:
    with pytest.raises(SystemExit) as ended:
        main([*arguments])
    return ended.value.code


async def test_staff_end_a_tamper_at_the_command_line(
    tmp_path: Path, rdm6300: SimulatorProcess, port: Path
) -> None:
    Tampers(tmp_path / "tampers").hear(Tamper("front", "case_open", active=False))
    Tampers(tmp_path / "tampers").hear(Tamper("front", "case_open", active=True))
    async with running(tmp_path, port) as bridge, listening(bridge.socket) as core:
        await core.next(Tamper)
        config = tmp_path / "bridge.toml"
        code, out, _ = await told("acknowledge", "front", "--config", config)
        assert (code, out) == (0, "front: case_open is over\n")
        code, out, _ = await told("acknowledge", "front", "--config", config)
        assert (code, out) == (0, "front: nothing to acknowledge\n")
    assert Tampers(tmp_path / "tampers").standing == []
