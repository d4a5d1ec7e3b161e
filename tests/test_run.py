"""`visit-kiosk run` on a desk: however it is stopped, its programs stop with it."""

import asyncio
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE
from pathlib import Path

import psutil
import pytest

from kiosk.sandbox.files import Table, write_settings

LAST_STARTED = b"kiosk-ui started"
PATIENCE_S = 20.0


def settings(directory: Path) -> Path:
    """A terminal without a reader, and with a service that does not answer."""
    core, bridge = directory / "core.sock", directory / "bridge.sock"
    reader: Table = {"name": "desk", "kind": "em4100_ascii", "port": directory / "no-reader"}
    wire: Table = {"socket": core}
    frames: Table = {"directory": directory}
    write_settings(directory / "bridge.toml", {"wire": {"socket": bridge}, "reader": [reader]})
    write_settings(directory / "call.toml", {"wire": wire, "frames": frames})
    write_settings(directory / "ui.toml", {"wire": wire, "frames": frames})
    write_settings(
        directory / "core.toml",
        {
            "terminal": {"id": "T1", "name": "Terminal 1", "prison": "MDI", "hall": "Hall A"},
            "service": {"url": "http://127.0.0.1:9"},
            "wire": {"socket": core, "bridge_socket": bridge},
            "state": {"fleeting": directory, "lasting": directory},
        },
    )
    return directory


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
async def test_its_programs_stop_with_it(tmp_path: Path, number: signal.Signals) -> None:
    run = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "kiosk", "run", "--config", str(settings(tmp_path))),
        stdout=DEVNULL,
        stderr=PIPE,
    )
    assert run.stderr is not None
    programs: list[psutil.Process] = []
    try:
        async with asyncio.timeout(PATIENCE_S):
            while LAST_STARTED not in (line := await run.stderr.readline()):
                assert line
            programs = psutil.Process(run.pid).children()
            run.send_signal(number)
            await run.communicate()
        assert run.returncode == 0
        assert programs
        assert not psutil.wait_procs(programs, timeout=0)[1]
    finally:
        for program in psutil.wait_procs(programs, timeout=0)[1]:
            program.kill()
