"""Builds kiosk-core from its settings, runs it, and takes it down in reverse."""

import argparse
import asyncio
import contextlib
import logging
import os
import signal
import sys
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

from kiosk.catalogues import TRANSLATIONS
from kiosk.clock import SystemClock
from kiosk.config import load
from kiosk.core.audit import AuditRecord, stage_told
from kiosk.core.chores import Chores
from kiosk.core.commands import event_of_command, rebooked
from kiosk.core.errands import Errands
from kiosk.core.languages import with_languages_to_offer
from kiosk.core.outbox import Outbox
from kiosk.core.pocket import Pocket
from kiosk.core.service.client import VisitServiceClient
from kiosk.core.service.clock_offset import ServiceTime
from kiosk.core.service.events import Listener
from kiosk.core.service.replies import BookingChanged, Command, OutOfServiceOrdered, SettingsChanged
from kiosk.core.settings import CoreSettings, WireSettings
from kiosk.core.snapshot import Snapshot, pack, unpack
from kiosk.core.terminal import Terminal
from kiosk.core.today import Today
from kiosk.errors import ConfigError, ServiceError, WireError
from kiosk.visit import events
from kiosk.visit.beside import Standing, resume_both
from kiosk.visit.booking import Place
from kiosk.visit.reasons import OutOfOrder
from kiosk.visit.stages import OutOfService
from kiosk.wire.aio import WireClient, WireServer
from kiosk.wire.messages import Message, Program
from kiosk.wire.users import uid_of

_FAILED = 1
_BAD_SETTINGS = 2
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")

log = logging.getLogger(__name__)


def main(arguments: list[str] | None = None) -> int:
    """Run until SIGTERM or SIGINT; 1 when it can not listen, 2 for settings it can not use."""
    parser = argparse.ArgumentParser(prog="kiosk-core", description="The rules of a visit.")
    parser.add_argument("--config", type=Path, required=True, metavar="FILE", help="settings")
    options = parser.parse_args(arguments)
    logging.basicConfig(
        level=logging.INFO, stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s"
    )
    try:
        asyncio.run(_run(load(options.config, CoreSettings)))
    except ConfigError as error:
        log.error("%s", error)
        return _BAD_SETTINGS
    except WireError as error:
        log.error("%s", error)
        return _FAILED
    return 0


async def _run(settings: CoreSettings) -> None:
    asyncio.get_running_loop().set_exception_handler(_crash)
    threading.excepthook = _crash_with_thread
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    core = Core(settings)
    async with contextlib.AsyncExitStack() as stack:
        await core.start(stack)
        await stopped.wait()


