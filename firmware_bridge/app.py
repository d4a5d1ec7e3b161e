"""Builds the bridge from its settings, runs it, and takes it down in reverse."""

import argparse
import asyncio
import logging
import signal
import sys
from pathlib import Path

from firmware_bridge.card_reader import CardReader
from firmware_bridge.settings import BridgeSettings, WireSettings
from kiosk.clock import SystemClock
from kiosk.config import load
from kiosk.errors import ConfigError, WireError
from kiosk.wire.aio import WireServer
from kiosk.wire.messages import CardPresented, Message, Program
from kiosk.wire.users import uid_of

_FAILED = 1
_BAD_SETTINGS = 2

log = logging.getLogger(__name__)


def main(arguments: list[str] | None = None) -> int:
    """Run until SIGTERM or SIGINT; 1 when it can not listen, 2 for settings it can not use."""
    parser = argparse.ArgumentParser(
        prog="firmware-bridge", description="A terminal's card reader."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    run = commands.add_parser("run", help="listen to the readers and tell kiosk-core")
    run.add_argument("--config", type=Path, required=True, metavar="FILE", help="settings in TOML")
    options = parser.parse_args(arguments)
    logging.basicConfig(
        level=logging.INFO, stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s"
    )
    try:
        settings = load(options.config, BridgeSettings)
        bridge = Bridge(settings, _roles(settings.wire))
        asyncio.run(bridge.run())
    except ConfigError as error:
        log.error("%s", error)
        return _BAD_SETTINGS
    except WireError as error:
        log.error("%s", error)
        return _FAILED
    return 0


class Bridge:
    """The readers, and the socket on which they are heard."""

    def __init__(self, settings: BridgeSettings, roles: dict[Program, int]) -> None:
        clock = SystemClock()
        self._readers = [CardReader(reader, clock, self._say) for reader in settings.readers]
        self._server = WireServer(
            settings.wire.socket,
            Program.BRIDGE,
            roles,
            on_peer=self._greet,
            on_message=_not_heard,
            on_gone=lambda _program, _reason: None,
        )

    async def run(self) -> None:
        """Until a signal to stop. Raises WireError when the socket can not be had."""
        stopped = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stopped.set)
        await self._server.start()
        try:
            async with asyncio.TaskGroup() as group:
                running = [group.create_task(reader.run()) for reader in self._readers]
                await stopped.wait()
                for reader in running:
                    reader.cancel()
        finally:
            await self._server.close()

    def _greet(self, program: Program) -> None:
        """A program is here: it gets how the readers are, and no card that was shown before."""
        for reader in self._readers:
            if reader.status is not None:
                self._server.send(program, reader.status)

    def _say(self, message: Message) -> None:
        self._server.send(Program.CORE, message)
        # Who only watches has no use for what is on a card.
        if not isinstance(message, CardPresented):
            self._server.send(Program.OBSERVER, message)


def _not_heard(program: Program, message: Message) -> None:
    log.warning("%s said %s, which the bridge does not take", program, type(message).__name__)


def _roles(wire: WireSettings) -> dict[Program, int]:
    roles = {Program.CORE: uid_of(wire.core_user, "wire.core_user")}
    if wire.observer_user is not None:
        roles[Program.OBSERVER] = uid_of(wire.observer_user, "wire.observer_user")
    return roles
