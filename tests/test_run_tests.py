"""What `make test` runs, on small projects whose tests pass, fail, get stuck or die."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from tests.project import ROOT

pytestmark = pytest.mark.slow

COMMAND = (sys.executable, str(ROOT / ".ci/run_tests.py"))
PLACES = {
    "bridge": "tests/bridge/test_bridge.py",
    "core": "tests/core/test_core.py",
    "call": "tests/call/test_call.py",
    "wire": "tests/wire/test_wire.py",
    "quiet": "tests/journeys/quiet/test_quiet.py",
    "rest": "tests/test_rest.py",
    "journeys": "tests/journeys/test_journeys.py",
}
ORDER = ("rest", "bridge", "call", "core", "wire", "quiet", "journeys")
FAILS = "assert False"
FAILS_ONCE = "tried = Path(__file__ + '.tried'); assert tried.exists() or tried.touch()"
DIES = "os._exit(1)"
PATIENCE_S = 60.0
SETTINGS = "[pytest]\ntestpaths = tests\naddopts = -p pytest_timeout\ntimeout = 20\n"


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One in which all is well, with one test in each run or two."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    Path("pytest.ini").write_text(SETTINGS)
    given(**dict.fromkeys(PLACES, "pass"))


def given(**lines: str) -> None:
    """What is done by the tests of these places."""
    for name, line in lines.items():
        file = Path(PLACES[name])
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"import os\nfrom pathlib import Path\ndef test_one():\n    {line}\n")


def run(check: str = "true") -> tuple[int, list[str]]:
    """The exit status, and what was printed, line by line."""
    done = subprocess.run(
        [*COMMAND, check], capture_output=True, text=True, timeout=PATIENCE_S, check=False
    )
    assert not done.stderr
    return done.returncode, done.stdout.splitlines()


def counted(line: str) -> str:
    """What the closing line of pytest counts."""
    found = re.fullmatch(r"=+ (.*) in [\d.]+s \(\d:\d\d:\d\d\) =+", line)
    assert found, line
    return found[1]


def test_each_run_is_shown_whole_and_the_last_line_counts_the_tests_of_all() -> None:
    status, lines = run()
    modules = [line.split()[0] for line in lines if line.startswith("tests/")]
    assert modules == [PLACES[name] for name in ORDER]
    assert (status, counted(lines[-1])) == (0, "7 passed")


def test_what_waits_runs_beside_the_rest_and_the_journeys_when_it_is_over() -> None:
    for meeting in ("one", "other", "third"):
        os.mkfifo(meeting)  # who opens it waits for somebody at its other end
    given(
        bridge="Path('one').read_bytes(); Path('other').read_bytes()",
        quiet="Path('waited').touch()",
        call="Path('one').write_bytes(b'')",
        core="Path('third').read_bytes()",
        rest="Path('other').write_bytes(b''); Path('third').write_bytes(b'')",
        journeys="assert Path('waited').exists()",
    )
    assert run()[0] == 0


def test_a_check_that_fails_is_told_at_the_end_and_the_tests_are_run() -> None:
    status, lines = run("false")
    assert status == 1
    assert "checks before the tests failed" in lines[-2]
    assert counted(lines[-1]) == "7 passed"


def test_what_failed_is_run_once_more() -> None:
    given(bridge=FAILS_ONCE, rest=FAILS_ONCE, journeys=FAILS_ONCE)
    status, lines = run()
    assert (status, counted(lines[-1])) == (0, "7 passed, 3 rerun")


def test_what_fails_twice_has_failed() -> None:
    given(core=FAILS, rest=FAILS)
    status, lines = run()
    assert (status, counted(lines[-1])) == (1, "2 failed, 5 passed, 2 rerun")


@pytest.mark.parametrize("name", ["bridge", "rest"])
def test_a_run_that_dies_is_never_taken_for_one_that_passed(name: str) -> None:
    given(**{name: DIES})
    status, lines = run()
    assert status == 1
    assert any("died before the end" in line for line in lines)


def test_a_module_that_can_not_be_read_is_a_failure_and_the_others_are_run() -> None:
    given(core=")", call=")")
    status, lines = run()
    assert (status, counted(lines[-1])) == (1, "5 passed, 2 errors, 2 rerun")


def test_nothing_goes_on_when_it_is_told_to_end() -> None:
    os.mkfifo("meeting")
    given(bridge="Path('meeting').write_text(str(os.getpid())); Path('meeting').read_bytes()")
    with subprocess.Popen([*COMMAND, "true"], stdout=subprocess.PIPE) as running:
        stuck = psutil.Process(int(Path("meeting").read_text()))
        running.send_signal(signal.SIGTERM)
        running.communicate(timeout=PATIENCE_S)
    assert running.returncode == 128 + signal.SIGTERM
    assert not psutil.wait_procs([stuck], timeout=PATIENCE_S)[1]
