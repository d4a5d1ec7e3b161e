"""Runs every check and every test, and goes on to the end whatever fails: what `make test` does.

Arguments: the command of the checks. Tests that mostly wait run beside the checks and the rest; the
journeys in which media flow need the whole machine and run alone. What failed is run again: a busy
machine can spoil what is timed.
"""

import re
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from datetime import timedelta
from pathlib import Path
from typing import Self

from kiosk.clock import Seconds, SystemClock

QUIET = "tests/journeys/quiet"
"""Journeys in which hardly anybody calls: a person waits, and the screen stands still."""

ASIDE = (("tests/bridge",), ("tests/call",), ("tests/core", "tests/wire", QUIET))
"""Serial lines, calls, services that do not answer: most of the time the processor is free.

They, and what is beside them, take about as long as each other.
"""

JOURNEYS = ("tests/journeys", f"--ignore={QUIET}")
REST = ("tests", "--ignore=tests/journeys", *(f"--ignore={p}" for part in ASIDE for p in part))

LOGS = Path("build/tests")
CACHES = Path(".pytest_cache")
CLOCK = SystemClock()
LOOK_S: Seconds = 0.2
END_S: Seconds = 2.0
CLEAR_AWAY_S: Seconds = 10.0

FAILED = 1
"""What pytest ends with when tests failed, and when one is stuck and takes it down."""

WORDS = ("failed", "passed", "skipped", "xfailed", "error", "rerun")
CLOSING = re.compile(r"(?:(?P<counts>\d+ .*)|no tests ran) in [\d.]+s\b")
COUNT = re.compile(rf"(\d+) ({'|'.join(WORDS)})")
COLOUR = re.compile(r"\x1b\[[\d;]*m")


class Run:
    """One pytest; all that it says goes to a file, and from there to the reader when it is due."""

    def __init__(self, name: str, *arguments: str) -> None:
        self._log = LOGS / f"{name}.txt"
        command = [sys.executable, "-u", "-m", "pytest", *arguments]
        if sys.stdout.isatty():
            command.append("--color=yes")
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT
            )

    @property
    def is_over(self) -> bool:
        return self._process.poll() is not None

    @property
    def status(self) -> int:
        """The exit status, waited for."""
        return self._process.wait()

    @property
    def counts(self) -> Counter[str] | None:
        """How many tests passed, failed and so on; None when it died before it came to the end."""
        said = COLOUR.sub("", self._log.read_text(errors="replace")).rstrip()
        closing = CLOSING.search(said.rpartition("\n")[2])
        if closing is None:
            return None
        return Counter({word: int(n) for n, word in COUNT.findall(closing["counts"] or "")})

    def show(self) -> None:
        """Print all that it said, and what it says until it ends."""
        with self._log.open("rb") as log:
            over = False
            while not over:
                over = self.is_over  # asked before the last look: nothing is said after it
                sys.stdout.buffer.write(log.read())
                sys.stdout.buffer.flush()
                with suppress(subprocess.TimeoutExpired):
                    self._process.wait(LOOK_S)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Ctrl+C reached it as well; where this program alone was told to end, it tells it."""
        for wait_s, number in ((END_S, signal.SIGINT), (CLEAR_AWAY_S, signal.SIGKILL)):
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(wait_s)
                return
            self._process.send_signal(number)


class Part:
    """Some of the tests, with a cache of their own: which of them failed."""

    def __init__(self, *arguments: str) -> None:
        self.name = " and ".join(word for word in arguments if not word.startswith("-"))
        self._arguments = arguments
        self._file = self.name.replace("/", "-").replace(" ", "-")
        self._cache = ("-o", f"cache_dir={CACHES / self._file}")

    def begin(self) -> Run:
        whatever_fails = "--continue-on-collection-errors"
        self._run = Run(self._file, *self._cache, whatever_fails, *self._arguments)
        return self._run

    def judge(self) -> tuple[bool, Counter[str]]:
        """Whether all is well once what failed was run again, and the counts of its tests."""
        counts = self._run.counts
        if counts is None:
            say(f"pytest: {self.name} died before the end, of a test that was stuck or crashed")
            return False, Counter()
        if self._run.status != FAILED:
            return self._run.status == 0, counts
        say(f"pytest: what failed of {self.name}, once more and alone")
        failed = ("--last-failed", "--last-failed-no-failures=none", *self._arguments)
        with Run(f"{self._file}-again", *self._cache, *failed) as again:
            again.show()
        failures = Counter({word: counts[word] for word in ("failed", "error")})
        rerun = Counter(rerun=failures.total())
        return again.status == 0, counts - failures + (again.counts or failures) + rerun


def main(checks: Sequence[str]) -> int:
    """0 when all is well, 1 when a check failed, a test failed twice, or pytest died."""
    began_s = CLOCK.monotonic()
    LOGS.mkdir(parents=True, exist_ok=True)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda number, _: sys.exit(128 + number))
    aside = [Part(*folders) for folders in ASIDE]
    rest, journeys = Part(*REST), Part(*JOURNEYS)
    checked = run_beside(aside, checks, rest)
    say("pytest: the journeys")
    with journeys.begin() as run:
        run.show()
    judged = [part.judge() for part in (*aside, rest, journeys)]
    if not checked:
        say("the checks before the tests failed, see above")
    close(sum((counts for _, counts in judged), Counter()), CLOCK.monotonic() - began_s)
    return 0 if checked and all(is_well for is_well, _ in judged) else 1


def run_beside(aside: Sequence[Part], checks: Sequence[str], rest: Part) -> bool:
    """Whether the checks found nothing; the tests are judged later."""
    with ExitStack() as all_runs:
        begun = [(part.name, all_runs.enter_context(part.begin())) for part in aside]
        for name, _ in begun:
            say(f"pytest: {name} at work beside what follows, and shown after it")
        checked = subprocess.run(("nice", *checks), check=False).returncode == 0
        say("pytest: all but these and the journeys")
        with rest.begin() as run:
            run.show()
        for name, run in begun:
            say(f"pytest: {name}, {'over' if run.is_over else 'still at work'}")
            run.show()
    return checked


def close(counts: Counter[str], took_s: Seconds) -> None:
    """One line for all runs together, in the words of pytest."""
    told = ", ".join(f"{counts[word]} {_said(word, counts)}" for word in WORDS if counts[word])
    line = f" {told or 'no tests ran'} in {took_s:.2f}s ({timedelta(seconds=int(took_s))}) "
    print(line.center(80, "="), flush=True)


def _said(word: str, counts: Counter[str]) -> str:
    return "errors" if word == "error" and counts[word] > 1 else word


def say(words: str) -> None:
    print(f"== {words}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
