"""Builds kiosk-call from its settings, runs it, and takes it down in reverse."""

import argparse
import asyncio
import logging
import os
import signal
import ssl
import sys
import threading
from pathlib import Path

from kiosk.call.flow import Flow
from kiosk.call.guide import Guide
from kiosk.call.interfaces import use_interfaces
from kiosk.call.keeper import THREADS
from kiosk.call.network import NetworkLoop
from kiosk.call.settings import Settings
from kiosk.call.studio import Studio
from kiosk.call.switchboard import Switchboard
from kiosk.clock import SystemClock
from kiosk.config import load
from kiosk.errors import ConfigError, KioskError
from kiosk.memory import use_few_arenas
from kiosk.wire.aio import WireClient
from kiosk.wire.messages import Message, Program
from kiosk.wire.users import uid_of

_FAILED = 1
_BAD_SETTINGS = 2

log = logging.getLogger(__name__)


def main() -> int:
    """Run until SIGTERM or SIGINT; 2 for settings that can not be used, 1 for frame files."""
    parser = argparse.ArgumentParser(prog="kiosk-call", description="A terminal's calls.")
    parser.add_argument("--config", type=Path, required=True, help="settings in TOML")
    logging.basicConfig(
        level=logging.INFO, stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s"
    )
    for talker in ("aioice", "aiortc", "libav"):  # they would name addresses
        logging.getLogger(talker).setLevel(logging.ERROR)
    threading.excepthook = _end_with_thread
    use_few_arenas()
    try:
        settings = load(parser.parse_args().config, Settings)
        core_uid = uid_of(settings.wire.core_user, "wire.core_user")
        use_interfaces(settings.network.interfaces)
        trust = _trust(settings.network.ca)
        asyncio.Runner(loop_factory=lambda: NetworkLoop(SystemClock(), trust)).run(
            _run(settings, core_uid)
        )
    except ConfigError as error:
        log.error("%s", error)
        return _BAD_SETTINGS
    except KioskError as error:
        log.error("%s", error)
        return _FAILED
    # Everything is closed. Some thread may still wait for a name server that does not answer.
    logging.shutdown()
    os._exit(0)


async def _run(settings: Settings, core_uid: int) -> None:
    """Until a signal to stop. Raises CallError or ConfigError for what can not be had."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, NetworkLoop)
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)

    def say(message: Message) -> None:
        wire.send(message)

    clock, flow = SystemClock(), Flow()
    studio = Studio(settings, clock, flow, say)
    async with asyncio.TaskGroup() as tasks:
        switchboard = Switchboard(studio, Guide(), flow, loop, tasks, clock, say)
        wire = WireClient(
            Path(settings.wire.socket),
            Program.CALL,
            Program.CORE,
            core_uid,
            on_up=switchboard.core_is_here,
            on_message=switchboard.obey,
            on_down=switchboard.core_is_gone,
        )
        running = tasks.create_task(wire.run())
        await stopped.wait()
        await switchboard.stop()
        running.cancel()
    studio.close()


def _trust(ca: str) -> ssl.SSLContext | None:
    """Raises ConfigError for a file that names no authority."""
    if not ca:
        return None
    try:
        return ssl.create_default_context(cafile=ca)
    except OSError as error:
        raise ConfigError("network.ca", [f"can not be used: {error.strerror}"]) from error


def _end_with_thread(failed: threading.ExceptHookArgs) -> None:
    """A mistake in a device's thread ends the program, like one anywhere else."""
    name = failed.thread.name if failed.thread is not None else "a thread"
    log.error("%s failed", name, exc_info=failed.exc_value)
    if name.startswith(THREADS):
        os._exit(_FAILED)
