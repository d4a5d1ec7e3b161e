"""The sandbox visit service in a process of its own, which a test may kill like any other."""

import asyncio
import contextlib
import json
import signal
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kiosk.errors import KioskError

START_S = 15.0


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the service answers: the terminals' API, and the web pages' root."""

    api: str
    officer: str

    @property
    def web(self) -> str:
        return self.officer.removesuffix("/officer")


class ServiceProcess:
    """Runs `python -m kiosk.sandbox`; started again it listens at the same addresses."""

    def __init__(self, settings_file: Path, log_file: Path) -> None:
        self._settings_file = settings_file
        self._log_file = log_file
        self._process: asyncio.subprocess.Process | None = None

    @property
    def pid(self) -> int | None:
        running = self._process is not None and self._process.returncode is None
        return self._process.pid if self._process and running else None

    async def start(self) -> Addresses:
        """Start it and wait until it listens; raises KioskError with its last words when it does not."""
        with self._log_file.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "kiosk.sandbox", "--config", str(self._settings_file)),
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
            )
        assert self._process.stdout is not None
        line = await asyncio.wait_for(self._process.stdout.readline(), START_S)
        if not line:
            raise KioskError(f"the sandbox did not start:\n{self._log_file.read_text()[-2000:]}")
        ready = json.loads(line)
        return Addresses(ready["api"], ready["officer"])

    async def stop(self) -> None:
        await self._end(signal.SIGTERM)

    async def kill(self) -> None:
        """Kill it as a power cut would."""
        await self._end(signal.SIGKILL)

    @contextlib.contextmanager
    def paused(self) -> Iterator[None]:
        """It is there and answers nothing."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._process.send_signal(signal.SIGCONT)

    async def _end(self, number: signal.Signals) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.send_signal(number)
            await self._process.wait()
