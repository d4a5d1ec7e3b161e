"""The bridge as a process, twice: the second start challenges anew, and is not to be fooled."""

import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from firmware_bridge.readers.osdp import OTHER_KEY
from firmware_bridge.readers.osdp_key import save_key
from firmware_bridge.readers.osdp_packet import OsdpDecoder, Packet
from firmware_bridge.simulators.device import SimulatedDevice
from firmware_bridge.simulators.osdp import SimulatedOsdp
from firmware_bridge.simulators.pty import SimulatedPort
from kiosk.clock import Seconds, SystemClock
from kiosk.wire.devices import CardPresented, ReaderStatus
from tests.bridge.osdp_rig import CARD_BITS, KEY
from tests.bridge.process import Ear, listening, running

pytestmark = pytest.mark.journey


class Tapped(SimulatedOsdp):
    """A reader on whose line somebody listens."""

    def __init__(self, key_file: Path) -> None:
        super().__init__(0, key_file)
        self.challenges: list[bytes] = []
        self.answers: list[bytes] = []
        self._hears = OsdpDecoder(self._keep)

    def feed(self, data: bytes, now: Seconds) -> None:
        self._hears.feed(data)
        super().feed(data, now)

    def to_send(self) -> bytes:
        answer = super().to_send()
        self.answers += [answer] if answer else []
        return answer

    def _keep(self, packet: Packet) -> None:
        if packet.name == "CHLNG":
            self.challenges.append(packet.data)


class Played(SimulatedDevice):
    """In the reader's place, who listened: says what it said, from the first whenever it is begun with."""

    def __init__(self, answers: Sequence[bytes]) -> None:
        self.challenges: list[bytes] = []
        self.said = 0
        self._answers = answers
        self._out = b""
        self._hears = OsdpDecoder(self._answer)

    def feed(self, data: bytes, now: Seconds) -> None:
        self._hears.feed(data)

    def tick(self, now: Seconds) -> None:
        """It only answers."""

    def to_send(self) -> bytes:
        out, self._out = self._out, b""
        return out

    def next_deadline(self) -> Seconds | None:
        return None

    def obey(self, words: Sequence[str], now: Seconds) -> None:
        """Nobody tells it anything."""

    def _answer(self, packet: Packet) -> None:
        if packet.name == "CHLNG":
            self.challenges.append(packet.data)
        self.said = 0 if packet.sequence == 0 else self.said
        if self.said < len(self._answers):
            self._out += self._answers[self.said]
            self.said += 1


@asynccontextmanager
async def session(
    directory: Path, device: SimulatedDevice
) -> AsyncIterator[tuple[SimulatedPort, Ear]]:
    """One start of the bridge with this device at the door's port."""
    port = SimulatedPort(lambda: device, SystemClock(), directory / "door")
    port.plug()
    more = f'[[reader]]\nname = "door"\nkind = "osdp"\nport = "{directory}/door"\n'
    more += f'key_file = "{directory}/door.key"\n'
    async with (
        running(directory, directory / "none", more=more) as bridge,
        listening(bridge.socket) as core,
    ):
        yield port, core
        assert await bridge.terminate() == os.EX_OK
    port.unplug()


async def test_a_recorded_session_that_is_played_to_the_next_start_shows_no_card(
    tmp_path: Path,
) -> None:
    for name in ("door.key", "reader.key"):
        save_key(tmp_path / name, KEY)
    reader = Tapped(tmp_path / "reader.key")
    async with session(tmp_path, reader) as (port, core):
        await core.up()
        port.obey(["card", CARD_BITS])
        assert (await core.next(CardPresented))[1].assurance == "secure_channel"
    played = Played(reader.answers)
    async with session(tmp_path, played) as (_, core):
        await core.next(ReaderStatus, lambda status: status.reason == OTHER_KEY)
        assert not core.of(CardPresented)
        assert not [status for status in core.of(ReaderStatus) if status.up]
    challenges = [*reader.challenges, *played.challenges]
    assert played.challenges
    assert len(set(challenges)) == len(challenges)
