"""Keeps a terminal's programs running on a desk and in tests; on a terminal systemd does this."""

import asyncio
import logging
import os
import pwd
import signal
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kiosk.clock import Clock, Seconds

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
    """Starts programs in order, restarts what ends after 0.5 s, stops all in reverse order."""

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
        for program in self._programs:
            started = asyncio.Event()
            self._keepers[program.name] = asyncio.create_task(
                self._keep(program, started), name=f"keep {program.name}"
            )
            await started.wait()

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

    async def _keep(self, program: Program, started: asyncio.Event) -> None:
        while True:
            process = await _spawn(program)
            self._running[program.name] = process
            started.set()
            log.info("%s started, pid %d", program.name, process.pid)
            try:
                status = await process.wait()
            except asyncio.CancelledError:
                await _end(program.name, process)
                raise
            finally:
                self._running.pop(program.name, None)
            log.warning("%s %s; restarting", program.name, describe(status))
            if self._on_exit is not None:
                self._on_exit(Exit(program.name, status, self._clock.monotonic()))
            await asyncio.sleep(RESTART_S)


def describe(status: int) -> str:
    """How a program ended, in words."""
    return (
        f"was killed by {signal.Signals(-status).name}" if status < 0 else f"exited with {status}"
    )


async def _spawn(program: Program) -> asyncio.subprocess.Process:
    output = (
        os.open(program.log_file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        if program.log_file
        else None
    )
    try:
        return await asyncio.create_subprocess_exec(
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
    """What makes a process a user's, with all of their groups, in the words of subprocess.Popen."""
    if user is None:
        return {}
    known = pwd.getpwnam(user)
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
