"""The demo on a desk: however it is stopped, nothing of it stays behind."""

import asyncio
import contextlib
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE
from pathlib import Path

import psutil
import pytest

from kiosk.sandbox.display import VirtualDisplay

READY_S = 40.0
STOP_S = 15.0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
async def test_a_demo_that_is_stopped_leaves_no_program_and_no_file(
    tmp_path: Path, number: signal.Signals
) -> None:
    display = VirtualDisplay()
    started: list[psutil.Process] = []
    await display.start()
    try:
        demo = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "kiosk", "demo", "--directory", str(tmp_path)),
            env={**os.environ, **display.environment, "PYTHONUNBUFFERED": "1"},
            stdin=PIPE,  # stays open: nobody types anything
            stdout=PIPE,
            stderr=DEVNULL,
            start_new_session=True,
        )
        assert demo.stdout is not None
        async with asyncio.timeout(READY_S):
            while b"then Enter" not in (line := await demo.stdout.readline()):
                assert line
        started += psutil.Process(demo.pid).children(recursive=True)
        run = {run_directory(process) for process in started} - {None}
        os.killpg(demo.pid, number)  # as a terminal does
        async with asyncio.timeout(STOP_S):
            await demo.wait()
        assert len(started) >= 5
        assert not psutil.wait_procs(started, timeout=0)[1]
        assert [path for path in run if path and path.exists()] == []
        assert len(run) == 1
    finally:
        for process in started:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        await display.stop()


def run_directory(process: psutil.Process) -> Path | None:
    """Where a program of the demo has its settings and its sockets."""
    parts = [Path(word) for word in process.cmdline() if "visit-trial-" in word]
    if not parts:
        return None
    path = parts[0]
    while not path.name.startswith("visit-trial-"):
        path = path.parent
    return path
