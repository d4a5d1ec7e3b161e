"""How commands end that are interrupted, that nobody reads, or that get no port and no daemon."""

import asyncio
import signal
import sys
from pathlib import Path

import pytest

from kiosk.sandbox.reader import SandboxReader
from tests.bridge.process import PATIENCE_S, ROOT, running
from tests.bridge.tool import IMPATIENT, told, tool

pytestmark = pytest.mark.journey

PROGRAM = (sys.executable, "-m", "firmware_bridge")


async def test_decode_is_interrupted_without_a_word() -> None:
    decode = await asyncio.create_subprocess_exec(
        *(*PROGRAM, "decode", "em4100_ascii"),
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert decode.stdin is not None
    assert decode.stdout is not None
    decode.stdin.write(b"02 36324533303836434544 3038 03\n")
    async with asyncio.timeout(PATIENCE_S):
        await decode.stdout.readline()  # it is at work
        decode.send_signal(signal.SIGINT)
        _, error = await decode.communicate()
    assert (decode.returncode, error) == (130, b"")


async def test_probe_is_interrupted_without_a_trace(tmp_path: Path) -> None:
    reader = SandboxReader(tmp_path / "reader")
    await reader.plug_in()
    async with tool("probe", tmp_path / "reader", program=IMPATIENT) as probe:
        await probe.tells("hold a card")
        code, _, error = await probe.interrupt()
    await reader.unplug()
    assert (code, "Traceback" in error) == (130, False)


async def test_who_reads_no_more_ends_it_without_a_word() -> None:
    frames = "02 36324533303836434544 3038 03\n" * 10_000
    shell = await asyncio.create_subprocess_exec(
        *("bash", "-c", '"$@" | head -n 1; exit ${PIPESTATUS[0]}', "bash"),
        *(*PROGRAM, "decode", "em4100_ascii"),
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, error = await shell.communicate(frames.encode())
    assert (shell.returncode, out.count(b"\n"), error) == (141, 1, b"")


async def test_record_leaves_no_file_where_there_is_no_port(tmp_path: Path) -> None:
    file = tmp_path / "capture"
    code, _, error = await told("record", "em4100_ascii", tmp_path / "none", "-o", file)
    assert (code, "is not there" in error) == (1, True)
    assert not file.exists()


async def test_monitor_ends_when_the_daemon_refuses_its_user(tmp_path: Path) -> None:
    async with running(tmp_path, tmp_path / "none", without="observer_user") as bridge:
        await bridge.listens()
        code, _, error = await told("monitor", "--socket", bridge.socket)
    assert (code, "refuses this user" in error, "`observer_user`" in error) == (1, True, True)
