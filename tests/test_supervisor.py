"""Programs are started in order, started again when they end, and stopped in reverse."""

import asyncio
import os
import pwd
import resource
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kiosk.clock import SystemClock
from kiosk.errors import KioskError
from kiosk.supervisor import RESTART_S, Exit, Program, Supervisor

PATIENCE_S = 10.0
ROOT = Path(__file__).parents[1]

WRITES_DOWN = """
import pathlib, signal, sys, time
book, name = pathlib.Path(sys.argv[1]), sys.argv[2]
def stop(*_):
    with book.open("a") as file: file.write(f"stop {name}\\n")
    sys.exit(0)
signal.signal(signal.SIGTERM, stop)
with book.open("a") as file: file.write(f"start {name}\\n")
while True: time.sleep(60)
"""
IGNORES_TERM = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"


def writer(book: Path, name: str) -> Program:
    return Program(name, (sys.executable, "-c", WRITES_DOWN, str(book), name))


async def lines_of(book: Path, count: int) -> list[str]:
    """What the programs wrote, once there are so many lines."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            lines = book.read_text().splitlines() if book.exists() else []
            if len(lines) >= count:
                return lines
            await asyncio.sleep(0.02)  # other processes write: there is no event


@contextmanager
def no_descriptor_left() -> Iterator[None]:
    """This process may open nothing more; what it has open stays."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


async def test_programs_stop_in_the_reverse_of_the_order_in_which_they_were_named(
    tmp_path: Path,
) -> None:
    book = tmp_path / "book"
    supervisor = Supervisor([writer(book, "one"), writer(book, "two")], SystemClock())
    await supervisor.start()
    started = await lines_of(book, 2)
    assert sorted(started) == ["start one", "start two"]
    await supervisor.stop()
    assert (await lines_of(book, 4))[2:] == ["stop two", "stop one"]


KEEPS = """
import asyncio, pathlib, sys
from kiosk.clock import SystemClock
from kiosk.supervisor import Program, Supervisor
async def main():
    program = Program("one", (sys.executable, "-c", sys.argv[1], sys.argv[2], "one"))
    await Supervisor([program], SystemClock()).start()
    await asyncio.Event().wait()
asyncio.run(main())
"""


async def test_programs_stop_when_their_supervisor_is_killed(tmp_path: Path) -> None:
    book = tmp_path / "book"
    keeper = await asyncio.create_subprocess_exec(
        sys.executable, "-c", KEEPS, WRITES_DOWN, str(book), cwd=ROOT
    )
    await lines_of(book, 1)
    keeper.kill()
    assert await lines_of(book, 2) == ["start one", "stop one"]
    await keeper.wait()


async def test_a_program_that_was_killed_is_back_and_its_end_is_told(tmp_path: Path) -> None:
    book = tmp_path / "book"
    exits: list[Exit] = []
    supervisor = Supervisor([writer(book, "one")], SystemClock(), exits.append)
    await supervisor.start()
    await lines_of(book, 1)
    first = supervisor.pid("one")
    assert first is not None
    os.kill(first, signal.SIGKILL)
    assert await lines_of(book, 2) == ["start one", "start one"]
    assert supervisor.pid("one") not in (None, first)
    assert [(e.program, e.status) for e in exits] == [("one", -signal.SIGKILL)]
    assert SystemClock().monotonic() - exits[0].at_s >= RESTART_S
    await supervisor.stop()


async def test_a_program_that_the_machine_had_no_room_for_is_tried_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    book = tmp_path / "book"
    supervisor = Supervisor([writer(book, "one"), writer(book, "two")], SystemClock())
    with no_descriptor_left():
        async with asyncio.timeout(PATIENCE_S):
            await supervisor.start()
        assert supervisor.pid("one") is None
    assert sorted(await lines_of(book, 2)) == ["start one", "start two"]
    assert "one could not be started, and is tried again: [Errno 24]" in caplog.text
    await supervisor.stop()
    assert (await lines_of(book, 4))[2:] == ["stop two", "stop one"]


