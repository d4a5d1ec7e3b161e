"""A command of `firmware-bridge` as a process, as a person runs it."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.bridge.process import PATIENCE_S, ROOT

PROGRAM = "firmware_bridge"
IMPATIENT = "tests.bridge.impatient"


class Tool:
    """One command; what it prints is read line by line."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def until(self, words: str) -> str:
        """The next line that it prints with these words in it."""
        return await _until(self._process.stdout, words)

    async def tells(self, words: str) -> str:
        """The next line beside its output with these words in it."""
        return await _until(self._process.stderr, words)

    async def rest(self) -> tuple[int, str, str]:
        """Its exit status, and what else it printed and said of faults."""
        async with asyncio.timeout(2 * PATIENCE_S):
            out, error = await self._process.communicate()
        assert self._process.returncode is not None
        return self._process.returncode, out.decode(), error.decode()

    async def interrupt(self) -> tuple[int, str, str]:
        """Ctrl+C, and then the rest."""
        self._process.send_signal(signal.SIGINT)
        return await self.rest()

    async def clear_away(self) -> None:
        if self._process.returncode is None:
            self._process.kill()
            await self._process.wait()


async def _until(lines: asyncio.StreamReader | None, words: str) -> str:
    assert lines is not None
    async with asyncio.timeout(PATIENCE_S):
        while words not in (line := (await lines.readline()).decode()):
            assert line, f"it ended without saying {words}"
    return line.strip()


@asynccontextmanager
async def tool(*arguments: object, program: str = PROGRAM) -> AsyncIterator[Tool]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", program, *map(str, arguments)),
        cwd=ROOT,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    made = Tool(process)
    try:
        yield made
    finally:
        await made.clear_away()


async def told(*arguments: object, program: str = PROGRAM) -> tuple[int, str, str]:
    """Run a command to its end: its exit status, its output, what it says of faults."""
    async with tool(*arguments, program=program) as running:
        return await running.rest()
