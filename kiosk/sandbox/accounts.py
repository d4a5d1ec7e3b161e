"""Who runs the programs of a trial, and who may go where."""

from pathlib import Path
from typing import Protocol

from kiosk.supervisor import Program


class Accounts(Protocol):
    """The users of the programs, and what on disk belongs to whom."""

    def run_as_user(self, program: Program) -> Program:
        """The same program, as it is started as its user."""

    def make_directories(self, run: Path, lasting: Path) -> None:
        """Make what is below `/run/visit-kiosk` and `/var/lib/visit-kiosk` on a terminal."""

    def give(self, path: Path, program: str, /) -> None:
        """Let one program, and no other, read a file."""


class OneAccount:
    """All of it is run and owned by whoever runs the trial, as on a desk."""

    def run_as_user(self, program: Program) -> Program:
        return program

    def make_directories(self, run: Path, lasting: Path) -> None:
        for name in ("bridge", "core", "frames", "state"):
            (run / name).mkdir()
        (lasting / "core").mkdir(mode=0o700, exist_ok=True)

    def give(self, path: Path, _program: str) -> None:
        path.chmod(0o600)
