"""The demo with a display: it does as it is told, and nothing of it stays behind."""

import asyncio
import contextlib
import os
import re
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from kiosk.sandbox.display import VirtualDisplay
from kiosk.sandbox.observer import Observer

READY_S = 40.0
STOP_S = 15.0


@dataclass
class Desk:
    """A demo in a window that is ready for a card, what it has said so far, and its programs."""

    demo: asyncio.subprocess.Process
    said: str
    programs: list[psutil.Process]

    @property
    def run(self) -> set[Path]:
        """The directories with the settings and the sockets of its programs."""
        return {run for program in self.programs if (run := run_directory(program))}

    def types(self, line: str) -> None:
        assert self.demo.stdin is not None
        self.demo.stdin.write(f"{line}\n".encode())

    async def ends(self) -> int:
        async with asyncio.timeout(STOP_S):
            return await self.demo.wait()

    def has_left_nothing(self) -> None:
        assert len(self.programs) >= 5
        assert not psutil.wait_procs(self.programs, timeout=0)[1]


@asynccontextmanager
async def demo_on_a_desk(directory: Path) -> AsyncIterator[Desk]:
    display = VirtualDisplay()
    demo, programs = None, list[psutil.Process]()
    await display.start()
    try:
        demo = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "kiosk", "demo", "--directory", str(directory)),
            env={**os.environ, **display.environment, "PYTHONUNBUFFERED": "1"},
            stdin=PIPE,  # stays open: nobody types anything but the test
            stdout=PIPE,
            stderr=DEVNULL,
            start_new_session=True,
        )
        assert demo.stdout is not None
        said = b""
        async with asyncio.timeout(READY_S):
            while b"then Enter" not in said:
                said += (line := await demo.stdout.readline())
                assert line
        programs += psutil.Process(demo.pid).children(recursive=True)
        yield Desk(demo, said.decode(), programs)
    finally:
        if demo is not None and demo.returncode is None:
            demo.kill()  # it would start its programs anew
            await demo.wait()
        for process in programs:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        await display.stop()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
async def test_a_demo_that_is_stopped_leaves_no_program_and_no_file(
    tmp_path: Path, number: signal.Signals
) -> None:
    async with demo_on_a_desk(tmp_path) as desk:
        [run] = desk.run
        os.killpg(desk.demo.pid, number)  # as a terminal does
        await desk.ends()
        desk.has_left_nothing()
        assert not run.exists()


async def test_who_types_c_holds_a_card_and_q_ends_the_demo(tmp_path: Path) -> None:
    async with demo_on_a_desk(tmp_path) as desk:
        assert re.search(r"family's page .*\n  https?://\S+\n", desk.said)
        [run] = desk.run
        observer = Observer(run / "core/core.sock")
        await observer.start()
        try:
            desk.types("c")
            await observer.stage("Welcome")
            await observer.drawn("Welcome")
        finally:
            await observer.stop()
        desk.types("q")
        assert await desk.ends() == 0
        desk.has_left_nothing()


def run_directory(process: psutil.Process) -> Path | None:
    """Where a program of the demo has its settings and its sockets."""
    parts = [Path(word) for word in process.cmdline() if "visit-trial-" in word]
    if not parts:
        return None
    path = parts[0]
    while not path.name.startswith("visit-trial-"):
        path = path.parent
    return path