class Core:
    """All parts of kiosk-core, each built once and here."""

    def __init__(self, settings: CoreSettings) -> None:
        self._settings = settings
        self._clock = SystemClock()
        fleeting, lasting = settings.state.fleeting, settings.state.lasting
        self._boot_id = _BOOT_ID.read_text().strip()
        self._pocket = Pocket(fleeting / "stage")
        self._today = Today(Pocket(fleeting / "today"), self._clock)
        self._outbox = Outbox(lasting / "audit.db", self._clock)
        kept = self._kept()
        self._last_event_id = kept.last_event_id
        self._time = ServiceTime(kept.service_time)
        self._client = VisitServiceClient(
            settings.service, settings.terminal.id, self._clock, self._time
        )
        self._errands = Errands(
            settings.terminal,
            self._client,
            self._time,
            self._today,
            self._clock,
            report=self._report,
            note=self._note,
        )
        self._terminal = Terminal(
            with_languages_to_offer(settings.terminal, TRANSLATIONS),
            self._clock,
            kept.standing,
            send=self._send,
            keep=self._keep,
            record=self._record,
            errands=self._errands,
        )
        self._server = self._listening(settings.wire)
        self._bridge = self._connecting(settings.wire)
        self._chores = Chores(
            settings.terminal, self._client, self._outbox, self._today, self._terminal
        )

    def _listening(self, wire: WireSettings) -> WireServer:
        return WireServer(
            wire.socket,
            Program.CORE,
            _roles(wire),
            on_peer=self._terminal.on_peer,
            on_message=self._terminal.on_message,
            on_gone=lambda program, _: self._terminal.on_gone(program),
        )

    def _connecting(self, wire: WireSettings) -> WireClient:
        return WireClient(
            wire.bridge_socket,
            Program.CORE,
            Program.BRIDGE,
            uid_of(wire.bridge_user, "wire.bridge_user"),
            on_up=self._terminal.on_bridge_up,
            on_message=lambda message: self._terminal.on_message(Program.BRIDGE, message),
            on_down=lambda _: self._terminal.on_bridge_gone(),
        )

    async def start(self, stack: contextlib.AsyncExitStack) -> None:
        """Start everything; `stack` takes it down again. Raises WireError when it can not listen."""
        self._outbox.start()
        stack.push_async_callback(self._outbox.close)
        stack.push_async_callback(self._client.close)
        await self._server.start()
        stack.push_async_callback(self._server.close)
        stack.push_async_callback(self._errands.close)
        self._terminal.start()
        stack.callback(self._terminal.stop)
        listener = Listener(
            on_up=lambda: self._terminal.service(up=True),
            on_down=lambda _: self._terminal.service(up=False),
            on_command=self._obey,
        )
        self._client.start(self._last_event_id, listener)
        for work in (self._bridge.run(), self._chores.run()):
            task = asyncio.create_task(work)
            task.add_done_callback(_raise_fault)
            stack.push_async_callback(_cancelled, task)

    def _kept(self) -> Snapshot:
        """Where the core before us was, and the last command it had seen."""
        kept = self._pocket.load()
        known = unpack(kept, self._boot_id) if kept is not None else None
        if known is None:
            return Snapshot(Standing(OutOfService(OutOfOrder.STARTING)), None, None)
        log.info("going on from %s", stage_told(known.standing.stage))
        return replace(known, standing=resume_both(known.standing, self._clock.monotonic()))

    def _send(self, to: Program, message: Message) -> None:
        if to is Program.BRIDGE:
            self._bridge.send(message)
        else:
            self._server.send(to, message)

    def _report(self, event: events.Event) -> None:
        self._terminal.post(event)

    def _note(self, what: str, detail: str) -> None:
        self._terminal.note(what, detail)

    def _keep(self, standing: Standing) -> None:
        snapshot = Snapshot(standing, self._last_event_id, self._time.best)
        self._pocket.save(pack(snapshot, self._boot_id))

    def _record(self, record: AuditRecord) -> None:
        self._outbox.add(record)
        self._chores.audit_waits()

    def _obey(self, event_id: str, command: Command) -> None:
        """A command of the service: what it changes is kept together with its id."""
        self._last_event_id = event_id
        match command:
            case OutOfServiceOrdered(ordered):
                self._terminal.ordered_out(ordered)
            case SettingsChanged():
                self._chores.heartbeat_now()
            case _:
                self._post(command)
        self._keep(self._terminal.standing)

    def _post(self, command: Command) -> None:
        try:
            event = self._event_of(command)
        except ServiceError as error:
            self._terminal.note("ServiceFault", str(error))
            return
        if event is not None:
            self._terminal.post(event)

    def _event_of(self, command: Command) -> events.Event | None:
        if isinstance(command, BookingChanged):
            terminal = self._settings.terminal
            here, now_s = Place(terminal.prison, terminal.hall), self._clock.monotonic()
            return rebooked(command, here, self._time, now_s)
        return event_of_command(command, self._time)


def _roles(wire: WireSettings) -> dict[Program, int]:
    roles = {
        Program.UI: uid_of(wire.ui_user, "wire.ui_user"),
        Program.CALL: uid_of(wire.call_user, "wire.call_user"),
    }
    if wire.observer_user is not None:
        roles[Program.OBSERVER] = uid_of(wire.observer_user, "wire.observer_user")
    return roles


def _raise_fault(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        raise error


def _crash(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """A programmer's mistake ends the program; whoever keeps it running starts it anew."""
    log.critical("%s", context["message"], exc_info=context.get("exception"))
    os._exit(_FAILED)


def _crash_with_thread(failed: threading.ExceptHookArgs) -> None:
    """A lane without its thread would only ever say that the service is away."""
    name = failed.thread.name if failed.thread is not None else "a thread"
    log.critical("%s failed", name, exc_info=failed.exc_value)
    os._exit(_FAILED)


async def _cancelled(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
