"""Builds the bridge from its settings, runs it, and takes it down in reverse."""

import asyncio
import logging
import signal
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from traceback import format_tb

from firmware_bridge.arrivals import Arrivals
from firmware_bridge.board.line import SETTING_UP, BoardLine
from firmware_bridge.board.settings import BoardSettings
from firmware_bridge.device import Device, DevicePlan
from firmware_bridge.flood import Flood
from firmware_bridge.line import Line
from firmware_bridge.readers import kind_of
from firmware_bridge.readers.settings import ReaderSettings
from firmware_bridge.settings import BridgeSettings, WireSettings
from firmware_bridge.tampers import Tampers
from kiosk.clock import Seconds, SystemClock
from kiosk.config import load
from kiosk.errors import ConfigError
from kiosk.wire.aio import WireServer
from kiosk.wire.devices import (
    AcknowledgeTamper,
    BoardStatus,
    CardPresented,
    HandsetStatus,
    Indicate,
    Indication,
    ReaderStatus,
    Tamper,
)
from kiosk.wire.messages import Message, Program
from kiosk.wire.users import uid_of

MISTAKE = "this program made a mistake with it, and tries again: report what its log says"
AFTER_A_MISTAKE_S: Seconds = 5.0
"""A device that makes us fail again and again must fill neither the log nor the processor."""

log = logging.getLogger(__name__)


def run(config: Path) -> None:
    """Run until SIGTERM or SIGINT. Raises ConfigError, and WireError when it can not listen."""
    settings = load(config, BridgeSettings, *(partial(_unknown_user, role) for role in _USERS))
    bridge = Bridge(settings, _roles(settings.wire))
    asyncio.run(bridge.run())


class Bridge:
    """The devices, and the socket on which they are heard."""

    def __init__(self, settings: BridgeSettings, roles: dict[Program, int]) -> None:
        clock = SystemClock()
        self._tampers = Tampers(settings.tamper_file)
        self._arrivals = Arrivals(clock)
        plans = [plan_of_reader(reader) for reader in settings.readers]
        if settings.board is not None:
            plans.append(plan_of_board(settings.board))
            _warn_of(settings.board)
        self._devices = [Device(plan, clock, self._arrivals, self._hear) for plan in plans]
        self._handset: HandsetStatus | None = None
        self._server = WireServer(
            settings.wire.socket,
            Program.BRIDGE,
            roles,
            on_peer=self._greet,
            on_message=self._obey,
            on_gone=self._gone,
        )

    async def run(self) -> None:
        """Until a signal to stop. Raises WireError when the socket can not be had."""
        stopped = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stopped.set)
        await self._server.start()
        try:
            async with self._arrivals.listening(), asyncio.TaskGroup() as group:
                running = [group.create_task(_keep_running(device)) for device in self._devices]
                await stopped.wait()
                for device in running:
                    device.cancel()
        finally:
            await self._server.close()

    def _greet(self, program: Program) -> None:
        """A program is here: it gets how things are, and no card that was shown before."""
        statuses = [device.status for device in self._devices]
        for message in (*statuses, self._handset, *self._tampers.standing):
            if message is not None:
                self._server.send(program, message)

    def _obey(self, program: Program, message: Message) -> None:
        match message:
            case Indicate(indication) if program is Program.CORE:
                self._indicate(indication)
            case AcknowledgeTamper(device) if program in (Program.CORE, Program.STAFF):
                for over in self._tampers.acknowledge(device):
                    self._say(over)
            case _:
                log.warning("%s may not say %s here", program, type(message).__name__)

    def _gone(self, program: Program, _reason: str) -> None:
        """Without kiosk-core nobody is served here, and the lights say so."""
        if program is Program.CORE:
            self._indicate(Indication.CLOSED)

    def _indicate(self, indication: Indication) -> None:
        for device in self._devices:
            device.indicate(indication)

    def _hear(self, message: Message) -> None:
        """What a device says."""
        match message:
            case Tamper():
                for news in self._tampers.hear(message):
                    self._say(news)
                return
            case HandsetStatus():
                self._handset = message
            case BoardStatus(up=False, reason=reason) if reason != SETTING_UP:
                self._handset = None  # nobody knows it any more
        self._say(message)

    def _say(self, message: Message) -> None:
        self._server.send(Program.CORE, message)
        # Nobody else has a use for what is on a card.
        if not isinstance(message, CardPresented):
            self._server.send(Program.OBSERVER, message)
            self._server.send(Program.STAFF, message)


async def _keep_running(device: Device) -> None:
    """Until cancelled: a mistake of ours with one device takes none of the others with it."""
    while True:
        try:
            await device.run()
        except Exception as error:
            # Where it was and what, but not what it says: that may be what is on a card.
            where = "".join(format_tb(error.__traceback__))
            log.error("%s: %s in this program\n%s", device.name, type(error).__name__, where)
            device.give_up(MISTAKE)
        await asyncio.sleep(AFTER_A_MISTAKE_S)


def plan_of_reader(settings: ReaderSettings) -> DevicePlan:
    """How the bridge connects to a card reader."""
    kind, flood = kind_of(settings), Flood()
    return DevicePlan(
        settings.name,
        settings.port,
        settings.baud,
        begin=lambda: Line(settings.name, kind.converse(settings), settings.removed_after_s, flood),
        down=lambda reason: ReaderStatus(settings.name, up=False, reason=reason),
        supervised=kind.supervised,
    )


def plan_of_board(settings: BoardSettings) -> DevicePlan:
    """The board: who cuts it off, or what watches its case, is noticed."""
    return DevicePlan(
        settings.name,
        settings.port,
        settings.baud,
        begin=lambda: BoardLine(settings),
        down=lambda reason: BoardStatus(settings.name, up=False, reason=reason),
        supervised=True,
        parity=settings.parity,
    )


def _warn_of(board: BoardSettings) -> None:
    if board.watchdog is None:
        log.warning(
            "%s: no `watchdog` is set: when this program stops, the board shows on what it showed",
            board.name,
        )


_USERS = ("core_user", "observer_user", "staff_user")


def _unknown_user(role: str, settings: BridgeSettings) -> Iterator[str]:
    try:
        uid_of(getattr(settings.wire, role), f"wire.{role}")
    except ConfigError as error:
        yield str(error)


def _roles(wire: WireSettings) -> dict[Program, int]:
    roles = {Program.CORE: uid_of(wire.core_user, "wire.core_user")}
    if wire.observer_user is not None:
        roles[Program.OBSERVER] = uid_of(wire.observer_user, "wire.observer_user")
    if wire.staff_user is not None:
        roles[Program.STAFF] = uid_of(wire.staff_user, "wire.staff_user")
    return roles
