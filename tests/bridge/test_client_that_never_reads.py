"""The bridge as a process, many readers, and a client that said hello and never reads again."""

import asyncio
import os
import tty
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from firmware_bridge.readers.em4100_ascii import Em4100Frame
from kiosk.clock import Seconds
from kiosk.wire.devices import CardPresented, CardRemoved, ReaderStatus
from kiosk.wire.messages import Program
from tests.bridge.process import PATIENCE_S, listening, running
from tests.wire.kit import hello, stranger

pytestmark = pytest.mark.journey

READERS = 32
ROUNDS = 64
"""Together 2,048 cards: what the kernel and the bridge keep for a client is full long before."""

AWAY_S: Seconds = 0.1
BOUND_BYTES = 1024 * 1024
"""What an allocator may keep, and 256 messages, which is as much as ever waits for a client."""


class Rack:
    """So many readers, each at its own port."""

    def __init__(self) -> None:
        self._ends = [os.openpty() for _ in range(READERS)]
        for _, slave in self._ends:
            tty.setraw(slave)

    @property
    def toml(self) -> str:
        return "".join(
            f'[[reader]]\nname = "r{number}"\nkind = "em4100_ascii"\n'
            f'port = "{os.ttyname(slave)}"\nremoved_after_s = {AWAY_S}\n'
            for number, (_, slave) in enumerate(self._ends)
        )

    def show(self, turn: int) -> set[str]:
        """A card at each reader, and none is shown twice."""
        numbers = [(turn * READERS + reader).to_bytes(5) for reader in range(READERS)]
        for number, (master, _) in zip(numbers, self._ends, strict=True):
            os.write(master, Em4100Frame(number).to_bytes())
        return {number.hex().upper() for number in numbers}

    def close(self) -> None:
        for ends in self._ends:
            for end in ends:
                os.close(end)


@pytest.fixture
def rack() -> Iterator[Rack]:
    rack = Rack()
    yield rack
    rack.close()


async def test_it_is_dropped_the_others_hear_each_card_and_nothing_is_kept_for_it(
    tmp_path: Path, rack: Rack
) -> None:
    async with (
        running(tmp_path, tmp_path / "none", more=rack.toml) as bridge,
        listening(bridge.socket) as core,
    ):
        await core.knows(*(ReaderStatus(f"r{number}", up=True) for number in range(READERS)))
        async with stranger(bridge.socket) as sleeper:
            sleeper.say(hello(Program.OBSERVER))
            await sleeper.line()
            sleeper.stop_reading()
            process = psutil.Process(bridge.pid)
            before_bytes, shown = process.memory_full_info().uss, set[str]()
            for turn in range(ROUNDS):
                shown |= rack.show(turn)
                for _ in range(READERS):
                    await core.next(CardRemoved)
            assert process.memory_full_info().uss - before_bytes < BOUND_BYTES
            assert {card.credential.reveal() for card in core.of(CardPresented)} == shown
            assert len(core.of(CardPresented)) == len(shown) == READERS * ROUNDS
            assert bridge.log.count("observer is gone: reads too slowly") == 1
            sleeper.read_again()
            assert await sleeper.hears_nothing_more()
        async with listening(bridge.socket, Program.OBSERVER) as awake, asyncio.timeout(PATIENCE_S):
            await awake.up()
