"""How long the machine let a process wait that does nothing: no program on it can help that.

Beside a figure that is beyond its bar this tells whether the machine stood still.
"""

import select
import subprocess
import sys
from typing import Final, Self

from kiosk.clock import Seconds, SystemClock

_STEP_S: Final[Seconds] = 0.005


class Bystander:
    """A process that wakes two hundred times a second."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.latest_ms()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    @property
    def pid(self) -> int:
        return self._process.pid

    def latest_ms(self) -> float:
        """How late it woke at most since this was asked last."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        return float(self._process.stdout.readline())


def _stand_by() -> None:
    """Answer each line with how late a wake was at most; end with the input."""
    clock, latest_s = SystemClock(), 0.0
    while True:
        begun_s = clock.monotonic()
        if not select.select([sys.stdin], [], [], _STEP_S)[0]:
            latest_s = max(latest_s, clock.monotonic() - begun_s - _STEP_S)
        elif sys.stdin.readline():
            print(round(latest_s * 1e3, 2), flush=True)
            latest_s = 0.0
        else:
            return


if __name__ == "__main__":
    _stand_by()
