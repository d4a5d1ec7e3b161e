"""The reader on a pseudo-terminal: its frames, its repeats, and what a program sees that has it open."""

import asyncio
import os
import select
import stat
import termios
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import pytest_asyncio

from kiosk.clock import SystemClock
from kiosk.errors import KioskError
from kiosk.sandbox.reader import REPEAT_S, SandboxReader

CLOCK = SystemClock()
CARD = "62E3086CED"
FRAME = b"\x0262E3086CED08\x03"
"""As the RDM630 data sheet prints it."""


class Listener:
    """A program that has the port open just as it found it, in blocking mode."""

    def __init__(self, port: Path) -> None:
        self._file = os.open(port, os.O_RDWR | os.O_NOCTTY)

    def read(self, count_bytes: int) -> bytes:
        """The next bytes; fewer when no more come for a second."""
        found = b""
        while len(found) < count_bytes and self.has_news(1.0):
            found += os.read(self._file, count_bytes - len(found))
        return found

    def has_news(self, within_s: float) -> bool:
        return bool(select.select([self._file], [], [], within_s)[0])

    def is_hung_up(self) -> bool:
        return self.has_news(1.0) and os.read(self._file, 1) == b""

    def modes(self) -> tuple[int, int, int]:
        """Input, output and local modes, as termios(3) has them."""
        input_mode, output_mode, _, local_mode, *_ = termios.tcgetattr(self._file)
        return input_mode, output_mode, local_mode

    def close(self) -> None:
        os.close(self._file)


@contextmanager
def listening(port: Path) -> Iterator[Listener]:
    listener = Listener(port)
    try:
        yield listener
    finally:
        listener.close()


@pytest_asyncio.fixture(loop_scope="session")
async def reader(tmp_path: Path) -> AsyncIterator[SandboxReader]:
    reader = SandboxReader(tmp_path / "card-reader")
    await reader.plug_in()
    yield reader
    await reader.unplug()


@pytest.fixture
def port(tmp_path: Path) -> Path:
    return tmp_path / "card-reader"


async def test_a_held_card_is_sent_as_the_data_sheet_prints_it(
    reader: SandboxReader, port: Path
) -> None:
    with listening(port) as listener:
        await reader.hold(CARD, REPEAT_S / 2)
        assert listener.read(len(FRAME)) == FRAME
        assert not listener.has_news(0)


async def test_a_held_card_repeats_its_frame_until_it_is_taken_away(
    reader: SandboxReader, port: Path
) -> None:
    with listening(port) as listener:
        began_s = CLOCK.monotonic()
        await reader.hold(CARD, 4.5 * REPEAT_S)
        assert CLOCK.monotonic() - began_s >= 4.5 * REPEAT_S
        assert listener.read(5 * len(FRAME)) == FRAME * 5
        assert not listener.has_news(REPEAT_S)


async def test_cancelling_takes_the_card_away(reader: SandboxReader, port: Path) -> None:
    with listening(port) as listener:
        holding = asyncio.create_task(reader.hold(CARD, 60))
        await asyncio.sleep(REPEAT_S / 2)
        holding.cancel()
        with suppress(asyncio.CancelledError):
            await holding
        assert listener.read(len(FRAME)) == FRAME
        assert not listener.has_news(2 * REPEAT_S)


async def test_it_says_when_the_first_frame_was_written(reader: SandboxReader, port: Path) -> None:
    with listening(port):
        before_s = CLOCK.monotonic()
        written_s = await reader.hold(CARD, 0.2)
        assert 0 <= written_s - before_s < 0.2


async def test_a_frame_that_nobody_could_hear_is_not_the_first(
    reader: SandboxReader, port: Path
) -> None:
    holding = asyncio.create_task(reader.hold(CARD, 3 * REPEAT_S))
    await asyncio.sleep(REPEAT_S / 2)
    opened_s = CLOCK.monotonic()
    with listening(port) as listener:
        assert await holding > opened_s
        assert listener.read(2 * len(FRAME)) == FRAME * 2


async def test_a_card_held_while_nobody_listens_is_a_mistake(reader: SandboxReader) -> None:
    with pytest.raises(KioskError, match="nobody listened"):
        await reader.hold(CARD, 0.01)


@pytest.mark.parametrize("number", ["", "62E3086C", "62E3086CED08", "62E3086CEX"])
async def test_what_is_no_card_can_not_be_held(reader: SandboxReader, number: str) -> None:
    with pytest.raises(ValueError, match=r"5 bytes|non-hexadecimal"):
        await reader.hold(number, 0.01)


async def test_bytes_pass_unchanged_and_are_not_echoed(reader: SandboxReader, port: Path) -> None:
    every_byte = bytes(range(256))
    with listening(port) as listener:
        await reader.send_raw(every_byte)
        assert listener.read(256) == every_byte
        input_mode, output_mode, local_mode = listener.modes()
        assert not local_mode & (termios.ECHO | termios.ICANON | termios.ISIG)
        assert not input_mode & (termios.ICRNL | termios.IXON)
        assert not output_mode & termios.OPOST


async def test_unplugged_it_hangs_up_and_its_port_is_gone(
    reader: SandboxReader, port: Path
) -> None:
    with listening(port) as listener:
        await reader.unplug()
        assert listener.is_hung_up()
    assert not port.is_symlink()


async def test_plugged_in_again_it_is_another_device_at_the_same_path(
    reader: SandboxReader, port: Path
) -> None:
    with listening(port) as before:
        await reader.unplug()
        await reader.plug_in()
        with listening(port) as listener:
            await reader.send_raw(FRAME)
            assert listener.read(len(FRAME)) == FRAME
            assert before.is_hung_up()


async def test_unplugged_twice_it_can_still_be_plugged_in(
    reader: SandboxReader, port: Path
) -> None:
    await reader.unplug()
    await reader.unplug()
    await reader.plug_in()
    with listening(port) as listener:
        await reader.send_raw(FRAME)
        assert listener.read(len(FRAME)) == FRAME


async def test_a_listener_that_is_stuck_loses_what_does_not_fit(
    reader: SandboxReader, port: Path
) -> None:
    with listening(port) as listener:
        with pytest.raises(KioskError):
            for _ in range(100):
                await reader.send_raw(bytes(4096))
        assert listener.has_news(0)


@pytest.mark.root
async def test_its_port_can_belong_to_another_user(tmp_path: Path) -> None:
    reader = SandboxReader(tmp_path / "card-reader", owner_uid=65534)
    await reader.plug_in()
    found = (tmp_path / "card-reader").stat()
    await reader.unplug()
    assert found.st_uid == 65534
    assert not stat.S_IMODE(found.st_mode) & stat.S_IRWXO
