"""Keeps a terminal's programs running on a desk and in tests; on a terminal systemd does this."""

import asyncio
import logging
import os
import pwd
import shutil
import signal
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from kiosk.clock import Clock, Seconds
from kiosk.errors import KioskError

RESTART_S = 0.5
STOP_PATIENCE_S = 3.0
_UMASK = 0o027
"""Of programs with users of their own, as in their systemd units."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Program:
    """One program: its name, how to start it, and as which user where that is not ours."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    user: str | None = None
    log_file: Path | None = None


@dataclass(frozen=True, slots=True)
class Exit:
    """A program ended: `status` is its exit code, or minus the signal that killed it."""

    program: str
    status: int
    at_s: Seconds


class Supervisor:
    """Starts programs in order, restarts what ends after 0.5 s, stops all in reverse order.

    What could not be started, as the machine had no process or no file left, is tried again.
    """

    def __init__(
        self,
        programs: Sequence[Program],
        clock: Clock,
        on_exit: Callable[[Exit], None] | None = None,
    ) -> None:
        self._programs = programs
        self._clock = clock
        self._on_exit = on_exit
        self._running: dict[str, asyncio.subprocess.Process] = {}
        self._keepers: dict[str, asyncio.Task[None]] = {}

    async def start(self) -> None:
        """Start all; raises KioskError, and starts none, for a file or a user that is not there."""
        for program in self._programs:
            _look_for(program)
        for program in self._programs:
            tried = asyncio.Event()
            self._keepers[program.name] = asyncio.create_task(
                self._keep(program, tried), name=f"keep {program.name}"
            )
            await tried.wait()

    async def stop(self) -> None:
        for program in reversed(self._programs):
            keeper = self._keepers.pop(program.name, None)
            if keeper is not None:
                keeper.cancel()
                await asyncio.gather(keeper, return_exceptions=True)

    def pid(self, name: str) -> int | None:
        """The process of a program, None while it is down."""
        process = self._running.get(name)
        return process.pid if process else None

    async def _keep(self, program: Program, tried: asyncio.Event) -> None:
        while True:
            try:
                process = await _spawn(program)
            except (OSError, KioskError) as error:
                log.error("%s could not be started, and is tried again: %s", program.name, error)
                tried.set()
            else:
                self._running[program.name] = process
                tried.set()
                await self._attend(program.name, process)
            await asyncio.sleep(RESTART_S)

    async def _attend(self, name: str, process: asyncio.subprocess.Process) -> None:
        """Wait until a program ends, and tell it; end the program when cancelled."""
        log.info("%s started, pid %d", name, process.pid)
        try:
            status = await process.wait()
        except asyncio.CancelledError:
            await _end(name, process)
            raise
        finally:
            self._running.pop(name, None)
        log.warning("%s %s; restarting", name, describe(status))
        if self._on_exit is not None:
            self._on_exit(Exit(name, status, self._clock.monotonic()))


def describe(status: int) -> str:
    """How a program ended, in words."""
    return (
        f"was killed by {signal.Signals(-status).name}" if status < 0 else f"exited with {status}"
    )


def _look_for(program: Program) -> None:
    """KioskError for what no second try would mend."""
    file = program.command[0]
    if shutil.which(file, path=program.environment.get("PATH")) is None:
        raise KioskError(f"{program.name} can not be started: {file} is no program")
    identity_of(program.user)


_ENDS_WITH_US: Final = ("/usr/bin/setpriv", "--pdeathsig", "TERM", "--")
"""Who is left behind by a supervisor that was killed would go on at a card reader, unseen."""


async def _spawn(program: Program) -> asyncio.subprocess.Process:
    _look_for(program)
    output = (
        os.open(program.log_file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        if program.log_file
        else None
    )
    try:
        return await asyncio.create_subprocess_exec(
            *_ENDS_WITH_US,
            *program.command,
            env={**os.environ, **program.environment},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            process_group=0,  # Ctrl-C is for us, who stop them in order
            **identity_of(program.user),
        )
    finally:
        if output is not None:
            os.close(output)


def identity_of(user: str | None) -> dict[str, Any]:
    """What makes a process a user's, with all of their groups, in the words of subprocess.Popen.

    Raises KioskError for a user that this machine does not have.
    """
    if user is None:
        return {}
    try:
        known = pwd.getpwnam(user)
    except KeyError as error:
        raise KioskError(f"this machine has no user {user}") from error
    groups = os.getgrouplist(user, known.pw_gid)
    return {"user": known.pw_uid, "group": known.pw_gid, "extra_groups": groups, "umask": _UMASK}


async def _end(name: str, process: asyncio.subprocess.Process) -> None:
    """Ask a program to stop and, when it will not, make it."""
    if process.returncode is not None:
        return
    process.send_signal(signal.SIGCONT)
    process.terminate()
    try:
        await asyncio.wait_for(process.wait(), STOP_PATIENCE_S)
    except TimeoutError:
        log.warning("%s did not stop in %g s and is killed", name, STOP_PATIENCE_S)
        process.kill()
        await process.wait()
