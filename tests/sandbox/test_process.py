"""The sandbox as a program of its own."""

import asyncio
import json
import signal
import sys
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession

from kiosk.clock import SystemClock
from kiosk.sandbox.bookings import Bookings
from kiosk.sandbox.command import main
from kiosk.sandbox.database import Database
from tests.sandbox.terminal import Terminal

START_S = 20.0


async def started(*arguments: str) -> tuple[asyncio.subprocess.Process, dict[str, Any]]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "kiosk.sandbox", *arguments),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    line = await asyncio.wait_for(process.stdout.readline(), START_S)
    return process, json.loads(line)


async def stopped(process: asyncio.subprocess.Process) -> float:
    clock = SystemClock()
    began_s = clock.monotonic()
    process.send_signal(signal.SIGTERM)
    _, log = await process.communicate()
    assert process.returncode == 0, log
    assert log == b""
    return clock.monotonic() - began_s


async def test_it_says_where_it_is_serves_and_stops_within_a_second(
    session: ClientSession,
) -> None:
    process, ready = await started("--visit-s", "60")
    try:
        terminal = Terminal(session, ready["api"])
        async with terminal.events():
            assert (await terminal.identify("62E3086CED")).status == 200
            assert ready["links"]["v1-sam-mum"].startswith(ready["officer"].removesuffix("officer"))
            assert await stopped(process) < 1.0
    finally:
        if process.returncode is None:
            process.kill()


async def test_another_process_changes_a_booking_through_the_file(
    session: ClientSession, tmp_path: Path
) -> None:
    file = tmp_path / "service.db"
    process, ready = await started("--visit-s", "60", "--database", str(file))
    try:
        terminal = Terminal(session, ready["api"])
        database = Database(file)
        Bookings(database).change("v1-sam-mum", cancelled=True)
        link = Bookings(database).link("v1-sam-mum")
        database.close()
        assert ready["links"]["v1-sam-mum"].endswith(f"#{link}")
        assert (await terminal.join("v1-sam-mum", "A1234BC")).code == "booking_cancelled"
        await stopped(process)
    finally:
        if process.returncode is None:
            process.kill()


async def test_a_bad_configuration_is_told_line_by_line(tmp_path: Path) -> None:
    file = tmp_path / "sandbox.toml"
    file.write_text('database = 1\nunknown = true\n[api]\nport = "x"\n')
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "kiosk.sandbox", "--config", str(file)),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    _, log = await process.communicate()
    assert process.returncode == 2
    for fault in ("database", "unknown: unknown setting", "api.port", "desk_password: missing"):
        assert fault in log.decode()


async def test_a_configuration_file_is_used(tmp_path: Path, session: ClientSession) -> None:
    file = tmp_path / "sandbox.toml"
    file.write_text(
        f'database = "{tmp_path / "s.db"}"\ndesk_password = "pw"\n'
        '[[terminals]]\nid = "t1"\nhall = "Hall A"\n'
    )
    process, ready = await started("--config", str(file))
    try:
        assert ready["desk_password"] == "pw"
        assert (
            await Terminal(session, ready["api"], "t2").identify("x")
        ).code == "unknown_terminal"
        await stopped(process)
    finally:
        if process.returncode is None:
            process.kill()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--port", "99999"], "99999 is no port"),
        (["--web-port", "many"], "many is no port"),
        (["--database", "/proc/no/place.db"], "The sandbox can not run: "),
        (["--database", "/proc"], "The sandbox can not run: "),
    ],
)
def test_what_it_can_not_have_is_told_without_a_traceback(
    arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        sys.exit(main(arguments))
    assert told in capsys.readouterr().err


async def test_a_port_that_is_taken_is_told(unused_tcp_port: int) -> None:
    async with await asyncio.start_server(lambda *_: None, "127.0.0.1", unused_tcp_port):
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "kiosk.sandbox", "--port", str(unused_tcp_port)),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        _, told = await process.communicate()
    assert process.returncode == 1
    assert b"in use" in told
    assert b"Traceback" not in told
