"""`firmware-bridge commission`: gives an OSDP reader a key of its own, and keeps it for the bridge."""

import asyncio
import secrets
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from pathlib import Path

from firmware_bridge.commands.command import OK, Command
from firmware_bridge.commands.numbers import span
from firmware_bridge.readers.osdp import TICK_S, OsdpSettings
from firmware_bridge.readers.osdp_key import (
    KEY_BYTES,
    adopt_key,
    load_key,
    prepare_key,
    prepared_key,
)
from firmware_bridge.readers.osdp_panel import Panel
from firmware_bridge.serial_port import SerialPort
from firmware_bridge.settings import BridgeSettings
from kiosk.clock import Clock, Seconds, SystemClock
from kiosk.config import load
from kiosk.errors import BridgeError, ConfigError

WITHIN_S: Seconds = 60.0
OLD_KEY_S: Seconds = 3.0
PROOF_S: Seconds = 5.0
AGAIN_S: Seconds = 1.5
"""A panel that has given the reader up, or talks to it in clear, begins again after so long."""

LET_IN = "no reader took a key: is it in install mode, and are `address` and `baud` right?"
NO_PROOF = "the reader took a key and does not prove that it has it: commission it again"
BROKEN_OFF = "broken off: if the reader took the key, commissioning it again finds that"


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--config", type=Path, required=True, metavar="FILE", help="as for run")
    parser.add_argument("--reader", required=True, metavar="NAME", help="its name in the settings")
    parser.add_argument(
        "--within",
        type=span,
        default=WITHIN_S,
        metavar="SECONDS",
        help=f"how long to wait for a reader in install mode ({WITHIN_S:.0f})",
    )
    parser.add_argument(
        "--address", type=int, choices=range(127), metavar="N", help="where it is not as set"
    )
    parser.add_argument(
        "--replace", action="store_true", help="although there is a key already: it is given up"
    )


def _run(options: Namespace) -> int:
    settings = _chosen(load(options.config, BridgeSettings), options.reader)
    address = settings.address if options.address is None else options.address
    path = settings.key_path
    begun = prepared_key(path)
    if begun is None and path.exists() and not options.replace:
        raise BridgeError(_is_there(path))
    if not path.parent.is_dir():
        raise BridgeError(f"{path.parent} is not there: make it, for the bridge's user only")
    try:
        asyncio.run(_commission(settings, address, begun, options))
    except KeyboardInterrupt:
        raise BridgeError(BROKEN_OFF) from None
    print(f"{settings.name} has a new key, and has proved it; it is kept in {path}")
    return OK


def _is_there(path: Path) -> str:
    return f"{path} is there: the reader has a key; with --replace it gets another"


def _chosen(settings: BridgeSettings, name: str) -> OsdpSettings:
    readers = [reader for reader in settings.readers if isinstance(reader, OsdpSettings)]
    for reader in readers:
        if reader.name == name:
            return reader
    names = ", ".join(reader.name for reader in readers) or "none in this file"
    raise ConfigError("--reader", [f"no OSDP reader has this name; there are: {names}"])


async def _commission(
    settings: OsdpSettings, address: int, begun: bytes | None, options: Namespace
) -> None:
    """`begun` is the key of a commissioning that did not end. Raises BridgeError, and keeps its key."""
    path = settings.key_path
    # The port is the bridge's own while that runs, and SerialPort says so.
    with SerialPort(settings.port, settings.baud) as port:
        bus = _Bus(port, SystemClock())
        if begun is None or not await bus.until(Panel(address, begun), _is_secure, OLD_KEY_S):
            if path.exists() and not options.replace:
                raise BridgeError(_is_there(path))
            # The reader may have the begun one and be away: another one would be the end of it.
            await _give(bus, settings, address, begun or _new_key(path), options.within)
        adopt_key(path)


def _new_key(path: Path) -> bytes:
    """It is kept before any reader has it. Raises BridgeError."""
    key = secrets.token_bytes(KEY_BYTES)
    prepare_key(path, key)
    return key


async def _give(
    bus: "_Bus", settings: OsdpSettings, address: int, key: bytes, within_s: Seconds
) -> None:
    """Have the reader take the key, and prove it. Raises BridgeError."""
    if not await _set_under_the_old_key(bus, address, key, settings.key_path):
        print(f"Waiting for {settings.name} in install mode, {within_s:.0f} s", flush=True)
        # Without `enforce` libosdp sets the key itself where a reader takes it.
        if not await bus.until(Panel(address, key, enforce=False), _is_secure, within_s):
            raise BridgeError(LET_IN)
    if not await bus.until(Panel(address, key), _is_secure, PROOF_S):
        raise BridgeError(NO_PROOF)


async def _set_under_the_old_key(bus: "_Bus", address: int, key: bytes, path: Path) -> bool:
    """Whether the reader still had the key that we had, and took the new one."""
    try:
        panel = Panel(address, load_key(path))
    except BridgeError:
        return False
    if not await bus.until(panel, _is_secure, OLD_KEY_S):
        return False
    if not panel.set_key(key):
        return False
    # It ends its channel when the reader has the key.
    return await bus.until(panel, lambda panel: not panel.is_secure, OLD_KEY_S)


def _is_secure(panel: Panel) -> bool:
    """Not while the reader is still told its key, under the one that everybody knows."""
    return panel.is_online and panel.is_secure


class _Bus:
    """The line, and one panel at a time on it."""

    def __init__(self, port: SerialPort, clock: Clock) -> None:
        self._port = port
        self._clock = clock

    async def until(self, panel: Panel, done: Callable[[Panel], bool], within_s: Seconds) -> bool:
        """Let the panel go on until it is `done`; False when time is up."""
        now = self._clock.monotonic()
        ends_s, again_s = now + within_s, now + AGAIN_S
        while now < ends_s:
            panel.refresh()
            if done(panel):
                return True
            said = panel.to_send()
            self._port.write(said)
            if said and not panel.is_online:
                again_s = now + AGAIN_S
            elif now >= again_s and not panel.is_secure:
                panel.restart()
                again_s = now + AGAIN_S
            panel.hear(await self._port.read(TICK_S))
            now = self._clock.monotonic()
        return False


COMMAND = Command("commission", "give an OSDP reader in install mode its key", _add_arguments, _run)
