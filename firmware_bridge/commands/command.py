"""What every command has: its name, its help, its arguments, and what it does."""

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from dataclasses import dataclass

OK = 0
FAILED = 1
WRONG_USE = 2
"""As argparse has it; settings that can not be used count as wrong use, too."""

INTERRUPTED = 130
NOBODY_READS = 141
"""As a shell has it of what SIGINT and SIGPIPE ended."""


@dataclass(frozen=True, slots=True)
class Command:
    """`run` returns the exit status, and may raise KioskError, whose text is shown."""

    name: str
    help: str
    add_arguments: Callable[[ArgumentParser], None]
    run: Callable[[Namespace], int]
