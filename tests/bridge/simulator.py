"""`firmware-bridge simulate` as a process, told what to do."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.bridge.process import PATIENCE_S, ROOT


class SimulatorProcess:
    """One simulated device; what is said to it stands on its standard input."""

    def __init__(self, *arguments: str) -> None:
        self._arguments = arguments

    async def start(self) -> Path:
        """Returns the path of its port."""
        self.process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "firmware_bridge", "simulate", *self._arguments),
            cwd=ROOT,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        return Path(await self.line())

    async def line(self) -> str:
        """The next line that it prints."""
        assert self.process.stdout is not None
        async with asyncio.timeout(PATIENCE_S):
            return (await self.process.stdout.readline()).decode().strip()

    async def say(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{line}\n".encode())
        await self.process.stdin.drain()

    async def ends(self) -> int:
        """Its exit status."""
        async with asyncio.timeout(PATIENCE_S):
            return await self.process.wait()

    async def error(self) -> str:
        """All that it says of faults; it has ended."""
        assert self.process.stderr is not None
        return (await self.process.stderr.read()).decode()

    async def clear_away(self) -> None:
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGTERM)
            await self.ends()


@asynccontextmanager
async def simulating(*arguments: str) -> AsyncIterator[SimulatorProcess]:
    simulator = SimulatorProcess(*arguments)
    await simulator.start()
    try:
        yield simulator
    finally:
        await simulator.clear_away()
