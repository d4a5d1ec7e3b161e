"""The bridge as a process, with devices that are asked and whose `baud` is set wrong in its settings."""

import termios
from collections.abc import AsyncIterator, Mapping, Sequence
from functools import partial
from pathlib import Path

import pytest

from firmware_bridge.readers.osdp_key import save_key
from firmware_bridge.simulators.board import SimulatedBoard
from firmware_bridge.simulators.device import SimulatedDevice
from firmware_bridge.simulators.osdp import SimulatedOsdp
from firmware_bridge.simulators.pn532 import SimulatedPn532
from firmware_bridge.simulators.pty import SimulatedPort
from firmware_bridge.simulators.twn4 import SimulatedTwn4
from kiosk.clock import Seconds, SystemClock
from kiosk.wire.devices import BoardStatus, CardPresented, HandsetStatus, ReaderStatus
from kiosk.wire.messages import Message
from tests.bridge.boards import EXAMPLE, SETTINGS
from tests.bridge.osdp_rig import KEY
from tests.bridge.ports import speeds_of
from tests.bridge.process import Ear, listening, running
from tests.bridge.wrong_baud import heard_at

pytestmark = pytest.mark.journey

BAUDS = {termios.B9600: 9600, termios.B19200: 19200, termios.B115200: 115200}
SET = {"pn532_hsu": 9600, "twn4": 115200, "osdp": 19200, "board": SETTINGS.baud}
"""In bridge.toml."""

OWN = {"pn532_hsu": 115200, "twn4": 9600, "osdp": 9600, "board": 9600}


class AtItsSpeed(SimulatedDevice):
    """A device that hears and is heard at another speed than the port's, as long as that is another."""

    def __init__(self, device: SimulatedDevice, port: Path, baud: int) -> None:
        self.baud = baud
        self._device = device
        self._port = port

    def feed(self, data: bytes, now: Seconds) -> None:
        self._device.feed(heard_at(data, self.baud / self._baud_of_the_port), now)

    def tick(self, now: Seconds) -> None:
        self._device.tick(now)

    def to_send(self) -> bytes:
        return heard_at(self._device.to_send(), self._baud_of_the_port / self.baud)

    def next_deadline(self) -> Seconds | None:
        return self._device.next_deadline()

    def obey(self, words: Sequence[str], now: Seconds) -> None:
        self._device.obey(words, now)

    @property
    def _baud_of_the_port(self) -> int:
        return BAUDS.get(speeds_of(self._port)[0], self.baud)


@pytest.fixture
async def devices(tmp_path: Path) -> Mapping[str, AtItsSpeed]:
    for name in ("osdp.key", "reader.key"):
        save_key(tmp_path / name, KEY)
    bare: Mapping[str, SimulatedDevice] = {
        "pn532_hsu": SimulatedPn532(),
        "twn4": SimulatedTwn4(crc=True),
        "osdp": SimulatedOsdp(0, tmp_path / "reader.key"),
        "board": SimulatedBoard(lambda _: None),
    }
    return {name: AtItsSpeed(bare[name], tmp_path / name, OWN[name]) for name in bare}


@pytest.fixture
async def toml(tmp_path: Path, devices: Mapping[str, AtItsSpeed]) -> AsyncIterator[str]:
    """Each device at its port, and what the settings say of it."""
    clock = SystemClock()
    ports = [
        SimulatedPort(partial(devices.__getitem__, name), clock, tmp_path / name)
        for name in devices
    ]
    for port in ports:
        port.plug()
    more = {"twn4": "crc = true\n", "osdp": f'key_file = "{tmp_path}/osdp.key"\n'}
    yield "".join(
        f'[[reader]]\nname = "{kind}"\nkind = "{kind}"\nport = "{tmp_path}/{kind}"\n'
        f"baud = {SET[kind]}\n{more.get(kind, '')}"
        for kind in SET
        if kind != "board"
    ) + EXAMPLE.replace(SETTINGS.port, f"{tmp_path}/board")
    for port in ports:
        port.unplug()


def reasons(core: Ear) -> dict[str, str]:
    """Of each device the newest why it can not be used; empty while it can."""
    newest: dict[str, str] = {}
    for _, message in core.all:
        match message:
            case ReaderStatus(name, _, reason) | BoardStatus(name, _, reason):
                newest[name] = reason
    return newest


async def test_baud_is_named_for_each_of_them_and_each_works_once_it_is_right(
    tmp_path: Path, toml: str, devices: Mapping[str, AtItsSpeed]
) -> None:
    async with (
        running(tmp_path, tmp_path / "none", more=toml) as bridge,
        listening(bridge.socket) as core,
    ):
        while not all("`baud`" in reasons(core).get(name, "") for name in devices):
            await core.next(Message)
        assert not any(status.up for status in core.of(ReaderStatus))
        assert not any(status.up for status in core.of(BoardStatus))
        assert not [*core.of(CardPresented), *core.of(HandsetStatus)]
        for name, device in devices.items():
            device.baud = SET[name]
        while any(reasons(core)[name] for name in devices):
            await core.next(Message)
