"""`firmware-bridge simulate` on its own: its port, its lines, and how it ends."""

import asyncio
import signal
from contextlib import suppress
from pathlib import Path

import pytest
import serial

from firmware_bridge.__main__ import main
from firmware_bridge.readers import READERS
from firmware_bridge.simulators import SIMULATORS
from tests.bridge.frames import GOOD, rdm6300
from tests.bridge.simulator import SimulatorProcess, simulating

pytestmark = pytest.mark.journey

CARD = "62E3086CED"
FRAME = rdm6300(GOOD["RDM630 data sheet"])
OTHER = rdm6300(GOOD["Seeed wiki"])


def read(port: Path, count_bytes: int) -> bytes:
    with serial.Serial(str(port), 9600, timeout=5) as line:
        return bytes(line.read(count_bytes))


async def read_while(
    simulator: SimulatorProcess, port: Path, *lines: str, count_bytes: int = len(FRAME)
) -> bytes:
    """Say these lines once the port is open, and return as much of what comes."""
    with serial.Serial(str(port), 9600, timeout=5) as line:
        for words in lines:
            await simulator.say(words)
        return bytes(await asyncio.to_thread(line.read, count_bytes))


@pytest.fixture
def link(tmp_path: Path) -> Path:
    return tmp_path / "reader"


async def test_the_first_line_is_the_path_of_the_port_and_of_the_link_where_there_is_one(
    link: Path,
) -> None:
    plain = SimulatorProcess("em4100_ascii")
    assert (await plain.start()).is_char_device()
    await plain.clear_away()
    linked = SimulatorProcess("em4100_ascii", "--port-link", str(link))
    assert await linked.start() == link
    assert link.is_char_device()
    await linked.clear_away()
    assert not link.is_symlink()


async def test_a_card_is_held_for_as_long_as_it_was_said(link: Path) -> None:
    async with simulating("em4100_ascii", "--port-link", str(link)) as simulator:
        assert await read_while(simulator, link, f"hold {CARD}") == FRAME
        await simulator.say("take")
        assert await read_while(simulator, link, "hold 01000734E0 0.1") == OTHER


async def test_a_reader_without_a_frame_repeats_the_digits_alone(link: Path) -> None:
    async with simulating("em4100_bare", "--port-link", str(link)) as simulator:
        digits = FRAME[1:-1]
        heard = await read_while(simulator, link, f"hold {CARD}", count_bytes=2 * len(digits))
        assert heard == digits * 2


async def test_a_reader_of_lines_writes_each_text_once_with_its_end(link: Path) -> None:
    expected = b"Card 118, 1603\r\n5901234123457\r\n"
    async with simulating("line", "--port-link", str(link)) as simulator:
        lines = ("line Card 118, 1603", "hold 5901234123457 0.1")
        assert await read_while(simulator, link, *lines, count_bytes=len(expected)) == expected


async def test_noise_is_put_on_the_line(link: Path) -> None:
    async with simulating("pn532_hsu", "--port-link", str(link)) as simulator:
        noise = FRAME.hex()
        assert await read_while(simulator, link, f"noise {noise}") == FRAME


async def test_it_is_gone_while_it_is_unplugged_and_says_where_it_is_again(link: Path) -> None:
    async with simulating("em4100_ascii", "--port-link", str(link)) as simulator:
        with serial.Serial(str(link), 9600, timeout=5) as line:
            await simulator.say("unplug")
            with suppress(serial.SerialException):
                assert await asyncio.to_thread(line.read, 1) == b""
        assert not link.is_symlink()
        await simulator.say("plug")
        assert await simulator.line() == str(link)
        assert await read_while(simulator, link, f"hold {CARD}") == FRAME


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("dance", "say `hold HEX"),
        ("hold 62E3", "2 bytes, here it has 5"),
        ("noise XX", "noise is hexadecimal"),
        ("unplug\nhold 62E3086CED", "it is unplugged"),
    ],
)
async def test_what_can_not_be_done_is_said_and_it_goes_on(line: str, fault: str) -> None:
    async with simulating("em4100_ascii") as simulator:
        await simulator.say(line)
        await simulator.say("\nplug\nquit")
        assert await simulator.ends() == 0
        assert fault in await simulator.error()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_a_signal_ends_it_cleanly(number: signal.Signals, link: Path) -> None:
    async with simulating("twn4", "--crc", "--port-link", str(link)) as simulator:
        simulator.process.send_signal(number)
        assert await simulator.ends() == 0
        assert await simulator.error() == ""
        assert not link.is_symlink()


async def test_it_ends_with_its_input() -> None:
    async with simulating("em4100_ascii") as simulator:
        assert simulator.process.stdin is not None
        simulator.process.stdin.close()
        assert await simulator.ends() == 0


async def test_unattended_it_shows_its_cards_in_turn_and_ends_by_itself(link: Path) -> None:
    cards = ("--card", CARD, "--card", "01000734E0")
    times = ("--every", "0.2", "--for", "1.5")
    async with simulating("em4100_ascii", "--port-link", str(link), *cards, *times) as simulator:
        heard = await asyncio.to_thread(read, link, 5 * len(FRAME))
        assert FRAME in heard
        assert OTHER in heard
        assert await simulator.ends() == 0


async def test_a_card_that_can_not_be_held_ends_it_with_a_reason() -> None:
    async with simulating("em4100_ascii", "--card", "62E3") as simulator:
        assert await simulator.ends() == 1
        assert "2 bytes, here it has 5" in await simulator.error()


async def test_a_link_that_can_not_be_made_ends_it_with_a_reason(tmp_path: Path) -> None:
    async with simulating("twn4", "--port-link", str(tmp_path / "no/reader")) as simulator:
        assert await simulator.ends() == 1
        assert "can not lead there: No such file or directory" in await simulator.error()


@pytest.mark.parametrize(
    "arguments",
    [
        ["abacus"],
        [],
        ["twn4", "--every", "0"],
        ["twn4", "--for", "soon"],
        ["osdp", "--address", "500"],
    ],
)
def test_wrong_use_is_told_at_once(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["simulate", *arguments])
    assert ended.value.code == 2


def test_every_kind_of_reader_can_be_simulated_and_so_can_a_board() -> None:
    assert set(SIMULATORS) == {*READERS, "board"}


def test_help_names_each_word_that_an_osdp_reader_obeys(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["simulate", "osdp", "--help"])
    said = capsys.readouterr().out
    for word in ("hold", "card", "press", "case", "power", "silent", "speak", "restart", "install"):
        assert word in said