async def test_a_program_whose_file_comes_back_is_started_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    book, file, away = (tmp_path / name for name in ("book", "program", "away"))
    file.symlink_to("/bin/sh")
    script = f"echo start >> {book}; exec sleep 60"
    supervisor = Supervisor([Program("one", (str(file), "-c", script))], SystemClock())
    await supervisor.start()
    await lines_of(book, 1)
    file.rename(away)
    pid = supervisor.pid("one")
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    async with asyncio.timeout(PATIENCE_S):
        while "one could not be started" not in caplog.text:
            await asyncio.sleep(0.02)  # a log has no event
    assert supervisor.pid("one") is None
    away.rename(file)
    await lines_of(book, 2)
    await supervisor.stop()


async def test_a_program_that_is_being_tried_again_can_be_stopped(tmp_path: Path) -> None:
    book = tmp_path / "book"
    supervisor = Supervisor([writer(book, "one")], SystemClock())
    with no_descriptor_left():
        await supervisor.start()
        await supervisor.stop()
    await asyncio.sleep(1.5 * RESTART_S)  # nothing happens, and there is no event for that
    assert not book.exists()


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (Program("two", ("/no/such/program",)), "two can not be started: /no/such/program"),
        (Program("two", ("true",), {"PATH": "/nowhere"}), "two can not be started: true"),
        (Program("two", ("/bin/true",), user="no-such-user"), "no user no-such-user"),
    ],
)
async def test_what_can_never_be_started_is_told_before_anything_is(
    tmp_path: Path, wrong: Program, why: str
) -> None:
    book = tmp_path / "book"
    supervisor = Supervisor([writer(book, "one"), wrong], SystemClock())
    with pytest.raises(KioskError, match=why):
        await supervisor.start()
    assert supervisor.pid("one") is None
    assert not book.exists()


async def test_a_program_that_will_not_stop_is_killed() -> None:
    stubborn = Program("stubborn", (sys.executable, "-c", IGNORES_TERM))
    supervisor = Supervisor([stubborn], SystemClock())
    await supervisor.start()
    pid = supervisor.pid("stubborn")
    assert pid is not None
    await supervisor.stop()
    assert not Path(f"/proc/{pid}").exists()


async def test_a_stopped_process_is_stopped_for_good(tmp_path: Path) -> None:
    book = tmp_path / "book"
    supervisor = Supervisor([writer(book, "one")], SystemClock())
    await supervisor.start()
    await lines_of(book, 1)
    pid = supervisor.pid("one")
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    await supervisor.stop()
    assert await lines_of(book, 2) == ["start one", "stop one"]
    assert supervisor.pid("one") is None


async def test_what_a_program_says_goes_to_its_log_alone(tmp_path: Path) -> None:
    log = tmp_path / "log"
    talker = Program(
        "talker",
        (sys.executable, "-c", "import time; print('hello', flush=True); time.sleep(60)"),
        log_file=log,
    )
    supervisor = Supervisor([talker], SystemClock())
    await supervisor.start()
    assert await lines_of(log, 1) == ["hello"]
    assert log.stat().st_mode & 0o777 == 0o600
    await supervisor.stop()


@pytest.mark.root
async def test_a_program_of_another_user_has_that_users_groups_and_none_of_ours(
    tmp_path: Path,
) -> None:
    log = tmp_path / "log"
    command = ("/bin/sh", "-c", "id -ru; id -rg; id -rG; umask; exec sleep 60")
    supervisor = Supervisor([Program("other", command, user="nobody", log_file=log)], SystemClock())
    await supervisor.start()
    nobody = pwd.getpwnam("nobody")
    groups = " ".join(map(str, os.getgrouplist("nobody", nobody.pw_gid)))
    expected = [str(nobody.pw_uid), str(nobody.pw_gid), groups, "0027"]
    assert await lines_of(log, 4) == expected
    await supervisor.stop()


async def test_ctrl_c_is_for_the_supervisor_who_stops_programs_in_order(tmp_path: Path) -> None:
    supervisor = Supervisor([writer(tmp_path / "book", "one")], SystemClock())
    await supervisor.start()
    pid = supervisor.pid("one")
    assert pid is not None
    assert os.getpgid(pid) != os.getpgid(0)
    await supervisor.stop()
